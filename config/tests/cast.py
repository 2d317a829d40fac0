"""The cast: one partnership with everybody in it, and an outsider of another."""

from functools import cached_property
from uuid import uuid4

import pytest
from django.test import Client

from config.tests.world import make_world
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


class Players:
    """The partnership, its people and the outsider, each made when first asked for."""

    @cached_property
    def partnership(self):
        return make_partnership("Three Rivers")

    @cached_property
    def provider(self):
        return make_provider(self.partnership)

    @cached_property
    def hub(self):
        return make_hub(self.partnership)

    @cached_property
    def school(self):
        return make_school("Saltmere Academy")

    @cached_property
    def link(self):
        """Saltmere Academy, a hub school and a targeted outreach school of the hub."""
        return make_link(
            self.partnership, self.school, hub=self.hub, hub_school=True, targeted=True
        )

    @cached_property
    def officer(self):
        return self._member("Jo Ferris", Role.OFFICER, provider=self.provider)

    @cached_property
    def hub_officer(self):
        return self._member("Mina Odell", Role.HUB, provider=self.provider, hubs=[self.hub])

    @cached_property
    def evaluator(self):
        return self._member("Eli Quist", Role.EVALUATOR)

    @cached_property
    def manager(self):
        return self._member("Dev Rowntree", Role.MANAGER, provider=self.provider)

    @cached_property
    def viewer(self):
        return self._member("Vera Lunt", Role.VIEWER)

    def _member(self, name, role, **fields):
        return make_member(self.partnership, role, user=make_user(name), **fields).user

    @cached_property
    def school_lead(self):
        return make_lead(self.link).user

    @cached_property
    def site_admin(self):
        """A site administrator who is no member of anything."""
        return make_user("Ada Minster", is_staff=True)

    @cached_property
    def other_partnership(self):
        return make_partnership("Northern Dales")

    @cached_property
    def outsider(self):
        user = make_user("Otto Farr")
        return make_member(self.other_partnership, Role.MANAGER, user=user).user

    @cached_property
    def world(self):
        return make_world(self)


@pytest.fixture
def players(db, stage):
    """Those of the shared world where the test is played in it, else this test's own."""
    return stage.copy() or Players()


def _player(name):
    return pytest.fixture(name=name)(lambda players: getattr(players, name))


partnership = _player("partnership")
provider = _player("provider")
hub = _player("hub")
school = _player("school")
link = _player("link")
officer = _player("officer")
hub_officer = _player("hub_officer")
evaluator = _player("evaluator")
manager = _player("manager")
viewer = _player("viewer")
school_lead = _player("school_lead")
site_admin = _player("site_admin")
other_partnership = _player("other_partnership")
outsider = _player("outsider")
world = _player("world")


@pytest.fixture
def as_user():
    """Return a function that makes a signed-in client for a person, or an anonymous one."""

    def sign_in(user=None):
        client = Client()
        if user is not None:
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
