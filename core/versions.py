"""Editing without losing another person's work: a save names the version that it started from."""


class Stale(Exception):
    """The row was saved by somebody else since; `current` is the row as it stands now."""

    def __init__(self, current):
        super().__init__("Somebody else saved this while you were editing.")
        self.current = current


def claim(row, version):
    """Lock the row's newest state and return it; raises Stale unless it is at `version`."""
    current = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if current.version != version:
        raise Stale(current)
    current.version += 1
    return current
