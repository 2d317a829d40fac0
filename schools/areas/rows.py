"""The lines of a file of postcodes on their way to COPY: little of each is looked at twice."""

import csv
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from schools.areas import opening
from schools.areas.layouts import Unusable
from schools.areas.opening import Refused

AT_ONCE = 40_000
MOST_KNOWN = 200_000
BLANK = b', "\r\n'


class Stream:
    """The rows of all members as a file that COPY reads; the next ones are made meanwhile."""

    def __init__(self, layout, members):
        self.error = None
        self._maker = ThreadPoolExecutor(1)
        self._pieces = _pieces(layout, members)

    def __enter__(self):
        self._next = self._maker.submit(next, self._pieces, b"")
        return self

    def __exit__(self, *error):
        self._maker.shutdown()

    def read(self, size=-1):
        try:
            piece = self._next.result()
        except Exception as error:
            self.error = error  # COPY would tell the server of it, and us only that it failed
            raise
        self._next = self._maker.submit(next, self._pieces, b"")
        return piece


def _pieces(layout, members):
    for member in members:
        if _lower(opening.header(member)) != _lower(layout.header):
            raise Refused(f"{member.name} has other columns than the parts before it.")
        place = [1]
        parts = (_alike if layout.lead else _different)(layout, member, place)
        try:
            while made := b"".join(islice(parts, AT_ONCE)):
                yield made.replace(b" ", b"").replace(b'"', b"").upper()
        except Unusable as bad:
            column, text = bad.args
            raise Refused(
                f"Line {place[0]:,} of {member.name} has “{text[:40]}” under {column}, which is "
                "not known there. Download the file again, or correct the line."
            ) from bad


def _lower(header):
    return [name.strip().lower() for name in header]


def _lines(member, place):
    """Yield each line but the first; `place` holds its number."""
    lines = opening.lines(member)
    next(lines)
    for line in lines:
        place[0] += 1
        if line[0] not in BLANK or line.strip(BLANK):
            yield line


def _alike(layout, member, place):
    """Yield postcode and rest of each line; many lines share their rest, which is read once."""
    known, lead, code = {}, layout.lead, layout.places["code"]
    for line in _lines(member, place):
        cells = line.split(b",", lead)
        rest = known.get(cells[-1])
        if rest is None:
            if len(known) > MOST_KNOWN:
                known.clear()
            shared = layout.shared(_cells(line, layout, member, place))
            rest = known[cells[-1]] = shared + b"\n"
        yield cells[code]
        yield rest


def _different(layout, member, place):
    """Yield postcode, what many share, and what is its own, of each line."""
    known, code, wanted = {}, layout.places["code"], layout.wanted
    for line in _lines(member, place):
        row = _cells(line, layout, member, place)
        cells = wanted(row)
        shared = known.get(cells)
        if shared is None:
            if len(known) > MOST_KNOWN:
                known.clear()
            shared = known[cells] = layout.shared(row)
        yield row[code]
        yield shared
        yield layout.own(row)


def _cells(line, layout, member, place):
    row = line.split(b",")
    width = len(layout.header)
    if b'"' in line:
        row = _unquoted(line, width)
    if len(row) != width:
        raise Refused(
            f"Line {place[0]:,} of {member.name} has {len(row)} columns; the header has {width}. "
            "The file is damaged or cut short: download it again."
        )
    return row


def _unquoted(line, width):
    if line.count(b",") == width - 1:  # then none is within quotation marks
        return line.replace(b'"', b"").split(b",")
    return [cell.encode() for cell in next(csv.reader([line.decode("utf-8", "replace")]))]
