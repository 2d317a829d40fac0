"""The cast: one partnership with everybody in it, and an outsider of another."""

from uuid import uuid4

import pytest
from django.test import Client

from core import limits
from partnerships.models import Role
from partnerships.tests.factories import (
    make_hub,
    make_lead,
    make_link,
    make_member,
    make_partnership,
    make_provider,
    make_school,
    make_user,
)


@pytest.fixture(autouse=True)
def own_counts(monkeypatch):
    """Let no other test's requests count against the limits of this one."""
    monkeypatch.setattr(limits, "SALT", uuid4().hex)


@pytest.fixture
def partnership(db):
    return make_partnership("Three Rivers")


@pytest.fixture
def provider(partnership):
    return make_provider(partnership)


@pytest.fixture
def hub(partnership):
    return make_hub(partnership)


@pytest.fixture
def school(db):
    return make_school("Saltmere Academy")


@pytest.fixture
def link(partnership, school, hub):
    """Saltmere Academy, a hub school and a targeted outreach school of the hub."""
    return make_link(partnership, school, hub=hub, hub_school=True, targeted=True)


@pytest.fixture
def officer(partnership, provider):
    user = make_user("Jo Ferris")
    return make_member(partnership, Role.OFFICER, user=user, provider=provider).user


@pytest.fixture
def hub_officer(partnership, provider, hub):
    user = make_user("Mina Odell")
    return make_member(partnership, Role.HUB, user=user, provider=provider, hubs=[hub]).user


@pytest.fixture
def evaluator(partnership):
    return make_member(partnership, Role.EVALUATOR, user=make_user("Eli Quist")).user


@pytest.fixture
def manager(partnership, provider):
    user = make_user("Dev Rowntree")
    return make_member(partnership, Role.MANAGER, user=user, provider=provider).user


@pytest.fixture
def viewer(partnership):
    return make_member(partnership, Role.VIEWER, user=make_user("Vera Lunt")).user


@pytest.fixture
def school_lead(link):
    return make_lead(link).user


@pytest.fixture
def site_admin(db):
    """A site administrator who is no member of anything."""
    return make_user("Ada Minster", is_staff=True)


@pytest.fixture
def other_partnership(db):
    return make_partnership("Northern Dales")


@pytest.fixture
def outsider(other_partnership):
    return make_member(other_partnership, Role.MANAGER, user=make_user("Otto Farr")).user


@pytest.fixture
def as_user():
    """Return a function that makes a signed-in client for a person, or an anonymous one."""

    def sign_in(user=None):
        client = Client()
        if user is not None:
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
