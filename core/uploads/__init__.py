"""What comes in as a file: tables read as they stream by, and everything else refused in words.

`open_table` is the one door: XLSX and CSV by content, memory bounded, nothing ever run.
"""

import io

from core.uploads.archive import Counter
from core.uploads.csv_rows import CsvRows
from core.uploads.kinds import TEXT, recognise
from core.uploads.limits import LIMITS, MB, Limits
from core.uploads.sheet import SheetRows
from core.uploads.table import BadCell, Notice, NotReadable, Table
from core.uploads.workbook import Book

__all__ = [
    "LIMITS",
    "MB",
    "BadCell",
    "Counter",
    "Limits",
    "NotReadable",
    "Notice",
    "Table",
    "check_kind",
    "open_table",
]


def open_table(file, name, *, sheet=None, fits=None, limits=LIMITS):
    """Open a file of bytes, which can seek, as a `Table`; raises `NotReadable`.

    Of a workbook the sheet of that name is read, or else the first one that can be seen and has
    something in it; with `fits`, the first of these whose headings it takes, if it takes any.
    """
    size = _check_size(file, limits)
    if recognise(file) == TEXT:
        return Table(name, CsvRows(file, size, limits), limits=limits, unit="line")
    book = Book(file, size, limits)
    return _open_sheet(book, name, sheet) if sheet else _first_sheet(book, name, fits)


def check_kind(file, limits=LIMITS):
    """Refuse at once a file that is too large or no table by its first bytes."""
    _check_size(file, limits)
    recognise(file)
    file.seek(0)


def _check_size(file, limits):
    size = file.seek(0, io.SEEK_END)
    size = file.tell() if size is None else size
    file.seek(0)
    if size > limits.file_bytes:
        raise NotReadable(
            f"The file has {size / MB:,.1f} MB; at most {limits.file_bytes // MB:,} MB can be "
            "read. Split it into several files, or delete what is not part of the table."
        )
    return size


def _open_sheet(book, name, sheet):
    for title, part, _ in book.sheets:
        if title.casefold() == sheet.casefold():
            return _table(book, name, title, part)
    titles = ", ".join(f"“{title}”" for title, _, _ in book.sheets[:10])
    raise NotReadable(
        f"The workbook has no sheet “{sheet}”. It has {titles or 'none'}. Rename the sheet, and "
        "send the file again."
    )


def _first_sheet(book, name, fits):
    shown = [(title, part) for title, part, is_hidden in book.sheets if not is_hidden]
    filled = ((title, part) for title, part in shown if next(iter(SheetRows(book, part)), None))
    first = None
    for title, part in filled:
        table = _table(book, name, title, part)
        first = first or table
        if fits is None or fits(table.headings):
            return _said_which(table, shown)
    if first:
        return _said_which(first, shown)
    raise NotReadable(
        "There is nothing in this workbook. Put headings in the first row, a row for each record "
        "beneath, and send it again."
    )


def _said_which(table, shown):
    """The table, which says what other sheets come after it."""
    titles = [title for title, _ in shown]
    after = titles[titles.index(table.sheet) + 1 :][:5]
    if after:
        others = ", ".join(f"“{other}”" for other in after)
        table.note(0, None, f"Only the sheet “{table.sheet}” is read, not {others}.")
    return table


def _table(book, name, title, part):
    return Table(name, SheetRows(book, part), limits=book.limits, sheet=title)
