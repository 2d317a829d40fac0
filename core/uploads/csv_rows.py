"""The rows of a CSV file: its encoding and separator found out, its memory bounded."""

import codecs
import csv
import io
import re

from core.exports.text import typed
from core.uploads.archive import PIECE
from core.uploads.kinds import check_text
from core.uploads.table import TOO_MANY_ROWS, NotReadable

SEPARATORS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CP1252 = "windows-1252 with every byte"
_MOSTLY = 0.7
MOST_EMPTY = 16_384
LINES_PER_ROW = 5  # in cells that hold line ends; blank lines count too
_NAMED_SEPARATOR = re.compile("sep=([,;\t|])\\s*", re.IGNORECASE)
OPEN_QUOTE = (
    "A quotation mark on line {:,} is opened and not closed, so the rest of the file would be one "
    "cell. Close it or delete it, and send the file again."
)


def encoding_of(file):
    """How the text is encoded; UTF-16 without its mark is known by where its zeros are."""
    file.seek(0)
    head = file.read(PIECE)
    file.seek(0)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        half = max(1, len(head) // 2)
        if head[1::2].count(0) > _MOSTLY * half and not head[0::2].count(0):
            return "utf-16-le"
        if head[0::2].count(0) > _MOSTLY * half and not head[1::2].count(0):
            return "utf-16-be"
    return "utf-8" if _is_utf8(file) else CP1252


def _is_utf8(file):
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _byte_as_latin_1(error):
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("byte-as-latin-1", _byte_as_latin_1)


class _Unclosed(io.RawIOBase):
    """The caller's file for a reader that would close it."""

    def __init__(self, file):
        self._file = file
        self.given = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self.given += len(data)
        return len(data)


def _stream(file, encoding):
    file.seek(0)
    return io.TextIOWrapper(
        io.BufferedReader(_Unclosed(file), PIECE),
        encoding="cp1252" if encoding == CP1252 else encoding,
        errors="byte-as-latin-1" if encoding == CP1252 else "replace",
        newline="",
    )


class CsvRows:
    """An iterator of (line number, cells); our own cover lines at the top are left out."""

    def __init__(self, file, size, limits):
        self.limits = limits
        self._size = size
        encoding = encoding_of(file)
        sample = _stream(file, encoding).read(PIECE)
        check_text(sample)
        self._separator = _separator(sample)
        self._stream = _stream(file, encoding)
        self._line, self._first, self._pending = 0, 1, 0

    @property
    def share_read(self):
        """How much of the file has been read, from 0 to 1."""
        return min(1, self._stream.buffer.raw.given / max(1, self._size))

    def __iter__(self):
        most, longest = self.limits.columns, self.limits.cell_characters
        try:
            for cells in csv.reader(self._lines(), delimiter=self._separator):
                first, self._pending, self._first = self._first, 0, self._line + 1
                if len(cells) > MOST_EMPTY or any(cells[most:]):
                    raise NotReadable(_wide(first, f"{len(cells):,}", most))
                if max(map(len, cells), default=0) > longest:
                    raise NotReadable(_long(first, longest))
                yield first, [typed(cell) if cell[:1] == "'" else cell for cell in cells[:most]]
        except csv.Error as error:
            raise NotReadable(_long(self._first, longest)) from error

    def _lines(self):
        """Yield lines, and refuse when one record needs more of them than a table has."""
        most, at_top = self.limits.record_characters, True
        while line := self._stream.readline(most + 1):
            self._line += 1
            if self._line > self.limits.rows * LINES_PER_ROW:
                raise NotReadable(TOO_MANY_ROWS.format(self.limits.rows))
            self._pending += len(line)
            if self._pending > most:
                raise NotReadable(self._endless(line))
            at_top = at_top and _is_above_the_table(line)
            if at_top:
                self._pending, self._first = 0, self._line + 1
            elif "\0" in line:
                raise NotReadable(
                    f"Line {self._line:,} holds bytes that are no text. Save the table as CSV "
                    "again, and send that."
                )
            else:
                yield line
        if self._pending:
            raise NotReadable(OPEN_QUOTE.format(self._first))

    def _endless(self, line):
        if self._line > self._first:
            return OPEN_QUOTE.format(self._first)
        if line.count(self._separator) >= self.limits.columns:
            return _wide(self._first, f"more than {self.limits.columns:,}", self.limits.columns)
        return _long(self._first, self.limits.cell_characters)


def _wide(line, found, most):
    return (
        f"Line {line:,} has {found} columns; at most {most:,} can be read. Delete what is not "
        "part of the table, and send the file again."
    )


def _long(line, most):
    return (
        f"Line {line:,} has a cell of more than {most:,} characters. Shorten it, or close the "
        "quotation mark that is open there, and send the file again."
    )


def _is_above_the_table(line):
    """Whether a line is blank, names the separator, or is one of the cover of our own exports."""
    is_cover = line.startswith("# ") and not any(mark in line for mark in f'{SEPARATORS}"')
    return is_cover or not line.strip() or bool(_NAMED_SEPARATOR.fullmatch(line))


def _separator(sample):
    """The separator that the file names, or else the one that splits its headings most."""
    for line in re.split("\r\n?|\n", sample):
        if named := _NAMED_SEPARATOR.fullmatch(line):
            return named[1]
        if not _is_above_the_table(line):
            bare = re.sub('"[^"]*"?', "", line)
            return max(SEPARATORS, key=bare.count)
    return ","
