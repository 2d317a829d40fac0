"""Rows for tests of activities, with no surprises: what is not named is plain."""

from datetime import date

from activities import actions
from activities.models import ActivityType, Offer
from needs.models import Need, NeedArea

ON = date(2026, 10, 6)
YEAR_10 = {"audience": "learners", "year_group": 10, "expected": 50, "actual": 48}


def break_audit(monkeypatch):
    """Let the audit trail fail from here on."""

    def record(*args, **kwargs):
        raise RuntimeError("the audit trail is away")

    monkeypatch.setattr("core.audit.record", record)


def make_need(link, area="he-knowledge", **fields):
    """Raise a need of a school in one area of the seeded framework."""
    fields.setdefault("raised_on", date(2026, 9, 14))
    fields.setdefault("raised_by_side", Need.RaisedBy.SCHOOL)
    return Need.objects.create(
        partnership=link.partnership,
        school_link=link,
        area=NeedArea.objects.get(code=area),
        **fields,
    )


def make_offer(partnership, title="Student finance talk", code="talk"):
    return Offer.objects.create(
        partnership=partnership, title=title, type=ActivityType.objects.get(code=code)
    )


def make_activity(link, by, *, code="campus-visit", **details):
    """Log an activity through the action, as a person."""
    details = {"starts_on": ON, "summary": "Year 10 campus day", **details}
    return actions.log(link, type=ActivityType.objects.get(code=code), by=by, **details)
