"""All that is published about a school as one file: register rows, lineage, area, results."""

from core.exports import Column, Cover, Sheet, file_response
from dashboards import record
from schools import areas, lineage, results
from schools.models import RegisterRun

COLUMNS = (
    Column("part", "Part"),
    Column("number", "URN"),
    Column("what", "What"),
    Column("when", "Year or edition"),
    Column("value", "Value"),
    Column("note", "Note"),
)
DEFINITIONS = (
    "One row is one fact. The area is that of the school’s site; it says nothing about where its "
    "pupils live.",
    "Where a published figure is withheld the note says why.",
)


def rows_of(school):
    """Yield each fact in the order of the page, as the columns have it."""
    for found in record.records_of(school):
        number = found.row.code
        for group, facts in found.groups:
            yield from ((group, number, what, "", value, "") for what, value in facts)
        yield from (("Not known to us", number, name, "", text, "") for name, text in found.other)
    yield from _lineage(school)
    for fact in areas.facts_of(school):
        edition = fact.edition
        quintile = "" if fact.quintile is None else f"Quintile {fact.quintile}"
        yield "Area", "", str(edition.measure), edition.edition, quintile, str(fact.reason or "")
    ward = areas.ward_of(school)
    if ward.load:
        yield "Area", "", "Uni Connect target ward", ward.load.edition, ward.in_words, ""
    yield from _results(school)


def _lineage(school):
    found = lineage.follows(school)
    for part in ("successors", "predecessors"):
        for one in found[part]:
            said = ", ".join(one.types)
            yield part.capitalize(), one.code, said, str(one.on or ""), one.name, ""


def _results(school):
    for kind in results.results_of(school):
        for row in kind.rows:
            what = f"{kind.name}: {row.measure.name}"
            what += f", {row.measure.of.lower()}" if row.measure.of else ""
            for label, figure in zip(kind.labels, row.figures, strict=True):
                if figure is not None:
                    told = ("", str(figure)) if figure.is_withheld else (str(figure), "")
                    yield "Results", "", what, label, *told


def answer(format, school, *, by):
    """Answer with the school's facts as a file: `csv`, or a workbook (`xlsx`)."""
    run = RegisterRun.objects.shown()
    cover = Cover.inside(
        f"What is published about {school.name}",
        by,
        data_dates=(run.stamp,) if run else (),
        definitions=DEFINITIONS,
    )
    name = f"school-{school.current.code}" if school.current else "school"
    return file_response(format, name, cover, Sheet("Facts", COLUMNS, rows_of(school)))
