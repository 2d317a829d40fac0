"""A partnership for machines: what it is, who is in it, its schools and the talking with them."""
