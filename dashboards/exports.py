"""A file of the schools that a filter finds: what it says of itself, and how it is written."""

from core.exports import Cover, Sheet, file_name, file_response, in_rows, write_file
from dashboards.contents import CONTENTS
from schools.models import RegisterRun

MOST_AT_ONCE = 5_000


def cover_of(user, form, contents, number):
    """Say what the file holds, who made it and under which filter."""
    held, run = CONTENTS[contents], RegisterRun.objects.shown()
    return Cover.inside(
        f"{held.LABEL}: {in_rows(number)}",
        user,
        filters=form.sentences(),
        data_dates=(*((run.stamp,) if run else ()), *held.stamps()),
        definitions=held.DEFINITIONS,
    )


def is_long(schools, number):
    """Whether a file of so many rows about these schools is more than a request should wait for."""
    return max(number, schools.count()) > MOST_AT_ONCE


def sheet_of(contents, schools):
    """The rows for schools that are in their order already, read while they are written."""
    held = CONTENTS[contents]
    columns = held.columns()
    return Sheet(held.LABEL, columns, held.rows(schools, columns))


def respond(format, contents, cover, schools):
    """Answer with the rows as a file, written while it is sent."""
    return file_response(format, CONTENTS[contents].NAME, cover, sheet_of(contents, schools))


def write(file, format, contents, cover, schools, *, total, progress):
    """Write the rows to a file of bytes, telling `progress(done, total)`; returns its name."""
    sheet = sheet_of(contents, schools)
    write_file(file, format, cover, sheet, total=total, progress=progress)
    return file_name(CONTENTS[contents].NAME, cover.local_when, format)
