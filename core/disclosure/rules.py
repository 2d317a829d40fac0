"""One number at a time: rounding, percentages and averages under a policy."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from numbers import Number

LOW = "[low]"
HIDDEN = "[hidden]"
NO_BASE = "Not applicable"
NOT_KNOWN = "Not known"

MEANINGS = {
    LOW: f"{LOW}: too few people to show.",
    HIDDEN: f"{HIDDEN}: hidden because it would give another hidden number away.",
    NO_BASE: f"{NO_BASE}: there is nobody to work it out from.",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown in one place of a table; a hidden cell carries no value at all."""

    value: object
    display: str
    note: str = ""

    @property
    def is_hidden(self):
        """Whether a number exists here but is withheld."""
        return self.value is None and self.display in (LOW, HIDDEN)


def exact(number):
    """The number as a finite, non-negative Decimal, free of binary fractions."""
    if isinstance(number, bool) or not isinstance(number, Number):
        raise TypeError(f"{number!r} is not a number")
    value = number if isinstance(number, Decimal) else Decimal(str(number))
    if not value.is_finite():
        raise ValueError(f"{number!r} is not a number that can be shown")
    return value


def plain(value):
    """A Decimal as the ordinary int or float that a page or a workbook understands."""
    return int(value) if value == value.to_integral_value() else float(value)


def round_people(n, policy):
    """A number of people under the policy: to the nearest 5 with halves up, or as it is."""
    value = _people(n)
    if not policy.rounding:
        return plain(value)
    base = Decimal(policy.rounding)
    return int(base * ((value + base / 2) / base).to_integral_value(ROUND_FLOOR))


def is_low(n, policy):
    """Whether a number of people lies between nobody and the policy's smallest cell."""
    return policy.minimum_cell is not None and 0 < _people(n) < policy.minimum_cell


def people(n, policy, places=0):
    """The cell for a count of people."""
    if n is None:
        return Cell(None, NOT_KNOWN)
    if is_low(n, policy):
        return withheld(LOW)
    value = round_people(n, policy)
    return Cell(value, _grouped(value, places))


def hours(n, policy, places=1):
    """The cell for contact hours, which count as people: one short session's are its headcount."""
    return people(n, policy, places)


def percent(numerator, base, policy, places=1):
    """The cell for a percentage, from unrounded numbers, where its base is large enough."""
    if numerator is None or base is None:
        return Cell(None, NOT_KNOWN)
    top, bottom = _people(numerator), _people(base)
    if bottom == 0 and not policy.percentage_base:
        return Cell(None, NO_BASE, MEANINGS[NO_BASE])
    if bottom == 0 or bottom < policy.percentage_base:
        return withheld(LOW)
    if is_low(top, policy) or (top < bottom and is_low(bottom - top, policy)):
        return withheld(LOW)
    return _ratio(top * 100, bottom, policy, places, "%")


def average(total, base, policy, places=2):
    """The cell for an average, from unrounded numbers, where it is of enough people."""
    if total is None or base is None:
        return Cell(None, NOT_KNOWN)
    top, bottom = exact(total), _people(base)
    if bottom == 0 and not policy.average_base:
        return Cell(None, NO_BASE, MEANINGS[NO_BASE])
    if bottom <= policy.average_base or is_low(bottom, policy):
        return withheld(LOW)
    return _ratio(top, bottom, policy, places, "")


def things(n):
    """The cell for a count of things, such as activities, which no policy rounds."""
    return Cell(None, NOT_KNOWN) if n is None else Cell(plain(exact(n)), _grouped(exact(n), 0))


def withheld(mark):
    """The cell that shows a mark in place of its number."""
    return Cell(None, mark, MEANINGS[mark])


def _people(number):
    value = exact(number)
    if value < 0:
        raise ValueError(f"{number!r} cannot be a number of people")
    return value


def _ratio(top, bottom, policy, places, unit):
    value = top / bottom
    shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Cell(float(value if policy.is_exact else shown), f"{shown:,}{unit}")


def _grouped(value, places):
    whole = value == int(value)
    if whole:
        return f"{int(value):,}"
    step = Decimal(1).scaleb(-max(places, 1))
    return f"{exact(value).quantize(step, ROUND_HALF_UP):,}"
