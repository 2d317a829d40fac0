"""The figures that are kept, as `data/measures.json` names them, and the marks of withheld ones."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from schools.models import ResultMeasure

DATA = Path(__file__).parent.parent / "data" / "measures.json"
OTHER = "other"
BLANK = "blank"
ENOUGH = 20
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,20})?")


@cache
def document():
    """The data file: kinds with their measures, reasons in words, symbols."""
    return json.loads(DATA.read_text(encoding="utf-8"))


@cache
def kinds():
    """Each kind of file by its code, in the file's order."""
    return {kind["code"]: kind for kind in document()["kinds"]}


@cache
def _symbols():
    return {mark.casefold(): reason for mark, reason in document()["symbols"].items()}


def reason_in_words(reason):
    """Say why there is no value."""
    return document()["reasons"].get(reason, document()["reasons"][OTHER])


def read_cell(text):
    """Return (value, reason) of a published cell; one of them is empty."""
    text = text.strip()
    number = text.removesuffix("%").replace(",", "")
    if NUMBER.fullmatch(number):
        return Decimal(number), ""
    return None, _symbols().get(text.casefold(), OTHER)


@dataclass
class Kept:
    """A measure and where its cells are in a file; `share` is the column that it is a part of.

    `is_of_one` says that the file writes 0.45 for 45%.
    """

    measure: ResultMeasure
    place: int
    share: int | None = None
    is_of_one: bool = False

    def read(self, cells):
        """Return (value, reason) of one row; cells that are not there are blank."""
        value, reason = read_cell(_at(cells, self.place))
        if value is None:
            return value, reason
        if self.share is None:
            return (100 * value if self.is_of_one else value), reason
        whole, reason = read_cell(_at(cells, self.share))
        if not whole:
            return None, reason or BLANK
        return round(100 * value / whole, 1), ""


def find_fractions(kept, rows):
    """Mark the percentages that a file writes as parts of one; returns the names of the measures.

    A file does so if no such column has a value above 1, and one has many between 0 and 1.
    """
    columns = {
        place: _plain_numbers(rows, one.place)
        for place, one in enumerate(kept)
        if one.measure.unit == "percent" and one.share is None
    }
    filled = {place: values for place, values in columns.items() if values}
    is_low = all(max(values) <= 1 for values in filled.values())
    if is_low and any(sum(0 < one < 1 for one in values) >= ENOUGH for values in filled.values()):
        for place in filled:
            kept[place].is_of_one = True
    return list(dict.fromkeys(one.measure.name for one in kept if one.is_of_one))


def _plain_numbers(rows, place):
    """The numbers of a column; none where it has signs for per cent."""
    cells = [_at(row, place).strip() for row in rows]
    if any(cell.endswith("%") for cell in cells):
        return []
    return [Decimal(cell) for cell in cells if NUMBER.fullmatch(cell)]


def _at(cells, place):
    return cells[place] if place < len(cells) else ""


def known_kinds(header):
    """Return the codes of the kinds whose columns a header has."""
    names = {name.casefold() for name in header}
    return [
        code
        for code, kind in kinds().items()
        if names.issuperset(name.casefold() for name in kind["known_by"])
    ]


def sync(kind):
    """Bring the measures of a kind into line with the data file; return them by code."""
    for order, item in enumerate(kinds()[kind]["measures"], start=1):
        ResultMeasure.objects.update_or_create(
            kind=kind,
            code=item["code"],
            defaults={
                "name": item["name"],
                "of": item.get("of", ""),
                "unit": item["unit"],
                "better": item.get("better", ""),
                "order": order,
                "source": kinds()[kind]["source"],
                "list_version": document()["version"],
            },
        )
    return {measure.code: measure for measure in ResultMeasure.objects.filter(kind=kind)}


def kept_in(kind, header):
    """Return (a Kept for each measure that the header has, the names of those it has not)."""
    places = {name.casefold(): place for place, name in enumerate(header)}
    measures, kept, missing = sync(kind), [], []
    for item in kinds()[kind]["measures"]:
        place = _first(places, item["columns"])
        share = _first(places, item.get("share_of", []))
        if place is None or (share is None and "share_of" in item):
            missing.append(item["name"])
        else:
            kept.append(Kept(measures[item["code"]], place, share))
    return kept, missing


def _first(places, names):
    return next((places[name.casefold()] for name in names if name.casefold() in places), None)
