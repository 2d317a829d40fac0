"""From a CSV file as the DfE ships it to records of bytes, each with its hash."""

import codecs
import csv
import hashlib
import io
import re
from datetime import date
from itertools import islice

from core.text import without_unseen
from schools.register.columns import KNOWN, URN, key_of
from schools.register.unpacking import Refused

HASH_LENGTH = 32
PIECE = 1 << 20
BLANK = (b",", b" ", b"\t", b'""')
FEW, FEW_OF = 10, 1_000
UNSEEN = bytes([*range(10), *range(11, 32), 127])


def _byte_as_latin_1(error):
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("latin-1-byte", _byte_as_latin_1)


def extract_date(name):
    """The day in a file name such as edubasealldata20261120.csv, or None."""
    match = re.search(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)", name)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


class RegisterFile:
    """The decoded header and the undecoded records of one register file."""

    def __init__(self, name, data, salt=""):
        self.name = name
        self.salt = salt
        self.cleaned = 0
        self.lost = {}
        self.short = 0
        self.shifted = []
        if data.startswith(codecs.BOM_UTF8):
            data = data[len(codecs.BOM_UTF8) :]
            self.encoding = "utf-8"
        else:
            self.encoding = "cp1252" if data.isascii() or not _is_utf8(data) else "utf-8"
        if not data or data.isspace():
            raise Refused(f"{name} is empty. Download it again.")
        if b"\0" in data:
            raise Refused(f"{name} is not a CSV file. Choose the CSV, not a workbook or a page.")
        self.lines = _lines(data)
        self.header = self._read_header()

    def decode(self, data):
        """Text of some bytes of the file, with no-break spaces as plain ones."""
        text = data.decode(
            self.encoding, "latin-1-byte" if self.encoding == "cp1252" else "replace"
        )
        return text.replace("\xa0", " ")

    def texts(self, records):
        """Records as text, without what cannot be seen; nearly all are plain."""
        joined = b"\n".join(records)
        if joined.count(b"\n") >= len(records) or len(joined.translate(None, UNSEEN)) < len(joined):
            return [self._text(record) for record in records]
        texts = joined.decode("latin-1").split("\n")
        if not joined.isascii():
            odd = [place for place, record in enumerate(records) if not record.isascii()]
            for place in odd:
                texts[place] = self._text(records[place])
        return texts

    def _text(self, record):
        text = self.decode(record)
        clean = text if text.isprintable() else without_unseen(text)
        self.cleaned += len(clean) != len(text)
        return clean

    def note_lost(self, header, cell):
        """Remember a cell that its column cannot hold."""
        self.lost.setdefault(header, set()).add(cell.strip()[:40])

    def check_shifted(self, rows):
        """Refuse a file with more than a few records that say more than the header names."""
        if len(self.shifted) * 2 >= rows or len(self.shifted) >= max(FEW, rows / FEW_OF):
            line, _, width = self.shifted[0]
            others = f", and {len(self.shifted) - 1:,} others are so" if self.shifted[1:] else ""
            raise Refused(
                f"Line {line:,} of {self.name} has {width} columns; the header has "
                f"{len(self.header)}{others}. Download it again, or correct the line."
            )

    def notices(self):
        """Yield what was put right in the records that were read, and what could not be."""
        if self.short:
            rows = "1 row ends" if self.short == 1 else f"{self.short:,} rows end"
            yield f"{rows} before the last column; the rest was taken as blank."
        if self.shifted:
            lines = [f"line {line:,} (URN {code})" for line, code, _ in self.shifted]
            yield (
                "Not read, for they have more columns than the header, and left as the register "
                f"has them: {', '.join(lines)}."
            )
        for header, cells in self.lost.items():
            others = f" and {len(cells) - 1:,} like it were" if len(cells) > 1 else " was"
            yield f"{header}: “{min(cells)}”{others} left blank, for it cannot be read."
        if self.cleaned:
            rows = "1 row" if self.cleaned == 1 else f"{self.cleaned:,} rows"
            yield f"Characters that cannot be seen were removed from {rows}."

    def _read_header(self):
        line = without_unseen(self.decode(self.lines[0]))
        try:
            header = [name.strip() for name in next(csv.reader([line]), [])]
        except csv.Error:
            header = []
        if len(header) < 2 or line.lstrip().startswith("<"):
            raise Refused(f"{self.name} is not a CSV file. Choose the CSV that the DfE publishes.")
        names = list(map(key_of, header))
        if key_of(URN) not in names:
            raise Refused(
                f"{self.name} has no URN column. Choose the file of all establishments, "
                "with its first line."
            )
        exact = [name.lower() for name in header]
        twice = sorted(
            name
            for name, key in zip(header, names, strict=True)
            if name and (names.count(key) > 1 if key in KNOWN else exact.count(name.lower()) > 1)
        )
        if twice:
            raise Refused(
                f"{self.name} has the column {twice[0]} more than once. Download it again, "
                "or delete the extra column."
            )
        return header

    def records(self, known=None):
        """Yield (line number, record, hash) of every record whose hash is not in `known`.

        A hash that is met is taken out of `known`. Lines are joined while a quotation is open;
        a known hash is one of a whole record.
        """
        known, salt = {} if known is None else known, self._salt()
        parts, start = [], 0
        for number, line in enumerate(islice(self.lines, 1, None), 2):
            if not parts:
                digest = _hashed(salt, line)
                if known.pop(digest, None) or _is_blank(line):
                    continue
                if line.count(b'"') % 2 == 0:
                    yield number, line, digest
                    continue
                start = number
            parts.append(line)
            if len(parts) > 1 and line.count(b'"') % 2:
                record, parts = b"\n".join(parts), []
                digest = _hashed(salt, record)
                if not known.pop(digest, None):
                    yield start, record, digest
        if parts:
            raise Refused(self.cut_short(start))

    def _salt(self):
        return hashlib.sha256(f"{self.salt}{self.header}{self.encoding}".encode())

    def cut_short(self, line):
        return (
            f"{self.name} is cut short: line {line:,} ends in the middle of a record. "
            "Download it again."
        )

    def values(self, record):
        """The fields of one record."""
        try:
            return next(csv.reader(io.StringIO(self.decode(record), newline="")), [])
        except csv.Error:
            return []


def _is_blank(line):
    """Whether a line has no cell that is filled, as spreadsheets leave them at the end."""
    if line and not line.startswith(BLANK):
        return False
    return not line.replace(b'""', b"").strip(b" ,\t\r")


def _hashed(salt, record):
    digest = salt.copy()
    digest.update(record)
    return digest.hexdigest()[:HASH_LENGTH]


def _lines(data):
    """Split into lines without their ends; nearly every file has one kind of end throughout."""
    lines = data.split(b"\r\n")
    if len(lines) == 1:
        return data.split(b"\n" if b"\n" in data else b"\r")
    if data.count(b"\n") == len(lines) - 1:
        return lines
    return [line.rstrip(b"\r") for line in data.split(b"\n")]


def _is_utf8(data):
    """Whether it decodes; a piece at a time, for the error of a failure keeps what it was given."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), PIECE):
            decoder.decode(data[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
