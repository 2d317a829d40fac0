"""Evidence workbooks: a cover, then one sheet for each published table, notes beneath."""

import xlsxwriter

from core.disclosure import is_published
from core.exports.columns import NUMERIC
from core.exports.text import clean
from core.exports.xlsx_parts import fitting, legal_name

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS = {"people": "#,##0", "count": "#,##0", "hours": "#,##0.0"}


class MixedPolicies(ValueError):
    """Tables under different policies in one file: exact numbers would stand by rounded ones."""


def write_published(file, cover, tables):
    """Write published tables, and nothing else, as a formatted workbook to a file of bytes."""
    tables = list(tables)
    if not all(is_published(table) for table in tables):
        raise TypeError("Only tables made by core.disclosure.publish may be written.")
    if any(table.policy != cover.policy for table in tables):
        raise MixedPolicies("Every table must be under the disclosure policy of the cover.")
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": clean(cover.title), "created": cover.local_when})
        names = ["Cover"]
        _write_cover(book, cover)
        for table in tables:
            names.append(legal_name(table.title, names))
            _write_table(book, names[-1], table)


def _write_cover(book, cover):
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 90)
    label, text = book.add_format(_TOP | {"bold": True}), book.add_format(_TOP)
    for row, (name, words) in enumerate(cover.lines()):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, fitting(words), text)


def _write_table(book, name, table):
    sheet, bold = book.add_worksheet(name), {"bold": True}
    sheet.write_string(0, 0, fitting(table.title), book.add_format(bold | {"font_size": 13}))
    sheet.freeze_panes(2, 1)
    heading = book.add_format(bold | {"text_wrap": True, "valign": "top", "bottom": 1})
    for c, column in enumerate(table.columns):
        sheet.set_column(c, c, 34 if column.is_text else 16)
        sheet.write_string(1, c, fitting(column.heading), heading)
    last = len(table.rows) - 1
    plain = [book.add_format(_style(column)) for column in table.columns]
    total = [book.add_format(_style(column) | bold | {"top": 1}) for column in table.columns]
    for r, row in enumerate(table.rows):
        formats = total if table.has_total and r == last else plain
        for c, cell in enumerate(row):
            _write_cell(sheet, (r + 2, c), table.columns[c], cell, formats[c])
    for n, note in enumerate(table.notes):
        sheet.write_string(len(table.rows) + 3 + n, 0, fitting(note))


def _write_cell(sheet, place, column, cell, style):
    if isinstance(cell.value, NUMERIC) and not column.is_text:
        value = cell.value / 100 if column.kind == "percent" else cell.value
        sheet.write_number(*place, value, style)
    else:
        sheet.write_string(*place, fitting(cell.display), style)


def _style(column):
    if column.is_text:
        return _TOP
    places = column.places
    if column.kind == "percent":
        number = "0%" if places == 0 else "0." + "0" * (places or 1) + "%"
    elif column.kind == "average":
        number = "0" if places == 0 else "0." + "0" * (2 if places is None else places)
    else:
        number = _FORMATS[column.kind]
    return {"num_format": number, "align": "right", "valign": "top"}


_TOP = {"text_wrap": True, "valign": "top"}
