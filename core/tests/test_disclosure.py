"""Disclosure control: the HESA rules, and properties that must hold for any table."""

import copy
import pickle
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.disclosure import (
    LOW,
    NO_BASE,
    NOT_KNOWN,
    POLICIES,
    Cell,
    Measure,
    NotPublishable,
    Policy,
    PublishedTable,
    RawTable,
    average,
    hours,
    is_published,
    people,
    percent,
    publish,
    round_people,
)
from core.tests.packs import two_way

INSIDE, PARTNERS, PUBLIC = (POLICIES[code] for code in ("inside", "partners", "public"))
HESA_COUNTS = [(0, 0), (1, 0), (2, 0), (3, 5), (4, 5), (5, 5), (6, 5), (7, 5), (8, 10), (9, 10)]
HESA_COUNTS += [(12, 10), (13, 15), (17, 15), (18, 20), (22, 20), (23, 25), (47, 45), (48, 50)]
HESA_COUNTS += [(102, 100), (103, 105), (1002, 1000), (1003, 1005)]
HESA_COUNTS += [(2.5, 5), (7.5, 10), (12.5, 15), (2.4, 0)]

counts = st.integers(min_value=0, max_value=60)
grids = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), max_size=5)
)


def test_five_policies_are_seeded():
    assert list(POLICIES) == ["inside", "school", "partners", "regulator", "public"]


def test_policy_says_what_it_does():
    assert INSIDE.sentence == (
        "Inside the partnership. Counts of people and contact hours are exact."
    )
    assert PARTNERS.sentence == (
        "For partners, rounded. Counts of people and contact hours are rounded to the nearest 5, "
        "totals on their own, so they may not add up; "
        "everything is worked out from unrounded numbers. "
        "Percentages based on fewer than 22.5 people are hidden. "
        "Averages based on 7 people or fewer are hidden."
    )


def test_changed_policy_says_so():
    profile = replace(POLICIES["regulator"], rounding=10)

    assert "nearest 10" in profile.sentence


@pytest.mark.parametrize(("count", "published"), HESA_COUNTS)
def test_counts_follow_the_hesa_rule(count, published):
    assert round_people(count, PARTNERS) == published


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_rounding_goes_to_the_nearest_five_with_halves_up(count):
    rounded = round_people(count, PARTNERS)

    assert rounded % 5 == 0
    assert Decimal("-2.5") <= count - rounded < Decimal("2.5")


@given(st.integers(min_value=0))
def test_inside_the_partnership_counts_are_exact(count):
    assert round_people(count, INSIDE) == count


@pytest.mark.parametrize("count", [-1, float("nan"), float("inf")])
def test_impossible_numbers_of_people_are_refused(count):
    with pytest.raises(ValueError, match=r"cannot be|can be shown"):
        round_people(count, INSIDE)


def test_truth_is_not_a_number():
    with pytest.raises(TypeError):
        round_people(True, INSIDE)


@pytest.mark.parametrize(
    ("numerator", "base", "words"),
    [(11, 22, LOW), (12, 23, "52.2%"), (4, 8, LOW), (0, 0, LOW), (33, 80, "41.3%")],
)
def test_percentages_follow_the_hesa_rule(numerator, base, words):
    assert percent(numerator, base, PARTNERS).display == words


@pytest.mark.parametrize(
    ("total", "base", "words"),
    [(70.5, 22, "3.20"), (24, 7, LOW), (30.5, 8, "3.81"), (0, 0, LOW), (301.75, 80, "3.77")],
)
def test_averages_follow_the_hesa_rule(total, base, words):
    assert average(total, base, PARTNERS).display == words


@given(counts, counts)
def test_percentages_are_hidden_exactly_below_the_base(numerator, base):
    cell = percent(numerator, base, PARTNERS)

    assert cell.is_hidden == (base < 22.5)


@given(counts, counts)
def test_hidden_cells_carry_no_value(total, base):
    cell = average(total, base, PARTNERS)

    assert (cell.value is None) == cell.is_hidden == (base <= 7)


def test_percentage_of_nobody_is_not_a_number_even_inside():
    assert percent(0, 0, INSIDE).display == NO_BASE
    assert average(0, 0, INSIDE).display == NO_BASE


def test_rounded_percentage_keeps_no_digits_that_tell_its_numerator():
    assert percent(12, 23, PARTNERS).value == 52.2
    assert percent(12, 23, INSIDE).value == pytest.approx(52.17391304)


def test_small_numerators_are_hidden_where_small_cells_are():
    assert percent(3, 80, PUBLIC).display == LOW
    assert percent(78, 80, PUBLIC).display == LOW
    assert percent(0, 80, PUBLIC).display == "0.0%"


def test_single_figures_follow_the_policy():
    assert people(1284, INSIDE) == Cell(1284, "1,284")
    assert people(1284, PARTNERS) == Cell(1285, "1,285")
    assert people(4, PUBLIC).display == LOW
    assert hours(13, PARTNERS) == Cell(15, "15")
    assert hours(1234.5, INSIDE) == Cell(1234.5, "1,234.5")
    assert people(None, INSIDE) == Cell(None, NOT_KNOWN)


@given(grids)
def test_inside_the_partnership_every_number_is_the_true_one(grid):
    raw = two_way(grid)

    table = publish(raw, INSIDE)

    assert [[c.value for c in row[1:]] for row in table.rows] == [
        list(row[1:]) for row in (*raw.rows, raw.total)
    ]


@given(grids)
def test_rounded_tables_hold_no_exact_count_and_round_totals_on_their_own(grid):
    raw = two_way(grid)

    table = publish(raw, PARTNERS)

    assert [[c.value for c in row[1:]] for row in table.rows] == [
        [round_people(n, PARTNERS) for n in row[1:]] for row in (*raw.rows, raw.total)
    ]


def test_things_stay_exact_beside_rounded_people():
    columns = (Measure("n", "Activities", "count"), Measure("p", "Learners", "people"))

    table = publish(RawTable("Reach", columns, ((13, 13),)), PARTNERS)

    assert [cell.display for cell in table.rows[0]] == ["13", "15"]


def test_notes_print_the_policy_and_the_marks_in_use():
    columns = (Measure("share", "Share", "percent"),)
    raw = RawTable("Shares", columns, (((1, 3),),), notes=("Learners counted once.",))

    table = publish(raw, PARTNERS)

    assert table.notes == (
        "Learners counted once.",
        PARTNERS.sentence,
        "[low]: too few people to show.",
    )


def test_unknown_is_said_and_not_shown_as_nothing():
    columns = (Measure("p", "Learners", "people"), Measure("s", "Share", "percent"))

    table = publish(RawTable("Reach", columns, ((None, None),)), PARTNERS)

    assert [cell.display for cell in table.rows[0]] == [NOT_KNOWN, NOT_KNOWN]


@pytest.mark.parametrize(
    ("columns", "row", "reason"),
    [
        ((Measure("a", "A"),), (3,), "say what it counts"),
        ((Measure("a", "A"),), ("x", "y"), "more or fewer cells"),
        ((Measure("a", "A"), Measure("a", "B")), ("x", "y"), "same name"),
        ((Measure("a", "A", part_of="b"),), ("x",), "not in the table"),
        ((Measure("a", "School", names_schools=True),), ("x",), "may not be named"),
    ],
)
def test_tables_that_cannot_be_judged_are_refused(columns, row, reason):
    with pytest.raises(NotPublishable, match=reason):
        publish(RawTable("T", columns, (row,)), PUBLIC)


def test_unknown_kind_of_measure_is_refused():
    with pytest.raises(ValueError, match="is not one of"):
        Measure("a", "A", "heads")


def test_published_tables_are_made_by_publish_alone():
    table = publish(two_way([[1, 2]]), INSIDE)

    with pytest.raises(TypeError):
        PublishedTable(title="T", columns=(), rows=(), has_total=False, policy=INSIDE, notes=())
    with pytest.raises(TypeError):
        type("Mine", (PublishedTable,), {})
    with pytest.raises(TypeError):
        table.rows = ()
    with pytest.raises(TypeError):
        copy.copy(table)
    with pytest.raises(TypeError):
        pickle.dumps(table)


def test_only_the_real_thing_counts_as_published():
    assert is_published(publish(two_way([[1, 2]]), INSIDE))
    assert not is_published(two_way([[1, 2]]))
    assert not is_published(object.__new__(PublishedTable))


def test_publish_takes_nothing_else():
    with pytest.raises(TypeError):
        publish([[1]], INSIDE)
    with pytest.raises(TypeError):
        publish(two_way([[1]]), "inside")
    assert isinstance(INSIDE, Policy)
