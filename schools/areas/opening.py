"""From a file as it is published (a zip, a folder, packed or not) to the lines of its tables."""

import csv
import gzip
import hashlib
import lzma
import re
import zipfile
import zlib
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

AT_ONCE = 1 << 20
DAMAGE = (lzma.LZMAError, EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile)
DAMAGED = "{} is damaged or incomplete. Download it again."
CUT = (
    "{} does not end with the end of a line, so it is cut short. Download it again. (A file of "
    "your own making: add a line end.)"
)
PARTS = "multi_csv"
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NAMED_MONTH = re.compile(rf"({'|'.join(MONTHS)})[a-z]*[ _-]*(20\d\d)", re.IGNORECASE)
NUMBERED_MONTH = re.compile(r"(?<!\d)(20\d\d)[ _-]?(0[1-9]|1[0-2])?(?!\d)")


class Refused(Exception):
    """The file cannot be loaded; the sentence says why and what to do."""


class Member(NamedTuple):
    """One table of what was handed in: its name, and how its bytes are opened."""

    name: str
    open: object


def digest(path):
    """The SHA-256 of a file, or of the files of a folder, as they lie there."""
    found = hashlib.sha256()
    for part in _files(path):
        with part.open("rb") as file:
            while piece := file.read(AT_ONCE):
                found.update(piece)
    return found.hexdigest()


def edition_in(name):
    """The edition that a file name tells: 2025-11 of NSPL_NOV_2025_UK.csv; "" where it tells none.

    >>> edition_in("ofs_layout_postcodes_202511.csv.xz"), edition_in("postcodes.csv")
    ('2025-11', '')
    """
    if found := NAMED_MONTH.search(name):
        return f"{found[2]}-{MONTHS.index(found[1].lower()) + 1:02d}"
    found = NUMBERED_MONTH.search(name)
    return "-".join(filter(None, found.groups())) if found else ""


@contextmanager
def opened(path):
    """Yield the `Member`s of a path: the CSV files in it, the parts of a whole only without it."""
    path = Path(path)
    try:
        with zipfile.ZipFile(path) if _is_zip(path) else nullcontext() as archive:
            yield _in_archive(archive) if archive else _in_files(path)
    except DAMAGE as error:
        raise Refused(DAMAGED.format(path.name)) from error
    except OSError as error:
        raise Refused(
            f"{path} cannot be read: {error.strerror or error}. Check the path."
        ) from error


def lines(member):
    """Yield the lines of a table as bytes; refuses one whose last line was cut."""
    line = b"\n"
    with member.open() as file:
        for line in file:
            yield line
    if not line.endswith(b"\n"):
        raise Refused(CUT.format(member.name))


def header(member):
    """The headings of a table."""
    for line in lines(member):
        return next(csv.reader([line.decode("utf-8-sig", "replace")]), [])
    raise Refused(f"{member.name} is empty. Download it again.")


def _files(path):
    path = Path(path)
    if path.is_dir():
        return sorted(part for part in path.rglob("*.csv") if part.is_file())
    return [path]


def _is_zip(path):
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _in_archive(archive):
    return [
        Member(name, lambda name=name: archive.open(name))
        for name in archive.namelist()
        if name.lower().endswith(".csv")
    ]


def _in_files(path):
    return [
        Member(str(part.relative_to(path.parent)), lambda part=part: _unpacked(part))
        for part in _files(path)
    ]


def _unpacked(path):
    with path.open("rb") as file:
        head = file.read(6)
    if head[:2] == b"\x1f\x8b":
        return gzip.open(path)
    return lzma.open(path) if head == b"\xfd7zXZ\x00" else path.open("rb")
