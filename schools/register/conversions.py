"""From the text of one register cell to its value, or None: what the DfE writes for nothing."""

import re
from datetime import date as day
from decimal import ROUND_HALF_UP, Decimal

NO_VALUE = {"not applicable", "does not apply", "not recorded"}
NO_FIGURE = {*NO_VALUE, "", "..", "-", "n/a", "na", "null"}
NO_AREA = {"999999999", "0"}
NO_DATE = {day(1900, 1, 1), day(1920, 1, 1)}
PLACES = Decimal("0.1")
DECIMAL = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?", re.ASCII)
TIME = r"(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?Z?)?"
DAY_FIRST = re.compile(rf"(\d\d?)[-/. ](\d\d?|[A-Za-z]{{3,9}})[-/. ]([12]\d{{3}}){TIME}", re.ASCII)
YEAR_FIRST = re.compile(rf"([12]\d{{3}})[-/](\d\d?)[-/](\d\d?){TIME}", re.ASCII)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.0*)?", re.ASCII)
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


def words(cell, size):
    """Trimmed, inner runs of space as one, at most `size` long."""
    return " ".join(cell.split())[:size].rstrip()


def text(cell, size):
    """The words of a cell; "" where they say that there is nothing."""
    found = words(cell, len(cell))
    return "" if found.lower() in NO_VALUE else found[:size].rstrip()


def integer(cell, digits=9):
    """A whole number; 286.0 and 1,286 count as ones."""
    cell = cell.strip()
    if THOUSANDS.fullmatch(cell):
        cell = cell.replace(",", "")
    number, _, rest = cell.partition(".")
    if not (number.isascii() and number.isdigit()) or rest.strip("0") or len(number) > digits:
        return None
    return int(number)


def decimal(cell):
    """A percentage such as 18.1, with or without its sign, to one place."""
    match = DECIMAL.fullmatch(cell.strip())
    return Decimal(match[1]).quantize(PLACES, ROUND_HALF_UP) if match else None


def date(cell):
    """A day as `read_day` reads it; None where it is none."""
    try:
        return read_day(cell)
    except ValueError:
        return None


def read_day(cell):
    """The day that a cell says, day first or year first; None for nothing or a placeholder.

    Raises ValueError for what is no day.
    """
    cell = cell.strip()
    if cell.lower() in NO_FIGURE:
        return None
    if match := DAY_FIRST.fullmatch(cell):
        dom, month, year = match.groups()
    elif match := YEAR_FIRST.fullmatch(cell):
        year, month, dom = match.groups()
    else:
        raise ValueError(cell)
    try:
        number = MONTHS.index(month[:3].lower()) + 1 if month.isalpha() else int(month)
        found = day(int(year), number, int(dom))
    except ValueError:
        raise ValueError(cell) from None
    return None if found in NO_DATE else found


def is_lost(cell, kind):
    """Whether a cell says something that its field of this kind cannot hold."""
    if kind == "date":
        try:
            read_day(cell)
        except ValueError:
            return True
        return False
    return cell.strip().lower() not in NO_FIGURE and bool(cell.strip(" 0."))


def postcode(cell, size):
    """In capitals with one space before the last three; what is no postcode stays as it was."""
    bare = "".join(cell.split()).upper()
    if POSTCODE.fullmatch(bare):
        return f"{bare[:-3]} {bare[-3:]}"
    return words(text(cell, size).upper(), size)


def area(cell, size):
    """The code of a statistical area; "" where nines stand for none."""
    found = text(cell, size)
    return "" if found in NO_AREA else found


def code(cell):
    """A code without its leading zeros, or None."""
    cell = words(cell, 255)
    return (cell.lstrip("0").lstrip() or "0")[:64].rstrip() if cell else None


def meals(cell, group, convert):
    """Free school meals; those nobody counts (independent schools, colleges) are not none."""
    found = convert(cell)
    return None if found == 0 and group in WITHOUT_MEALS else found


def standing(status):
    """Where an establishment is in its life, from the code of its status, or its name."""
    return STANDINGS.get(status, "")


def three_figures(authority):
    """The first part of a LAESTAB, from the code of the authority; "" where it has none."""
    return authority if authority and len(authority) == 3 else ""


def four_figures(number):
    """The second part of a LAESTAB, from the establishment number; "" where it has none."""
    found = integer(number, 4)
    return "" if found is None else f"{found:04}"


def has_sixth_form(official, low, high):
    """Whether there is a sixth form: as it is said, else by the ages; None if neither tells."""
    if official in SIXTH_FORMS:
        return SIXTH_FORMS[official]
    return None if high is None else high >= 18 and (low or 0) < 19


WITHOUT_MEALS = {"1", "2", "3", "Colleges", "Universities", "Independent schools"}
STANDINGS = {
    **dict.fromkeys(["1", "3", "Open", "Open, but proposed to close"], "open"),
    **dict.fromkeys(["2", "Closed"], "closed"),
    **dict.fromkeys(["4", "Proposed to open"], "proposed"),
}
SIXTH_FORMS = {
    **dict.fromkeys(["1", "Has a sixth form"], True),
    **dict.fromkeys(["2", "Does not have a sixth form"], False),
}
