"""Invented packs: facts as they might happen, the tables made of them, and a reader of those."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from core.disclosure import Measure, RawTable
from core.tests.reader import Reader

STRANDS = ("Attainment", "Targeted", "Other")
YEARS = ("Y9", "Y10", "Y11")
KINDS = ("Hub", "Both", "Neither")
TYPES = ("workshop", "visit", "talk")
LINES = {"IS1": {"workshop": 6000, "visit": 10_000}, "IS2": {"workshop": 4000}}
WHOLE = 10_000


@dataclass(frozen=True)
class Fact:
    """Some learners at one session."""

    strand: str
    year: str
    kind: str
    type: str
    people: int
    length: Decimal


few = st.one_of(st.integers(1, 4), st.integers(1, 12), st.integers(1, 60))
lengths = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(6), Decimal(0)])
facts = st.builds(
    Fact,
    st.sampled_from(STRANDS),
    st.sampled_from(YEARS),
    st.sampled_from(KINDS),
    st.sampled_from(TYPES),
    few,
    lengths,
)
packs = st.lists(facts, min_size=1, max_size=14)


def two_way(grid, headings=None):
    """Rows of counts with their totals, as a raw table."""
    width = len(grid[0]) if grid else 1
    headings = headings or [f"Group {n}" for n in range(width)]
    parts = [Measure(name, name, "people", part_of="Total") for name in headings]
    columns = (Measure("row", "Row"), *parts, Measure("Total", "Total", "people"))
    rows = tuple((f"Row {n}", *row, sum(row)) for n, row in enumerate(grid))
    sums = [sum(row[c] for row in grid) for c in range(width)]
    return RawTable("A table", columns, rows, total=("Total", *sums, sum(sums)))


def shares():
    """The basis points of each type that each line takes."""
    left = {t: WHOLE - sum(line.get(t, 0) for line in LINES.values()) for t in TYPES}
    return {**LINES, "Unallocated": left}


def tables_of(pack):
    """The raw tables of a pack: by strand and year, by kind, by strategy."""
    return [*(_matrix(pack, of) for of in ("people", "hours")), _kinds(pack), _strategies(pack)]


def numbers_of(pack):
    """Every number that the tables hold, by name: (what is counted, of which rows)."""
    found = defaultdict(Decimal)
    for fact in pack:
        worth = {"people": Decimal(fact.people), "hours": fact.people * fact.length}
        for of, value in worth.items():
            for strand in (fact.strand, "Total"):
                for year in (fact.year, "Total"):
                    found[of, strand, year] += value
            found[of, fact.kind] += value
        for line, takes in shares().items():
            found["hours", line] += worth["hours"] * takes.get(fact.type, 0) / WHOLE
            found["people", line] += worth["people"] * bool(takes.get(fact.type, 0))
    return found


def read_by(reader, published):
    """Tell a reader every cell of the published tables, and what their headings say adds up."""
    people, hours, kinds, strategies = published
    for of, table in (("people", people), ("hours", hours)):
        _read_matrix(reader, of, table)
    for table, names in ((kinds, KINDS), (strategies, shares())):
        for row, name in zip(table.rows, (*names, None), strict=True):
            for of, cell in zip(("people", "hours"), row[1:], strict=True):
                reader.sees((of, name) if name else (of, "Total", "Total"), cell, of)
    for of in ("people", "hours"):
        reader.adds([(of, kind) for kind in KINDS], (of, "Total", "Total"))
        _knows_the_plan(reader, of)
    return reader


def _read_matrix(reader, of, table):
    for row, strand in zip(table.rows, (*STRANDS, "Total"), strict=True):
        for cell, year in zip(row[1:], (*YEARS, "Total"), strict=True):
            reader.sees((of, strand, year), cell, of)
        reader.adds([(of, strand, year) for year in YEARS], (of, strand, "Total"))
    for year in (*YEARS, "Total"):
        reader.adds([(of, strand, year) for strand in STRANDS], (of, "Total", year))


def shrewd(policy, pack):
    """A reader who guesses right which numbers were hidden for the sake of others."""
    return Reader(policy, truth=numbers_of(pack))


def _knows_the_plan(reader, of):
    """The plan is public: what its strategies take of each type."""
    total = (of, "Total", "Total")
    for kind in TYPES:
        reader.guesses((of, kind), of)
    reader.adds([(of, kind) for kind in TYPES], total)
    for line, takes in shares().items():
        weights = {t: takes.get(t, 0) / WHOLE if of == "hours" else 1 for t in TYPES}
        terms = [((of, t), weights[t]) for t in TYPES if takes.get(t, 0)]
        reader.knows([*terms, ((of, line), -1.0)], 0, 0)


def _matrix(pack, of):
    found = numbers_of(pack)
    columns = (
        Measure("strand", "Strand"),
        *(Measure(year, year, of, part_of="Total") for year in YEARS),
        Measure("Total", "All years", of),
    )
    names = [
        ("", *(f"{strand}/{year}" for year in (*YEARS, "Total"))) for strand in (*STRANDS, "Total")
    ]
    rows = [
        (strand, *(found[of, strand, year] for year in (*YEARS, "Total")))
        for strand in (*STRANDS, "Total")
    ]
    return _raw(f"{of} by strand", columns, rows, names)


def _kinds(pack):
    return _simple("Kinds", pack, KINDS)


def _strategies(pack):
    ways = [
        tuple(takes.get(t, 0) for takes in (*shares().values(), dict.fromkeys(TYPES, WHOLE)))
        for t in TYPES
    ]
    pieces = {
        of: tuple(
            {way: way[n] / WHOLE if of == "hours" else 1 for way in ways if way[n]}
            for n in range(len(shares()) + 1)
        )
        for of in ("people", "hours")
    }
    return _simple("Strategies", pack, shares(), pieces)


def _simple(title, pack, lines, pieces=None):
    found = numbers_of(pack)
    columns = (
        Measure("line", "Line"),
        Measure("people", "Learners", "people"),
        Measure("hours", "Contact hours", "hours"),
    )
    rows = [(line, found["people", line], found["hours", line]) for line in lines]
    rows.append(("Total", *(found[of, "Total", "Total"] for of in ("people", "hours"))))
    names = [("", line, line) for line in lines] + [("", "Total/Total", "Total/Total")]
    return _raw(title, columns, rows, names, pieces)


def _raw(title, columns, rows, names, pieces=None):
    return RawTable(
        title,
        columns,
        tuple(rows[:-1]),
        total=rows[-1],
        rows_behind=tuple(names),
        pieces=pieces or {},
    )
