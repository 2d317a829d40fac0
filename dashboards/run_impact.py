"""What one register file does at the schools that a person works with or leads."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils import timezone

from dashboards.register_changes import Entry, entries_of
from partnerships.continuations import DOUBTS
from partnerships.models import Continuation, SchoolLink
from partnerships.rules import MANAGE, partnerships_where
from schools import changes as words
from schools.lineage import Surroundings
from schools.models import RegisterRun, School, Standing

State = RegisterRun.State
MOST = 50
ASKED = {
    State.PREVIEWED: "Once the file is applied, the partnership is asked how it goes on.",
    State.APPLIED: "The partnership is asked how it goes on.",
}


@dataclass
class Impact:
    """How many of a person's schools a file touches, and an Entry for each of the first few."""

    schools: int = 0
    entries: list = field(default_factory=list)

    @property
    def shown(self):
        """How many schools the entries are of."""
        return len({entry.row.school_id for entry in self.entries})

    @property
    def is_cut(self):
        return self.shown < self.schools


def impact_of(run, user):
    """What a file changes, or would change, at the schools that the person works with or leads."""
    links = SchoolLink.objects.visible_to(user)
    ours = set(links.order_by().values_list("school", flat=True))
    if not ours or run.state == State.DROPPED:
        return Impact()
    changes = run.changes.filter(words.IMPORTANT, establishment__school__in=links.values("school"))
    touched = set(changes.order_by().values_list("establishment__school", flat=True))
    more = _more(run, links, ours)
    entries = entries_of(changes, most=MOST)[0] if touched else []
    entries = [*entries, *_alone(run, more.keys() - touched)][:MOST]
    for entry in entries:
        entry.sentences.extend(more.get(entry.row.school_id, []))
    if entries and run.state in ASKED:
        _ask(run, entries, links, user)
    return Impact(len(touched | more.keys()), entries)


def _more(run, links, ours):
    """Sentences by school that no changed field tells: it goes on, or is not in the file."""
    found = defaultdict(list)
    of_ours = links.values("school")
    joins = run.joins.filter(Q(before_school__in=of_ours) | Q(after_school__in=of_ours))
    for join in joins.order_by("pk"):
        if join.before_school_id in ours:
            found[join.before_school_id].append(
                f"Its history goes on at {join.after_name} (URN {join.after_code})."
            )
        if join.after_school_id in ours:
            found[join.after_school_id].append(
                f"The history of {join.before_name} (URN {join.before_code}) becomes part of it."
            )
    lacks = run.lacks.filter(establishment__school__in=of_ours).exclude(run__state=State.UNDONE)
    for lack in lacks.select_related("establishment").order_by("pk"):
        found[lack.establishment.school_id].append(
            f"URN {lack.establishment.code} is not in this file. It is kept as it is."
        )
    return found


def _alone(run, schools):
    """An Entry without sentences for each of these schools."""
    rows = School.objects.filter(pk__in=schools, current__isnull=False)
    rows = rows.select_related("current__school").order_by("pk")[:MOST]
    return [Entry(run, school.current, [], []) for school in rows]


def _ask(run, entries, links, user):
    """Say at each school that closes and does not go on by itself that its partnership is asked."""
    asked = _asked(links.filter(school__in=_closing(run, entries)), user)
    around, ours = Surroundings(asked.keys()), set(links.values_list("school", flat=True))
    managed = {partnership.pk for partnership in partnerships_where(user, MANAGE)} if asked else ()
    for entry in entries:
        school = entry.row.school
        if link := asked.pop(school.pk, None):
            entry.sentences.append(f"{_why(around, school, ours)} {ASKED[run.state]}")
            if run.state == State.APPLIED and link.partnership_id in managed:
                entry.decide = link


def _closing(run, entries):
    """The schools that are closed once the file is applied and that it does not let go on."""
    closed = run.changes.filter(
        field="status",
        new="Closed",
        establishment=F("establishment__school__current"),
        establishment__school__in=[entry.row.school_id for entry in entries],
    )
    if run.state == State.APPLIED:
        closed = closed.filter(establishment__school__standing=Standing.CLOSED)
    going_on = run.joins.filter(before_school__isnull=False).values("before_school")
    return closed.exclude(establishment__school__in=going_on).values("establishment__school")


def _asked(links, user):
    """Of these links the one by school that is in force and not decided yet."""
    decided = Continuation.objects.visible_to(user).values("from_link")
    open_links = links.exclude(pk__in=decided).with_status(timezone.localdate())
    return {link.school_id: link for link in open_links if link.status}


def _why(around, school, ours):
    doubts = around.doubts(school)
    if doubts:
        return DOUBTS[doubts[0]]
    followers = {one.school.pk for one in around.successors_of(school) if one.school}
    return DOUBTS["both" if followers & ours else "plain"]
