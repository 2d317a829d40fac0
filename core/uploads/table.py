"""A table out of a file: its headings, then its rows, cleaned, with what was changed or amiss."""

from typing import NamedTuple

from core.exports.xlsx_parts import letters
from core.text import UNSEEN, without_unseen

UNREADABLE = "\ufffd"
TOO_MANY_ROWS = "The file has more than {:,} rows. Split it into several files."


class NotReadable(Exception):
    """The file cannot be read; the text is a sentence that says why and what to do."""


class BadCell(str):
    """What stands in a cell that holds no value; `why` is a sentence without its place."""

    __slots__ = ("why",)

    def __new__(cls, shown, why):
        made = super().__new__(cls, shown)
        made.why = why
        return made


class Notice(NamedTuple):
    """Something in a row that was put right or is no value; row 0 is for the whole table."""

    row: int
    column: str
    words: str

    def in_words(self):
        """The notice as one sentence with its place."""
        place = ", ".join(filter(None, [f"row {self.row:,}" if self.row else "", self.column]))
        return f"{place[:1].upper()}{place[1:]}: {self.words}" if place else self.words


class Table:
    """Headings, and rows to be read once, as (row number, cells in the order of the headings).

    A cell is a text, a date, a datetime, a time or a `BadCell`; an empty one is "". Reading may
    raise `NotReadable` at any row. `notices` fills while the rows are read.
    """

    def __init__(self, name, rows, *, limits, sheet="", unit="row"):
        self.name = name
        self.sheet = sheet
        self.unit = unit
        self.limits = limits
        self.notices = []
        self.more_notices = 0
        self._source = rows
        self._rows = _not_blank(rows)
        self.heading_row, cells = next(self._rows, (0, ()))
        self.headings = self._read_headings(cells)
        self._all_named = all(self.headings)

    def __iter__(self):
        width, most = len(self.headings), self.limits.rows
        for count, (number, cells) in enumerate(self._rows, start=1):
            if count > most:
                raise NotReadable(TOO_MANY_ROWS.format(most))
            if len(cells) != width:
                cells = self._fit(number, cells, width)
            if not self._is_plain(cells):
                cells = self._clean_row(number, cells)
            yield number, tuple(cells)
        for words in getattr(self._source, "remarks", ()):
            self.note(0, None, words)

    def note(self, row, place, words):
        """Keep a notice, up to a number that a page can show; the rest is counted."""
        if len(self.notices) < self.limits.notices:
            self.notices.append(Notice(row, self.column(place) if place is not None else "", words))
        else:
            self.more_notices += 1

    def column(self, place):
        """How people find a column: its letter and its heading."""
        heading = self.headings[place] if place < len(self.headings) else ""
        return f"column {letters(place)}" + (f" ({heading})" if heading else "")

    @property
    def share_read(self):
        """How much of the file has been read, from 0 to 1."""
        return self._source.share_read

    def _is_plain(self, cells):
        """Whether a row needs no second look; nearly all do not."""
        kinds = set(map(type, cells))
        if not self._all_named or BadCell in kinds:
            return False
        text = "".join(cells if kinds == {str} else [c for c in cells if type(c) is str])
        return text.isprintable() and UNREADABLE not in text

    def _clean_row(self, number, cells):
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                if not cell.isprintable() or UNREADABLE in cell:
                    cell = self._clean(number, place, cell)
                if isinstance(cell, BadCell):
                    self.note(number, place, cell.why)
            if cell != "" and not self.headings[place]:
                raise NotReadable(
                    f"Column {letters(place)} has no heading, but {self.unit} {number:,} has "
                    "something in it. Give the column a heading, or empty it, and send the file "
                    "again."
                )
            yield cell

    def _clean(self, number, place, cell):
        if UNREADABLE in cell:
            self.note(number, place, "a character could not be read and stands as �.")
        if isinstance(cell, BadCell) or not UNSEEN.search(cell):
            return cell
        self.note(number, place, "characters that cannot be seen were removed.")
        return without_unseen(cell)

    def _fit(self, number, cells, width):
        """The cells of a row that is longer or shorter than the headings."""
        extra = next((place for place in range(width, len(cells)) if cells[place] != ""), None)
        if extra is not None:
            raise NotReadable(
                f"{self.unit.capitalize()} {number:,} has {len(cells)} cells, but there are "
                f"{width} headings. Correct the {self.unit}, or give column {letters(extra)} a "
                "heading, and send the file again."
            )
        if len(cells) < width and self.unit == "line":
            self.note(
                number,
                None,
                f"it has fewer cells ({len(cells)}) than there are headings ({width}); "
                "what is missing counts as empty.",
            )
        return [*cells[:width], *[""] * (width - len(cells))]

    def _read_headings(self, cells):
        headings = [
            " ".join(without_unseen(str(cell)).replace("\xa0", " ").split()) for cell in cells
        ]
        while headings and not headings[-1]:
            headings.pop()
        if not headings:
            raise NotReadable(
                "There is nothing in this file. Put headings in the first row, a row for each "
                "record beneath, and send it again."
            )
        seen = {}
        for place, heading in enumerate(headings):
            first = seen.setdefault(heading.lower(), place)
            if heading and first != place:
                raise NotReadable(
                    f"The heading “{heading[:60]}” stands above two columns, {letters(first)} "
                    f"and {letters(place)}. Rename or delete one of them, and send the file again."
                )
        return tuple(headings)


def _not_blank(rows):
    return ((number, cells) for number, cells in rows if any(map(_says_something, cells)))


def _says_something(cell):
    return type(cell) is not str or (bool(cell) and not cell.isspace())
