"""From what a workbook stores to what a person typed: numbers, dates, times and errors."""

import datetime
import re
from decimal import Decimal
from functools import lru_cache

from core.uploads.table import BadCell

PLAIN, DATE, DATETIME, TIME, ELAPSED, PERCENT = range(6)
PADDED = 100
_BUILT_IN = {
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), DATE),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47), TIME),
    22: DATETIME,
    46: ELAPSED,
}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,400}(\.\d{0,400})?([eE][+-]?\d{1,3})?")
_EPOCH_1900 = datetime.datetime.fromisoformat("1899-12-30")
_EPOCH_EARLY = datetime.datetime.fromisoformat("1899-12-31")
_EPOCH_1904 = datetime.datetime.fromisoformat("1904-01-01")
_LAST_DAY = 2_958_466
_NO_SUCH_DAY = 60  # Excel counts a 29 February 1900 that never was
NOT_A_DATE = "it is formatted as a date, but “{}” is no date."
NOT_A_NUMBER = "“{}” is no number."


def kind_of_format(number, code):
    """What a number format makes of a number."""
    if code is None:
        return _BUILT_IN.get(number, PLAIN)
    if re.fullmatch("0{2,30}", code):
        return PADDED + len(code)
    bare = _LITERAL.sub("", code).split(";")[0].lower()
    if "%" in bare:
        return PERCENT
    if re.search(r"\[[hms]+\]", bare):
        return ELAPSED
    if "general" in bare or not re.search("[dmyhs]", bare):
        return PLAIN
    has_day, has_time = re.search("[dy]", bare), re.search("[hs]", bare)
    if has_day or not has_time:
        return DATETIME if has_time else DATE
    return TIME


def number_of(raw, kind, is_1904):
    """The cell of a stored number under the kind of its format."""
    if not kind and len(raw) < 16 and raw.isascii() and raw.isdigit() and raw[0] != "0":
        return raw
    number = raw.strip()
    if not _NUMBER.fullmatch(number) or abs(float(number)) == float("inf"):
        return BadCell(raw[:60], NOT_A_NUMBER.format(raw[:60]))
    if kind == PLAIN:
        return written(number)
    if kind == PERCENT:
        return written(Decimal(written(number)) * 100) + "%"
    if kind >= PADDED:
        text = written(number)
        return text.zfill(kind - PADDED) if text.isdigit() else text
    return _moment(float(number), kind, is_1904)


def written(number):
    """A number in the digits that Excel shows: never 5.0, never 1E+05, at most 15 of them."""
    text = f"{float(number):.15g}"
    if "e" in text:
        text = f"{Decimal(text):f}"
    return "0" if text == "-0" else text


def iso_date(raw):
    """The cell of a date stored as text in a workbook."""
    try:
        found = datetime.datetime.fromisoformat(raw.removesuffix("Z"))
    except ValueError:
        return BadCell(raw[:60], NOT_A_DATE.format(raw[:60]))
    return found.date() if len(raw) <= 10 else found.replace(tzinfo=None)


@lru_cache(4096)
def _moment(days, kind, is_1904):
    shown = written(days)
    if not 0 <= days < _LAST_DAY - (1462 if is_1904 else 0):
        return BadCell(shown, NOT_A_DATE.format(shown))
    if kind == ELAPSED:
        minutes = round(days * 1440)
        return f"{minutes // 60}:{minutes % 60:02}"
    if kind == TIME and days < 1:
        return (_EPOCH_1900 + _since_midnight(days)).time()
    if not is_1904 and (days < 1 or int(days) == _NO_SUCH_DAY):
        return BadCell(shown, NOT_A_DATE.format(shown))
    found = _epoch(days, is_1904) + _since_midnight(days)
    return found.date() if kind == DATE else found


def _epoch(days, is_1904):
    if is_1904:
        return _EPOCH_1904
    return _EPOCH_EARLY if days < _NO_SUCH_DAY else _EPOCH_1900


def _since_midnight(days):
    """The days to the millisecond, which is as exact as Excel is."""
    return datetime.timedelta(milliseconds=round(days * 86_400_000))
