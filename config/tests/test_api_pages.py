"""Long lists in pages: every one by cursor, and none loses a row while others are added."""

from datetime import date, timedelta

import pytest

from activities.tests.factories import make_activity
from config.api import router
from core.api.pages import Pages
from partnerships.models import Conversation

EVERY_NOUN = {prefix: viewset for prefix, viewset, _ in router.registry}


def pages_of(client, url):
    """Yield the pages of a list, one after the other."""
    while url:
        page = client.get(url).json()
        yield page
        url = page["next"]


@pytest.mark.parametrize("noun", EVERY_NOUN)
def test_every_list_is_paged_in_an_order_without_ties(noun, world, manager, as_user):
    viewset = EVERY_NOUN[noun]

    page = as_user(manager).get(f"/api/v1/{noun}/").json()

    assert issubclass(viewset.pagination_class, Pages)
    assert page.keys() == {"next", "previous", "results"}
    assert viewset.ordering[-1].lstrip("-") in ("id", "pk")


@pytest.mark.parametrize("noun", EVERY_NOUN)
@pytest.mark.parametrize("cursor", ["nonsense", "cj0xJnA9MTk5OS0xMy00NQ==", "\x00", "cD3DvsO+"])
def test_a_cursor_that_is_none_is_said_in_json(noun, cursor, world, manager, as_user):
    answer = as_user(manager).get(f"/api/v1/{noun}/", {"cursor": cursor})

    assert answer.status_code in (200, 404)
    assert answer.json().keys() in ({"next", "previous", "results"}, {"detail", "reference"})


def talk(link, by, day, number):
    return Conversation.objects.create(
        partnership=link.partnership,
        school_link=link,
        held_on=day,
        summary=f"Talk {number}",
        held_by=by,
        school_year=2025,
        ofs_year=2025,
    )


def test_rows_of_one_day_are_paged_while_others_come(link, officer, as_user):
    day = date(2026, 3, 4)
    there = {talk(link, officer, day, number).pk for number in range(120)}
    seen = []

    for number, page in enumerate(pages_of(as_user(officer), "/api/v1/conversations/")):
        seen += [row["id"] for row in page["results"]]
        for offset in (-1, 0, 1):
            talk(link, officer, day + timedelta(days=offset), f"{number} late")

    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_pages_go_back_as_they_came(link, officer, as_user):
    for number in range(120):
        make_activity(link, officer, starts_on=date(2026, 1, 1) + timedelta(days=number % 3))
    client = as_user(officer)
    pages = list(pages_of(client, "/api/v1/activities/"))

    back = client.get(pages[-1]["previous"]).json()

    assert [len(page["results"]) for page in pages] == [50, 50, 20]
    assert back["results"] == pages[1]["results"]
