"""XLSX workbooks written as a stream: constant memory, any number of rows, no formulas."""

import tempfile
from itertools import chain, islice
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse

from core.exports import xlsx_parts as parts
from core.exports.columns import Column
from core.exports.cover import check_exact
from core.exports.text import file_name

MAX_ROWS = 1_048_576
MAX_XML = 1_900_000_000  # beyond 2 GiB a part needs ZIP64, which Excel on the web refuses
BUFFER = 65_536
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_COVER_COLUMNS = (Column("item", "About this file"), Column("text", "Details", kind="long"))
_NO_MORE = object()


class Sheet(NamedTuple):
    """One sheet of a workbook: its name, its columns and its rows in the columns' order."""

    name: str
    columns: tuple
    rows: object


def xlsx_response(name, cover, sheets):
    """Answer a request with the sheets as a workbook, built in a temporary file on disk."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    xlsx_stream(file, cover, sheets)
    file.seek(0)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=file_name(name, cover.local_when, "xlsx"),
        content_type=XLSX_TYPE,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def xlsx_stream(file, cover, sheets, max_rows=MAX_ROWS):
    """Write a cover and the sheets to a file of bytes; a long sheet goes on in another."""
    check_exact(cover)
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        names = []
        _write_sheet(archive, names, Sheet("Cover", _COVER_COLUMNS, cover.lines()), max_rows, True)
        for sheet in sheets:
            _write_sheet(archive, names, sheet, max_rows)
        for path, xml in parts.workbook_parts(names):
            archive.writestr(path, xml)


def _write_sheet(archive, names, sheet, max_rows, is_cover=False):
    rows, more = iter(sheet.rows), True
    while more:
        names.append(parts.legal_name(sheet.name, names))
        with archive.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as out:
            out.write(parts.sheet_start(sheet.columns, is_cover))
            _write_rows(out, sheet.columns, islice(rows, max_rows - 1))
            out.write(parts.SHEET_END)
        following = next(rows, _NO_MORE)
        more = following is not _NO_MORE
        rows = chain([following], rows)


def _write_rows(out, columns, rows):
    """Write rows until they end or the sheet is as long as Excel opens everywhere."""
    letters = [parts.letters(number) for number in range(len(columns))]
    lines, size, written = [], 0, 0
    for number, row in enumerate(rows, start=2):
        line = parts.row_xml(number, letters, columns, row)
        lines.append(line)
        size += len(line)
        if size > BUFFER:
            written += out.write("".join(lines).encode())
            lines, size = [], 0
            if written > MAX_XML:
                return
    out.write("".join(lines).encode())
