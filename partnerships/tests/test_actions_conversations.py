from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.models import AuditEvent
from partnerships import actions
from partnerships.models import Conversation
from partnerships.tests.factories import make_link

pytestmark = pytest.mark.django_db


def test_record_conversation_keeps_who_when_and_the_years(link, officer):
    conversation = actions.record_conversation(
        link, held_on=date(2026, 8, 20), summary="Plans for Year 10", minutes=40, by=officer
    )

    assert (conversation.held_by, conversation.channel) == (officer, "meeting")
    assert (conversation.school_year, conversation.ofs_year) == (2025, 2026)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("conversation.recorded", officer.pk)
    assert event.changes == {"school_link": link.pk, "held_on": "2026-08-20"}


def test_record_conversation_refuses_a_day_to_come(link, officer):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(actions.Refused, match="Choose today or earlier"):
        actions.record_conversation(link, held_on=tomorrow, summary="Soon", by=officer)


def test_record_conversation_refuses_a_day_that_no_period_holds(link, officer):
    with pytest.raises(actions.Refused, match="No school year holds 01/01/1950"):
        actions.record_conversation(link, held_on=date(1950, 1, 1), summary="Long ago", by=officer)


def test_record_conversation_twice_with_one_uuid_is_one_row(link, officer):
    facts = {"held_on": date(2026, 10, 1), "summary": "Call", "client_uuid": uuid4()}

    first = actions.record_conversation(link, by=officer, **facts)
    second = actions.record_conversation(link, by=officer, **facts)

    assert first == second
    assert Conversation.objects.count() == AuditEvent.objects.count() == 1


def test_nothing_is_recorded_when_auditing_fails(link, officer, no_audit):
    with pytest.raises(no_audit):
        actions.record_conversation(link, held_on=date(2026, 10, 1), summary="Call", by=officer)

    assert not Conversation.objects.exists()


def test_record_conversation_again_with_a_correction_keeps_the_correction(link, officer):
    facts = {"held_on": date(2026, 10, 1), "summary": "Cal", "client_uuid": uuid4()}
    first = actions.record_conversation(link, by=officer, **facts)

    for _ in range(2):
        again = actions.record_conversation(link, by=officer, **facts | {"summary": "Call"})

    assert (again, Conversation.objects.get().summary) == (first, "Call")
    event = AuditEvent.objects.get(action="conversation.changed")
    assert (event.actor_id, event.changes) == (officer.pk, {"fields": ["summary"]})


def test_the_same_form_of_another_person_or_school_is_refused(link, officer, manager, partnership):
    facts = {"held_on": date(2026, 10, 1), "summary": "Call", "client_uuid": uuid4()}
    actions.record_conversation(link, by=officer, **facts)

    for where, by in ((link, manager), (make_link(partnership), officer)):
        with pytest.raises(actions.SavedBefore, match="conversation with Saltmere Academy"):
            actions.record_conversation(where, by=by, **facts)

    assert Conversation.objects.count() == 1
