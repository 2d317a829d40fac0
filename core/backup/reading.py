"""Read a backup, and trust nothing in it before all of it has been checked."""

import hashlib
import json
import struct
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import PurePosixPath

from core.backup import BackupError, media
from core.backup.writing import FORMAT, KIND, MANIFEST

DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError),
)


class Archive:
    """An opened backup; `manifest` says what it holds."""

    def __init__(self, archive):
        self.archive = archive
        self.manifest = json.loads(archive.read(MANIFEST))
        if self.manifest["kind"] != KIND:
            raise BackupError("This file is no backup of Footbridge.")
        if self.manifest["format"] != FORMAT:
            raise BackupError("This backup was made by another version, which can restore it.")
        self.tables, self.files = self.manifest["tables"], self.manifest["files"]

    def check(self):
        """Compare each member with the manifest."""
        wanted = {f"tables/{name}": about for name, about in self.tables.items()}
        wanted |= {f"media/{name}": about for name, about in self.files.items()}
        if sorted(self.archive.namelist()) != sorted([MANIFEST, *wanted]):
            raise BackupError("The backup is damaged: its parts are not those that it lists.")
        for name, about in wanted.items():
            if not _is_plain(name) or self._hash(name) != about["sha256"]:
                raise BackupError(f"The backup is damaged: {name} is not what was written.")

    def _hash(self, name):
        found = hashlib.sha256()
        with self.archive.open(name) as member:
            while piece := member.read(media.AT_ONCE):
                found.update(piece)
        return found.hexdigest()

    def open_table(self, name):
        return self.archive.open(f"tables/{name}")

    def open_file(self, name):
        return self.archive.open(f"media/{name}")


def _is_plain(name):
    """Whether a name stays below where it is unpacked."""
    parts = PurePosixPath(name).parts
    return "/".join(parts) == name and ".." not in parts and "\\" not in name


@contextmanager
def opened(path):
    """Open a backup and check all of it; what cannot be read is refused in words."""
    try:
        with zipfile.ZipFile(path) as archive:
            try:
                backup = Archive(archive)
                backup.check()
            except DAMAGE as error:
                raise BackupError("The backup is damaged and was not used.") from error
            yield backup
    except OSError as error:
        if error.filename is None or str(error.filename) != str(path):
            raise
        raise BackupError(f"{path} cannot be opened: {error.strerror}.") from error
    except zipfile.BadZipFile as error:
        raise BackupError(f"{path} is damaged, or is no backup of Footbridge.") from error
