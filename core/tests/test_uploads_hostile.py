"""Files made to exhaust their reader: refused in words, in a process whose memory is watched."""

import io
import json
import os
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings

from core.tests import workbooks
from core.tests.workbooks import HEADINGS, MAIN, inline, packed, parts
from core.uploads.archive import DAMAGED, TOO_MUCH
from core.uploads.workbook import LONG_CELL, TOO_MUCH_TEXT
from core.uploads.xml_events import HUGE, NO_ENTITIES

MOST_MB = 60
MB = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"
OPEN = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADINGS}'
CLOSE = "</sheetData></worksheet>"
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'


def sheet_of(pieces):
    """A workbook whose one sheet is written piece by piece."""
    found = parts()
    found[SHEET] = [OPEN, *pieces, CLOSE]
    return packed(found).getvalue()


def workbook(**options):
    return workbooks.workbook(**options).getvalue()


def strings_of(pieces):
    found = parts()
    found["xl/sharedStrings.xml"] = [f'<sst xmlns="{MAIN}">', *pieces, "</sst>"]
    return packed(found).getvalue()


def numbered(count, text):
    """A million or so of the same text with a number in it, in pieces."""
    for start in range(0, count, 1000):
        yield "".join(text.format(n=n) for n in range(start, start + 1000))


def lying(data, name):
    """The archive with the declared size of one member made small, in both of its headers."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file) as archive:
        real = archive.getinfo(name).file_size.to_bytes(4, "little")
    return data.replace(real, (100).to_bytes(4, "little"))


def many_entries():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(40_000):
            archive.writestr(f"entry-{number}", b"")
    return file.getvalue()


def nested():
    return packed({"[Content_Types].xml": "x", "inner.zip": sheet_of([" " * MB] * 60)}).getvalue()


def csv_of(*pieces):
    return b"a,b\n" + b"".join(pieces)


SPACES = sheet_of([" " * MB] * 80)
HOSTILE = {
    "inflates.xlsx": (SPACES, TOO_MUCH),
    "lies-about-size.xlsx": (lying(SPACES, SHEET), DAMAGED),
    "rows-for-ever.xlsx": (sheet_of(["<row><c/></row>" * 10_000] * 105), DAMAGED),
    "nested.zip": (nested(), "This is an Office document, but no workbook."),
    "many-entries.zip": (many_entries(), TOO_MUCH),
    "corner.xlsx": (
        workbook(data=HEADINGS + f'<row r="1048576">{inline("XFD1048576", "x")}</row>'),
        "Row 1,048,576 has something further right than column KN, the 300th.",
    ),
    "million-columns.xlsx": (
        sheet_of(['<row r="2">', *numbered(1_000_000, "<c><v>{n}</v></c>"), "</row>"]),
        "Row 2 has something further right than column KN, the 300th.",
    ),
    "million-columns.csv": (b"," * 999_999 + b"\n", "Line 1 has 1,000,000 columns; at most 300"),
    "one-line.csv": (b"a," * 15 * MB, "Line 1 has more than 300 columns; at most 300"),
    "one-long-line.csv": (b"a" * 30 * MB, "Line 1 has a cell of more than 32,767 characters."),
    "swallowed.csv": (csv_of(b'"', b"a\n" * 5 * MB), "Line 2 has a cell of more than 32,767"),
    "quoted-for-ever.csv": (csv_of(b'"a\n",' * 4 * MB), "A quotation mark on line 2 is opened"),
    "open-quote.csv": (csv_of(b'"', b"a" * 20 * MB), "Line 2 has a cell of more than 32,767"),
    "huge-cell.xlsx": (
        sheet_of([f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * MB}', "</t></is></c></row>"]),
        LONG_CELL.format(32_767),
    ),
    "huge-string.xlsx": (strings_of(["<si><t>", "x" * MB, "</t></si>"]), LONG_CELL.format(32_767)),
    "huge-attribute.xlsx": (sheet_of(['<row r="', *["1" * MB] * 30, '"/>']), HUGE),
    "huge-comment.xlsx": (sheet_of(["<!--", *["x" * MB] * 30, "-->"]), HUGE),
    "deep.xlsx": (sheet_of(["<a>" * 400_000]), DAMAGED),
    "deep-strings.xlsx": (strings_of(["<a>" * 400_000]), HUGE),
    "many-names.xlsx": (sheet_of(numbered(300_000, "<n{n}/>")), HUGE),
    "many-attributes.xlsx": (sheet_of(numbered(300_000, '<row n{n}="1"/>')), HUGE),
    "many-strings.xlsx": (strings_of(numbered(2_001_000, "<si><t>{n}</t></si>")), TOO_MUCH_TEXT),
    "much-text.xlsx": (
        strings_of(numbered(50_000, f"<si><t>{'x' * 1000}{{n}}</t></si>")),
        TOO_MUCH_TEXT,
    ),
    "laughs.xlsx": (workbook(head=LAUGHS), NO_ENTITIES),
    "outside.xlsx": (workbook(head=OUTSIDE), NO_ENTITIES),
    "many-sheets.xlsx": (
        workbook(sheets=['<sheet name="S" sheetId="1" r:id="rId1"/>'] * 200_000),
        "The workbook has more than 100 sheets.",
    ),
    "many-formats.xlsx": (
        workbook(styles=f"<cellXfs>{'<xf/>' * 200_000}</cellXfs>"),
        "The workbook has more formats than Excel allows.",
    ),
    "many-rows.xlsx": (
        sheet_of(numbered(201_000, '<row><c t="inlineStr"><is><t>{n}</t></is></c></row>')),
        "The file has more than 200,000 rows.",
    ),
    "many-joined.xlsx": (workbook(tail="<mergeCell/>" * 500_000), "0 rows"),
    "blank-lines.csv": (csv_of(b"\n" * 20 * MB), "The file has more than 200,000 rows."),
    "cut-short.xlsx": (SPACES[:-200], DAMAGED),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What came of each file, read in a process with little memory."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (data, _) in HOSTILE.items():
        (folder / name).write_bytes(data)
    ran = subprocess.run(
        [sys.executable, "-m", "core.tests.hostile_reads", *HOSTILE],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        check=True,
    )
    return json.loads(ran.stdout)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_in_little_memory(name, outcomes):
    said, megabytes = outcomes[name]

    assert said.startswith(HOSTILE[name][1])
    assert megabytes < MOST_MB
