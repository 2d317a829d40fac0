"""Workbooks as a stream: legal for Excel, typed, and with nothing in them that can run."""

import datetime
import io
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exports import Column, Sheet, clean, xlsx_file, xlsx_stream
from core.exports.xlsx_parts import legal_name, letters
from core.tests.test_exports import COLUMNS, DANGEROUS, ROW, cover, values

HALF_PAST_ONE = datetime.datetime.fromisoformat("2026-07-01 13:30")


def workbook(sheets, **options):
    """The sheets written by us and read back by openpyxl."""
    file = io.BytesIO()
    xlsx_stream(file, cover(), sheets, **options)
    return openpyxl.load_workbook(file)


@pytest.mark.parametrize("text", DANGEROUS)
def test_formulas_are_inert_in_a_workbook(text):
    sheet = workbook([Sheet("Rows", (Column("t", "T"),), [(text,)])])["Rows"]

    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == clean(text)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), max_size=5))
def test_text_survives_a_workbook(texts):
    rows = [(text,) for text in texts]

    sheet = workbook([Sheet("Rows", (Column("t", "T"),), rows)])["Rows"]

    escaped = [sheet.cell(n, 1).value or "" for n in range(2, len(texts) + 2)]
    assert [text.replace("_x005F_", "_") for text in escaped] == [clean(t) for t in texts]


def test_workbook_holds_a_cover_and_typed_rows():
    book = workbook([Sheet("Rows", COLUMNS, [ROW, (None, None, None, None)])])

    assert book.sheetnames == ["Cover", "Rows"]
    assert values(book["Rows"])[:2] == [
        ["Activity", "Learners", "Contact hours", "Date"],
        [ROW[0], -5, 1.5, datetime.datetime.fromisoformat("2026-11-21")],
    ]
    assert values(book["Cover"])[1:4] == [
        ["Title", "Activities"],
        ["Made by", "Ann Example, manager, Northbank partnership"],
        ["Made on", "1 July 2026 at 14:05"],
    ]


def test_workbook_keeps_its_headings_in_view():
    sheet = workbook([Sheet("Rows", COLUMNS, [ROW])])["Rows"]

    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.b
    assert not sheet["A2"].font.b
    assert sheet["D2"].number_format == r"d\ mmmm\ yyyy"
    assert sheet.column_dimensions["A"].width == 28


def test_two_sheets_keep_their_own_columns():
    book = workbook([Sheet("Rows", COLUMNS, [ROW]), Sheet("rows", (Column("t", "T"),), [("x",)])])

    assert book.sheetnames == ["Cover", "Rows", "rows (2)"]
    assert values(book["rows (2)"]) == [["T"], ["x"]]


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])])
def test_long_sheets_go_on_in_another(count, sizes):
    columns, rows = (Column("n", "N", kind="number"),), ((n,) for n in range(count))

    book = workbook([Sheet("Rows", columns, rows)], max_rows=20 if count == 0 else 4)

    sheets = [book[name] for name in book.sheetnames if name.startswith("Rows")]
    assert [sheet.max_row - 1 for sheet in sheets] == sizes
    assert [row[0] for s in sheets for row in values(s)[1:]] == list(range(count))


def test_sheets_of_too_much_text_go_on_in_another(monkeypatch):
    monkeypatch.setattr(xlsx_file, "MAX_XML", 100_000)
    rows = (("x" * 1000,) for _ in range(250))

    book = workbook([Sheet("Rows", (Column("t", "T"),), rows)])

    assert book.sheetnames == ["Cover", "Rows", "Rows (2)", "Rows (3)"]
    assert sum(book[name].max_row - 1 for name in book.sheetnames[1:]) == 250


def test_every_part_of_the_package_is_named_and_well_formed():
    file = io.BytesIO()
    xlsx_stream(file, cover(), [Sheet('R&D "one"', COLUMNS, [ROW])])

    with ZipFile(file) as package:
        texts = {name: package.read(name) for name in package.namelist()}

    parts = {name: ElementTree.fromstring(xml) for name, xml in texts.items()}  # noqa: S314 -- ours

    types = {part.get("PartName") for part in parts["[Content_Types].xml"]} - {None}
    assert types == {f"/{name}" for name in parts if "rels" not in name and "Content" not in name}
    links = {link.get("Target") for link in parts["xl/_rels/workbook.xml.rels"]}
    assert links == {"worksheets/sheet1.xml", "worksheets/sheet2.xml", "styles.xml"}


@pytest.mark.parametrize(
    ("value", "kind", "stored"),
    [
        ("0123", "text", "0123"),
        (100234, "text", "100234"),
        (True, "number", "Yes"),
        (float("inf"), "number", "inf"),
        (10**15 + 1, "number", "1000000000000001"),
        (datetime.date(1066, 10, 14), "date", "1066-10-14"),
        (HALF_PAST_ONE, "datetime", HALF_PAST_ONE),
        ("a\x0bb\x1f\ufffec", "text", "abc"),
        ("a\r\nb\rc", "text", "a\nb\nc"),
    ],
)
def test_values_are_stored_as_what_they_are(value, kind, stored):
    sheet = workbook([Sheet("Rows", (Column("v", "V", kind=kind),), [(value,)])])["Rows"]

    assert sheet["A2"].value == stored


def test_text_too_long_for_excel_is_cut_between_characters():
    text = "a" + "🎓" * 20_000

    sheet = workbook([Sheet("Rows", (Column("v", "V"),), [(text,)])])["Rows"]

    assert sheet["A2"].value == "a" + "🎓" * 16_383


def test_code_like_text_is_not_decoded_by_excel():
    file = io.BytesIO()
    xlsx_stream(file, cover(), [Sheet("Rows", (Column("v", "V"),), [("_x003D_1",)])])

    xml = ZipFile(file).read("xl/worksheets/sheet2.xml").decode()

    assert "_x005F_x003D_1" in xml


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("a/b[c]:*?\\d", [], "a b c d"),
        ("'quoted'", [], "quoted"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["X" * 31], "x" * 27 + " (2)"),
        ("???", [], "Sheet"),
        ("History", [], "History of"),
        ("🎓" * 20, [], "🎓" * 15),
    ],
)
def test_sheet_names_are_legal(wanted, taken, name):
    assert legal_name(wanted, taken) == name


@pytest.mark.parametrize(("number", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (702, "AAA")])
def test_columns_have_their_letters(number, name):
    assert letters(number) == name
