"""CSV files that open in Excel: byte order mark, cover lines behind `#`, headings, rows."""

import csv
import datetime
import re
from decimal import Decimal
from itertools import chain, islice

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.disclosure import is_published
from core.exports.columns import NUMERIC
from core.exports.cover import check_exact
from core.exports.text import clean, file_name, inert

ROWS_PER_CHUNK = 500
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


class _Echo:
    """A file whose `write` hands the line back instead of keeping it."""

    def write(self, line):
        return line


def csv_response(name, cover, columns, rows):
    """Answer a request with the rows as a CSV file, written while it is sent."""
    response = StreamingHttpResponse(
        csv_chunks(cover, columns, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(
        True, file_name(name, cover.local_when, "csv")
    )
    response["Cache-Control"] = "private, no-store"
    return response


def write_csv(file, cover, columns, rows):
    """Write the rows as CSV to a file opened for bytes."""
    for chunk in csv_chunks(cover, columns, rows):
        file.write(chunk)


def csv_chunks(cover, columns, rows):
    """The CSV file in pieces of bytes; refuses a policy that would have the rows rounded."""
    check_exact(cover)
    return _chunks(cover, [c.heading for c in columns], _cells(columns, rows), ())


def published_csv(cover, table):
    """A published table as the pieces of a CSV file, under its own policy."""
    if not is_published(table):
        raise TypeError("Only a PublishedTable may leave as a table of figures.")
    if table.policy != cover.policy:
        raise ValueError("The cover and the table are under different disclosure policies.")
    rows = ([_published(cell) for cell in row] for row in table.rows)
    return _chunks(cover, table.headings, rows, (table.title, *table.notes))


def _chunks(cover, headings, rows, notes):
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_NONNUMERIC)
    lines = [_comment(f"{label}: {text}") for label, text in cover.lines()]
    lines += [_comment(note) for note in notes]
    yield ("\ufeff" + "".join(lines)).encode()
    rows = chain([[inert(str(heading)) for heading in headings]], rows)
    while chunk := "".join(map(writer.writerow, islice(rows, ROWS_PER_CHUNK))):
        yield chunk.encode()


def _comment(text):
    """One cover line, which no spreadsheet splits into cells, whatever its separator."""
    text = _THOUSANDS.sub("", " ".join(clean(text).split()))
    for separator in ',;"|':
        text = text.replace(separator, "'" if separator == '"' else " –")
    return f"# {text}\r\n"


def _cells(columns, rows):
    for row in rows:
        yield [_cell(column.value(raw)) for column, raw in zip(columns, row, strict=True)]


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Decimal):
        return Decimal(f"{value:f}")
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value if isinstance(value, NUMERIC) else value.isoformat()


def _published(cell):
    return cell.value if isinstance(cell.value, NUMERIC) else inert(cell.display)
