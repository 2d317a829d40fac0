from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.models import Conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(link):
    return reverse("partnerships:record_conversation", args=[link.pk])


@pytest.fixture
def conversation(link, officer):
    return actions.record_conversation(
        link, held_on=date(2026, 10, 1), summary="Plans <b>for</b> Year 10", by=officer
    )


CODES = {
    "officer": (200, 200),
    "hub_officer": (200, 200),
    "manager": (200, 200),
    "evaluator": (403, 200),
    "viewer": (403, 200),
    "school_lead": (403, 403),
    "outsider": (404, 404),
    "site_admin": (404, 404),
}


@pytest.mark.parametrize("player", CODES)
def test_who_records_and_who_reads(player, request, as_user, address, conversation):
    client = as_user(request.getfixturevalue(player))

    record = client.get(address)
    read = client.get(reverse("partnerships:conversation", args=[conversation.pk]))

    assert (record.status_code, read.status_code) == CODES[player]


def test_record_conversation_through_the_page(as_user, officer, link, address):
    form = as_user(officer).get(address).context["form"]
    asked = {
        "held_on": timezone.localdate().isoformat(),
        "channel": "call",
        "summary": "Dates for the campus visit",
        "minutes": "20",
        "client_uuid": form["client_uuid"].value(),
    }

    response = as_user(officer).post(address, asked)
    as_user(officer).post(address, asked)

    conversation = Conversation.objects.get()
    assert response.url == link.get_absolute_url()
    assert (conversation.channel, conversation.minutes) == ("call", 20)
    assert conversation.held_by == officer


def test_record_conversation_of_a_day_to_come_is_said_and_nothing_lost(as_user, officer, address):
    asked = {"held_on": "2100-01-01", "channel": "call", "summary": "Too soon", "notes": "Kept"}

    page = as_user(officer).post(address, asked).content.decode()

    assert "Choose today or earlier" in page
    assert "Too soon" in page
    assert "Kept" in page
    assert not Conversation.objects.exists()


def test_a_viewer_cannot_record(as_user, viewer, address):
    asked = {"held_on": "2026-10-01", "channel": "call", "summary": "No"}

    assert as_user(viewer).post(address, asked).status_code == 403
    assert not Conversation.objects.exists()


def test_conversation_shows_what_was_said_as_text(as_user, officer, conversation):
    address = reverse("partnerships:conversation", args=[conversation.pk])

    page = as_user(officer).get(address).content.decode()

    assert "Plans &lt;b&gt;for&lt;/b&gt; Year 10" in page
    assert "1 October 2026" in page
