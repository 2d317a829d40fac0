"""The columns of activities, declared once: a page shows some of them, a file all."""

from activities.models import Activity, Mode
from activities.querysets import (
    ACTUAL,
    EXPECTED,
    answers,
    at_any_school,
    joined,
    people,
    schools,
    year_groups,
)
from core.exports import (
    Column,
    Cover,
    Sheet,
    columns_values,
    file_response,
    in_rows,
    write_file,
)
from core.templatetags.components import school_year

MOST_AT_ONCE = 5_000
NAME = "activities"


def _label(choices):
    return lambda value: choices(value).label if value else None


def _or(words):
    return lambda value: value or words


COLUMNS = (
    Column("starts_on", "Date", kind="date"),
    Column("schools", "School", schools("school__name")),
    Column("school_then", "School on the day", schools("establishment__name")),
    Column("urn", "URN on the day", schools("establishment__code")),
    Column("type", "Kind of activity", "type__name"),
    Column("summary", "What happened"),
    Column("status", "Status", formatter=_label(Activity.Status)),
    Column("strand", "Strand", "strand__name", _or("Not yet said")),
    Column("strand_reason", "Why this strand"),
    Column("answers", "Needs answered", answers(), _or("No need linked")),
    Column("year_groups", "Year groups", year_groups()),
    Column("learners", "Learners", people("learners", ACTUAL), kind="number"),
    Column("expected", "Learners expected", people("learners", EXPECTED), kind="number"),
    Column("parents", "Parents and carers", people("parents", ACTUAL), kind="number"),
    Column("teachers", "Teachers and advisers", people("teachers", ACTUAL), kind="number"),
    Column("hours", "Hours", kind="hours"),
    Column("mode", "Where or how", formatter=_label(Mode)),
    Column("adapted_from", "Adapted from", "adapted_from__title", empty="None"),
    Column("adaptation", "What was changed", empty="None"),
    Column("providers", "Delivered by", joined("ActivityProvider", "activity", "provider__name")),
    Column("hub", "Hub on the day", schools("hub__name"), empty="None"),
    Column("hub_school", "Hub school on the day", at_any_school(hub_school=True)),
    Column("targeted", "Targeted outreach school on the day", at_any_school(targeted=True)),
    Column("school_year", "School year", formatter=school_year),
    Column("ofs_year", "OfS year", formatter=school_year),
    Column("cancelled", "Why cancelled", "cancel_reason", _label(Activity.CancelReason)),
    Column("owner", "Logged by", "owner__name"),
    Column("notes", "Notes", kind="long"),
    Column("partnership", "Partnership", "partnership__name"),
    Column("number", "Number", "pk", kind="number"),
)
SHOWN = ("starts_on", "schools", "type", "summary", "status", "strand", "answers", "partnership")
ON_PAGE = {
    column.name: column for column in COLUMNS if column.name in (*SHOWN, "learners", "expected")
}
FACTS = ("pk", "starts_on", "status", "in_all")
DEFINITIONS = (
    "One row is one activity on one day.",
    "Learners, parents and teachers are headcounts of those who came; blank where none was given. "
    "A person who came to two activities is counted twice.",
    "Hours are the length of the activity, not hours times learners.",
    "School is the school as it is called now; its name and URN on the day are the register’s. "
    "Hub, hub school and targeted outreach school are as they were on the day.",
)


def page_rows(rows):
    """The rows, which carry `in_all`, as dicts: what each is, and its columns in words."""
    columns = ON_PAGE.items()
    computed = {
        f"column_{name}": column.expression for name, column in columns if _is_computed(column)
    }
    paths = {name: _path(column) for name, column in columns}
    for row in rows.annotate(**computed).values(*FACTS, *paths.values()):
        words = {name: column.display(row[paths[name]]) for name, column in columns}
        counted = {name: row[paths[name]] for name in ("answers", "learners", "expected")}
        yield {
            "pk": row["pk"],
            "on": row["starts_on"],
            "is": row["status"],
            "in_all": row["in_all"],
            "has": counted,
            **words,
        }


def _is_computed(column):
    return column.expression is not None and not isinstance(column.expression, str)


def _path(column):
    """What the value of a column is called among those that are read."""
    return f"column_{column.name}" if _is_computed(column) else column.expression or column.name


def cover_of(user, filterset, count):
    """Say what the file holds, who made it and under which filter."""
    title = f"Activities: {in_rows(count)}"
    return Cover.inside(title, user, filters=filterset.sentences(), definitions=DEFINITIONS)


def respond(format, cover, rows):
    """Answer with the rows as a file, written while it is sent."""
    return file_response(format, NAME, cover, _sheet(rows))


def write(file, format, cover, rows, total, progress):
    """Write the rows to a file of bytes, telling `progress(done, total)` on the way."""
    write_file(file, format, cover, _sheet(rows), total=total, progress=progress)


def _sheet(rows):
    return Sheet("Activities", COLUMNS, columns_values(rows, COLUMNS))
