"""The pieces of XML inside an XLSX workbook."""

import datetime
import re

from core.exports.text import clean

MAX_TEXT = 32_767
_WIDTHS = {"text": 28, "long": 80, "number": 12, "hours": 12, "date": 20, "datetime": 26}
_HEADING, _DATE, _DATETIME, _HOURS, _WRAPPED = 1, 2, 3, 4, 5
_STYLE_OF = {"hours": _HOURS, "long": _WRAPPED}
_EPOCH = datetime.datetime.fromisoformat("1899-12-30")
_FIRST_SAFE_DAY = datetime.date(1900, 3, 1)  # before it, Excel counts a day that never was
_EXACT_UP_TO = 10**15
_ESCAPED_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMAT = "application/vnd.openxmlformats-officedocument.spreadsheetml"

SHEET_END = b"</sheetData></worksheet>"


def letters(number):
    """The letters of a column, counted from 0: A, B, … Z, AA."""
    found = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        found, number = chr(65 + rest) + found, number - 1
    return found


def legal_name(wanted, taken):
    """A sheet name that Excel accepts, like the wanted one and unlike those taken."""
    base = re.sub(r"[\[\]:*?/\\]+", " ", clean(wanted)).replace("\n", " ").replace("\t", " ")
    base = " ".join(base.split()).strip("'") or "Sheet"
    base = "History of" if base.lower() == "history" else base
    used = {name.lower() for name in taken}
    number, name = 1, _cut(base, 31).strip(" '")
    while name.lower() in used:
        number += 1
        name = _cut(base, 31 - len(f" ({number})")).rstrip() + f" ({number})"
    return name


def row_xml(number, letters, columns, row):
    """One row of a sheet."""
    cells = [
        cell_xml(f"{letter}{number}", column.kind, column.value(raw))
        for letter, column, raw in zip(letters, columns, row, strict=True)
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def cell_xml(place, kind, value):
    """One cell: text always as text, so that nothing in it can run."""
    if value is None or value == "":
        return ""
    style = _STYLE_OF.get(kind, 0)
    if isinstance(value, str):
        return text_xml(place, value, style if kind == "long" else 0)
    if isinstance(value, datetime.date):
        return _date_xml(place, value)
    if abs(value) >= _EXACT_UP_TO:
        return text_xml(place, f"{value:f}" if value % 1 else f"{int(value)}")
    mark = f' s="{style}"' if style else ""
    return f'<c r="{place}"{mark}><v>{value}</v></c>'


def text_xml(place, text, style=0):
    """A cell of text, cut where Excel would refuse the file."""
    text = fitting(text)
    if "_x" in text:
        text = _ESCAPED_CODE.sub("_x005F_", text)
    mark = f' s="{style}"' if style else ""
    return (
        f'<c r="{place}"{mark} t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
    )


def fitting(text):
    """The text cleaned, and cut at the length beyond which Excel calls a file damaged."""
    text = clean(text)
    return _cut(text, MAX_TEXT) if len(text) > MAX_TEXT // 2 else text


def escape(text):
    """Text as XML content or a quoted attribute."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def sheet_start(columns, is_first):
    """A sheet up to and with its row of headings, which stays in view."""
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_width(column)}" customWidth="1"/>'
        for n, column in enumerate(columns, start=1)
    )
    headings = "".join(
        text_xml(f"{letters(n)}1", column.heading, _HEADING) for n, column in enumerate(columns)
    )
    selected = ' tabSelected="1"' if is_first else ""
    return (
        f'{_DECLARED}<worksheet xmlns="{_MAIN}"><sheetViews>'
        f'<sheetView{selected} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/>{f"<cols>{widths}</cols>" if widths else ""}'
        f'<sheetData><row r="1">{headings}</row>'
    ).encode()


def workbook_parts(names):
    """Every other file of the package, as (path, XML), for sheets of these names."""
    numbered = list(enumerate(names, start=1))
    yield "[Content_Types].xml", _content_types(numbered)
    yield "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    yield "xl/workbook.xml", _workbook(numbered)
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(
            [
                *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered),
                (f"rId{len(names) + 1}", "styles", "styles.xml"),
            ]
        ),
    )
    yield "xl/styles.xml", _STYLES


def _workbook(numbered):
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered
    )
    return (
        f'{_DECLARED}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<bookViews><workbookView activeTab="0"/></bookViews><sheets>{sheets}</sheets></workbook>'
    )


def _content_types(numbered):
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_FORMAT}.worksheet+xml"/>'
        for n, _ in numbered
    )
    return (
        f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_FORMAT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_FORMAT}.styles+xml"/>'
        f"{sheets}</Types>"
    )


def _relations(targets):
    links = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in targets
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _date_xml(place, value):
    is_datetime = isinstance(value, datetime.datetime)
    if (value.date() if is_datetime else value) < _FIRST_SAFE_DAY:
        return text_xml(place, value.isoformat())
    if not is_datetime:
        return f'<c r="{place}" s="{_DATE}"><v>{(value - _EPOCH.date()).days}</v></c>'
    days = (value - _EPOCH) / datetime.timedelta(days=1)
    return f'<c r="{place}" s="{_DATETIME}"><v>{days!r}</v></c>'


def _width(column):
    return max(_WIDTHS[column.kind], min(len(column.heading) + 3, 40))


def _cut(text, units):
    """The text cut to so many UTF-16 units, which is how Excel counts, never inside a character."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def _xf(number_format=0, font=0, inner=""):
    return (
        f'<xf numFmtId="{number_format}" fontId="{font}" fillId="0" borderId="0" xfId="0"'
        f' applyNumberFormat="1" applyFont="1" applyAlignment="1">{inner}</xf>'
    )


_STYLES = "".join(
    (
        f'{_DECLARED}<styleSheet xmlns="{_MAIN}"><numFmts count="3">',
        '<numFmt numFmtId="164" formatCode="d\\ mmmm\\ yyyy"/>',
        '<numFmt numFmtId="165" formatCode="d\\ mmmm\\ yyyy\\ hh:mm"/>',
        '<numFmt numFmtId="166" formatCode="#,##0.00"/></numFmts>',
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>',
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
        '<fills count="2"><fill><patternFill patternType="none"/></fill>',
        '<fill><patternFill patternType="gray125"/></fill></fills>',
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
        '<cellStyleXfs count="1">',
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">',
        _xf(),
        _xf(font=1),
        _xf(164),
        _xf(165),
        _xf(166),
        _xf(inner='<alignment vertical="top" wrapText="1"/>'),
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>',
        "</cellStyles></styleSheet>",
    )
)
