"""The tables of evidence: exact numbers with their meaning, and the rows behind each cell."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import OuterRef, Subquery

from activities.models import YearGroup
from core.disclosure import Measure, RawTable
from core.exports.columns import spelt
from evaluation import evidence
from needs.models.assessment import Rating, Value
from partnerships.models import Strand

NOT_YET_SAID = "Not yet said"
MOST_PLACES = 8
WHAT = (
    "Contact hours are the hours of an activity times the learners counted, split by the share of "
    "the provider and of the strategy."
)
PEOPLE = (
    "Learners are counted by headcount at each activity: whoever came twice is counted twice. "
    "People are never split, so a learner may stand in several lines."
)
AS_AT = "What a school was is taken as at the day of the activity."
NEEDS = (
    "A need is answered when an activity linked to it was delivered in the period, by any "
    "provider of the partnership."
)
DEFINITIONS = (
    WHAT,
    PEOPLE,
    "Only activities delivered within the dates, and of this provider in whole or part, count.",
    "Unallocated is what no strategy of the plan takes; strategies and unallocated make the total.",
    AS_AT,
    NEEDS,
)


@dataclass(frozen=True)
class Table:
    """A table not yet published, and for each cell the filter that opens its rows."""

    key: str
    raw: RawTable
    links: tuple


def all_tables(scope):
    """Every table of evidence, read at one moment."""
    with evidence.one_moment():
        return [
            *live_tables(scope),
            need_list(scope, answered=True),
            need_list(scope, answered=False),
        ]


def publishable(found, policy):
    """The tables without those that name schools where schools may not be named."""
    return [
        table
        for table in found
        if policy.names_schools or not any(column.names_schools for column in table.raw.columns)
    ]


def live_tables(scope):
    """The tables that a page shows."""
    strategies = evidence.by_strategy(scope)
    return [
        strategy_table(strategies),
        *strand_tables(scope),
        kind_table(scope, strategies[-1][1]),
        need_table(scope),
    ]


def strategy_table(strategies):
    """Contact hours and people for each strategy, what is unallocated, and the whole."""
    rows = [
        (line.label, found.hours, found.people, found.activities, found.schools)
        for line, found in strategies
    ]
    links = [
        ("", *(_rows(of, strategy=line.key) for of in ("hours", "people", "activities", "schools")))
        for line, _ in strategies
    ]
    columns = (
        Measure("strategy", "Intervention strategy"),
        Measure("hours", "Contact hours", "hours", places=_places(rows, 1)),
        Measure("people", "Learners", "people"),
        Measure("activities", "Activities", "count"),
        Measure("schools", "Schools", "count"),
    )
    lines = [line for line, _ in strategies]
    pieces = {of: _pieces(lines, of) for of in ("hours", "people")}
    title = "Hours and learners by strategy"
    return _table("strategies", title, columns, rows, links, (WHAT, PEOPLE), pieces)


def _pieces(lines, of):
    """What each line is made of: the types of activity that are shared out in one way."""
    types = {kind for line in lines for kind in line.shares} | {None}
    ways = sorted(
        {tuple(line.shares.get(kind, line.otherwise) for line in lines) for kind in types}
    )
    return tuple(
        {way: way[n] / evidence.WHOLE if of == "hours" else 1 for way in ways if way[n]}
        for n in range(len(lines))
    )


def strand_tables(scope):
    """Learners, then contact hours, for each strand and year group."""
    cells = evidence.by_strand_and_year(scope)
    strands = _strands(evidence.by_strand(scope))
    years = sorted({year for _, year in cells if year is not None})
    years = [*years, None]
    titles = {"people": "Learners by strand and year", "hours": "Hours by strand and year"}
    notes = {"people": PEOPLE, "hours": "Contact hours with the share of the provider."}
    return [_matrix(of, titles[of], strands, years, cells, notes[of]) for of in ("people", "hours")]


def _strands(totals):
    """Each strand as (its id, code, name, Figures); what is not yet said comes last."""
    found = [
        (strand.pk, strand.code, strand.name, totals.get(strand.pk, evidence.Figures()))
        for strand in Strand.objects.all()
        if strand.retired_on is None or strand.pk in totals
    ]
    return [*found, (None, "none", NOT_YET_SAID, totals.get(None, evidence.Figures()))]


def _matrix(of, title, strands, years, cells, note):
    codes = ["none" if year is None else str(year) for year in years]
    rows, links = [], []
    for pk, code, name, total in strands:
        values = [getattr(cells.get((pk, year), evidence.Figures()), of) for year in years]
        rows.append((name, *values, getattr(total, of), total.activities))
        opened = [_rows(of, strand=code, year_group=year) for year in codes]
        links.append(("", *opened, _rows(of, strand=code), _rows("activities", strand=code)))
    sums = [sum(row[n] for row in rows) for n in range(1, len(years) + 3)]
    rows.append(("Total", *sums))
    opened = [_rows(of, year_group=year) for year in codes]
    links.append(("", *opened, _rows(of), _rows("activities")))
    places = _places(rows, *range(1, len(years) + 2)) if of == "hours" else None
    columns = (
        Measure("strand", "Strand"),
        *(
            Measure(f"year_{code}", _year_name(year), of, part_of="total", places=places)
            for code, year in zip(codes, years, strict=True)
        ),
        Measure("total", "All years", of, places=places),
        Measure("activities", "Activities", "count"),
    )
    return _table(f"strand_{of}", title, columns, rows, links, (note,))


def _year_name(year):
    return "Year group not said" if year is None else YearGroup(year).label


def kind_table(scope, whole):
    """Schools, activities, people and hours by what each school was on the day."""
    found = evidence.by_kind(scope)
    lines = [(kind, evidence.KINDS[kind][0], figures) for kind, figures in found.items()]
    lines.append(("", "Total", whole))
    names = ("schools", "activities", "people", "hours")
    rows = [(label, *(getattr(f, name) for name in names)) for _, label, f in lines]
    links = [("", *(_rows(name, kind=kind) for name in names)) for kind, _, _ in lines]
    columns = (
        Measure("kind", "Kind of school"),
        Measure("schools", "Schools", "count"),
        Measure("activities", "Activities", "count"),
        Measure("people", "Learners", "people"),
        Measure("hours", "Contact hours", "hours", places=_places(rows, 4)),
    )
    once = "A school that changed in the year stands in each line it was in, once in the total."
    return _table("kinds", "Schools by hub and targeted", columns, rows, links, (AS_AT, once))


def need_table(scope):
    """How many of the needs that were open in the period have an answer."""
    needs = evidence.needs(scope)
    answered = sum(1 for count in needs.values_list("activities", flat=True) if count)
    everything = needs.count()
    rows = [
        ("Answered", answered),
        ("Not answered", everything - answered),
        ("Total", everything),
    ]
    links = [("", urlencode({"needs": word})) for word in ("answered", "unanswered", "all")]
    columns = (Measure("state", "Needs open in the period"), Measure("needs", "Needs", "count"))
    return _table("needs", "Needs answered and not answered", columns, rows, links, (NEEDS,))


def need_list(scope, *, answered):
    """The needs themselves, with what both sides say and how many activities answer each."""
    found = list_needs(scope, "answered" if answered else "unanswered")
    rows = [
        (
            need.school_link.school.name,
            need.area.name,
            spelt(need.raised_on),
            need.get_raised_by_side_display(),
            _said(need.school_says),
            _said(need.we_say),
            need.get_status_display(),
            need.activities,
        )
        for need in found
    ]
    links = [("",) * 7 + (_rows("activities", need=need.pk),) for need in found]
    columns = (
        Measure("school", "School", names_schools=True),
        Measure("area", "Area"),
        Measure("raised", "Raised on"),
        Measure("by", "Raised by"),
        Measure("school_says", "School says"),
        Measure("we_say", "We say"),
        Measure("status", "Status"),
        Measure("activities", "Activities", "count"),
    )
    title = "Needs answered" if answered else "Needs not answered"
    raw = RawTable(title, columns, tuple(rows), notes=(NEEDS,))
    return Table(title.lower().replace(" ", "_"), raw, tuple(links))


def list_needs(scope, which):
    """The needs with their schools, areas and each side's latest value, by school and area."""
    ratings = (
        Rating.objects.visible_to(scope.user)
        .filter(
            assessment__school_link=OuterRef("school_link"),
            area=OuterRef("area"),
            assessment__school_year__lte=scope.period.year,
        )
        .order_by("-assessment__school_year", "-pk")
    )
    needs = evidence.needs(scope).with_names()
    if which != "all":
        needs = needs.filter(**{"activities__gt" if which == "answered" else "activities": 0})
    return needs.annotate(
        school_says=Subquery(ratings.values("school_value")[:1]),
        we_say=Subquery(ratings.values("partner_value")[:1]),
    ).order_by("school_link__school__sort_key", "school_link", "area__order", "pk")


def _said(value):
    return Value(value).label if value else "Not said"


def _rows(of, **filters):
    asked = {name: value for name, value in filters.items() if value != ""}
    return urlencode(asked | {"of": of})


def _places(rows, *columns):
    """As many decimals as the exact hours need, so that what is shown adds up exactly."""
    exponents = [-row[c].as_tuple().exponent for row in rows for c in columns]
    return min(max(exponents, default=1), MOST_PLACES)


def _table(key, title, columns, rows, links, notes, pieces=None):
    *parts, total = rows
    raw = RawTable(
        title,
        tuple(columns),
        tuple(parts),
        total=total,
        notes=notes,
        rows_behind=tuple(tuple(_without_of(link) for link in row) for row in links),
        pieces=pieces or {},
    )
    return Table(key, raw, tuple(links))


def _without_of(link):
    """The filter alone: what is counted over the same rows shares it."""
    return link.rpartition("of=")[0].rstrip("&")
