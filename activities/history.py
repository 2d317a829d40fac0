"""What was done to an activity, by whom and when, in words."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from activities.comparing import LABELS
from activities.models import Activity
from core import audit

DONE = {
    "activity.logged": "Logged",
    "activity.edited": "Changed",
    "activity.cancelled": "Cancelled",
    "activity.needs_linked": "Linked to a need",
}
QUIET = {"school_year", "ofs_year", "strand_reason", "cancel_note"}
OTHERS = {"cancel_reason": "why it was cancelled"}


@dataclass(frozen=True)
class Event:
    """One thing that was done."""

    at: datetime
    who: str
    what: str
    about: str


def events_of(activity):
    """Return the events of an activity, newest first. The caller found it by `visible_to`."""
    events = list(audit.history(activity))
    names = dict(User.objects.filter(pk__in={e.actor_id for e in events}).values_list("pk", "name"))
    return [
        Event(
            event.at,
            names.get(event.actor_id, "Not known"),
            DONE.get(event.action, event.action),
            _about(event.changes),
        )
        for event in events
    ]


def _about(changes):
    if "fields" in changes:
        fields = [name for name in changes["fields"] if name not in QUIET]
        return ", ".join((LABELS | OTHERS).get(name, name).lower() for name in fields)
    if reason := changes.get("reason"):
        return Activity.CancelReason(reason).label.lower()
    return ""
