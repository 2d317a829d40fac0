"""How often a program may ask: counted for each token, and never a reason to stand still."""

from uuid import uuid4

import pytest
import redis
from django.core.cache import cache
from django.test import Client
from rest_framework.settings import api_settings

from config.tests.test_api_tokens import issue, program
from core.api.throttles import Counted


@pytest.fixture
def rate(monkeypatch):
    """Return a function that sets a rate; nothing is counted yet, and in this test alone."""
    monkeypatch.setattr(Counted, "cache_format", f"{uuid4()}_%(scope)s_%(ident)s")

    def at(scope, value):
        monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, scope, value)

    return at


def statuses(client, times):
    return [client.get("/api/v1/providers/").status_code for _ in range(times)]


def test_too_many_requests_are_told_when_to_go_on(world, officer, rate):
    rate("member", "2/day")
    client = program(issue(officer.memberships.get())[1])
    first = statuses(client, 2)

    answer = client.get("/api/v1/providers/")

    seconds = int(answer["Retry-After"])
    assert (first, answer.status_code) == ([200, 200], 429)
    assert 1 <= seconds <= 86_400
    assert answer.json()["detail"] == f"Too many requests. Try again in {seconds} seconds."


def test_each_token_is_counted_for_itself(world, officer, as_user, rate):
    rate("member", "2/day")
    membership = officer.memberships.get()
    clients = [program(issue(membership)[1]), program(issue(membership)[1]), as_user(officer)]

    assert [statuses(client, 3) for client in clients] == 3 * [[200, 200, 429]]


def test_strangers_are_counted_by_address(db, rate):
    rate("stranger", "2/day")

    answers = [
        *statuses(program("fb_guess"), 2),
        *statuses(Client(), 1),
        *statuses(Client(REMOTE_ADDR="192.0.2.7"), 1),
    ]

    assert answers == [401, 401, 429, 401]


def test_an_address_of_ones_own_making_does_not_help(db, rate):
    rate("stranger", "1/day")

    answers = [
        Client(headers={"X-Forwarded-For": f"192.0.2.{n}"}).get("/api/v1/needs/").status_code
        for n in range(2)
    ]

    assert answers == [401, 429]


@pytest.mark.parametrize("who", ["officer", None])
def test_with_redis_away_nobody_is_kept_out(who, world, request, rate, monkeypatch):
    rate("member", "1/day")
    rate("stranger", "1/day")
    client = program(issue(request.getfixturevalue(who).memberships.get())[1]) if who else Client()
    nowhere = redis.ConnectionPool.from_url("unix:///nowhere/redis.sock")
    monkeypatch.setattr(cache._cache, "_get_connection_pool", lambda write: nowhere)

    assert statuses(client, 2) == 2 * [200 if who else 401]
