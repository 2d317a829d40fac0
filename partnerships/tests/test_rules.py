import pytest

from partnerships.rules import CONVERSE, MANAGE, leads_school
from partnerships.tests.factories import make_link

ROLES = {
    "officer": {CONVERSE},
    "hub_officer": {CONVERSE},
    "evaluator": set(),
    "manager": {CONVERSE, MANAGE},
    "viewer": set(),
    "school_lead": set(),
    "site_admin": set(),
    "outsider": set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(role, request, link, partnership):
    user = request.getfixturevalue(role)

    held = {verb for verb in (CONVERSE, MANAGE) if user.has_perm(verb, link)}

    assert held == ROLES[role]
    assert user.has_perm(MANAGE, partnership) == (MANAGE in held)


def test_nobody_manages_nothing(manager):
    assert not manager.has_perm(MANAGE, None)


def test_who_was_switched_off_may_do_nothing(manager, partnership):
    manager.is_active = False

    assert not manager.has_perm(MANAGE, partnership)


def test_leads_school_is_true_of_their_own_school_alone(link, partnership, school_lead, officer):
    other = make_link(partnership)

    assert leads_school(school_lead, link)
    assert not leads_school(school_lead, other)
    assert not leads_school(officer, link)
    assert not leads_school(school_lead, None)
