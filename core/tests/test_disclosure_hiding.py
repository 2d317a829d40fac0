"""What is hidden in one table: what is small, what tells of it, and no more than that takes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.disclosure import (
    HIDDEN,
    LOW,
    POLICIES,
    Measure,
    NotPublishable,
    RawTable,
    publish,
)
from core.disclosure.solver import Group
from core.disclosure.suppression import hidden_cells
from core.tests.packs import two_way
from core.tests.reader import Reader

PUBLIC = POLICIES["public"]
EXACT = replace(PUBLIC, rounding=None)
INSIDE = POLICIES["inside"]
QUARTERS = ("Autumn", "Winter", "Spring", "Summer")
NAMED = ("came", "missed", "invited")

grids = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


def shown(table):
    """The words in the table's number cells."""
    return [[cell.display for cell in row[1:]] for row in table.rows]


def read_two_way(table, policy, truth=None):
    """A reader of one table of counts with totals both ways."""
    reader = Reader(policy, truth)
    height, width = len(table.rows), len(table.columns) - 1
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row[1:]):
            reader.sees((r, c), cell, "people")
    for r in range(height):
        reader.adds([(r, c) for c in range(width - 1)], (r, width - 1))
    for c in range(width):
        reader.adds([(r, c) for r in range(height - 1)], (height - 1, c))
    return reader


def attendance(came, missed, share=True):
    columns = (
        Measure("group", "Group"),
        Measure("came", "Came", "people", part_of="invited"),
        Measure("missed", "Missed", "people", part_of="invited"),
        Measure("invited", "Invited", "people"),
        Measure("share", "Share who came", "percent", of=("came", "invited")),
        Measure("hours", "Hours", "hours", follows="came"),
    )
    everybody = came + missed
    row = ("Year 9", came, missed, everybody, (came, everybody) if share else None, 2 * came)
    return RawTable("Attendance", columns, (row,))


@settings(deadline=None, max_examples=40)
@given(grids, st.sampled_from([PUBLIC, EXACT]))
def test_no_hidden_number_can_be_worked_out(grid, policy):
    raw = two_way(grid)
    truth = {(r, c): n for r, row in enumerate(raw.grid) for c, n in enumerate(row[1:])}

    table = publish(raw, policy)

    assert read_two_way(table, policy).works_out() == {}
    assert read_two_way(table, policy, truth).works_out() == {}
    assert not {1, 2, 3, 4}.intersection(cell.value for row in table.rows for cell in row[1:])


@pytest.mark.parametrize("grid", [[[3, 9, 20]], [[1, 1, 9, 20]], [[4, 4, 9]], [[1, 7], [9, 8]]])
def test_hiding_small_numbers_alone_is_caught(grid):
    weak = publish(two_way(grid), replace(EXACT, complementary=False))

    assert read_two_way(weak, EXACT).works_out() != {}


def test_hiding_lines_in_pairs_is_caught_where_it_is_not_enough():
    raw = two_way([[1, 1, 9, 20]])
    weak = publish(raw, replace(EXACT, complementary=False))

    found = read_two_way(weak, EXACT).works_out()

    assert found == {(row, column): (1, 1) for row in (0, 1) for column in (0, 1)}


@settings(deadline=None, max_examples=30)
@given(grids)
def test_noughts_and_what_no_equation_asks_for_stay_in_sight(grid):
    raw = two_way(grid)

    table = publish(raw, EXACT)

    for row, cells in zip(raw.grid, table.rows, strict=True):
        assert [cell.display for cell in cells[1:] if cell.value == 0] == ["0"] * row[1:].count(0)
    if not any(0 < n < 5 for row in raw.grid for n in row[1:]):
        assert not any(cell.is_hidden for row in table.rows for cell in row)


def test_small_number_may_be_all_that_its_mark_says():
    raw = two_way([[1, 0, 12, 9], [6, 15, 0, 8], [7, 5, 11, 0], [0, 10, 14, 16]], QUARTERS)

    table = publish(raw, EXACT)

    assert shown(table) == [
        [LOW, "0", HIDDEN, HIDDEN, "22"],
        [HIDDEN, "15", "0", HIDDEN, "29"],
        [HIDDEN, "5", HIDDEN, "0", "23"],
        ["0", "10", "14", "16", "40"],
        ["14", "30", "37", "33", "114"],
    ]
    assert read_two_way(table, EXACT).range_of((0, 0)) == (1, 4)


def test_rounding_hides_by_itself():
    raw = two_way([[1, 0, 12, 9], [6, 15, 0, 8], [7, 5, 11, 0], [0, 10, 14, 16]], QUARTERS)

    table = publish(raw, PUBLIC)

    assert sum(cell.display == HIDDEN for row in table.rows for cell in row) == 0
    assert read_two_way(table, PUBLIC).range_of((0, 0)) == (1, 4)


def test_marks_that_add_up_are_changed_where_they_tell():
    table = publish(two_way([[1, 1, 1, 1]]), EXACT)

    assert read_two_way(table, EXACT).works_out() == {}
    assert shown(table)[0] == [LOW, LOW, LOW, LOW, HIDDEN]


def test_everything_is_hidden_where_no_witness_is_found(monkeypatch):
    monkeypatch.setattr(Group, "witness", lambda self, need, marks: None)

    table = publish(two_way([[3, 9, 20], [0, 30, 40]]), EXACT)

    assert shown(table) == [[HIDDEN] * 4, ["0", HIDDEN, HIDDEN, HIDDEN], [HIDDEN] * 4]


def test_the_same_table_hides_the_same_cells():
    raw = two_way([[3, 9, 20], [14, 2, 40], [8, 31, 1]])

    assert len({str(shown(publish(raw, EXACT))) for _ in range(3)}) == 1


def test_ratio_of_a_hidden_count_is_hidden_with_it():
    table = publish(attendance(37, 3), EXACT)

    assert shown(table) == [[HIDDEN, LOW, "40", HIDDEN, HIDDEN]]


def test_ratio_in_sight_is_known_to_the_reader():
    raw = attendance(30, 50)

    cells = publish(raw, PUBLIC).rows[0]

    reader = Reader(PUBLIC)
    for name, cell in zip(NAMED, cells[1:4], strict=True):
        reader.sees(name, cell, "people")
    before = reader.range_of("came")
    reader.knows([("came", 1.0), ("invited", -0.3745)], 0, 1e6)
    reader.knows([("came", 1.0), ("invited", -0.3755)], -1e6, 0)
    assert cells[4].display == "37.5%"
    assert (before, reader.range_of("came")) == ((28, 32), (30, 30))


def test_a_number_that_a_ratio_gives_away_is_not_beside_it():
    columns = (
        Measure("group", "Group"),
        Measure("came", "Came", "people", part_of="all"),
        Measure("late", "Late", "people", part_of="all"),
        Measure("missed", "Missed", "people", part_of="all"),
        Measure("all", "Invited", "people"),
        Measure("share", "Share who came", "percent", of=("came", "all")),
    )
    raw = RawTable("Attendance", columns, (("Year 9", 30, 46, 4, 80, (30, 80)),))

    table = publish(raw, PUBLIC)

    cells = dict(zip((c.name for c in columns), table.rows[0], strict=True))
    reader = Reader(PUBLIC)
    for name in ("came", "late", "missed", "all"):
        reader.sees(name, cells[name], "people")
    reader.adds(["came", "late", "missed"], "all")
    if not cells["share"].is_hidden:
        reader.knows([("came", 1.0), ("all", -0.3745)], 0, 1e6)
        reader.knows([("came", 1.0), ("all", -0.3755)], -1e6, 0)
    assert reader.works_out() == {}
    assert reader.range_of("missed") == (1, 4)


def test_percentage_hidden_for_those_who_did_not_hides_those_who_did():
    columns = (
        Measure("group", "Group"),
        Measure("came", "Came", "people"),
        Measure("all", "Invited", "people"),
        Measure("share", "Share who came", "percent", of=("came", "all")),
    )

    table = publish(RawTable("T", columns, (("Year 9", 78, 80, (78, 80)),)), EXACT)

    assert shown(table) == [[HIDDEN, "80", HIDDEN]]


def test_hours_of_few_people_are_hidden_and_may_be_those_of_fewer():
    columns = (
        Measure("group", "Group"),
        Measure("people", "Learners", "people"),
        Measure("hours", "Hours", "hours", follows="people"),
    )
    rows = (("A", 3, Decimal(75)), ("B", 30, Decimal(60)), ("C", 40, Decimal(80)))
    raw = RawTable("T", columns, rows, total=("Total", 73, Decimal(215)))

    table = publish(raw, PUBLIC)

    reader = Reader(PUBLIC)
    for r, row in enumerate(table.rows):
        reader.sees(r, row[2], "hours")
    reader.adds([0, 1, 2], 3)
    least, most = reader.range_of(0)
    assert table.rows[0][2].display == HIDDEN
    assert most - least >= 25


def test_exact_policies_hide_nothing():
    raw = attendance(37, 3)

    assert hidden_cells([raw], INSIDE) == {}
    assert hidden_cells([raw], POLICIES["partners"]) == {}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            RawTable("T", (Measure("n", "N", "people"),), ((6,), (7,)), total=(14,)),
            "do not add up",
        ),
        (
            RawTable("T", (Measure("s", "S", "percent"),), (((9, 80),),)),
            "does not say what it is worked out from",
        ),
        (
            RawTable(
                "T",
                (Measure("n", "N", "people"), Measure("s", "S", "percent", of=("n", ""))),
                ((30, (31, 80)),),
            ),
            "is not worked out from the columns",
        ),
        (
            RawTable(
                "T", (Measure("s", "S"), Measure("n", "N", "people", follows="s")), (("a", 9),)
            ),
            "follow only people or hours",
        ),
        (
            RawTable("T", (Measure("n", "N", "people"),), ((9,),), rows_behind=(("a", "b"),)),
            "another shape",
        ),
        (
            RawTable("T", (Measure("n", "N", "people"),), ((9,),), pieces={"n": ()}),
            "another shape",
        ),
    ],
)
def test_tables_that_cannot_be_solved_are_refused(raw, reason):
    with pytest.raises(NotPublishable, match=reason):
        publish(raw, PUBLIC)
