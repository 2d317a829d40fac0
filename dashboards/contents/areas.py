"""The areas of many schools' sites as rows of a file: one for each edition of a measure."""

from collections import defaultdict

from core.exports import Column
from dashboards.contents.batches import batches
from dashboards.contents.schools import IDS
from schools.models import AreaEdition, SchoolArea

LABEL = "Areas of their sites"
NAME = "school-areas"
COLUMNS = (
    *IDS,
    Column("measure", "Measure"),
    Column("edition", "Edition"),
    Column("geography", "Geography"),
    Column("area", "Area"),
    Column("found_by", "Found by"),
    Column("value", "Value", kind="number"),
    Column("rank", "Rank", kind="number"),
    Column("decile", "Decile", kind="number"),
    Column("quintile", "Quintile", kind="number"),
    Column("reason", "Why there is no quintile"),
)
FACTS = ("area", "by_postcode", "value", "rank", "decile", "quintile", "reason__words")
FOUND_BY = {True: "Postcode", False: "Code in the register"}
DEFINITIONS = (
    "One row is what one edition of a measure says of the area that a school’s site lies in. It "
    "says nothing about where its pupils live.",
    "Quintile 1 is the most deprived, or has the lowest participation. Value is the area’s score "
    "or rate, where the edition gives one.",
)


def columns():
    """The same for every file."""
    return COLUMNS


def count(schools):
    """How many facts there are about the sites of these schools."""
    return SchoolArea.objects.filter(school__in=schools.order_by().values("pk")).count()


def rows(schools, columns):
    """A row for each fact: by school, then as the list of measures has them."""
    editions = {edition.pk: edition for edition in AreaEdition.objects.in_order()}
    order = {pk: place for place, pk in enumerate(editions)}
    for batch in batches(schools):
        found = defaultdict(list)
        facts = SchoolArea.objects.filter(school__in=batch).with_value().order_by()
        for school, edition, *fact in facts.values_list("school", "edition", *FACTS):
            found[school].append((order[edition], editions[edition], fact))
        for pk, ids in batch.items():
            for _, edition, (area, by_postcode, *fact) in sorted(found[pk], key=lambda one: one[0]):
                of = (edition.measure.name, edition.edition, edition.get_geography_display())
                yield (*ids, *of, area, FOUND_BY[by_postcode], *fact)


def stamps():
    """Which editions are loaded."""
    return [edition.stamp for edition in AreaEdition.objects.in_order()]
