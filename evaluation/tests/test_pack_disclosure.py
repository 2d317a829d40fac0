"""A pack for the public, read as a stranger with a solver would: nothing hidden comes out."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from core.disclosure import POLICIES, publish_together
from core.tests.reader import Reader
from evaluation import actions, evidence, reports, tables
from evaluation.tests.factories import make_work, ofs_year

INSIDE, PUBLIC = POLICIES["inside"], POLICIES["public"]
EXACT = replace(PUBLIC, rounding=None)
WHOLE = ("Total", "All years")
SHARES = {
    "IS1 Raising attainment": {"workshop": 0.6, "visit": 0.3333},
    "IS2 Knowing about higher education": {"workshop": 0.4},
    "Unallocated": {"visit": 0.6667, "rest": 1.0},
}


@pytest.fixture
def small(year, link, second_link, provider, officer):
    """The year of work with sessions of a few learners each."""
    common = {"owner": officer, "shares": {provider: 10_000}}
    hub = {"hub_school": True}
    make_work(link, **common, learners={9: 2, 10: 1, 12: 14}, strand="attainment", **hub)
    make_work(link, **common, code="talk", learners={9: 4, 13: 3}, strand="targeted")
    make_work(second_link, **common, learners={11: 4, 12: 4}, hours=Decimal("0.5"), **hub)
    make_work(second_link, **common, code="campus-visit", learners={13: 1}, hours=Decimal(25))
    return year


@pytest.fixture
def scope(small, manager):
    return evidence.Scope(small, ofs_year(), manager)


def as_pages_have_it(scope, policy):
    """Every table of evidence under a policy, by key, as a pack freezes it."""
    found = tables.publishable(tables.all_tables(scope), policy)
    published = publish_together([table.raw for table in found], policy)
    pairs = zip(found, published, strict=True)
    return {t.key: reports.as_json(t.key, shown, t.links) for t, shown in pairs}


def cells_of(shown):
    """Each cell of people or hours, as (what it counts, its line, its column) and the cell."""
    for of in ("people", "hours"):
        table = shown[f"strand_{of}"]
        headings = [heading["text"] for heading in table["headings"]]
        for line, *cells in rows_of(table):
            for heading, cell in zip(headings[1:-1], cells[:-1], strict=True):
                yield (of, line["shown"], heading), cell
    for key, places in (("kinds", (3, 4)), ("strategies", (2, 1))):
        for row in rows_of(shown[key]):
            label = row[0]["shown"]
            for of, place in zip(("people", "hours"), places, strict=True):
                yield (of, *WHOLE) if label == "Total" else (of, key, label), row[place]


def rows_of(table):
    return [*table["body"], table["total"]]


def read_by(reader, shown):
    """Tell a reader all that the tables show, and what their headings and the plan say."""
    for name, cell in cells_of(shown):
        reader.sees(name, SimpleNamespace(value=cell["value"], display=cell["shown"]), name[0])
    for of in ("people", "hours"):
        table = shown[f"strand_{of}"]
        years = [heading["text"] for heading in table["headings"]][1:-2]
        strands = [row[0]["shown"] for row in table["body"]]
        for strand in (*strands, "Total"):
            reader.adds([(of, strand, year) for year in years], (of, strand, "All years"))
        for year in (*years, "All years"):
            reader.adds([(of, strand, year) for strand in strands], (of, "Total", year))
        kinds = [row[0]["shown"] for row in shown["kinds"]["body"]]
        reader.adds([(of, "kinds", kind) for kind in kinds], (of, *WHOLE))
        _knows_the_plan(reader, of)
    return reader


def _knows_the_plan(reader, of):
    types = ("workshop", "visit", "rest")
    for kind in types:
        reader.guesses((of, kind), of)
    reader.adds([(of, kind) for kind in types], (of, *WHOLE))
    for line, shares in SHARES.items():
        terms = [((of, kind), w if of == "hours" else 1.0) for kind, w in shares.items()]
        reader.knows([*terms, ((of, "strategies", line), -1.0)], 0, 0)


@pytest.mark.parametrize("policy", [PUBLIC, EXACT], ids=["rounded", "exact"])
def test_nothing_hidden_in_a_pack_can_be_worked_out(policy, scope):
    shown = as_pages_have_it(scope, policy)
    truth = {name: cell["value"] for name, cell in cells_of(as_pages_have_it(scope, INSIDE))}

    naive, shrewd = (read_by(Reader(policy, true), shown) for true in ({}, truth))

    assert len(naive.hidden) > 10
    assert naive.works_out() == shrewd.works_out() == {}


def test_hiding_small_numbers_alone_is_caught(scope):
    weak = as_pages_have_it(scope, replace(EXACT, complementary=False))

    assert read_by(Reader(EXACT), weak).works_out() != {}


def test_people_are_hidden_with_their_hours_in_every_table(scope):
    cells = dict(cells_of(as_pages_have_it(scope, PUBLIC)))

    for (of, *place), cell in cells.items():
        hours = cells["hours", *place]
        if of == "people" and hours["value"] != 0:
            assert (cell["value"] is None) == (hours["value"] is None), place


def test_a_pack_for_the_public_holds_no_small_number_and_names_no_school(small, manager):
    pack = actions.make_pack(small, period=ofs_year(), policy="public", by=manager)
    told = []

    content, figures = reports.build(pack, by=manager, progress=lambda *step: told.append(step))

    book = load_workbook(BytesIO(content))
    words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    values = [cell["value"] for _, cell in cells_of({t["key"]: t for t in figures["tables"]})]
    assert {"[low]", PUBLIC.sentence} < words
    assert not any("Saltmere" in word or "Ketterby" in word for word in words)
    assert [table["key"] for table in figures["tables"]] == [
        "strategies",
        "strand_people",
        "strand_hours",
        "kinds",
        "needs",
    ]
    assert {value % 5 for value in values if value is not None} == {0}
    assert told[-1] == (5, 6, "Freezing the file")


def test_the_same_tables_hide_the_same_cells_wherever_they_stand(scope):
    with evidence.one_moment():
        live = tables.live_tables(scope)

    published = publish_together([table.raw for table in live], PUBLIC)

    frozen = as_pages_have_it(scope, PUBLIC)
    assert {
        t.key: reports.as_json(t.key, shown, t.links)
        for t, shown in zip(live, published, strict=True)
    } == frozen


def test_rows_behind_a_hidden_number_open_without_one(small, manager, viewer, as_user):
    pack = actions.make_pack(small, period=ofs_year(), policy="public", by=manager)
    _, figures = reports.build(pack, by=manager, progress=lambda *step: None)
    cells = dict(cells_of({table["key"]: table for table in figures["tables"]}))
    hidden = next(cell for cell in cells.values() if cell["value"] is None)

    url = f"/evidence/plans/{small.pk}/rows/?year=2025&pack={pack.pk}&{hidden['rows']}"
    answer = as_user(viewer).get(url)

    assert answer.status_code == 200
    assert len(answer.context["rows"]) >= 1
    assert answer.context["totals"] is None
    assert '<td data-l="Learners"' not in answer.content.decode()
