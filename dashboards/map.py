"""The map: where schools are on the British National Grid, and which of them are ours."""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F
from django.utils import timezone

from partnerships.models import SchoolLink
from partnerships.models.reach import partnership_ids_of

STEP = 10
TOP = 700
KILOMETRE = 1_000
FURTHEST = 10_000_000


@dataclass(frozen=True)
class Ours:
    """A school that a partnership of the reader works with, and what it is to them today."""

    id: int
    name: str
    easting: int
    northing: int
    kind: str

    @property
    def in_words(self):
        return KINDS[self.kind]

    def as_mark(self):
        return [self.id, self.easting, self.northing, self.kind]


KINDS = {
    "both": "Hub school, targeted outreach",
    "hub": "Hub school",
    "targeted": "Targeted outreach",
    "other": "Another of our schools",
}
KIND_OF = {
    (True, True): "both",
    (True, False): "hub",
    (False, True): "targeted",
    (False, False): "other",
}


def placed(schools):
    """Those of the schools whose place the register tells."""
    return schools.filter(easting__isnull=False, northing__isnull=False)


def within(schools, box):
    """Those inside a box (west, south, east, north) in metres of the National Grid."""
    west, south, east, north = box
    return schools.filter(easting__range=(west, east), northing__range=(south, north))


def box_of(text):
    """Read "west,south,east,north" in metres, or None where it is no box."""
    try:
        west, south, east, north = (int(part) for part in text.split(","))
    except ValueError:
        return None
    edges = (west, south, east, north)
    if west >= east or south >= north or any(abs(edge) > FURTHEST for edge in edges):
        return None
    return edges


def places_of(schools):
    """Return {"ids", "e", "n"}: three lists side by side, places in tens of metres, west first."""
    order = ["easting", "pk"]
    found = (
        placed(schools)
        .order_by()
        .aggregate(
            ids=ArrayAgg("pk", order_by=order),
            e=ArrayAgg(F("easting") / STEP, order_by=order),
            n=ArrayAgg(F("northing") / STEP, order_by=order),
        )
    )
    return {name: values or [] for name, values in found.items()}


def dots_of(schools):
    """SVG path data with one dot for each square kilometre that has a school; north is up."""
    squares = (
        placed(schools)
        .order_by()
        .values_list(F("easting") / KILOMETRE, TOP - F("northing") / KILOMETRE)
        .distinct()
    )
    return "".join(f"M{east} {down}h0" for east, down in squares)


def ours_of(user):
    """Return {school id: Ours} of the schools the reader's partnerships work with today."""
    today = timezone.localdate()
    links = (
        SchoolLink.objects.visible_to(user)
        .filter(partnership__in=partnership_ids_of(user))
        .served_on(today)
        .with_status(today)
        .select_related("school")
    )
    found = {}
    for link in links:
        school, status = link.school, link.status
        if school.easting is not None and school.northing is not None:
            kind = KIND_OF[status.hub_school, status.targeted]
            found[school.pk] = Ours(school.pk, school.name, school.easting, school.northing, kind)
    return found
