from datetime import date
from decimal import Decimal

import pytest

from activities.tests.factories import make_need
from evaluation import evidence
from evaluation.evidence import Figures, Scope
from evaluation.tests.factories import make_plan, make_strategy, make_work, ofs_year
from partnerships.models import Strand


@pytest.fixture
def scope(year, viewer):
    return Scope(year, ofs_year(), viewer)


def strand(code):
    return Strand.objects.get(code=code).pk


def test_strategies_share_hours_and_never_people(scope, strategies):
    found = {line.label: figures for line, figures in evidence.by_strategy(scope)}

    visit = Decimal("4.25") * 25 * Decimal("0.65")
    assert found == {
        "IS1 Raising attainment": Figures(
            84 * Decimal("0.6") + visit * Decimal("0.3333"), 67, 2, 2
        ),
        "IS2 Knowing about higher education": Figures(84 * Decimal("0.4"), 42, 1, 1),
        "Unallocated": Figures(visit * Decimal("0.6667"), 65, 2, 2),
        "Total": Figures(84 + visit, 107, 3, 2),
    }


def test_strategies_and_unallocated_make_the_total_exactly(scope):
    *parts, (_, total) = evidence.by_strategy(scope)

    assert sum(figures.hours for _, figures in parts) == total.hours


def test_shares_in_thirds_lose_nothing(partnership, provider, link, officer):
    plan = make_plan(provider)
    for number, points in enumerate((3333, 3333, 3334)):
        make_strategy(plan, f"IS{number}", workshop=points)
    for _ in range(3):
        make_work(
            link,
            officer,
            shares={provider: 3333},
            learners={10: 7},
            hours=Decimal("0.05"),
        )

    *parts, (_, total) = evidence.by_strategy(Scope(plan, ofs_year(), officer))

    assert total.hours == 3 * 7 * Decimal("0.05") * Decimal("0.3333")
    assert sum(figures.hours for _, figures in parts) == total.hours
    assert parts[-1][1] == Figures()


def test_a_plan_without_strategies_is_all_unallocated(provider, link, officer):
    plan = make_plan(provider)
    make_work(link, officer, shares={provider: 10_000}, learners={10: 5})

    found = evidence.by_strategy(Scope(plan, ofs_year(), officer))

    assert [(line.label, figures) for line, figures in found] == [
        ("Unallocated", Figures(Decimal(10), 5, 1, 1)),
        ("Total", Figures(Decimal(10), 5, 1, 1)),
    ]


def test_strands_with_their_own_row_for_what_is_not_yet_said(scope):
    found = evidence.by_strand(scope)

    assert found == {
        strand("attainment"): Figures(Decimal(84), 42, 1, 1),
        strand("targeted"): Figures(Decimal(0), 40, 1, 1),
        None: Figures(Decimal("69.0625"), 25, 1, 2),
    }


def test_strands_by_year_group(scope):
    found = evidence.by_strand_and_year(scope)

    assert {key: (figures.people, figures.hours) for key, figures in found.items()} == {
        (strand("attainment"), 10): (30, Decimal(60)),
        (strand("attainment"), 11): (12, Decimal(24)),
        (strand("targeted"), 9): (40, Decimal(0)),
        (None, None): (17, 17 * Decimal("4.25") * Decimal("0.65")),
        (None, 10): (8, 8 * Decimal("4.25") * Decimal("0.65")),
        (None, 12): (0, Decimal(0)),
    }


def test_kinds_of_school_are_as_at_the_activity(scope):
    found = evidence.by_kind(scope)

    visit = Decimal("4.25") * Decimal("0.65")
    assert found == {
        "hub": Figures(8 * visit, 8, 1, 1),
        "targeted": Figures(),
        "both": Figures(84 + 17 * visit, 59, 2, 1),
        "neither": Figures(Decimal(0), 40, 1, 1),
    }


def test_needs_answered_by_delivered_work_of_the_period_alone(scope, link):
    make_need(link, "attainment-maths", raised_on=date(2026, 8, 1))
    closed = {"status": "met", "closing_note": "Done"}
    make_need(
        link, "attainment-maths", raised_on=date(2024, 9, 1), closed_on=date(2025, 7, 31), **closed
    )

    found = evidence.needs(scope).values_list("school_link__school__name", "activities")

    assert sorted(found) == [("Ketterby High", 0), ("Saltmere Academy", 1)]


def test_gaps_are_counted(scope):
    assert evidence.count_gaps(scope) == {
        "strand": 1,
        "hours": 1,
        "headcount": 0,
        "need": 2,
        "allocation": 1,
        "provider": 1,
    }


def test_the_plan_s_own_dates_bound_the_period(scope):
    plan = scope.plan
    plan.starts_on, plan.ends_on = date(2025, 11, 5), date(2026, 3, 1)

    cut = Scope(plan, scope.period, scope.user)

    assert (cut.starts_on, cut.ends_on) == (date(2025, 11, 5), date(2026, 3, 1))
    assert evidence.by_strategy(cut)[-1][1] == Figures()


def test_a_person_of_another_partnership_reads_nothing(year, outsider, elsewhere):
    theirs = Scope(year, ofs_year(), outsider)

    assert evidence.by_strategy(theirs)[-1][1] == Figures()
    assert list(evidence.needs(theirs)) == []
