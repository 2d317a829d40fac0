"""Everybody at every address: who is let in, who is refused, who learns nothing."""

import pytest
from django.core.cache import cache
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from config.tests.addresses import EVERYBODY, STAFF, pages
from config.tests.world import finish, freeze
from core.tasks import HEARTBEAT

ROOMS = {
    "core",
    "accounts",
    "schools",
    "partnerships",
    "needs",
    "activities",
    "evaluation",
    "dashboards",
}
MEMBERS = set(STAFF.split())


# Pages that everybody signed in may open, but that show a stranger nothing of the partnership.
PUBLIC = {"dashboards:school", "dashboards:run"}


def named_patterns(resolver=None, space=""):
    """Yield the name of every URL of our own rooms."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or space
            if inner in ROOMS or not pattern.namespace:
                yield from named_patterns(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and space in ROOMS:
            yield f"{space}:{pattern.name}"


NAMES = sorted(set(named_patterns()))


@pytest.fixture
def people(request):
    """Return a function that finds a person of the cast by name; anonymous is None."""
    return lambda name: None if name == "anonymous" else request.getfixturevalue(name)


def test_every_address_is_in_the_table(world):
    assert sorted(pages(world)) == NAMES


def expected(page, who):
    """The status that a person who is not let in gets."""
    if who == "anonymous":
        return 404 if page.open_door else 302
    if who == "school_lead" and page.seen_by_lead:
        return 403
    return 403 if not page.is_own and (who in MEMBERS or page.is_list) else 404


def ask(page, url, client):
    return getattr(client, page.method)(url, page.data)


def status_for(page, url, client):
    """The status in the end: a page that leads somewhere is followed, but not to the sign-in."""
    response = ask(page, url, client)
    if response.status_code == 302 and page.status == 200 and "login" not in response["Location"]:
        response = client.get(response["Location"])
    read(response)
    return response.status_code


def read(response):
    """The body; reading a stream to its end closes its file."""
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("name", NAMES)
def test_the_cast_at(name, world, people, as_user):
    if name == "core:job_file":
        finish(world.job)
    if name == "core:readyz":
        cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=60)
    if name == "evaluation:pack_file":
        freeze(world.pack)
    page = pages(world)[name]
    url = reverse(name, kwargs=page.kwargs) + page.query
    allowed = page.ok.split()
    if page.is_list and "manager" in allowed:
        allowed = list(dict.fromkeys([*allowed, "outsider"]))
    refused = [who for who in [*EVERYBODY.split(), "anonymous"] if who not in allowed]

    answers = {who: status_for(page, url, as_user(people(who))) for who in refused}
    entered = {who: status_for(page, url, as_user(people(who))) for who in allowed}

    assert answers == {who: expected(page, who) for who in refused}
    assert entered == dict.fromkeys(allowed, page.status)


@pytest.mark.parametrize("name", NAMES)
def test_an_outsider_reads_no_word_of_ours_at(name, world, outsider, as_user):
    page = pages(world)[name]
    url = reverse(name, kwargs=page.kwargs) + page.query

    response = ask(page, url, as_user(outsider))

    body = read(response)
    assert b"Canary" not in body
    assert b"Jo Ferris" not in body
