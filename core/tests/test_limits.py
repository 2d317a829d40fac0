"""Limits: counted in Redis, said in words, and nobody kept out where it is away."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import include, path

from core import limits
from core.limits import Limit, TooMany, give_back, limited, network_of, take

TWO, THREE = Limit("two", 2, 3600), Limit("three", 3, 3600)


@limited(TWO)
def costly(request):
    return HttpResponse("done")


urlpatterns = [
    path("costly/", costly),
    path("api/costly/", costly),
    path("", include("config.urls")),
]


def test_take_refuses_what_is_above_the_limit_and_says_when_to_try_again():
    take((TWO, "a"))
    take((TWO, "a"))

    with pytest.raises(TooMany, match=r"Try again in (a minute|\d+ minutes)\.") as refused:
        take((TWO, "a"))
    take((TWO, "b"))

    assert 0 < refused.value.wait <= 3600


def test_what_is_given_back_was_not_used():
    for _ in range(4):
        give_back(take((TWO, "a"), (THREE, "a")))

    take((TWO, "a"))


def test_a_refusal_counts_against_no_other_limit():
    for _ in range(2):
        take((TWO, "a"))
    for _ in range(5):
        with pytest.raises(TooMany):
            take((THREE, "b"), (TWO, "a"))

    take((THREE, "b"))


def test_limits_are_counted_apart():
    for _ in range(2):
        take((TWO, "a"))

    take((THREE, "a"))


def test_the_cache_is_told_no_address(monkeypatch):
    seen = []
    monkeypatch.setattr(cache, "add", lambda slot, *rest: seen.append(slot))

    take((TWO, "192.0.2.10 jo@x.example"))

    assert seen[0].startswith("limit:two:")
    assert "jo" not in seen[0]
    assert "192" not in seen[0]


def test_with_redis_away_nothing_is_refused_and_the_log_says_so(settings, caplog):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1", "OPTIONS": {}}
    }

    for _ in range(5):
        take((TWO, "a"))

    assert "cache away" in caplog.text


def test_a_count_that_the_cache_lost_is_a_beginning(monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *slot: False)

    give_back(take((TWO, "a")))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "in a minute"), (60, "in a minute"), (61, "in 2 minutes"), (900, "in 15 minutes")],
)
def test_in_words(seconds, words):
    assert limits.in_words(seconds) == words


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_view_is_held_to_its_limit_for_each_person(as_user, officer, viewer):
    client = as_user(officer)

    answers = [client.get("/costly/") for _ in range(3)]
    other = as_user(viewer).get("/costly/")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Too many attempts" in answers[2].content.decode()
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert other.status_code == 200


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_programs_get_json(as_user, officer):
    client = as_user(officer)

    answer = [client.get("/api/costly/") for _ in range(3)][-1]

    assert answer.status_code == 429
    assert answer.json()["reference"] == answer["X-Request-Reference"]
    assert answer.json()["detail"].startswith("That was asked too often in a short time.")


@pytest.mark.parametrize(
    ("method", "path", "limit", "data"),
    [
        ("get", "/schools/typeahead/", limits.SUGGESTIONS, {"q": "salt"}),
        ("get", "/search/suggestions/", limits.SUGGESTIONS, {"q": "salt"}),
        ("get", "/schools/", limits.SEARCHES, {"q": "salt"}),
        ("get", "/evidence/packs/make/", limits.PACKS, {}),
        ("post", "/activities/export/", limits.EXPORTS, {"format": "csv"}),
    ],
)
@pytest.mark.django_db
def test_costly_pages_have_a_limit(method, path, limit, data, as_user, manager):
    ask = getattr(as_user(manager), method)
    before = ask(path, data).status_code

    for _ in range(limit.most - 1):
        take((limit, str(manager.pk)))

    assert (before, ask(path, data).status_code) == (200, 429)


def at(rf, settings, proxies, remote, header=None):
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": header} if header is not None else {}
    return network_of(rf.get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.mark.parametrize(
    ("proxies", "remote", "header", "network"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (1, "10.0.0.1", None, "10.0.0.1"),
        (1, "10.0.0.1", "unknown", "10.0.0.1"),
        (1, "", "203.0.113.9:4711", "203.0.113.9"),
        (1, "", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:aaaa::1", None, "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", None, "192.0.2.1"),
        (0, "", None, None),
    ],
)
def test_network_of(rf, settings, proxies, remote, header, network):
    assert at(rf, settings, proxies, remote, header) == network
