"""A list of postcodes as people hand it in: pasted, or a column of a file."""

import re

from core.uploads import Limits, NotReadable, open_table
from schools.areas.postcodes import LONGEST, SHAPE, normalise
from schools.areas.profiling import MOST

LIMITS = Limits(rows=MOST)
HEADING = re.compile(r"post ?codes?|pcds?[278]?|postal code|zip( code)?", re.IGNORECASE)
PARTED = re.compile("[,;\t]")
LOOKED_AT = 50
TOO_MANY = f"There are more than {MOST:,} postcodes. Send them in several lists."
WHICH = "Which column holds the postcodes? Write its heading. The file has: {}."
NO_SUCH = "The file has no column “{}”. It has: {}."


def pasted(text):
    """The (line number, text) pairs of what was pasted; one line may hold several, parted by ;"""
    lines = text.strip("\r\n").splitlines()
    if len(lines) == 1:
        lines = PARTED.split(lines[0])
    found = list(enumerate(lines, start=1))
    if len(found) > 1 and HEADING.fullmatch(found[0][1].strip()):
        del found[0]
    if len(found) > MOST:
        raise NotReadable(TOO_MANY)
    return found


def column_of(file, name, column=""):
    """The (row number, text) pairs of one column: the one named, or the one with postcodes."""
    table = open_table(file, name, limits=LIMITS)
    rows = list(table)
    place = _place(table.headings, rows, column.strip())
    return [(number, str(cells[place])) for number, cells in rows]


def _place(headings, rows, column):
    names = ", ".join(filter(None, headings[:30]))
    if column:
        for place, heading in enumerate(headings):
            if heading.casefold() == column.casefold():
                return place
        raise NotReadable(NO_SUCH.format(column[:60], names))
    named = [place for place, heading in enumerate(headings) if HEADING.fullmatch(heading)]
    if len(headings) == 1 or len(named) == 1:
        return named[0] if named else 0
    held = [place for place in range(len(headings)) if _holds_postcodes(rows, place)]
    if len(held) == 1:
        return held[0]
    raise NotReadable(WHICH.format(names))


def _holds_postcodes(rows, place):
    cells = [str(cells[place]) for _, cells in rows[:LOOKED_AT]]
    filled = [normalise(cell[:LONGEST]) for cell in cells if cell]
    fitting = sum(SHAPE.fullmatch(code) is not None for code in filled)
    return bool(filled) and fitting > len(filled) / 2


def kept(rows):
    """The rows as one text, for a page that sends them back; `unkept` reads it."""
    return "\n".join(f"{row.number}\t{row.text}" for row in rows)


def unkept(text):
    """The (row number, text) pairs that `kept` wrote."""
    found = []
    for line in text.splitlines()[:MOST]:
        number, _, words = line.partition("\t")
        if number.isascii() and number.isdigit() and len(number) < 9:
            found.append((int(number), words))
    return found
