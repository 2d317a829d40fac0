"""The rows of one sheet of a workbook, as they stream by."""

import re

from core.exports.xlsx_parts import letters
from core.uploads.archive import DAMAGED
from core.uploads.table import BadCell, NotReadable
from core.uploads.values import iso_date, number_of
from core.uploads.workbook import LONG_CELL
from core.uploads.xml_events import feed

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
NO_RESULT = "a formula without a result. Open the file in Excel, save it there, and send that."
IS_ERROR = "it holds the error {} of a formula."
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile("([A-Z]{1,3})[1-9][0-9]{0,6}")


class SheetRows:
    """An iterator of (row number, cells): of formulas only the results are read, none is run."""

    is_flat = True

    def __init__(self, book, part):
        self.book = book
        self.joined = 0
        self._part = part
        self._before = book.archive.counter.unpacked
        self._columns = {letters(place): place for place in range(book.limits.columns)}
        self._most_text = book.limits.cell_characters
        self._done = []
        self._row, self._cells = 0, None
        self._place, self._type, self._style = -1, "", 0
        self._texts, self._length, self._is_text = [], 0, False
        self._has_formula, self._has_value, self._phonetic = False, False, 0
        self._in_cell, self._is_inside, self._depth = False, False, 0

    def __iter__(self):
        for _ in feed(self.book.archive.pieces(self._part), self, self.book.limits):
            if self._done:
                done, self._done = self._done, []
                yield from done

    @property
    def remarks(self):
        """What there is to say of the sheet once it has been read."""
        if self.joined:
            ranges = "1 range" if self.joined == 1 else f"{self.joined:,} ranges"
            yield f"{ranges} of joined cells: only the first cell of each holds the value."

    @property
    def share_read(self):
        """How much of the sheet has been unpacked, from 0 to 1."""
        read = self.book.archive.counter.unpacked - self._before
        return min(1, read / max(1, self.book.archive.size_of(self._part)))

    def start(self, name, attributes):
        if name == "c":
            self._start_cell(attributes)
        elif name == "v" or name == "t":
            self._enter()
            self._is_text = self._cells is not None and not self._phonetic
            self._has_value = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._enter()
            self._has_formula = True
        else:
            self._start_other(name)

    def end(self, name):
        if name == "c":
            self._end_cell()
        elif name == "v" or name == "t":
            self._is_text = self._is_inside = False
        elif name == "row":
            if self._cells:
                self._done.append((self._row, self._cells))
            self._cells = None
        elif name == "f":
            self._is_inside = False
        else:
            self._depth -= 1
            self._phonetic -= name == "rPh"

    def text(self, text):
        if self._is_text:
            self._texts.append(text)
            self._length += len(text)
            if self._length > self._most_text:
                raise NotReadable(LONG_CELL.format(self._most_text))

    def _enter(self):
        if self._is_inside:
            raise NotReadable(DAMAGED)
        self._is_inside = True

    def _start_other(self, name):
        self._depth += 1
        if self._depth > self.book.limits.depth:
            raise NotReadable(DAMAGED)
        if name == "rPh":
            self._phonetic += 1
        elif name == "mergeCell":
            self.joined += 1

    def _start_row(self, attributes):
        number = attributes.get("r")
        row = self._row + 1 if number is None else _whole(number, LAST_ROW)
        if row is None or self._cells is not None or row <= self._row or row > LAST_ROW:
            raise NotReadable(DAMAGED)
        self._row, self._cells, self._place = row, [], -1

    def _start_cell(self, attributes):
        reference = attributes.get("r")
        if reference is None:
            place = self._place + 1
        else:
            match = _REFERENCE.fullmatch(reference)
            place = self._columns.get(match[1], LAST_COLUMN) if match else -1
        is_before = place <= self._place and place < LAST_COLUMN
        if self._cells is None or self._in_cell or is_before:
            raise NotReadable(DAMAGED)
        self._place, self._in_cell = place, True
        self._type, self._style = attributes.get("t", "n"), attributes.get("s")
        self._texts, self._length = [], 0
        self._has_formula = self._has_value = False

    def _end_cell(self):
        self._in_cell = False
        cell = self._value("".join(self._texts))
        if type(cell) is str and not cell:
            return
        if self._place >= len(self._columns):
            raise NotReadable(
                f"Row {self._row:,} has something further right than column "
                f"{letters(len(self._columns) - 1)}, the {len(self._columns)}th. Delete what is "
                "not part of the table, and send the file again."
            )
        cells = self._cells
        if len(cells) < self._place:
            cells.extend([""] * (self._place - len(cells)))
        cells.append(cell)

    def _value(self, raw):
        kind = self._type
        if raw == "":
            is_text = self._has_value and kind in ("str", "inlineStr")
            return BadCell("", NO_RESULT) if self._has_formula and not is_text else ""
        if kind == "s":
            return self._shared(raw)
        if kind in ("str", "inlineStr"):
            return _ESCAPED.sub(_character, raw) if "_x" in raw else raw
        if kind == "n":
            style = _whole(self._style or "0", len(self.book.kinds) - 1)
            if style is None:
                raise NotReadable(DAMAGED)
            return number_of(raw, self.book.kinds[style], self.book.is_1904)
        if kind == "b":
            return "TRUE" if raw.strip() in ("1", "true") else "FALSE"
        if kind == "e":
            return BadCell(raw[:60], IS_ERROR.format(raw[:60]))
        return iso_date(raw) if kind == "d" else BadCell(raw[:60], IS_ERROR.format(raw[:60]))

    def _shared(self, raw):
        strings = self.book.strings
        number = _whole(raw.strip(), len(strings) - 1)
        if number is None:
            raise NotReadable(DAMAGED)
        text = strings[number]
        return _ESCAPED.sub(_character, text) if "_x" in text else text


def _whole(text, most):
    """A whole number up to `most`, or None."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    number = int(text)
    return number if number <= most else None


def _character(match):
    return chr(int(match[1], 16))
