"""Every text a file may hold becomes a value or nothing, and never an error."""

import calendar
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.register import conversions as to
from schools.register.reading import RegisterFile, extract_date

pytestmark = pytest.mark.django_db
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
any_text = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))


def convert(expression, value):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {expression} FROM (SELECT %s::text AS x) t".replace("%", "%%").replace(
                "%%s::text", "%s::text"
            ),
            [value],
        )
        return cursor.fetchone()[0]


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
        ("1-9-2012", None),
        ("September", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(value, expected):
    assert convert(to.date("x"), value) == expected


@quick
@given(st.integers(1000, 2999), st.integers(0, 13), st.integers(0, 32), st.sampled_from("-/"))
def test_a_date_is_a_real_day_or_nothing(year, month, day, mark):
    real = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    placeholder = (day, month) == (1, 1) and year in (1900, 1920)
    expected = date(year, month, day) if real and not placeholder else None

    found = convert(to.date("x"), f"{day:02}{mark}{month:02}{mark}{year}")
    iso = convert(to.date("x"), f"{year}-{month:02}-{day:02}")

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
        (None, ""),
    ],
)
def test_postcodes(value, expected):
    assert convert(to.postcode("x", 10), value) == expected


@quick
@given(
    st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True),
    st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True),
    st.sampled_from(["", " ", "  "]),
    st.booleans(),
)
def test_a_postcode_has_one_form(outward, inward, space, small):
    written = f"{outward}{space}{inward}"

    found = convert(to.postcode("x", 10), written.lower() if small else written)

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
        (None, None),
    ],
)
def test_whole_numbers(value, expected):
    assert convert(to.integer("x"), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("18.1", Decimal("18.1")),
        ("46.90%", Decimal("46.9")),
        ("0", Decimal(0)),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_percentages(value, expected):
    assert convert(to.decimal("x"), value) == expected


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
    assert convert(to.code("x"), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" Duke's  Place ", "Duke's Place"),
        ("one\ntwo\tthree", "one two three"),
        ("Not applicable", ""),
        ("Does not apply", ""),
        ("a" * 30, "a" * 20),
        (None, ""),
    ],
)
def test_texts(value, expected):
    assert convert(to.text("x", 20), value) == expected


@quick
@given(any_text)
def test_no_text_breaks_a_conversion(value):
    for expression in (to.date("x"), to.integer("x"), to.decimal("x"), to.code("x")):
        convert(expression, value)

    assert len(convert(to.text("x", 20), value)) <= 20
    assert len(convert(to.integer("x", "smallint", 2) + "::text", value) or "") <= 2


@quick
@given(any_text)
def test_every_name_has_a_search_key_of_plain_words(value):
    key = convert("f_search_key(x)", value)

    assert key == " ".join(key.split())
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert convert("f_search_key(x)", key) == key


@quick
@given(st.binary().filter(lambda data: b"\0" not in data and data.strip()))
def test_every_byte_decodes(data):
    file = RegisterFile("x.csv", b"URN,Name\n1," + data.replace(b"\n", b"") + b"\n")

    text = file.decode(file.lines[1])

    assert text.startswith("1,")
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

    assert found == [[str(number), value] for number, value in enumerate(values)]


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
