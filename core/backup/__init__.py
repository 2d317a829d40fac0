"""One file that holds the whole site: every row and every file, written and put back as one."""


class BackupError(Exception):
    """A backup or a restore cannot be done; the text says why and what to do."""
