"""What one register file adds, changes, joins and lacks: lists of a page, and rows of a file."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from core.exports import Column
from dashboards.register_changes import COLUMNS
from schools import changes as words
from schools.models import Establishment, LoadedFile, RegisterRun

PER_PAGE = 50
State = RegisterRun.State
HELD = (State.PREVIEWED, State.APPLIED)
NEW = words.Kind("new", "New", Q())
MISSING = words.Kind("missing", "Not in the file", Q())
JOINED = words.BY_NAME["joined"]
ROWS = {kind.name: kind for kind in (NEW, MISSING)}
JOIN_COLUMNS = (
    Column("before_code", "URN that closes"),
    Column("before_name", "School that closes"),
    Column("after_code", "URN it goes on under"),
    Column("after_name", "Goes on as"),
)


@dataclass(frozen=True)
class Listing:
    """One kind of what a file does: its rows in their order, and how a page and a file tell them.

    `lines(run, rows)` makes what the template reads of the rows of one page.
    """

    template: str
    rows: object
    columns: tuple
    lines: Callable


def counts_of(run):
    """Return [(Kind, how many)] of what the file does, in the order in which they are offered."""
    if run.state == State.DROPPED:
        return []
    found = words.count_kinds(run)
    if run.state in HELD:
        return [(NEW, run.new), *found, (MISSING, run.missing)]
    return found


def kind_of(run, name):
    """The Kind of this name that the run has a list of, or None."""
    if run.state in HELD and name in ROWS:
        return ROWS[name]
    return words.BY_NAME.get(name)


def listing_of(run, kind=None):
    """The Listing of one kind, or without one of all changed fields that matter."""
    if kind == NEW and run.state == State.PREVIEWED:
        return _rows(run.foreseen.all(), "")
    if kind == NEW:
        return _rows(run.added.select_related("school", "type", "authority", "status"), "__name")
    if kind == MISSING:
        rows = Establishment.objects.filter(lacked_by__run=run)
        return _rows(rows.select_related("school", "type", "authority", "status"), "__name")
    if kind == JOINED and run.state == State.PREVIEWED:
        return Listing(
            "dashboards/_run_joins.html", run.joins.order_by("pk"), JOIN_COLUMNS, _as_they_are
        )
    changes = run.changes.filter(kind.holds if kind else words.IMPORTANT)
    changes = changes.select_related("establishment__school").order_by("pk")
    return Listing("dashboards/_run_fields.html", changes, COLUMNS, _fields)


def _rows(rows, name):
    columns = (
        Column("code", "URN"),
        Column("name", "School"),
        Column("laestab", "LAESTAB"),
        Column("type", "Type", f"type{name}"),
        Column("authority", "Authority", f"authority{name}"),
        Column("status", "Status", f"status{name}"),
    )
    return Listing("dashboards/_run_rows.html", rows.order_by("pk"), columns, _with_forerunners)


def _as_they_are(run, rows):
    return rows


def _with_forerunners(run, rows):
    """Each row with the RegisterJoin by which another school goes on as it, or None."""
    joins = {}
    if run.state == State.PREVIEWED:
        found = run.joins.filter(after_code__in=[row.code for row in rows])
        joins = {join.after_code: join for join in found}
    return [{"row": row, "join": joins.get(row.code)} for row in rows]


def _fields(run, changes):
    return [
        {
            "row": change.establishment,
            "what": words.label_of(change.field),
            "was": words.value_of(change.field, change.old),
            "is": words.value_of(change.field, change.new),
        }
        for change in changes
    ]


def page_of(run, listing, after):
    """Return (lines of one page, the key after which the next begins or None)."""
    rows = listing.rows
    if after.isdecimal():
        rows = rows.filter(pk__gt=int(after[:18]))
    cut = list(rows[: PER_PAGE + 1])
    next_key = cut[PER_PAGE - 1].pk if len(cut) > PER_PAGE else None
    return listing.lines(run, cut[:PER_PAGE]), next_key


def links_since(run):
    """The file of links that was loaded after this file was looked at, or None."""
    links = LoadedFile.objects.held().filter(kind=LoadedFile.Kind.LINKS)
    return links.filter(loaded_at__gt=run.finished_at).first()
