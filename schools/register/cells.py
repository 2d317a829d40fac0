"""A column of register cells made ready for a COPY: as it stands, or each distinct cell once."""

import re
from functools import partial

from schools.register import conversions as to

NULL = "\\N"
AT_MOST = 20_000
POSTCODE = "(?:[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})?"
POSTCODES = re.compile(f"{POSTCODE}(?:\t{POSTCODE})*")


class Memo(dict):
    """What each cell becomes in a COPY, worked out at its first sight.

    `quick(cells)` may return the whole column at once, or None.
    """

    def __init__(self, convert, quick=None):
        super().__init__()
        self.convert = convert
        self.quick = quick

    def __missing__(self, cell):
        found = self[cell] = written(self.convert(cell))
        return found

    def column(self, columns):
        """The column made of one column of cells, or of several side by side."""
        if not any(map(any, columns)):
            return [self[columns[0][0] if len(columns) == 1 else ("",) * len(columns)]] * len(
                columns[0]
            )
        if self.quick and (made := self.quick(*columns)):
            return made
        if len(self) > AT_MOST:
            self.clear()
        cells = columns[0] if len(columns) == 1 else zip(*columns, strict=True)
        return list(map(self.__getitem__, cells))


class Both:
    """Two parts one after the other, where there are both; the last column has the second."""

    def __init__(self, first, second):
        self.first, self.second = first, second

    def column(self, columns):
        parts = self.first.column(columns[:-1]), self.second.column(columns[-1:])
        return [a + b if a and b else "" for a, b in zip(*parts, strict=True)]


def written(value):
    """A value as a COPY reads it."""
    if value is None:
        return NULL
    if isinstance(value, str):
        return value.replace("\\", "\\\\")
    if isinstance(value, list):
        return "{" + ",".join(map(_quoted, value)) + "}"
    return "ft"[value] if isinstance(value, bool) else str(value)


def _quoted(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\\", "\\\\")
    return f'"{text}"'


def text(size):
    """Memo of a text of so many characters."""
    return Memo(partial(to.text, size=size), partial(_plain_text, size=size))


def name(size):
    """Memo of a name, which falls back on the URN beside it."""
    return Memo(
        lambda cells: to.text(cells[0], size) or f"URN {cells[1].strip()}",
        lambda names, urns: all(names) and _plain_text(names, size),
    )


def postcode(size):
    """Memo of a postcode."""

    def quick(cells):
        joined = "\t".join(cells)
        if joined.count("\t") == len(cells) - 1 and POSTCODES.fullmatch(joined):
            return cells
        return None

    return Memo(partial(to.postcode, size=size), quick)


def integer(digits=9, *, zero_is_none=False):
    """Memo of a whole number; 0 is none in a place on the map."""

    def quick(cells):
        joined = "".join(cells)
        if not (joined.isascii() and joined.isdigit() and max(map(len, cells)) <= digits):
            return None
        if zero_is_none:
            return [cell if cell.strip("0") else NULL for cell in cells]
        return [cell or NULL for cell in cells]

    convert = partial(to.integer, digits=digits)
    return Memo(lambda cell: convert(cell) or None if zero_is_none else convert(cell), quick)


def _plain_text(cells, size):
    """The cells, if `to.text` changes none of them and a COPY reads them as they stand."""
    joined = "\t".join(cells)
    is_plain = (
        "  " not in joined
        and "\t " not in joined
        and " \t" not in joined
        and "\\" not in joined
        and joined.strip(" ") == joined
        and joined.count("\t") == len(cells) - 1
        and joined.replace("\t", "").isprintable()
        and not any(map(joined.lower().__contains__, to.NO_VALUE))
        and max(map(len, cells)) <= size
    )
    return cells if is_plain else None
