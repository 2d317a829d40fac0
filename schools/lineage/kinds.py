"""What the register's kinds of link mean; one that is not known here means no succession."""

PLAIN = ("successor", "predecessor")
MERGES = ("merged", "amalgamat")
SPLITS = ("split",)


def edge(code, linked_code, type):
    """Return the succession (before, after) that a link says, or None where it says none."""
    word = type.lower()
    if code == linked_code:
        return None
    if word.startswith("successor"):
        return code, linked_code
    if word.startswith("predecessor"):
        return linked_code, code
    return None


def is_plain(type):
    """Whether one school simply follows the other: no merger, no split, nothing unheard of."""
    return type.strip().lower() in PLAIN


def says_merge(type):
    return any(word in type.lower() for word in MERGES)


def says_split(type):
    return any(word in type.lower() for word in SPLITS)
