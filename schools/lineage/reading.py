"""What the register says of a school's successors and predecessors, ready to be shown."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from schools.lineage.graph import Graph
from schools.models import Establishment, EstablishmentLink, School, Standing

FARTHEST = 12
SUCCESSION = Q(type__istartswith="successor") | Q(type__istartswith="predecessor")


@dataclass
class Neighbour:
    """A school that follows or went before; `row` is None where the register has no such number.

    `name` is that of the number, `school` the school as it is today.
    """

    code: str
    name: str
    types: list = field(default_factory=list)
    on: date | None = None
    row: Establishment | None = None
    school: School | None = None

    @property
    def has_closed(self):
        return self.school is not None and self.school.standing == Standing.CLOSED

    def __str__(self):
        name = self.school.name if self.school else self.name or "a school"
        return f"{name} (closed too)" if self.has_closed else name

    def place(self):
        """Its place in a list: those in the register first, then by name."""
        return self.school is None, self.name.lower(), self.code

    def add(self, type, on, name):
        """Note one more link that says so."""
        self.types = sorted({*self.types, type})
        self.on = max(filter(None, (self.on, on)), default=None)
        self.name = self.name or name


class Surroundings:
    """All that is linked with some schools, near and far, read in a few queries."""

    def __init__(self, schools):
        self.codes = Establishment.objects.urns_of(schools)
        self.links = _links_around({code for codes in self.codes.values() for code in codes})
        self.graph = Graph((link.code, link.linked_code, link.type) for link in self.links)
        self.between = defaultdict(list)
        for link in self.links:
            self.between[frozenset((link.code, link.linked_code))].append(link)
        self.rows = _rows_of({code for pair in self.between for code in pair})

    def successors_of(self, school):
        """Neighbours that follow the school, those in the register first, then by name."""
        return self._neighbours(school, self.graph.successors)

    def predecessors_of(self, school):
        """Neighbours that went into the school."""
        return self._neighbours(school, self.graph.predecessors)

    def doubts(self, school):
        """Why the register alone cannot say how the school goes on; see `Graph.doubts`."""
        ends = [code for code in self.codes[school.pk] if self._leaves(school, code)]
        found = [doubt for code in ends for doubt in self.graph.doubts(code)]
        return list(dict.fromkeys(found)) or ([] if ends else ["nothing"])

    def _leaves(self, school, code):
        return self.graph.successors.get(code, set()) - set(self.codes[school.pk])

    def _neighbours(self, school, side):
        own = self.codes[school.pk]
        codes = {other for code in own for other in side.get(code, ())} - set(own)
        found = [self._neighbour(own, code) for code in codes]
        return sorted(found, key=Neighbour.place)

    def _neighbour(self, own, code):
        between = [link for mine in own for link in self.between.get(frozenset((mine, code)), ())]
        row = self.rows.get(code)
        return Neighbour(
            code,
            row.name if row else next((x.name for x in between if x.linked_code == code), ""),
            sorted({link.type for link in between}),
            max((link.established_on for link in between if link.established_on), default=None),
            row,
            row and row.school,
        )


def _links_around(codes):
    """Every link that can be reached from the codes, a ring at a time."""
    seen, found, ring = set(), {}, set(codes)
    for _ in range(FARTHEST):
        if not ring:
            break
        links = EstablishmentLink.objects.filter(SUCCESSION, scheme=Establishment.URN)
        fresh = [*links.filter(code__in=ring), *links.filter(linked_code__in=ring)]
        found |= {link.pk: link for link in fresh}
        seen |= ring
        ring = {code for link in fresh for code in (link.code, link.linked_code)} - seen
    return [found[pk] for pk in sorted(found)]


def _rows_of(codes):
    rows = Establishment.objects.filter(scheme=Establishment.URN, code__in=codes)
    return {row.code: row for row in rows.select_related("school__current", "status", "type")}


def successors_of(school):
    """What follows a school: a list of Neighbour, empty where nothing does."""
    return Surroundings([school]).successors_of(school)


def predecessors_of(school):
    """What went into a school: a list of Neighbour."""
    return Surroundings([school]).predecessors_of(school)


def now_at(pk):
    """The School that an emptied one was joined to, for its old addresses; None if it was not."""
    return School.objects.filter(pk__in=School.objects.filter(pk=pk).values("joined_to")).first()


def follows(school):
    """The context of `schools/_follows.html`: neighbours, and the school's own earlier rows."""
    around = Surroundings([school])
    earlier = school.establishments.exclude(pk=school.current_id).newest_first()
    return {
        "school": school,
        "successors": around.successors_of(school),
        "predecessors": around.predecessors_of(school),
        "earlier": list(earlier),
    }
