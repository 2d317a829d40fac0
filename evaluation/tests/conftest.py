"""A plan with two strategies, and a year of work with everything that must not be counted."""

from datetime import date
from decimal import Decimal

import pytest

from activities.tests.factories import make_need
from evaluation.tests.factories import add_school, make_plan, make_strategy, make_work
from partnerships.tests.factories import make_link, make_provider, make_school, make_user


@pytest.fixture
def plan(provider):
    return make_plan(provider)


@pytest.fixture
def strategies(plan):
    """IS1 takes 60% of workshops and a third of visits; IS2 the rest of workshops."""
    first = make_strategy(plan, "IS1", "Raising attainment", workshop=6000, campus_visit=3333)
    second = make_strategy(plan, "IS2", "Knowing about higher education", workshop=4000)
    return first, second


@pytest.fixture
def second_link(partnership):
    return make_link(partnership, make_school("Ketterby High"), hub_school=True)


@pytest.fixture
def year(plan, strategies, partnership, provider, link, second_link, officer):
    """Delivered work: 3 activities that count, at 2 schools, one of them in part another's."""
    other = make_provider(partnership, "Northmoor University")
    need = make_need(link, raised_on=date(2025, 9, 10))
    make_need(second_link, "he-knowledge", raised_on=date(2025, 9, 11))
    common = {"owner": officer, "shares": {provider: 10_000}}
    both = {"hub_school": True, "targeted": True}
    make_work(link, **common, learners={10: 30, 11: 12}, strand="attainment", needs=[need], **both)
    shared = make_work(
        link,
        owner=officer,
        shares={provider: 6500, other: 3500},
        code="campus-visit",
        learners={None: 17},
        hours=Decimal("4.25"),
        **both,
    )
    add_school(shared, second_link, {10: 8, 12: None}, hub_school=True)
    make_work(second_link, **common, code="talk", hours=None, learners={9: 40}, strand="targeted")
    _must_not_count(link, officer, provider, other, need)
    return plan


def _must_not_count(link, officer, provider, other, need):
    mine = {"owner": officer, "shares": {provider: 10_000}, "learners": {10: 1000}}
    make_work(link, **mine, status="planned", needs=[need])
    make_work(link, **mine, status="cancelled", cancel_reason="school")
    make_work(link, **mine, starts_on=date(2025, 7, 31))
    make_work(link, **mine, starts_on=date(2026, 8, 1))
    make_work(link, **{**mine, "shares": {other: 10_000}})
    make_work(link, **{**mine, "shares": {}})


@pytest.fixture
def elsewhere(other_partnership, outsider):
    """Another partnership's plan with work in the same year."""
    provider = make_provider(other_partnership, "University of Wexborough")
    plan = make_plan(provider, "Another plan")
    make_strategy(plan, workshop=10_000)
    link = make_link(other_partnership, make_school("Faraway School"))
    make_work(link, make_user(), shares={provider: 10_000}, learners={10: 5000})
    return plan
