"""How a school that closed goes on: decided by each partnership for itself, and taken back."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from core import audit
from partnerships.actions.refusals import Refused, sensible
from partnerships.actions.schools import FACTS, end_school, link_school, lock_link
from partnerships.models import Continuation, Membership, SchoolLink, SchoolLinkStatus
from schools.lineage import successors_of
from schools.models import Standing

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
OWN = (Continuation, SchoolLinkStatus)


@transaction.atomic
def decide_continuation(link, *, successors, on, by, note=""):
    """Let a closed school go on as these schools from a day on; none of them means it ends.

    Each becomes one of the partnership's schools, as the closed one was; the closed one, and its
    leads' access, end the day before. Returns the Continuations.
    """
    sensible(on)
    link = lock_link(link)
    _check(link, successors)
    ended, leads_ended = _end(link, on, by)
    rows = []
    for school in successors or [None]:
        to_link, linked = _link(link, school, on, by) if school else (None, False)
        rows.append(
            Continuation.objects.create(
                partnership_id=link.partnership_id,
                from_link=link,
                to_link=to_link,
                starts_on=on,
                note=" ".join(note.split())[:300],
                owner=by,
                linked=linked,
                ended=ended,
                leads_ended=leads_ended,
            )
        )
    changes = {"from": on.isoformat(), "as": [row.to_link_id for row in rows if row.to_link_id]}
    audit.record("continuation.decided", link, by=by, changes=changes)
    return rows


@transaction.atomic
def undo_continuation(link, *, by):
    """Take back how a school goes on; returns a sentence for each thing that stays, in use."""
    link = lock_link(link)
    rows = list(link.continuations.select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        raise Refused(f"Nothing has been decided about {link}.")
    link.continuations.all().delete()
    kept = [sentence for row in rows if row.linked and (sentence := _unlink(row))]
    if rows[0].ended:
        kept += _take_up_again(link, rows[0])
    audit.record(
        "continuation.undone", link, by=by, changes={"as": [row.to_link_id for row in rows]}
    )
    return kept


def _check(link, successors):
    if link.continuations.exists():
        raise Refused(f"How {link} goes on has been decided. Take that back first.")
    if link.school.standing != Standing.CLOSED:
        raise Refused(f"{link} has not closed: there is nothing to decide yet.")
    follow = {one.school.pk for one in successors_of(link.school) if one.school}
    for school in successors:
        if school.pk not in follow:
            raise Refused(f"The register does not name {school} as following {link}.")


def _end(link, on, by):
    """End the closed school the day before; returns whether it did, and whose access it ended."""
    latest = link.statuses.first()
    if latest is None or (latest.ends_on is not None and latest.ends_on < on):
        return False, []
    leads = list(link.accesses.filter(ended_on=None).values_list("pk", flat=True))
    if latest.ends_on is not None:
        raise Refused(
            f"{link} was one of your schools until {_said(latest.ends_on)}. Choose a later day."
        )
    end_school(link, on=on - timedelta(days=1), by=by)
    return True, leads


def _link(link, school, on, by):
    """Return the link of a school that follows, and whether it was made one of ours just now."""
    there = SchoolLink.objects.filter(partnership=link.partnership_id, school=school).first()
    if there and there.statuses.filter(ends_on=None).exists():
        return there, False
    facts = _facts(link)
    return link_school(link.partnership, school, starts_on=on, by=by, **facts), True


def _facts(link):
    """What the closed school was; who no longer works here no longer keeps in touch."""
    latest = link.statuses.first()
    facts = {name: getattr(latest, name) for name in FACTS} if latest else {}
    members = Membership.objects.filter(partnership=link.partnership_id, ended_on=None)
    if facts.get("owner") and not members.filter(user=facts["owner"]).exists():
        facts["owner"] = None
    return facts


def _unlink(row):
    """Take a school that the decision had added off again, unless it has come into use."""
    link = lock_link(row.to_link)
    latest = link.statuses.first()
    if latest is None or latest.starts_on != row.starts_on or latest.updated_at > row.created_at:
        return f"{link} stays one of your schools: what it is has been changed since."
    if _used_since(link, row.created_at):
        return f"{link} stays one of your schools: something has been done there since."
    if link.continued.exists() or link.continuations.exists():
        return f"{link} stays one of your schools: it is part of another decision."
    if link.year_groups is not None:
        return f"{link} stays one of your schools: its year groups have been corrected."
    latest.delete()
    if not link.statuses.exists() and not _used_since(link, LONG_AGO):
        link.delete()
    return ""


def _used_since(link, moment):
    """Whether any room has a row at the link that was made after the moment."""
    relations = [
        field
        for field in SchoolLink._meta.get_fields(include_hidden=True)
        if field.is_relation and field.auto_created and field.related_model not in OWN
    ]
    return any(
        relation.related_model._base_manager.filter(
            **{relation.field.name: link}, created_at__gt=moment
        ).exists()
        for relation in relations
    )


def _take_up_again(link, row):
    latest = link.statuses.first()
    if latest is None or latest.ends_on != row.starts_on - timedelta(days=1):
        return [f"{link} stays as it is: it has been changed since."]
    latest.ends_on = None
    latest.save(update_fields=["ends_on", "updated_at"])
    link.accesses.filter(pk__in=row.leads_ended, ended_on=row.starts_on - timedelta(days=1)).update(
        ended_on=None
    )
    return []


def _said(day):
    return f"{day.day} {day:%B %Y}"
