"""How schools follow one another."""


def join_schools(run=None, progress=None):
    """Join the establishments that follow one another into one school."""
