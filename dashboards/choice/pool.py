"""Which schools are compared: those of a partnership, and the others of its authorities."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import F, Q

from dashboards.contact import with_last_contact
from partnerships.models import SchoolLink
from partnerships.models.priorities import priority_rules
from schools.models import Establishment, RegisterRun, Standing

OLDEST_AT_LEAST = 16
READ = (
    "school_id",
    "name",
    "school__sort_key",
    "code",
    "authority_id",
    "authority__name",
    "phase__name",
    "fsm_percent",
    "census_on",
    "pupils",
    "low_age",
    "high_age",
    "easting",
    "northing",
)


@dataclass(frozen=True)
class Candidate:
    """A school that may be chosen, with its facts of the register."""

    school: int
    name: str
    sort_key: str
    urn: str
    authority: int | None
    authority_name: str
    phase: str
    fsm_percent: Decimal | None
    census_on: date | None
    pupils: int | None
    low_age: int | None
    high_age: int | None
    easting: int | None
    northing: int | None
    link: int | None = None
    last_contact: date | None = None

    year_groups = Establishment.year_groups

    @property
    def place(self):
        """(easting, northing) in metres, or None."""
        return (self.easting, self.northing) if self.easting and self.northing else None

    @cached_property
    def per_year(self):
        """An estimate of the pupils of one year group, or None."""
        return Establishment.pupils_per_year(self)


@dataclass
class Pool:
    """The candidates, the authorities looked at, and when the register was true."""

    candidates: list
    own_authorities: set
    authorities: set
    run: RegisterRun | None = field(default=None)

    @property
    def linked(self):
        return [school for school in self.candidates if school.link]


def pool_of(user, partnership, today, *, authorities=(), independents=False):
    """The open state-funded secondary and 16 plus schools of the authorities, and all of ours."""
    links = SchoolLink.objects.visible_to(user).filter(partnership=partnership).served_on(today)
    rows = with_last_contact(links, user).order_by()
    ours = {
        school: (link, contact)
        for link, school, contact in rows.values_list("pk", "school", "last_contact")
    }
    current = Establishment.objects.filter(school__current=F("pk")).order_by()
    found = {row[0]: row for row in current.filter(school__in=ours).values_list(*READ)}
    own = {row[4] for row in found.values() if row[4]}
    looked_at = set(authorities) or own
    others = current.filter(_wanted(independents), authority__in=looked_at, standing=Standing.OPEN)
    found |= {row[0]: row for row in others.values_list(*READ)}
    nothing = (None, None)
    candidates = [Candidate(*row, *ours.get(school, nothing)) for school, row in found.items()]
    return Pool(candidates, own, looked_at, RegisterRun.objects.shown())


def own_authorities(user, partnership, today):
    """The authorities of the partnership's schools of today, as ids of RegisterCodes."""
    links = SchoolLink.objects.visible_to(user).filter(partnership=partnership).served_on(today)
    ids = links.order_by().values_list("school__current__authority", flat=True)
    return {pk for pk in ids.distinct() if pk}


def _wanted(independents):
    rules = priority_rules()["schools"]
    paid = Q(type_group__code__in=rules["fee_paying_groups"])
    state = Q(phase__code__in=rules["phases"]) & ~paid
    state &= ~Q(type_group__code__in=rules["left_out_groups"])
    return state | (paid & Q(high_age__gte=OLDEST_AT_LEAST)) if independents else state
