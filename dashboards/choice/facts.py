"""What the partnership itself knows of its schools: its work there, ratings, people, places."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from activities.models import Activity, Headcount
from needs.models import Assessment, Rating
from partnerships.models import Provider, SchoolAccess
from schools.models import AreaEdition, Establishment, SchoolArea

DAYS = 365
DEPRIVATION = "imd"
COLOURS = ("red", "amber", "green")
THE_MIDDLE = "the middle of your schools"


@dataclass(frozen=True)
class Supply:
    """What was delivered at a school in twelve months; contact hours are hours × learners."""

    activities: int = 0
    learners: int = 0
    contact_hours: Decimal = Decimal(0)
    vague: int = 0


@dataclass(frozen=True)
class Assessed:
    """The newest assessment of a school: of which year, agreed or not, and how it is rated."""

    year: int
    is_agreed: bool
    red: int
    rated: int


@dataclass(frozen=True)
class Fifth:
    """Which fifth of all areas a school's site lies in, 1 the least favoured; by which edition."""

    quintile: int
    said: str


@dataclass
class Facts:
    """By link, what is known; `places` are (name, easting, northing) that we set out from.

    `fifths` are by school; empty where no measure of areas is loaded.
    """

    supply: dict
    assessed: dict
    led: set
    places: list = field(default_factory=list)
    recent_days: int = 42
    fifths: dict = field(default_factory=dict)


def facts_of(user, partnership, pool, today):
    """Read everything about the pool's linked schools, in as many queries for any number."""
    return Facts(
        _supply(user, partnership, today),
        _assessed(user, partnership),
        _led(user, partnership),
        _places(user, partnership) or _middle(pool),
        partnership.recent_contact_days,
        _fifths(pool),
    )


def _fifths(pool):
    """The fifth of each school's site in the newest edition of the index of deprivation."""
    edition = AreaEdition.objects.select_related("measure").newest(DEPRIVATION)
    rows = SchoolArea.objects.filter(
        edition=edition,
        quintile__isnull=False,
        school__in=[school.school for school in pool.candidates],
    ).order_by()
    return {school: Fifth(n, str(edition)) for school, n in rows.values_list("school", "quintile")}


def _supply(user, partnership, today):
    learners = (
        Headcount.objects.visible_to(user)
        .filter(activity_school=OuterRef("at_schools"), audience=Headcount.Audience.LEARNERS)
        .order_by()
        .values("activity_school")
        .annotate(n=Sum("actual"))
    )
    rows = (
        Activity.objects.visible_to(user)
        .filter(
            partnership=partnership,
            starts_on__gt=today - timedelta(days=DAYS),
            starts_on__lte=today,
            status=Activity.Status.DELIVERED,
        )
        .annotate(learners=Subquery(learners.values("n")))
        .order_by()
        .values_list("at_schools__school_link")
        .annotate(
            number=Count("at_schools"),
            all_learners=Sum("learners", default=0),
            contact_hours=Sum(F("hours") * F("learners"), default=Decimal(0)),
            vague=Count("at_schools", filter=Q(hours=None) | Q(learners=None)),
        )
    )
    return {link: Supply(*counts) for link, *counts in rows}


def _assessed(user, partnership):
    newest = (
        Assessment.objects.visible_to(user)
        .filter(partnership=partnership)
        .order_by("school_link", "-school_year")
        .distinct("school_link")
        .values_list("pk", "school_link", "school_year", "status")
    )
    newest = list(newest)
    red = Q(school_value="red") | Q(partner_value="red")
    coloured = Q(school_value__in=COLOURS) | Q(partner_value__in=COLOURS)
    rows = (
        Rating.objects.visible_to(user)
        .filter(partnership=partnership, assessment__in=[pk for pk, *_ in newest])
        .order_by()
        .values_list("assessment")
        .annotate(red=Count("pk", filter=red), coloured=Count("pk", filter=coloured))
    )
    rated = {assessment: counts for assessment, *counts in rows} if newest else {}
    return {
        link: Assessed(year, status == Assessment.Status.AGREED, *rated.get(pk, (0, 0)))
        for pk, link, year, status in newest
    }


def _led(user, partnership):
    rows = SchoolAccess.objects.visible_to(user).filter(partnership=partnership, ended_on=None)
    return set(rows.order_by().values_list("school_link", flat=True))


def _places(user, partnership):
    """Where the partnership's providers stand in the register, by their UKPRN."""
    providers = Provider.objects.visible_to(user).filter(partnership=partnership)
    names = {str(ukprn): name for ukprn, name in providers.values_list("ukprn", "name") if ukprn}
    rows = Establishment.objects.filter(ukprn__in=list(names) or [""], easting__gt=0)
    rows = rows.exclude(ukprn="").exclude(northing=None).order_by("ukprn", "pk")
    return [
        (names[ukprn], easting, northing)
        for ukprn, easting, northing in rows.values_list("ukprn", "easting", "northing")
    ]


def _middle(pool):
    """The centre of the schools we work with; where none has a place, nowhere."""
    known = [school.place for school in pool.linked if school.place]
    if not known:
        return []
    return [(THE_MIDDLE, *(sum(along) / len(known) for along in zip(*known, strict=True)))]
