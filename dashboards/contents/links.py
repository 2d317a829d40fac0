"""The links of many schools as rows of a file: what went before each, what follows, the others."""

from collections import defaultdict

from django.db.models import Q

from core.exports import Column
from dashboards.contents.batches import batches
from dashboards.contents.schools import IDS
from schools.lineage import kinds
from schools.models import Establishment, EstablishmentLink, LoadedFile

LABEL = "Links and predecessors"
NAME = "school-links"
COLUMNS = (
    *IDS,
    Column("number", "URN that is linked"),
    Column("relation", "The other is its"),
    Column("other", "URN of the other"),
    Column("other_name", "Name of the other"),
    Column("other_status", "Status of the other"),
    Column("since", "Since", kind="date"),
    Column("types", "As the register writes it"),
)
BEFORE, AFTER, OTHER = "Predecessor", "Successor", "Linked school"
UNKNOWN = "Not in the register"
DEFINITIONS = (
    "One row is one number of a school and one number that the register links it with, whichever "
    "of the two says so.",
    "A school that went on under a new number is linked with its own earlier one too.",
)


def columns():
    """The same for every file."""
    return COLUMNS


def count(schools):
    """How many pairs of numbers are linked, seen from these schools."""
    links, schools = _links(), schools.order_by().values("pk")
    ours = Establishment.objects.with_urn_of(schools).values("code")
    here = links.filter(code__in=ours).values_list("code", "linked_code")
    back = links.filter(linked_code__in=ours).values_list("linked_code", "code")
    return here.union(back).count()


def rows(schools, columns):
    """A row for each pair: by school, its number, and that of the other."""
    for batch in batches(schools):
        numbers = Establishment.objects.urns_of(batch)
        pairs = _pairs({code for codes in numbers.values() for code in codes})
        names = _names({other for others in pairs.values() for other in others})
        for pk, ids in batch.items():
            for code in numbers[pk]:
                for other, links in sorted(pairs[code].items()):
                    yield (*ids, code, *_told(code, other, links, names.get(other)))


def _links():
    return EstablishmentLink.objects.filter(scheme=Establishment.URN).order_by()


def _pairs(codes):
    """The links of some numbers from either end, as {URN: {URN of the other: [link]}}."""
    found = defaultdict(lambda: defaultdict(list))
    for link in _links().filter(Q(code__in=codes) | Q(linked_code__in=codes)):
        found[link.code][link.linked_code].append(link)
        if link.code != link.linked_code:
            found[link.linked_code][link.code].append(link)
    return found


def _names(codes):
    rows = Establishment.objects.filter(scheme=Establishment.URN, code__in=codes).order_by()
    return {code: known for code, *known in rows.values_list("code", "name", "status__name")}


def _told(code, other, links, known):
    """What the columns after the number say of one pair."""
    relations = {_relation(code, kinds.edge(x.code, x.linked_code, x.type)) for x in links}
    said = next((link.name for link in links if link.linked_code == other), "")
    days = [link.established_on for link in links if link.established_on]
    return (
        "; ".join(sorted(relations - {OTHER} or relations)),
        other,
        *(known or (said, UNKNOWN)),
        max(days, default=None),
        "; ".join(sorted({link.type for link in links})),
    )


def _relation(code, edge):
    """What the other is, by the succession (before, after) that a link says."""
    if edge is None:
        return OTHER
    return AFTER if edge[0] == code else BEFORE


def stamps():
    """Which file of links was loaded last."""
    file = LoadedFile.objects.last(LoadedFile.Kind.LINKS)
    return [file.stamp] if file else []
