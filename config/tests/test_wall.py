"""Nobody learns a word, a number or the mere being there of another partnership's rows.

Everything that can be asked is asked twice, once while the other partnership holds one of
everything and once while it is not there at all: each answer is the same to the byte.
"""

import logging
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities import exports
from config.tests import wall, wall_planted, wall_urls, wall_worlds
from config.tests.wall_door import Door
from core import scope
from dashboards import exports as school_exports
from partnerships.tests.factories import make_school

MEMBERS = ["officer", "hub_officer", "evaluator", "manager", "viewer"]
SIGNED_IN = [*MEMBERS, "school_lead", "outsider", "site_admin"]
OBSERVERS = [*SIGNED_IN, "anonymous", "token"]
CURIOUS = ["manager", "school_lead", "outsider", "token"]
# begun by a file of the public register alone
HANDED_IN = {f"schools.tasks.{act}" for act in ("preview_register", "apply_run", "undo_run")}
BEHIND_POLICIES = ["manager", "school_lead", "outsider", "anonymous"]


@pytest.fixture
def home(db, request, settings, tmp_path):
    """The observers' own partnership, whose rows begin at `OWN`; people and schools of the other.

    The cache, passwords, files and the clock are of a kind that is the same in each walk.
    """
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = tmp_path, tmp_path / "mail"
    sequences = wall_worlds.Sequences()
    before = sequences.read()
    logging.disable()  # thousands of lines that pytest would keep for the report
    with time_machine.travel(timezone.now(), tick=False):
        sequences.count_from(wall_worlds.OWN)
        made = request.getfixturevalue("world")
        wall_worlds.run(made.job)
        made.job.refresh_from_db()
        wall_worlds.finish(made.job)
        made.observers = {name: request.getfixturevalue(name) for name in SIGNED_IN}
        sequences.count_from(wall_worlds.OTHER)
        made.people = wall_worlds.people_of_the_other()
        made.schools = [make_school(f"{name} school of the other") for name in ("Second", "Third")]
        yield made
    logging.disable(logging.NOTSET)
    sequences.put_back(before)


@pytest.fixture
def walls(home, as_user, monkeypatch):
    """Return a function that walks twice as one of the cast: the other full, then not there."""

    def _client(name):
        if name == "token":
            return Client(headers={"authorization": f"Bearer {home.secret}"})
        return as_user(home.observers.get(name))

    def walk(name, found, **how):
        door = Door(_client(name), monkeypatch)
        with wall_worlds.other_full(home) as other:
            assert wall_worlds.without_word(other.partnership) == []
            full = wall.Walk(door, found, other=other, **how).run()
        return full, wall.Walk(door, found, **how).run()

    return walk


@pytest.fixture
def without_row_policies(monkeypatch):
    """Let the database answer everybody with every row: `visible_to` stands alone."""

    def enter_everything(_):
        connection.scope = scope.EVERYTHING

    monkeypatch.setattr(scope, "enter", enter_everything)


def test_a_guess_leads_to_every_url(db):
    assert wall_urls.unvisited() == []


@pytest.mark.long
@pytest.mark.parametrize("name", BEHIND_POLICIES)
def test_the_other_is_not_seen_by(name, walls):
    full, empty = walls(name, wall_urls.addresses(), deep=False, methods=["post"])

    _is_the_same(full, empty)


@pytest.mark.long
@pytest.mark.parametrize("name", OBSERVERS)
def test_the_other_is_not_seen_without_row_policies_by(
    name, walls, without_row_policies, monkeypatch
):
    for room in (exports, school_exports):
        monkeypatch.setattr(room, "MOST_AT_ONCE", 0)

    is_curious = name in CURIOUS

    full, empty = walls(
        name,
        wall_urls.addresses(),
        deep=is_curious,
        methods=wall.METHODS if is_curious else ["post"],
    )

    _is_the_same(full, empty)
    if name == "manager":
        assert full.kinds == wall.job_kinds() - HANDED_IN


@pytest.mark.urls("config.tests.wall_planted")
def test_the_walk_finds_every_planted_leak(walls):
    found = wall_urls.addresses(wall_planted.planted)
    full, empty = walls("manager", found, deep=True, methods=["post"])

    found = {_planted_at(asked) for asked in wall.differences(full, empty)}
    assert found == {*wall_planted.LEAKS, "row", "api"}
    assert {_planted_at(asked) for asked in wall.said_aloud(full)} >= {"rows", "stream", "work"}
    assert {_planted_at(asked) for asked in full.offered} == {"choose", "api"}


def _planted_at(asked):
    return re.search(r" /planted/(\w+)/", asked)[1]


def _is_the_same(full, empty):
    """The site administrator has all people in the library's admin, and counts of the servers."""
    people, servers = reverse("admin:index"), reverse("core:health")
    assert wall.elsewhere(wall.differences(full, empty), servers) == []
    assert wall.elsewhere(wall.said_aloud(full), people) == []
    assert wall.elsewhere(full.offered, people) == []
    assert wall.faults(full) == []
