"""What a school's page shows of its published results: the newest year, and those before it."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from schools.models import Result, ResultFile, ResultMeasure
from schools.results import measures
from schools.results.years import as_label

MOST_YEARS = 4
UNITS = {"percent": "%"}


@dataclass
class Figure:
    """A measure's value in one year: a number, or why there is none, in words."""

    value: Decimal | None
    reason: str
    unit: str

    @property
    def is_withheld(self):
        return self.value is None

    def __str__(self):
        if self.value is None:
            return measures.reason_in_words(self.reason)
        return f"{plain(self.value):,}{UNITS.get(self.unit, '')}"


def plain(value):
    """The number with no more decimals than it needs."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


@dataclass
class Row:
    """One measure with a Figure, or None, for each of its kind's years, newest first."""

    measure: ResultMeasure
    figures: list

    @property
    def newest(self):
        return self.figures[0]


@dataclass
class Results:
    """What is published of one kind: its years newest first, and its rows by whom they are of."""

    kind: str
    name: str
    about: str
    years: list
    stamp: str
    rows: list = field(default_factory=list)

    @property
    def labels(self):
        return [as_label(year) for year in self.years]

    @property
    def chief(self):
        """The row that speaks for the kind where there is room for one, or None."""
        wanted = measures.kinds()[self.kind]["chief"]
        return next((row for row in self.rows if row.measure.code == wanted), None)

    @property
    def groups(self):
        """The rows as [(of whom, rows)], all first."""
        found = defaultdict(list)
        for row in self.rows:
            found[row.measure.of].append(row)
        return [(of or "All", rows) for of, rows in found.items()]


def results_of(school):
    """Return a `Results` for each kind that is published of a school, in two queries.

    Where it has had several numbers, the one that stands for it today speaks for a year.
    """
    found = defaultdict(dict)
    rows = Result.objects.of_schools([school.pk]).select_related("measure")
    current = school.current.code if school.current else ""
    # Last wins: the number of today over those before it.
    for row in sorted(rows, key=lambda row: (row.code == current, row.code)):
        figure = Figure(row.value, row.reason, row.measure.unit)
        found[row.measure.kind].setdefault(row.measure, {})[row.school_year] = figure
    stamps = {(file.kind, file.school_year): file for file in ResultFile.objects.all()}
    return [_results(kind, found[kind], stamps) for kind in measures.kinds() if kind in found]


def _results(kind, by_measure, stamps):
    years = sorted({year for figures in by_measure.values() for year in figures}, reverse=True)
    years = years[:MOST_YEARS]
    facts = measures.kinds()[kind]
    stamp = _stamp(kind, years[0], stamps.get((kind, years[0])))
    rows = [
        Row(measure, [figures.get(year) for year in years])
        for measure, figures in sorted(by_measure.items(), key=lambda pair: pair[0].order)
    ]
    return Results(kind, facts["name"], facts["about"], years, stamp, rows)


def sources():
    """Where all results come from, a sentence for each kind and year that was read."""
    return [_stamp(file.kind, file.school_year, file) for file in ResultFile.objects.all()]


def _stamp(kind, year, loaded):
    read = f", read on {loaded.updated_at:%-d %B %Y}" if loaded else ""
    return f"{measures.kinds()[kind]['source']}, {as_label(year)}{read}"
