"""A trust and its schools, with those that a person's partnerships work with marked."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from core.exports import Column
from partnerships.models import SchoolLink
from partnerships.models.reach import partnership_ids_of
from schools.groups import Member, members_of
from schools.models import Establishment, Standing


@dataclass
class Line:
    """A school of a trust, and what it is to the partnerships of the person who looks."""

    member: Member
    links: list = field(default_factory=list)

    @property
    def row(self):
        return self.member.row


COLUMNS = (
    Column("name", "School"),
    Column("code", "URN"),
    Column("status", "Status"),
    Column("phase", "Phase"),
    Column("type", "Type"),
    Column("authority", "Local authority"),
    Column("town", "Town", empty="None"),
    Column("postcode", "Postcode", empty="None"),
    Column("pupils", "Pupils", kind="number"),
    Column("joined_on", "Joined", kind="date"),
    Column("left_on", "Left", kind="date"),
    Column("now", "In the group now"),
)


def schools_of(group, user):
    """Return (lines of today's schools, lines of former ones), each by name."""
    current, former = members_of(group)
    ids = [member.row.school_id for member in current + former if member.row]
    links = SchoolLink.objects.visible_to(user).filter(
        partnership__in=partnership_ids_of(user), school__in=ids
    )
    by_school = {}
    for link in links.select_related("partnership").with_status(timezone.localdate()):
        if link.status:
            by_school.setdefault(link.school_id, []).append(link)
    return [
        [
            Line(member, by_school.get(member.row.school_id, []) if member.row else [])
            for member in of
        ]
        for of in (current, former)
    ]


def with_schools(groups):
    """The groups, each with the number of its schools that the register has as not closed."""
    rows = Establishment.objects.filter(
        trust__list="trust", trust__code__in=[group.uid for group in groups]
    ).exclude(standing=Standing.CLOSED)
    counted = dict(rows.order_by().values_list("trust__code").annotate(n=Count("pk")))
    return [(group, counted.get(group.uid, 0)) for group in groups]


def table_of(group):
    """The same schools as rows of COLUMNS, facts of the public register alone."""
    for member in (member for of in members_of(group) for member in of):
        row = member.row
        facts = [None] * 7
        if row:
            names = (row.status, row.phase, row.type, row.authority)
            facts = [*(name and name.name for name in names), row.town, row.postcode, row.pupils]
        dates = (member.joined_on, member.left_on)
        yield (member.name, member.code, *facts, *dates, member.is_current)
