"""Pages of partnerships, a file for each noun."""
