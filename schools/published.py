"""Small tables that the DfE publishes beside the register: read by column name, staged by COPY."""

import csv
import hashlib
import io
from dataclasses import dataclass, field

from django.db import connection

from core.text import without_unseen
from schools.models import LoadedFile
from schools.register.reading import extract_date
from schools.register.unpacking import Refused, read_bytes

LEAST_SHARE = 0.9


@dataclass
class Listing:
    """A table as read: rows of (line, {column: text}) with the columns that were asked for."""

    name: str
    hash: str
    columns: set
    rows: list
    notices: list = field(default_factory=list)

    @property
    def extracted_on(self):
        """The day in the file's name, or None."""
        return extract_date(self.name)


@dataclass
class Loaded:
    """What came of such a table: the row kept of it, and what there is to say to who loaded it."""

    file: LoadedFile
    same_file: bool = field(default=False, kw_only=True)
    notices: list = field(default_factory=list, kw_only=True)

    def in_words(self):
        """Yield what came of it, a line at a time."""
        if self.same_file:
            yield f"{self.file.file_name} is the file that was loaded last. Nothing to do."
            return
        yield f"{self.file.file_name}: {self.size()}"
        for name in ("new", "changed", "gone"):
            yield f"{getattr(self.file, name):>9,} {name}"
        yield from self.more()
        yield from self.notices


def read_listing(source, columns, *, needed):
    """Read a path or a stream; `columns` names each wanted column with its possible headings.

    Raises `Refused` where a `needed` column is missing or the file is cut short.
    """
    source = read_bytes(source, only_csv=True)
    text = without_unseen(_decoded(source.data)).replace("\xa0", " ")
    if not text.strip():
        raise Refused(f"{source.name} is empty. Download it again.")
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip().lower() for cell in next(reader)]
    places = _places(source.name, header, columns, needed)
    if text.count('"') % 2:
        raise Refused(f"{source.name} is cut short, in the middle of a record. Download it again.")
    rows = [
        (line, {column: cells[place].strip() for column, place in places.items()})
        for line, cells in _records(source.name, reader, len(header))
    ]
    digest = hashlib.sha256(source.data).hexdigest()
    return Listing(source.name, digest, set(places), rows, list(source.notices))


def _decoded(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "latin-1-byte")


def _places(name, header, columns, needed):
    places = {
        column: header.index(heading.lower())
        for column, headings in columns.items()
        for heading in reversed(headings)
        if heading.lower() in header
    }
    for column in needed:
        if column not in places:
            raise Refused(
                f"{name} has no column “{columns[column][0]}”. Choose the file as the DfE "
                "publishes it, with its first line."
            )
    return places


def _records(name, reader, width):
    cells = None
    for cells in reader:
        if not any(cells):
            continue
        if len(cells) > width:
            raise Refused(
                f"Line {reader.line_num:,} of {name} has {len(cells)} columns; the header has "
                f"{width}. Download it again, or correct the line."
            )
        yield reader.line_num, cells + [""] * (width - len(cells))
    if cells is None:
        raise Refused(f"{name} has a header and no rows. Download it again.")
    if len(cells) < width and any(cells):
        raise Refused(f"{name} is cut short: its last line is incomplete. Download it again.")


def check_size(name, rows, before, reason):
    """Refuse a file with far fewer rows than the last one, unless somebody says why."""
    if rows < before * LEAST_SHARE and not reason:
        raise Refused(
            f"{name} has {rows:,} rows; the last file had {before:,}. It looks incomplete. "
            "Download it again; if it is meant to be so small, load it with --force and --reason."
        )


def is_code(text):
    """Whether it can be a number of the register or of a group."""
    return text.isascii() and text.isdigit() and len(text) <= 16


def bare(code):
    """A code without its leading zeros, as the code tables hold it."""
    return code.lstrip("0") or code[:1]


def stage(table, columns, rows):
    """Make a temporary table of (name, type) columns and fill it; '' and None are NULL."""
    kinds = ", ".join(f"{name} {kind}" for name, kind in columns)
    data = io.StringIO()
    csv.writer(data).writerows(rows)
    data.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMP TABLE {table} ({kinds}) ON COMMIT DROP")
        cursor.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", data)
        cursor.execute(f"ANALYZE {table}")
