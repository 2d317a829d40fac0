"""From a file as people have it (packed, a workbook, UTF-16) to the bytes of one CSV file."""

import csv
import datetime
import gzip
import io
import lzma
import re
import zlib
from pathlib import Path
from typing import NamedTuple

from core.uploads import MB, BadCell, Counter, Limits, NotReadable, check_kind, open_table
from core.uploads.archive import Archive

LARGEST = 200 * MB
PACKED = Limits(file_bytes=LARGEST, unpacked_bytes=LARGEST, ratio=100, ratio_from=20 * MB)
TABLE = Limits(file_bytes=LARGEST, record_characters=4_000_000)
MEMORY_TO_UNPACK = 128 * MB
PIECE = 1 * MB
WIDE = (b"\xff\xfe", b"\xfe\xff")
# What else the DfE gives out beside the register, under names that begin so.
OTHER_FILES = re.compile("links|grouplinks|allgroups|academiesmat|governance")
DAMAGED = "It is damaged or incomplete. Download it again."
TELL_EVERY = 1_000


class Refused(Exception):
    """The file cannot be imported; the sentence says why and what to do."""


class Source(NamedTuple):
    """The register's name and its CSV, and sentences about what was put right on the way."""

    name: str
    data: bytes
    notices: list


def read_bytes(source, reading=None, *, only_csv=False):
    """Return the `Source` inside a path or a stream; `reading(share)` hears how far it is.

    Of an archive it is the register, or with `only_csv` the one CSV file, whatever its name.
    """
    if hasattr(source, "read"):
        name = Path(str(getattr(source, "name", "") or "register.csv")).name
        data = source.read(LARGEST + 1)
    else:
        name, data = Path(source).name, _read_path(Path(source))
    if len(data) > LARGEST:
        raise Refused(f"{name} has more than 200 MB, which no register does. Check the file.")
    try:
        return _unpack(name, data, reading or (lambda share: None), only_csv)
    except NotReadable as refusal:
        raise Refused(f"{name} cannot be imported. {refusal}") from refusal


def _read_path(path):
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}. Check the path.") from error


def _unpack(name, data, reading, only_csv):
    if data[:4] == b"PK\x03\x04":
        return _from_zip(name, data, reading, only_csv)
    if data[:2] == b"\x1f\x8b":
        return Source(name.removesuffix(".gz"), _unpacked(name, data, _gzip_pieces), [])
    if data[:6] == b"\xfd7zXZ\x00":
        return Source(name.removesuffix(".xz"), _unpacked(name, data, _xz_pieces), [])
    if data[:PIECE].strip():
        check_kind(io.BytesIO(data), TABLE)
    if _is_unusual(data):
        return _from_table(name, data, reading)
    return Source(name, data, [])


def check_upload(file):
    """Refuse a file at once that by its first bytes is nothing a register comes in."""
    head = file.read(8)
    file.seek(0)
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"\xfd7zXZ\x00")):
        return
    try:
        check_kind(file, TABLE)
    except NotReadable as refusal:
        raise Refused(str(refusal)) from refusal


def _is_unusual(data):
    """Whether it is UTF-16, or parted by semicolons or tabs, which the DfE never does."""
    if data[:2] in WIDE or b"\0" in data[:2]:
        return True
    first = data[:10_000].split(b"\n", 1)[0]
    return max(first.count(b";"), first.count(b"\t")) > first.count(b",")


def _from_zip(name, data, reading, only_csv):
    archive = Archive(io.BytesIO(data), len(data), PACKED, damaged=DAMAGED)
    if "[Content_Types].xml" in archive.names:
        return _from_table(name, data, reading)
    found = _the_csv(name, archive.names) if only_csv else _the_register(name, archive.names)
    return Source(found.rsplit("/", 1)[-1], b"".join(archive.pieces(found)), [])


def _the_register(name, members):
    found = [
        member
        for member in members
        if re.fullmatch(r"edubasealldata.*\.csv", member.rsplit("/", 1)[-1].lower())
    ]
    only = [] if found else _csv_files(members)
    if len(only) == 1 and not OTHER_FILES.match(only[0].rsplit("/", 1)[-1].lower()):
        return only[0]
    if not found:
        raise Refused(
            f"{name} holds no file called edubasealldata….csv. "
            "Download “Establishment fields CSV” for all establishments."
        )
    return max(found)


def _the_csv(name, members):
    found = _csv_files(members)
    if len(found) != 1:
        raise Refused(
            f"{name} holds {len(found) or 'no'} CSV files. Unpack it, and choose the one."
        )
    return found[0]


def _csv_files(members):
    return [
        member
        for member in members
        if member.lower().endswith(".csv") and not member.rsplit("/", 1)[-1].startswith(".")
    ]


def _unpacked(name, data, pieces):
    counter, found = Counter(len(data), PACKED), []
    try:
        for piece in pieces(data):
            counter.add(len(piece))
            found.append(piece)
    except (lzma.LZMAError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise NotReadable(DAMAGED) from error
    return b"".join(found)


def _gzip_pieces(data):
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        while piece := file.read(PIECE):
            yield piece


def _xz_pieces(data):
    unpacker = lzma.LZMADecompressor(memlimit=MEMORY_TO_UNPACK)
    while not unpacker.eof:
        if unpacker.needs_input and not data:
            raise EOFError
        yield unpacker.decompress(data, max_length=PIECE)
        data = b""


def _from_table(name, data, reading):
    """A workbook, or text in UTF-16, as the CSV that the rest of the import reads."""
    table = open_table(io.BytesIO(data), name, limits=TABLE)
    out = io.BytesIO()
    lines = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(table.headings)
    line = 1
    for number, cells in table:
        lines.write("\n" * (number - line - 1))
        line = max(line + 1, number)
        writer.writerow([_as_text(table, number, *cell) for cell in enumerate(cells)])
        if number % TELL_EVERY == 0:
            reading(table.share_read)
    lines.detach()
    return Source(name, out.getvalue(), list(_said(table)))


def _said(table):
    for notice in table.notices:
        yield notice.in_words()
    if table.more_notices:
        yield f"And {table.more_notices:,} more of that kind."


def _as_text(table, number, place, cell):
    if isinstance(cell, BadCell):
        raise NotReadable(
            f"Row {number:,}, {table.column(place)}: {cell.why} Correct or empty the cell, and "
            "send the file again."
        )
    if isinstance(cell, str):
        return cell if cell.isprintable() else " ".join(cell.split())
    if isinstance(cell, datetime.datetime) and cell.time() != datetime.time():
        return cell.isoformat(sep=" ", timespec="minutes")
    return f"{cell:%d-%m-%Y}" if isinstance(cell, datetime.date) else cell.isoformat("minutes")
