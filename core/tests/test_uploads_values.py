"""From what a workbook stores to what a person typed."""

import datetime

import pytest

from core.uploads import BadCell
from core.uploads.values import iso_date, kind_of_format, number_of, written


@pytest.mark.parametrize(
    ("number", "code", "stored", "read"),
    [
        (0, None, "1E+05", "100000"),
        (0, None, "0.30000000000000004", "0.3"),
        (0, None, "1.5E-7", "0.00000015"),
        (0, None, "-0", "0"),
        (0, None, "007", "7"),
        (0, None, "12345678901", "12345678901"),
        (10, None, "0.181", "18.1%"),
        (164, "0000", "-7", "-7"),
        (164, "[Red]#,##0.00", "5", "5"),
        (164, '"day" 0', "5", "5"),
        (14, None, "46266", datetime.date(2026, 9, 1)),
        (14, None, "1", datetime.date(1900, 1, 1)),
        (14, None, "59", datetime.date(1900, 2, 28)),
        (14, None, "61", datetime.date(1900, 3, 1)),
        (22, None, "46266.5", datetime.datetime(2026, 9, 1, 12)),  # noqa: DTZ001 -- Excel's have no zone
        (164, "[$-809]dddd d mmmm yyyy", "46266", datetime.date(2026, 9, 1)),
        (164, "hh:mm:ss", "0.5", datetime.time(12)),
        (46, None, "1.5", "36:00"),
        (164, "[h]:mm", "1.5", "36:00"),
    ],
)
def test_numbers_are_read_under_their_format(number, code, stored, read):
    assert number_of(stored, kind_of_format(number, code), is_1904=False) == read


@pytest.mark.parametrize(
    ("number", "stored", "why"),
    [
        (0, "abc", "“abc” is no number."),
        (0, "1e999", "“1e999” is no number."),
        (0, "nan", "“nan” is no number."),
        (14, "0", "it is formatted as a date, but “0” is no date."),
        (14, "60", "it is formatted as a date, but “60” is no date."),
        (14, "-1", "it is formatted as a date, but “-1” is no date."),
        (14, "2958466", "it is formatted as a date, but “2958466” is no date."),
    ],
)
def test_what_is_no_number_or_date_says_so(number, stored, why):
    found = number_of(stored, kind_of_format(number, None), is_1904=False)

    assert (type(found), found.why) == (BadCell, why)


def test_written_numbers_have_no_exponent():
    assert [written("1e22"), written("5.0"), written("1e-20")] == [
        "10000000000000000000000",
        "5",
        "0.00000000000000000001",
    ]


def test_dates_may_be_stored_as_text():
    assert iso_date("2026-09-01") == datetime.date(2026, 9, 1)
    assert iso_date("2026-09-01T13:30:00Z").isoformat() == "2026-09-01T13:30:00"
    assert iso_date("soon").why == "it is formatted as a date, but “soon” is no date."
