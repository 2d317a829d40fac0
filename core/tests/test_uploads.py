"""What comes in as a table: read by content, as people typed it, or refused in words."""

import datetime
import io

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from core.tests.workbooks import HEADINGS, inline, packed, parts, workbook
from core.uploads import BadCell, Limits, NotReadable, check_kind, open_table


def table_of(data, **options):
    return open_table(io.BytesIO(data) if isinstance(data, bytes) else data, "file", **options)


def read(data, **options):
    table = table_of(data, **options)
    return table.headings, [cells for _, cells in table]


def refusal(data, **options):
    with pytest.raises(NotReadable) as caught:
        list(table_of(data, **options))
    return str(caught.value)


def noted(table):
    return [cells for _, cells in table], [notice.in_words() for notice in table.notices]


def saved(book):
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


@pytest.fixture
def book():
    book = openpyxl.Workbook()
    book.active.title = "Rows"
    return book


TEXT = "Name,Town\r\nSéan,“Holm”\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.replace("\r\n", "\n").rstrip().encode(),
        ("sep=;\r\n" + TEXT.replace(",", ";")).encode(),
        ("# Title: ours\r\n# Made by: us\r\n" + TEXT).encode("utf-8-sig"),
        ("\r\n" + TEXT + "\r\n,\r\n").encode(),
    ],
)
def test_text_is_read_in_every_encoding_and_separator(data):
    assert read(data) == (("Name", "Town"), [("Séan", "“Holm”")])


def test_quoted_line_ends_stay_and_lines_are_counted_as_people_see_them():
    table = table_of(b'Name;"Town; county"\r\n"a\r\nb";c\r\nd;"say ""e"""\r\n')

    assert table.headings == ("Name", "Town; county")
    assert list(table) == [(2, ("a\r\nb", "c")), (4, ("d", 'say "e"'))]


def test_a_formula_in_a_csv_is_text_and_our_own_apostrophe_goes():
    assert read(b"A,B,C\n=1+1,'=1+1,'tis\n")[1] == [("=1+1", "=1+1", "'tis")]


ZIPPED = packed({"notes.txt": "hello"}).getvalue()
ODS = packed({"mimetype": "x", "content.xml": "<x/>"}).getvalue()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 70_000
BINARY = parts()
BINARY["_rels/.rels"] = BINARY["_rels/.rels"].replace("workbook.xml", "workbook.bin")
WORD = parts()
WORD["_rels/.rels"] = WORD["_rels/.rels"].replace("xl/workbook.xml", "word/document.xml")


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t", "The file is empty."),
        (OLE, "This is an old Excel file (.xls) or an old Office document. Save it as"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "This workbook is protected by a password"),
        (b"%PDF-1.7", "This is a PDF. Send an Excel workbook (.xlsx) or a CSV file."),
        (b"\x89PNG\r\n", "This is a picture."),
        (b"\xff\xd8\xff\xe0", "This is a picture."),
        (b"\x1f\x8b\x08", "This is a packed file (.gz). Unpack it"),
        (b"MZ\x90", "This is a program, not a table."),
        (ZIPPED, "This is a packed file (.zip), not a workbook. Unpack it"),
        (ODS, "This is an OpenDocument file (.ods). Save it as"),
        (packed(BINARY).getvalue(), "This is a binary workbook (.xlsb). Save it as"),
        (packed(WORD).getvalue(), "This is an Office document, but no workbook."),
        (b"<html><table><tr><td>1", "This is a web page, whatever its name says."),
        (b"<?xml version='1.0'?><Workbook>", "This is XML. Open it in Excel."),
        (b'{"a": 1}', "This is JSON, a data file for programs."),
        ('[{"a": 1}]'.encode("utf-16"), "This is JSON, a data file for programs."),
        (bytes(range(256)) * 4, "This is no text, and no workbook either."),
        (b"a,b\n1,\0\n", "This is no text, and no workbook either."),
        (b"a,b\n" + b"1,2\n" * 20_000 + b"1,\0\n", "Line 20,002 holds bytes that are no text."),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(data, start):
    assert refusal(data).startswith(start)


def test_a_file_is_known_by_its_first_bytes_before_it_is_kept():
    check_kind(io.BytesIO(b"a,b\n"))

    with pytest.raises(NotReadable, match="This is a PDF"):
        check_kind(io.BytesIO(b"%PDF"))
    with pytest.raises(NotReadable, match="at most 0 MB can be read"):
        check_kind(io.BytesIO(b"12345"), Limits(file_bytes=4))


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (b"Town,Name, town \n1,2,3\n", "The heading “town” stands above two columns, A and C."),
        (b"Name,,Town\n1,,3\n1,2,3\n", "Column B has no heading, but line 3 has something in it."),
        (b"Name,Town\n1,2\n1,2,3\n", "Line 3 has 3 cells, but there are 2 headings."),
        (b",,\n", "There is nothing in this file."),
        (b'a,b\n1,"2\n3,4\n', "A quotation mark on line 2 is opened and not closed"),
        (b"a\n1\n2\n3\n4\n5\n", "The file has more than 4 rows. Split it into several files."),
        (b"a\n" + b"x" * 32_768, "Line 2 has a cell of more than 32,767 characters."),
        (b"a" + b",b" * 400, "Line 1 has 401 columns; at most 300 can be read."),
        (b"a\n" + b"," * 20_000, "Line 2 has 20,001 columns; at most 300 can be read."),
    ],
)
def test_a_table_amiss_is_refused_with_its_place(data, start):
    assert refusal(data, limits=Limits(rows=4)).startswith(start)


def test_short_lines_are_filled_and_named():
    assert noted(table_of(b"a,b,c\n1\n,,\n1,2,3,,\n")) == (
        [("1", "", ""), ("1", "2", "3")],
        [
            "Row 2: it has fewer cells (1) than there are headings (3); what is missing counts as "
            "empty.",
        ],
    )


def test_what_cannot_be_seen_is_removed_and_named():
    data = "Name\u202e,Town\nA\x07nn\u202etxt,B\u2066\x81\n".encode()

    table = table_of(data)

    assert table.headings == ("Name", "Town")
    assert noted(table) == (
        [("Anntxt", "B")],
        [
            "Row 2, column A (Name): characters that cannot be seen were removed.",
            "Row 2, column B (Town): characters that cannot be seen were removed.",
        ],
    )


def test_a_byte_that_is_no_character_is_named():
    rows, notices = noted(table_of(b"\xef\xbb\xbfName\nCaf\xe9\n"))

    assert rows == [("Caf�",)]
    assert notices == [
        "Row 2, column A (Name): a character could not be read and stands as �.",
    ]


def test_notices_are_kept_up_to_a_number_and_the_rest_counted():
    table = table_of(b"a\n" + b"someone\x07 else entirely\n" * 5, limits=Limits(notices=2))

    rows = list(table)

    assert (len(rows), len(table.notices), table.more_notices) == (5, 2, 3)


def test_a_workbook_is_read_as_it_was_typed(book):
    sheet = book["Rows"]
    sheet.append(["Name", "On", "At", "Number", "Yes", "Share", "Time", "Code"])
    moment = datetime.datetime.fromisoformat("2026-09-01 13:30")
    sheet.append(["Ann", moment.date(), moment, 5.0, True, 0.181, moment.time(), 123])
    sheet["F2"].number_format, sheet["H2"].number_format = "0.0%", "00000"
    rich = CellRichText("Holm ", TextBlock(InlineFont(b=True), "Park"))
    sheet.append([rich, None, None, 1e5, False, None, None, None])

    headings, rows = read(saved(book))

    assert headings == ("Name", "On", "At", "Number", "Yes", "Share", "Time", "Code")
    assert rows == [
        ("Ann", moment.date(), moment, "5", "TRUE", "18.1%", moment.time(), "00123"),
        ("Holm Park", "", "", "100000", "FALSE", "", "", ""),
    ]


def test_formulas_are_never_worked_out_and_errors_are_named(book):
    sheet = book["Rows"]
    sheet.append(["A", "B"])
    sheet.append(["=1+1", "#N/A"])
    sheet.append(["=HYPERLINK(1)", "x"])

    rows, notices = noted(table_of(saved(book)))

    assert rows == [("", "#N/A"), ("", "x")]
    assert [type(cell) for cell in rows[0]] == [BadCell, BadCell]
    assert notices == [
        "Row 2, column A (A): a formula without a result. Open the file in Excel, save it there, "
        "and send that.",
        "Row 2, column B (B): it holds the error #N/A of a formula.",
        "Row 3, column A (A): a formula without a result. Open the file in Excel, save it there, "
        "and send that.",
    ]


def test_the_kept_result_of_a_formula_is_taken():
    data = HEADINGS + (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>A1</f><v>Ann</v></c></row>'
        '<row r="4"><c r="A4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )

    assert read(workbook(data=data))[1] == [("2",), ("Ann",), ("#DIV/0!",)]


def test_merged_cells_keep_their_first_and_say_so(book):
    sheet = book["Rows"]
    sheet.append(["A", "B"])
    sheet.append(["both", None])
    sheet.merge_cells("A2:B2")

    rows, notices = noted(table_of(saved(book)))

    assert rows == [("both", "")]
    assert notices == ["1 range of joined cells: only the first cell of each holds the value."]


def test_the_first_sheet_with_something_in_it_is_read(book):
    book.create_sheet("Hidden").append(["secret"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("People").append(["Name"])
    book.create_sheet("More").append(["Other"])

    table = table_of(saved(book))

    assert (table.sheet, table.headings) == ("People", ("Name",))
    assert noted(table)[1] == ["Only the sheet “People” is read, not “More”."]
    assert read(saved(book), sheet="more")[0] == ("Other",)
    assert refusal(saved(book), sheet="Gone") == (
        "The workbook has no sheet “Gone”. It has “Rows”, “Hidden”, “People”, “More”. Rename the "
        "sheet, and send the file again."
    )


def test_an_empty_workbook_is_refused(book):
    assert refusal(saved(book)).startswith("There is nothing in this workbook.")


def test_dates_of_a_workbook_that_counts_from_1904(book):
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book["Rows"].append(["On"])
    book["Rows"].append([datetime.date(2026, 9, 1)])

    assert read(saved(book))[1] == [(datetime.date(2026, 9, 1),)]


def test_text_that_stands_for_a_character_is_read_as_it():
    data = HEADINGS + f'<row r="2">{inline("A2", "a_x0007_b_x005F_x0041_")}</row>'

    assert read(workbook(data=data))[1] == [("ab_x0041_",)]


def test_shared_texts_with_phonetic_reading_and_prefixed_names():
    found = parts(
        data='<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>',
        strings="<si><t>Name</t></si><si><r><t>Ho</t></r><r><t>lm</t></r><rPh><t>x</t></rPh></si>",
    )
    assert read(packed(found)) == (("Name",), [("Holm",)])

    name = "xl/worksheets/sheet1.xml"
    for tag in ("worksheet", "sheetData", "row", "c", "v"):
        for mark in ("<", "</"):
            for end in (" ", ">"):
                found[name] = found[name].replace(f"{mark}{tag}{end}", f"{mark}x:{tag}{end}")
    found[name] = found[name].replace("xmlns=", "xmlns:x=")

    assert read(packed(found)) == (("Name",), [("Holm",)])


def cell(text):
    return HEADINGS + f'<row r="2">{text}</row>'


@pytest.mark.parametrize(
    "data",
    [
        cell('<c r="A2" t="s"><v>7</v></c>'),
        cell('<c r="A2" t="s"><v>-1</v></c>'),
        cell('<c r="A2" s="9"><v>1</v></c>'),
        cell('<c r="?2"><v>1</v></c>'),
        cell('<c r="B2"><v>1</v></c><c r="A2"><v>1</v></c>'),
        cell('<c r="A2"><c r="B2"><v>1</v></c></c>'),
        cell('<c r="A2"><v>1<v>2</v></v></c>'),
        cell(f"{'<a>' * 200}{'</a>' * 200}"),
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="9999999"><c><v>1</v></c></row>',
        '<row r="1"><row r="2"></row></row>',
        HEADINGS * 2,
        "<c><v>1</v></c>",
        "<row>",
        "<row><c><v>&undefined;</v></c></row>",
    ],
)
def test_a_workbook_that_excel_would_not_write_is_refused(data):
    assert refusal(workbook(data=data)).startswith(("The workbook is damaged or incomplete.",))


def test_a_row_after_row_limit_of_empties_is_no_row():
    empties = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 50))
    last = f'<row r="900000">{inline("A900000", "end")}</row>'

    table = table_of(workbook(data=HEADINGS + empties + last), limits=Limits(rows=3))

    assert list(table) == [(900_000, ("end",))]


def test_limits_are_told_in_words():
    assert Limits().in_words() == (
        "An Excel workbook (.xlsx) or a CSV file of at most 50 MB, 200,000 rows and 300 columns."
    )


def test_how_far_the_reading_is():
    for data in (b"a\n" + b"1\n" * 5, workbook().getvalue()):
        table = table_of(data)
        list(table)

        assert table.share_read == 1
