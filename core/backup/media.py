"""The files beside the rows: read for a backup, and put in the place of others by a restore."""

import os
import shutil
from pathlib import Path

from django.conf import settings

UNPACKED, BEFORE = ".restoring", ".before-restore"
AT_ONCE = 1024 * 1024


def root():
    return Path(settings.MEDIA_ROOT)


def every_file():
    """Yield (name, path) of each file; what a restore that was killed left behind is not ours."""
    for directory, below, names in os.walk(root()):
        below[:] = sorted(set(below) - {UNPACKED, BEFORE})
        for name in sorted(names):
            path = Path(directory, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root()).as_posix(), path


class Replacement:
    """Files that wait beside the present ones, to take their place at one stroke.

    Entries are moved within the media directory, which may be the root of a file system.
    """

    def __enter__(self):
        root().mkdir(mode=0o700, parents=True, exist_ok=True)
        self.moved = []
        for name in (UNPACKED, BEFORE):
            shutil.rmtree(root() / name, ignore_errors=True)
            (root() / name).mkdir(mode=0o700)
        return self

    def add(self, name, stream):
        """Unpack one file."""
        path = root() / UNPACKED / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(stream, file, AT_ONCE)

    def take_place(self):
        """Move the present files aside and the unpacked ones in."""
        for path in sorted(root().iterdir()):
            if path.name not in (UNPACKED, BEFORE):
                self._move(path, root() / BEFORE / path.name)
        for path in sorted((root() / UNPACKED).iterdir()):
            self._move(path, root() / path.name)

    def _move(self, source, target):
        source.rename(target)
        self.moved.append((source, target))

    def __exit__(self, kind, error, trace):
        if error is not None:
            for source, target in reversed(self.moved):
                target.rename(source)
        for name in (UNPACKED, BEFORE):
            shutil.rmtree(root() / name)
