"""Exports: nothing in a file can run, everything in it can be read back."""

import csv
import datetime
import io
import json
import tracemalloc
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models.functions import Upper
from hypothesis import given
from hypothesis import strategies as st

from core.disclosure import POLICIES, Measure, RawTable, publish
from core.exports import (
    Column,
    Cover,
    MixedPolicies,
    Sheet,
    clean,
    columns_values,
    csv_chunks,
    csv_response,
    displayed,
    inert,
    published_csv,
    with_progress,
    write_csv,
    write_published,
    xlsx_response,
    xlsx_stream,
)

COLUMNS = (
    Column("title", "Activity"),
    Column("learners", "Learners", kind="number"),
    Column("hours", "Contact hours", kind="hours"),
    Column("on", "Date", kind="date"),
)
ROW = ("Séance 🎓 <img onerror=alert(1)>", -5, Decimal("1.50"), datetime.date(2026, 11, 21))
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\x00=1", "\u200b=1", "\uff1d1"]


def cover(policy="inside", **changes):
    """A cover with every part filled in."""
    facts = {
        "title": "Activities",
        "who": "Ann Example, manager, Northbank partnership",
        "when": datetime.datetime(2026, 7, 1, 13, 5, tzinfo=datetime.UTC),
        "policy": POLICIES[policy],
        "filters": ("Strand is Reach, or =1+1",),
        "data_dates": ("Register of schools: 18 November 2026",),
        "definitions": ("Contact hours: 1,000 hours at most",),
    }
    return Cover(**facts | changes)


def csv_rows(chunks):
    """The rows of a CSV file below its cover lines."""
    text = b"".join(chunks).decode("utf-8-sig")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return list(csv.reader(io.StringIO("".join(lines), newline="")))


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def raw_table(title="Reach"):
    columns = (
        Measure("year", "Year group"),
        Measure("learners", "Learners", "people"),
        Measure("share", "Target schools", "percent"),
        Measure("mean", "Hours each", "average"),
    )
    rows = (("=Year 9", 13, (33, 80), (24, 7)), ("Year 10", 2, (11, 22), (30.5, 8)))
    return RawTable(title, columns, rows, total=("Total", 15, (44, 102), (54.5, 15)))


@pytest.mark.parametrize("text", DANGEROUS)
def test_formulas_are_inert_in_csv(text):
    [[cell]] = csv_rows(csv_chunks(cover(), (Column("t", "T"),), [(text,)]))[1:]

    assert cell.startswith("'")


@given(st.text())
def test_no_text_can_start_a_formula(text):
    safe = inert(text)

    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
    assert clean(safe) == safe


def test_csv_opens_in_excel_and_keeps_numbers_and_dates():
    chunks = list(csv_chunks(cover(), COLUMNS, [ROW]))

    assert chunks[0].startswith(b"\xef\xbb\xbf# Title: Activities\r\n")
    assert b"".join(chunks[1:]).decode() == (
        '"Activity","Learners","Contact hours","Date"\r\n'
        '"Séance 🎓 <img onerror=alert(1)>",-5,1.50,"2026-11-21"\r\n'
    )


def test_csv_bears_its_cover_in_lines_that_no_spreadsheet_splits():
    lines = next(csv_chunks(cover(), COLUMNS, [])).decode("utf-8-sig").splitlines()

    assert lines == [
        "# Title: Activities",
        "# Made by: Ann Example – manager – Northbank partnership",
        "# Made on: 1 July 2026 at 14:05",
        "# Filter: Strand is Reach – or =1+1",
        "# Data as at: Register of schools: 18 November 2026",
        "# Definition: Contact hours: 1000 hours at most",
        "# Disclosure policy: Inside the partnership. "
        "Counts of people and contact hours are exact.",
    ]


def test_cover_line_cannot_be_broken_into_a_row():
    chunks = csv_chunks(cover(filters=("a\r\n=1;=2\t=3|=4",)), COLUMNS, [])

    assert "# Filter: a =1 –=2 =3 –=4\r\n" in next(chunks).decode()


def test_row_that_begins_with_a_hash_is_still_a_row():
    rows = csv_rows(csv_chunks(cover(), (Column("t", "T"),), [("# 1",)]))

    assert rows == [["T"], ["# 1"]]


def test_long_csv_keeps_every_row_in_order():
    rows = csv_rows(
        csv_chunks(cover(), (Column("n", "N", kind="number"),), ((n,) for n in range(1234)))
    )

    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1234)]


def test_csv_response_streams_a_dated_download():
    response = csv_response("All activities", cover(), COLUMNS, iter([ROW]))

    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == (
        'attachment; filename="all-activities-2026-07-01.csv"'
    )
    assert csv_rows(response.streaming_content)[1][1:] == ["-5", "1.50", "2026-11-21"]


def test_write_csv_fills_a_file():
    file = io.BytesIO()

    write_csv(file, cover(), COLUMNS, [ROW])

    assert len(csv_rows([file.getvalue()])) == 2


def test_memory_does_not_grow_with_the_rows():
    rows = (("text " * 10, n, 1.5, ROW[3]) for n in range(30_000))
    tracemalloc.start()

    with open("/dev/null", "wb") as nowhere:
        write_csv(nowhere, cover(), COLUMNS, rows)
    rows = (("text " * 10, n, 1.5, ROW[3]) for n in range(30_000))
    xlsx_stream(io.BufferedWriter(_Nowhere()), cover(), [Sheet("Rows", COLUMNS, rows)])

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


class _Nowhere(io.RawIOBase):
    """A file that keeps nothing and cannot be rewound."""

    def writable(self):
        return True

    def write(self, data):
        return len(data)


def test_xlsx_response_is_a_dated_download():
    response = xlsx_response("Activities", cover(), [Sheet("Rows", COLUMNS, [ROW])])

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    response.file_to_stream.close()
    assert response["Content-Disposition"] == 'attachment; filename="activities-2026-07-01.xlsx"'
    assert book["Rows"]["B2"].value == -5


@pytest.mark.parametrize("policy", ["partners", "public"])
def test_rows_do_not_leave_under_a_rounding_policy(policy):
    with pytest.raises(ValueError, match="Rows are exact"):
        csv_chunks(cover(policy), COLUMNS, [ROW])
    with pytest.raises(ValueError, match="Rows are exact"):
        xlsx_stream(io.BytesIO(), cover(policy), [Sheet("Rows", COLUMNS, [ROW])])


def test_page_shows_words():
    columns = (*COLUMNS, Column("done", "Done", formatter={True: "Delivered"}.get))
    row = (None, 1284, Decimal("1234.5"), datetime.date(2026, 11, 1), True)

    [cells] = displayed(columns, [row])

    assert [words for _, words in cells] == [
        "Not known",
        "1,284",
        "1,234.5",
        "1 November 2026",
        "Delivered",
    ]
    assert [column.is_number for column, _ in cells] == [False, True, True, False, False]


def test_unknown_kind_of_column_is_refused():
    with pytest.raises(ValueError, match="is not one of"):
        Column("a", "A", kind="money")


def test_progress_is_told_from_rows_that_passed():
    told = []

    passed = list(with_progress(iter("abcde"), lambda *done: told.append(done), 5, every=2))

    assert passed == list("abcde")
    assert told == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.django_db
def test_columns_read_a_queryset_in_order():
    columns = (
        Column("model", "Model"),
        Column("label", "App", Upper("app_label")),
        Column("also", "Again", "app_label", formatter=str.title),
    )
    types = ContentType.objects.filter(app_label="contenttypes")

    rows = list(columns_values(types, columns))

    assert rows == [("contenttype", "CONTENTTYPES", "contenttypes")]
    assert csv_rows(csv_chunks(cover(), columns, rows))[1] == [
        "contenttype",
        "CONTENTTYPES",
        "Contenttypes",
    ]


@pytest.mark.django_db
def test_queryset_keeps_its_own_order():
    types = ContentType.objects.order_by("-model", "pk")

    names = [row[0] for row in columns_values(types, (Column("model", "Model"),), chunk_size=2)]

    assert names == list(types.values_list("model", flat=True))


def test_published_tables_fill_a_workbook():
    file = io.BytesIO()
    tables = [publish(raw_table(), POLICIES["partners"])] * 2

    write_published(file, cover("partners"), tables)

    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Cover", "Reach", "Reach (2)"]
    assert values(book["Reach"])[:5] == [
        ["Reach", None, None, None],
        ["Year group", "Learners", "Target schools", "Hours each"],
        ["=Year 9", 15, 0.413, "[low]"],
        ["Year 10", 0, "[low]", 3.81],
        ["Total", 15, 0.431, 3.63],
    ]
    assert book["Reach"]["A3"].data_type == "s"
    assert [row[0] for row in values(book["Reach"])[6:]] == list(tables[0].notes)


def test_published_workbook_is_the_same_file_twice():
    first, second = io.BytesIO(), io.BytesIO()

    for file in (first, second):
        write_published(file, cover(), [publish(raw_table(), POLICIES["inside"])])

    assert first.getvalue() == second.getvalue()


def test_published_table_fills_a_csv():
    table = publish(raw_table(), POLICIES["partners"])

    chunks = list(published_csv(cover("partners"), table))

    assert "[low]: too few people to show." in chunks[0].decode()
    assert csv_rows(chunks)[1:] == [
        ["'=Year 9", "15", "41.3", "[low]"],
        ["Year 10", "0", "[low]", "3.81"],
        ["Total", "15", "43.1", "3.63"],
    ]


@pytest.mark.parametrize("impostor", [raw_table(), [["a", 1]], json.loads("{}"), None])
def test_writers_refuse_what_was_not_published(impostor):
    with pytest.raises(TypeError):
        write_published(io.BytesIO(), cover(), [impostor])
    with pytest.raises(TypeError):
        published_csv(cover(), impostor)


def test_exact_and_rounded_tables_never_share_a_file():
    exact, rounded = (publish(raw_table(), POLICIES[code]) for code in ("inside", "partners"))

    with pytest.raises(MixedPolicies):
        write_published(io.BytesIO(), cover("partners"), [rounded, exact])
    with pytest.raises(ValueError, match="different disclosure policies"):
        published_csv(cover("partners"), exact)
