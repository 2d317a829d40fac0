"""A zip archive that cannot exhaust its reader: guarded directory, counted bytes."""

import struct
import zipfile
import zlib
from contextlib import contextmanager

from core.uploads.limits import MB
from core.uploads.table import NotReadable

PIECE = 65_536
DAMAGED = "The workbook is damaged or incomplete. Open it in Excel, save it again, and send that."
TOO_MUCH = (
    "The file unpacks to far more than a table holds. Copy the rows you need into a new workbook, "
    "and send that."
)
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class _Guarded:
    """A file that gives no more at once than an honest archive's directory needs."""

    def __init__(self, file, most):
        self._file = file
        self._most = most
        self.seek, self.tell = file.seek, file.tell
        self.seekable = lambda: True

    def read(self, size=-1):
        found = self._file.read(min(size, self._most + 1) if size >= 0 else self._most + 1)
        if len(found) > self._most:
            raise NotReadable(TOO_MUCH)
        return found


class Counter:
    """Counts unpacked bytes, whatever the headers say, and refuses too many of them."""

    def __init__(self, packed, limits):
        self.packed = packed
        self.limits = limits
        self.unpacked = 0

    def add(self, number):
        """Count some more bytes."""
        self.unpacked += number
        limits, total = self.limits, self.unpacked
        is_bomb = total > limits.ratio_from and total > limits.ratio * self.packed
        if is_bomb or total > limits.unpacked_bytes:
            raise NotReadable(TOO_MUCH)


@contextmanager
def faults_in_words(words):
    """Say in a sentence what the zip reader says in exceptions."""
    try:
        yield
    except _FAULTS as error:
        raise NotReadable(words) from error


class Archive:
    """The parts of a package, read piece by piece."""

    def __init__(self, file, size, limits, damaged=DAMAGED):
        self._damaged = damaged
        self.counter = Counter(size, limits)
        guarded = _Guarded(file, max(limits.directory_bytes, MB))
        with faults_in_words(self._damaged):
            self._zip = zipfile.ZipFile(guarded)
            self.names = set(self._zip.namelist())

    def size_of(self, name):
        """The unpacked size that the directory declares."""
        return self._zip.getinfo(name).file_size

    def pieces(self, name):
        """Yield the bytes of one part; a part that is not there is a damaged file."""
        with faults_in_words(self._damaged):
            info = self._zip.getinfo(name) if name in self.names else None
            if info is None:
                raise NotReadable(self._damaged)
            if info.flag_bits & 1:
                raise NotReadable(
                    "The archive is protected by a password. Remove it, and send the file again."
                )
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise NotReadable(self._damaged)
            if info.file_size > self.counter.limits.unpacked_bytes:
                raise NotReadable(TOO_MUCH)
            part = self._zip.open(info)
        with part:
            while True:
                with faults_in_words(self._damaged):
                    piece = part.read(PIECE)
                if not piece:
                    return
                self.counter.add(len(piece))
                yield piece
