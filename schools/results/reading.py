"""From a published file to rows of schools; each row is kept or left out for a reason."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field

from schools.register.unpacking import Refused

NATIONAL, AUTHORITY = {"NAT", "5", "7"}, {"LA", "4"}
IN_WORDS = {
    "national": "of the whole country",
    "authority": "of a local authority",
    "no-urn": "without a URN",
    "unreadable": "with a URN that is no number",
    "repeated": "there twice, the same",
}
LONGEST_URN = 16


@dataclass
class Published:
    """A file as it was read: its header, its rows by URN, and what was left out."""

    name: str
    header: list
    rows: int = 0
    schools: dict = field(default_factory=dict)
    left_out: Counter = field(default_factory=Counter)
    short: int = 0
    long: int = 0
    fractions: list = field(default_factory=list)


def read(source):
    """Read a `Source` whole; rows shorter than the header are kept as they are."""
    lines = csv.reader(io.StringIO(_text(source), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(lines, [])]
        file = Published(source.name, header)
        columns = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
        if "urn" not in columns:
            raise Refused(f"{source.name} has no column URN. Choose a file with a row per school.")
        for cells in lines:
            if any(cells):
                _take(file, columns, cells, lines.line_num)
    except csv.Error as error:
        raise Refused(
            f"Line {lines.line_num:,} of {source.name} cannot be read as CSV: {error}. "
            "Download the file again."
        ) from error
    if not file.schools:
        raise Refused(f"{source.name} has no row of a school. Choose a file with a row per school.")
    return file


def _text(source):
    if b"\0" in source.data:
        raise Refused(f"{source.name} is not a CSV file. Choose the CSV, not a workbook or a page.")
    try:
        return source.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return source.data.decode("cp1252", "replace")


def _take(file, columns, cells, line):
    file.rows += 1
    file.short += len(cells) < len(file.header)
    file.long += any(cells[len(file.header) :])
    urn, reason = _whose(columns, cells)
    if not reason and urn in file.schools:
        first_line, first = file.schools[urn]
        if first != cells:
            raise Refused(
                f"{file.name} has URN {urn} on two lines, {first_line:,} and {line:,}, that "
                "differ. Delete the one that is not right, or download the file again."
            )
        reason = "repeated"
    if reason:
        file.left_out[reason] += 1
    else:
        file.schools[urn] = (line, cells)


def _whose(columns, cells):
    """Return (the URN of a row, why it is left out or '')."""
    urn = _cell(columns, cells, "urn")
    kind = _cell(columns, cells, "rectype").upper()
    if urn.upper() == "NAT" or kind in NATIONAL:
        return "", "national"
    if kind in AUTHORITY:
        return "", "authority"
    if not urn:
        return "", "no-urn"
    if not (urn.isascii() and urn.isdecimal() and len(urn) <= LONGEST_URN):
        return "", "unreadable"
    return urn.lstrip("0") or "0", ""


def _cell(columns, cells, name):
    place = columns.get(name)
    return cells[place].strip() if place is not None and place < len(cells) else ""
