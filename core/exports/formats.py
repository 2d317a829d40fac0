"""One table as a file in the format that was asked for: answered at once, or written for later."""

from core.exports.columns import with_progress
from core.exports.csv_file import csv_response, write_csv
from core.exports.xlsx_file import xlsx_response, xlsx_stream

FORMATS = ("csv", "xlsx")


def format_in(asked):
    """The format that an address or a form asks for: `xlsx`, or where it asks for none, `csv`."""
    return "xlsx" if asked.get("format") == "xlsx" else "csv"


def file_response(format, name, cover, sheet):
    """Answer a request with the Sheet as a file of that name; a CSV is written while it is sent."""
    if format == "csv":
        return csv_response(name, cover, sheet.columns, sheet.rows)
    return xlsx_response(name, cover, [sheet])


def write_file(file, format, cover, sheet, *, total, progress):
    """Write the Sheet to a file of bytes, telling `progress(done, total)` on the way."""
    rows = with_progress(sheet.rows, progress, total)
    if format == "csv":
        write_csv(file, cover, sheet.columns, rows)
    else:
        xlsx_stream(file, cover, [sheet._replace(rows=rows)])
