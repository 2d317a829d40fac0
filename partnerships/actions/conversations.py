"""Talking and planning with schools, put on record."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.models import NoPeriod, ReportingPeriod
from partnerships.actions.refusals import Refused, SavedBefore
from partnerships.models import Conversation


@transaction.atomic
def record_conversation(
    link, *, held_on, summary, by, channel="meeting", minutes=None, notes="", client_uuid=None
):
    """Put a conversation on record.

    The same `client_uuid` is the same form sent again: the same conversation, as it was sent last.
    """
    if held_on > timezone.localdate():
        raise Refused("A conversation is recorded after it was held. Choose today or earlier.")
    facts = {
        "held_on": held_on,
        "channel": channel,
        "summary": summary,
        "minutes": minutes,
        "notes": notes,
        **_years(held_on),
    }
    new = Conversation(
        partnership_id=link.partnership_id,
        school_link=link,
        held_by=by,
        client_uuid=client_uuid,
        **facts,
    )
    if before := _save_or_find(new):
        return _send_again(before, new, facts, by)
    changes = {"school_link": link.pk, "held_on": held_on.isoformat()}
    audit.record("conversation.recorded", new, by=by, changes=changes)
    return new


def _save_or_find(new):
    """Save the conversation; where its form was sent before, return what that made."""
    same = Conversation.objects.filter(
        partnership=new.partnership_id, client_uuid=new.client_uuid
    ).select_for_update(of=("self",))
    if new.client_uuid and (before := same.first()):
        return before
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:
        if new.client_uuid and (before := same.first()):
            return before
        raise
    return None


def _send_again(before, new, facts, by):
    if (before.school_link_id, before.held_by_id) != (new.school_link_id, by.pk):
        raise SavedBefore(
            f"You saved this form before: it is a conversation with {before.school_link}. Save "
            "again to record another one."
        )
    fields = sorted(name for name in facts if getattr(before, name) != facts[name])
    if fields:
        for name in fields:
            setattr(before, name, facts[name])
        before.save()
        audit.record("conversation.changed", before, by=by, changes={"fields": fields})
    return before


def _years(day):
    try:
        return {
            "school_year": ReportingPeriod.objects.year_of("school_year", day),
            "ofs_year": ReportingPeriod.objects.year_of("ofs_year", day),
        }
    except NoPeriod as error:
        raise Refused(f"{error} Choose another date, or ask the site administrator.") from error
