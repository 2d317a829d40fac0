"""Every text a file may hold becomes a value or nothing, and never an error."""

import calendar
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.text import without_unseen
from schools.register import cells
from schools.register import conversions as to
from schools.register.reading import RegisterFile, extract_date

pytestmark = pytest.mark.django_db
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
any_text = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("01-09-2012", date(2012, 9, 1)),
        (" 31/08/2026 ", date(2026, 8, 31)),
        ("2026-11-18", date(2026, 11, 18)),
        ("29-02-2024", date(2024, 2, 29)),
        ("2000-02-29", date(2000, 2, 29)),
        ("29-02-1900", None),
        ("2023-02-29", None),
        ("31-04-2020", None),
        ("2020-04-31", None),
        ("00-01-2020", None),
        ("01-13-2020", None),
        ("01-01-1900", None),
        ("01/01/1920", None),
        ("1/9/2012", date(2012, 9, 1)),
        ("1-Sep-2012", date(2012, 9, 1)),
        ("2012-09-01T00:00:00", date(2012, 9, 1)),
        ("01/09/2012 00:00", date(2012, 9, 1)),
        ("1-Foo-2012", None),
        ("September", None),
        ("", None),
    ],
)
def test_dates(value, expected):
    assert to.date(value) == expected


@quick
@given(st.integers(1000, 2999), st.integers(0, 13), st.integers(0, 32), st.sampled_from("-/"))
def test_a_date_is_a_real_day_or_nothing(year, month, day, mark):
    real = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    placeholder = (day, month) == (1, 1) and year in (1900, 1920)
    expected = date(year, month, day) if real and not placeholder else None

    found = to.date(f"{day:02}{mark}{month:02}{mark}{year}")
    iso = to.date(f"{year}-{month:02}-{day:02}")

    assert (found, iso) == (expected, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("EC3A 5DE", "EC3A 5DE"),
        ("Gl20 5JG", "GL20 5JG"),
        (" kt12ab ", "KT1 2AB"),
        ("M1  1AE", "M1 1AE"),
        ("2036", "2036"),
        ("not recorded", ""),
        ("", ""),
    ],
)
def test_postcodes(value, expected):
    assert to.postcode(value, 10) == expected


@quick
@given(
    st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True),
    st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True),
    st.sampled_from(["", " ", "  "]),
    st.booleans(),
)
def test_a_postcode_has_one_form(outward, inward, space, small):
    written = f"{outward}{space}{inward}"

    found = to.postcode(written.lower() if small else written, 10)

    assert found == f"{outward} {inward}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1050", 1050),
        (" 007 ", 7),
        ("286.0", 286),
        ("10.2", None),
        ("-3", None),
        ("..", None),
        ("SUPP", None),
        ("99999999999", None),
        ("٣", None),
        ("", None),
    ],
)
def test_whole_numbers(value, expected):
    assert to.integer(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("18.1", Decimal("18.1")),
        ("46.90%", Decimal("46.9")),
        ("0", Decimal(0)),
        ("x", None),
        ("", None),
    ],
)
def test_percentages(value, expected):
    assert to.decimal(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("02", "2"),
        ("00", "0"),
        ("0", "0"),
        (" A1 ", "A1"),
        ("CE23", "CE23"),
        ("", None),
        (" ", None),
    ],
)
def test_codes(value, expected):
    assert to.code(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" Duke's  Place ", "Duke's Place"),
        ("one\ntwo\tthree", "one two three"),
        ("Not applicable", ""),
        ("Does not apply", ""),
        ("a" * 30, "a" * 20),
        ("", ""),
    ],
)
def test_texts(value, expected):
    assert to.text(value, 20) == expected


@pytest.mark.parametrize(
    ("official", "low", "high", "expected"),
    [
        ("1", None, None, True),
        ("2", 11, 18, False),
        ("0", 11, 18, True),
        (None, 11, 16, False),
        ("9", 11, 19, True),
        (None, 19, 99, False),
        (None, None, None, None),
        ("Has a sixth form", 4, 11, True),
    ],
)
def test_whether_there_is_a_sixth_form(official, low, high, expected):
    assert to.has_sixth_form(official, low, high) is expected


@quick
@given(any_text)
def test_no_text_breaks_a_conversion(value):
    assert len(to.text(value, 20)) <= 20
    assert len(to.postcode(value, 10)) <= 10
    assert len(to.area(value, 9)) <= 9
    assert len(to.code(value) or "") <= 64
    assert len(str(to.integer(value, 2) or "")) <= 2
    assert isinstance(to.date(value), date | None)
    assert isinstance(to.decimal(value), Decimal | None)


MEMOS = {
    "text": (cells.text(20), lambda cell: to.text(cell, 20)),
    "postcode": (cells.postcode(10), lambda cell: to.postcode(cell, 10)),
    "integer": (cells.integer(), to.integer),
    "place": (cells.integer(7, zero_is_none=True), lambda cell: to.integer(cell, 7) or None),
}
likely = st.sampled_from(
    ["", "12", "0", "007", "KT1 2AB", "kt12ab", "Not applicable", "Weir ", "a  b", "\\N", "\t"]
)


@quick
@given(st.lists(likely | any_text, min_size=1, max_size=4), st.sampled_from(sorted(MEMOS)))
def test_a_column_read_at_once_is_what_its_cells_are(values, kind):
    memo, convert = MEMOS[kind]

    made = memo.column([tuple(values)])

    assert "\n".join(made).count("\n") == len(values) - 1
    assert read_back(made) == [None if v is None else number(str(v)) for v in map(convert, values)]


def read_back(made):
    """What a COPY reads."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS back (n serial, v text) ON COMMIT DROP")
        cursor.execute("TRUNCATE back")
        cursor.copy_expert(
            "COPY back (v) FROM STDIN", io.BytesIO(("\n".join(made) + "\n").encode())
        )
        cursor.execute("SELECT v FROM back ORDER BY n")
        return [number(v) for (v,) in cursor.fetchall()]


def number(text):
    """A number as it is shown, without the zeros that a COPY takes no notice of."""
    return str(int(text)) if text and text.isascii() and text.isdigit() else text


def search_key(value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT f_search_key(%s)", [value])
        return cursor.fetchone()[0]


@quick
@given(any_text)
def test_every_name_has_a_search_key_of_plain_words(value):
    key = search_key(value)

    assert key == " ".join(key.split())
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert search_key(key) == key


@quick
@given(st.binary().filter(lambda data: b"\0" not in data and data.strip()))
def test_every_byte_decodes(data):
    file = RegisterFile("x.csv", b"URN,Name\n1," + data.replace(b"\n", b"") + b"\n")

    (text,) = file.texts([file.lines[1]])

    assert text.startswith("1,")
    assert text == without_unseen(file.decode(file.lines[1]))
    assert text.encode()


@quick
@given(st.lists(st.text(st.sampled_from('ab,"\n\r é'), max_size=8), min_size=1, max_size=5))
def test_records_are_split_as_a_csv_reader_would(values):
    body = b"".join(
        f'{number},"{value.replace(chr(34), chr(34) * 2)}"\r\n'.encode("cp1252")
        for number, value in enumerate(values)
    )
    file = RegisterFile("x.csv", b"URN,Name\r\n" + body)

    found = [file.values(record) for _, record, _ in file.records()]

    assert [[number, value.split()] for number, value in found] == [
        [str(number), value.split()] for number, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("edubasealldata20261118.csv", date(2026, 11, 18)),
        ("edubasealldata20261399.csv", None),
        ("register.csv", None),
        ("a120261118.csv", None),
    ],
)
def test_the_day_of_an_extract_is_in_its_name(name, expected):
    assert extract_date(name) == expected
