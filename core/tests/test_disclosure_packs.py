"""Nothing hidden can be derived from everything that one pack publishes.

The packs are invented, the reader of them is our own, and neither asks the product what is safe.
"""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from core.disclosure import (
    HIDDEN,
    LOW,
    POLICIES,
    Measure,
    NotPublishable,
    RawTable,
    publish,
    publish_together,
)
from core.tests.packs import Fact, numbers_of, packs, read_by, shrewd, tables_of
from core.tests.reader import Reader

PUBLIC = POLICIES["public"]
EXACT = replace(PUBLIC, rounding=None)
SMALL = [
    Fact("Attainment", "Y9", "Hub", "workshop", 3, Decimal("1.5")),
    Fact("Attainment", "Y10", "Hub", "workshop", 30, Decimal(1)),
    Fact("Targeted", "Y9", "Both", "visit", 12, Decimal(6)),
    Fact("Targeted", "Y10", "Neither", "talk", 25, Decimal(1)),
    Fact("Other", "Y11", "Neither", "visit", 2, Decimal(1)),
]


def each_cell(tables):
    return [cell for table in tables for row in table.rows for cell in row[1:]]


@settings(deadline=None, max_examples=12)
@given(packs)
@pytest.mark.parametrize("policy", [PUBLIC, EXACT], ids=["rounded", "exact"])
def test_no_hidden_number_of_a_pack_can_be_worked_out(policy, pack):
    published = publish_together(tables_of(pack), policy)

    assert read_by(Reader(policy), published).works_out() == {}
    assert read_by(shrewd(policy, pack), published).works_out() == {}


@settings(deadline=None, max_examples=25)
@given(packs)
def test_a_number_is_hidden_wherever_it_stands_and_so_are_its_hours(pack):
    people, hours, kinds, strategies = publish_together(tables_of(pack), PUBLIC)

    seen = [
        (people.rows[-1][-1], hours.rows[-1][-1]),
        (kinds.rows[-1][1], kinds.rows[-1][2]),
        (strategies.rows[-1][1], strategies.rows[-1][2]),
    ]
    assert len(set(seen)) == 1
    pairs = [
        (head, hour)
        for line, other in zip(people.rows, hours.rows, strict=True)
        for head, hour in zip(line[1:], other[1:], strict=True)
    ]
    pairs += [(row[1], row[2]) for table in (kinds, strategies) for row in table.rows]
    assert all(
        head.is_hidden == hour.is_hidden or (head.is_hidden and hour.value == 0)
        for head, hour in pairs
    )


@pytest.mark.parametrize("policy", [PUBLIC, EXACT], ids=["rounded", "exact"])
def test_hiding_small_numbers_alone_is_caught(policy):
    pack = [Fact("Other", year, "Hub", "talk", 4, Decimal(2)) for year in ("Y9", "Y10")]
    weak = publish_together(tables_of(pack), replace(policy, complementary=False))

    assert read_by(Reader(policy), weak).works_out() != {}


def test_tables_solved_one_by_one_give_each_other_away():
    apart = [publish(raw, EXACT) for raw in tables_of(SMALL)]
    together = publish_together(tables_of(SMALL), EXACT)

    assert read_by(Reader(EXACT), apart).works_out() != {}
    assert read_by(Reader(EXACT), together).works_out() == {}


def test_most_of_a_pack_stays_in_sight():
    pack = SMALL * 5

    rounded = Counter(cell.display for cell in each_cell(publish_together(tables_of(pack), PUBLIC)))

    assert rounded[LOW] + rounded[HIDDEN] == 0


def test_the_same_pack_hides_the_same_cells():
    found = {str(each_cell(publish_together(tables_of(SMALL), EXACT))) for _ in range(3)}

    assert len(found) == 1


@pytest.mark.parametrize("policy", ["inside", "partners", "regulator"])
def test_policies_that_hide_no_number_leave_each_table_as_it_was(policy):
    raws, policy = tables_of(SMALL), POLICIES[policy]

    together = publish_together(raws, policy)

    assert [table.rows for table in together] == [publish(raw, policy).rows for raw in raws]
    assert not any(cell.is_hidden for cell in each_cell(together))


def test_one_number_in_two_tables_is_one_number():
    columns = (Measure("n", "Learners", "people"),)
    tables = [RawTable("T", columns, ((n,),), rows_behind=(("all",),)) for n in (30, 31)]

    with pytest.raises(NotPublishable, match="disagree"):
        publish_together(tables, PUBLIC)


def test_the_same_rows_counted_in_two_ways_are_two_numbers():
    columns = (
        Measure("came", "Came", "people"),
        Measure("asked", "Expected", "people", counts="expected"),
    )
    raw = RawTable("T", columns, ((3, 30),), rows_behind=(("all", "all"),))

    table = publish(raw, PUBLIC)

    assert [cell.display for cell in table.rows[0]] == [LOW, HIDDEN]


def test_numbers_of_invented_packs_are_what_their_tables_hold():
    people = tables_of(SMALL)[0]

    assert people.total == ("Total", 15, 55, 2, 72)
    assert numbers_of(SMALL)["hours", "IS1"] == Decimal("34.5") * 6 / 10 + 72 + 2
