"""What the register's files changed, or would change, at the schools that a person works with."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from core.exports import Column, Cover
from partnerships.models import SchoolLink
from partnerships.rules import MANAGE, partnerships_where
from schools import changes as words
from schools.models import Establishment, RegisterChange, RegisterRun

PER_PAGE = 25
LATELY = timedelta(days=30)


@dataclass
class Entry:
    """What one file changed in one register row: in sentences, and the other fields.

    `decide` is the link of a school that closed, where the reader may say how it goes on.
    """

    run: RegisterRun
    row: Establishment
    sentences: list
    others: list
    decide: SchoolLink | None = None


def changes_at(links, *, important=True):
    """The changes of applied files at the schools of these links."""
    changes = RegisterChange.objects.filter(
        run__state=RegisterRun.State.APPLIED, establishment__school__in=links.values("school")
    )
    return changes.filter(words.IMPORTANT) if important else changes


def entries_of(changes, *, after=None, most=None):
    """Return (entries newest file first, the key (run, row) of the next page or None)."""
    most = most or PER_PAGE
    keys = changes.order_by("-run", "establishment").values_list("run", "establishment").distinct()
    if after:
        run, row = after
        keys = keys.filter(Q(run__lt=run) | Q(run=run, establishment__gt=row))
    found = list(keys[: most + 1])
    return _entries(found[:most]), found[most - 1] if len(found) > most else None


def _entries(keys):
    """An Entry for each (run, row), with all that the file changed there."""
    if not keys:
        return []
    rows = RegisterChange.objects.filter(
        run__in={run for run, _ in keys}, establishment__in={row for _, row in keys}
    )
    rows = rows.select_related("run", "establishment__school", "establishment__reason_closed")
    found = {key: [] for key in keys}
    for change in rows.order_by("pk"):
        if (change.run_id, change.establishment_id) in found:
            found[change.run_id, change.establishment_id].append(change)
    return [_entry(changes) for changes in found.values()]


def _entry(changes):
    first = changes[0]
    row = first.establishment
    return Entry(first.run, row, words.sentences_of(changes, row), words.others_of(changes))


def noticed(user, today):
    """Return [(Partnership, number of schools changed lately)] where the person is manager."""
    managed = {row.pk: row for row in partnerships_where(user, MANAGE)}
    if not managed:
        return []
    lately = RegisterChange.objects.filter(
        words.IMPORTANT,
        establishment__school=OuterRef("school"),
        run__state=RegisterRun.State.APPLIED,
        run__finished_at__date__gte=today - LATELY,
    )
    links = SchoolLink.objects.visible_to(user).filter(Exists(lately), partnership__in=managed)
    counts = links.order_by("partnership").values_list("partnership").annotate(n=Count("pk"))
    return [(managed[pk], n) for pk, n in counts]


COLUMNS = (
    Column("loaded", "Loaded on", "run__finished_at", timezone.localdate, kind="date"),
    Column("as_at", "Register as at", "run__extracted_on", kind="date"),
    Column("school", "School", "establishment__school__name"),
    Column("scheme", "Register", "establishment__scheme"),
    Column("code", "Number", "establishment__code"),
    Column("field", "What changed", formatter=words.label_of),
    Column("old", "Was"),
    Column("new", "Is"),
)


def rows_of(changes):
    """The changes in the order of the page."""
    return changes.order_by("-run", "establishment", "field", "pk")


def cover_of(subject, user, *, which, count):
    """Say what the file holds, who made it and of which changes: a partnership's, or a file's."""
    return Cover.inside(
        f"Register changes of {subject}: {count:,}",
        user,
        filters=(which,),
        definitions=(
            "One row is one field of one register row that a file changed; newest file first.",
            "Register facts: Get Information about Schools.",
        ),
    )
