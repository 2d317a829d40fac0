"""Talking and planning with schools, put on record."""

from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import NoPeriod, ReportingPeriod
from partnerships.actions.refusals import Refused
from partnerships.models import Conversation


@transaction.atomic
def record_conversation(
    link, *, held_on, summary, by, channel="meeting", minutes=None, notes="", client_uuid=None
):
    """Put a conversation on record; the same `client_uuid` again gives back the first one."""
    if held_on > timezone.localdate():
        raise Refused("A conversation is recorded after it was held. Choose today or earlier.")
    facts = {
        "school_link": link,
        "held_on": held_on,
        "channel": channel,
        "summary": summary,
        "minutes": minutes,
        "notes": notes,
        "held_by": by,
        **_years(held_on),
    }
    conversation, is_new = _make(link.partnership_id, client_uuid, facts)
    if is_new:
        changes = {"school_link": link.pk, "held_on": held_on.isoformat()}
        audit.record("conversation.recorded", conversation, by=by, changes=changes)
    return conversation


def _make(partnership_id, client_uuid, facts):
    if client_uuid is None:
        return Conversation.objects.create(partnership_id=partnership_id, **facts), True
    return Conversation.objects.get_or_create(
        partnership_id=partnership_id, client_uuid=client_uuid, defaults=facts
    )


def _years(day):
    try:
        return {
            "school_year": ReportingPeriod.objects.year_of("school_year", day),
            "ofs_year": ReportingPeriod.objects.year_of("ofs_year", day),
        }
    except NoPeriod as error:
        raise Refused(f"{error} Choose another date, or ask the site administrator.") from error
