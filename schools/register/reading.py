"""From a CSV file as the DfE ships it to records of bytes, each with its hash."""

import codecs
import csv
import hashlib
import io
import re
from datetime import date

from core.text import without_unseen
from schools.register.unpacking import Refused

CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])


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
        if data.startswith(codecs.BOM_UTF8):
            data = data[len(codecs.BOM_UTF8) :]
            self.encoding = "utf-8"
        else:
            self.encoding = "cp1252" if data.isascii() or not _is_utf8(data) else "utf-8"
        if not data.strip():
            raise Refused(f"{name} is empty. Download it again.")
        if b"\0" in data:
            raise Refused(f"{name} is not a CSV file. Choose the CSV, not a workbook or a page.")
        self.lines = data.split(b"\n")
        self.header = self._read_header()

    def decode(self, data):
        """Text of some bytes of the file, with no-break spaces as plain ones."""
        text = data.decode(
            self.encoding, "latin-1-byte" if self.encoding == "cp1252" else "replace"
        )
        return text.replace("\xa0", " ")

    def utf8(self, record):
        """A record as the database takes it, without what cannot be seen; nearly all are ASCII."""
        if record.isascii():
            text = record.translate(None, CONTROLS)
            is_same = len(text) == len(record)
        else:
            read = self.decode(record)
            clean = without_unseen(read)
            text, is_same = clean.encode(), len(clean) == len(read)
        self.cleaned += not is_same
        return text

    def notices(self):
        """Yield what was put right in the records that were read."""
        if self.cleaned:
            rows = "1 row" if self.cleaned == 1 else f"{self.cleaned:,} rows"
            yield f"Characters that cannot be seen were removed from {rows}."

    def _read_header(self):
        line = without_unseen(self.decode(self.lines[0]))
        header = [name.strip() for name in next(csv.reader([line]), [])]
        if len(header) < 2 or line.lstrip().startswith("<"):
            raise Refused(f"{self.name} is not a CSV file. Choose the CSV that the DfE publishes.")
        names = [name.lower() for name in header]
        if "urn" not in names:
            raise Refused(
                f"{self.name} has no URN column. Choose the file of all establishments, "
                "with its first line."
            )
        twice = sorted({name for name in header if name and names.count(name.lower()) > 1})
        if twice:
            raise Refused(
                f"{self.name} has the column {twice[0]} more than once. Download it again, "
                "or delete the extra column."
            )
        return header

    def records(self):
        """Yield (line number, record, hash), joining lines while a quotation is open."""
        start, parts, base = 0, [], hashlib.md5(usedforsecurity=False)
        base.update(f"{self.salt}{self.header}{self.encoding}".encode())
        for number, line in enumerate(self.lines[1:], 2):
            if not parts:
                start = number
                if line.count(b'"') % 2 == 0:
                    record = line.rstrip(b"\r")
                    if record:
                        digest = base.copy()
                        digest.update(record)
                        yield start, record, digest.hexdigest()
                    continue
            parts.append(line)
            if len(parts) > 1 and line.count(b'"') % 2:
                record, parts = b"\n".join(parts).rstrip(b"\r"), []
                digest = base.copy()
                digest.update(record)
                yield start, record, digest.hexdigest()
        if parts:
            raise Refused(self.cut_short(start))

    def cut_short(self, line):
        return (
            f"{self.name} is cut short: line {line:,} ends in the middle of a record. "
            "Download it again."
        )

    def values(self, record):
        """The fields of one record."""
        return next(csv.reader(io.StringIO(self.decode(record), newline="")), [])


def _is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
