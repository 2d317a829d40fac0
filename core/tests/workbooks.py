"""Workbooks by hand, whole and hostile, for the tests of what comes in."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADINGS = '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'


def relation(name, kind, target):
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def parts(*, data=HEADINGS, strings="", styles="", properties="", head="", tail="", sheets=()):
    """The parts of a workbook with one sheet, as {path: XML}."""
    listed = sheets or ('<sheet name="Rows" sheetId="1" r:id="rId1"/>',)
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f"{relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{''.join(listed)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f"{relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}"
        f"{relation('rId2', 'sharedStrings', 'sharedStrings.xml')}"
        f"{relation('rId3', 'styles', '/xl/styles.xml')}</Relationships>",
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{MAIN}"><sheetData>{data}'
        f"</sheetData>{tail}</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }


def packed(parts):
    """The parts as a file of bytes; a part may be a list of pieces, written one by one."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            with archive.open(name, "w") as out:
                for piece in [content] if isinstance(content, str | bytes) else content:
                    out.write(piece.encode() if isinstance(piece, str) else piece)
    file.seek(0)
    return file


def workbook(**options):
    return packed(parts(**options))


def inline(place, text):
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
