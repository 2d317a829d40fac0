"""The published results of many schools as rows of a file: one for each figure of a year."""

from collections import defaultdict

from core.exports import Column
from dashboards.contents.batches import batches
from dashboards.contents.schools import IDS
from schools.models import Establishment, Result, ResultMeasure
from schools.results import as_label, measures, plain, sources

LABEL = "Results by year"
NAME = "school-results"
COLUMNS = (
    *IDS,
    Column("published_for", "URN it was published for"),
    Column("year", "School year"),
    Column("kind", "Kind"),
    Column("measure", "Measure"),
    Column("of", "Of whom"),
    Column("unit", "Unit"),
    Column("value", "Value", kind="number"),
    Column("reason", "Why there is no value"),
)
DEFINITIONS = (
    "One row is one published figure of one school and school year; a figure without a value says "
    "why there is none.",
    "A school that had other numbers before has a row for each number that a figure was "
    "published for.",
)


def columns():
    """The same for every file."""
    return COLUMNS


def count(schools):
    """How many figures are published of these schools."""
    return Result.objects.of_schools(schools.order_by().values("pk")).count()


def rows(schools, columns):
    """A row for each figure: by school, number and measure, the newest year first."""
    told = _measures()
    for batch in batches(schools):
        numbers = Establishment.objects.urns_of(batch)
        figures = _figures({code for codes in numbers.values() for code in codes}, told)
        for pk, ids in batch.items():
            for code in numbers[pk]:
                for (*_, measure), year, value, reason in figures.get(code, ()):
                    yield (*ids, code, as_label(year), *measure, value, reason)


def _measures():
    """{id: (place in the order of kinds, place in its kind, what the columns say of it)}"""
    kinds, found = measures.kinds(), {}
    order = {code: place for place, code in enumerate(kinds)}
    for one in ResultMeasure.objects.all():
        words = (kinds[one.kind]["name"], one.name, one.of or "All", one.unit)
        found[one.pk] = (order[one.kind], one.order, words)
    return found


def _figures(codes, told):
    """The figures of some numbers in their order, as {URN: [(measure, year, value, reason)]}."""
    found = defaultdict(list)
    rows = Result.objects.filter(code__in=codes).order_by()
    for code, measure, year, value, reason in rows.values_list(
        "code", "measure", "school_year", "value", "reason"
    ):
        words = measures.reason_in_words(reason) if value is None else ""
        number = None if value is None else plain(value)
        found[code].append((told[measure], year, number, words))
    for figures in found.values():
        figures.sort(key=lambda figure: (figure[0], -figure[1]))
    return found


def stamps():
    """Which files the figures were read from."""
    return sources()
