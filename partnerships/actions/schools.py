"""The schools of a partnership: linking them, and what each was on each day."""

from datetime import timedelta

from django.db import transaction

from core import audit
from partnerships.actions.refusals import Refused, same_partnership, sensible
from partnerships.models import Membership, SchoolLink, SchoolLinkStatus
from schools.models import Standing

FACTS = ("hub", "hub_school", "targeted", "level", "owner")
OLDEST_YEAR = 14


@transaction.atomic
def link_school(
    partnership,
    school,
    *,
    starts_on,
    by,
    hub=None,
    hub_school=False,
    targeted=False,
    level="",
    owner=None,
):
    """Take a school of the register among the partnership's schools from a day on."""
    sensible(starts_on)
    _open_on(school, starts_on)
    _of_partnership(partnership.pk, hub, owner)
    link = lock_link(SchoolLink.objects.get_or_create(partnership=partnership, school=school)[0])
    _not_served(link, starts_on)
    status = SchoolLinkStatus.objects.create(
        partnership=partnership,
        school_link=link,
        starts_on=starts_on,
        hub=hub,
        hub_school=hub_school,
        targeted=targeted,
        level=level,
        owner=owner,
    )
    audit.record("school_link.added", link, by=by, changes=_as_changes(status))
    return link


@transaction.atomic
def change_status(link, *, starts_on, by, hub, hub_school, targeted, level, owner):
    """Say what a school is from a day on; the status before it ends the day before."""
    link = lock_link(link)
    _of_partnership(link.partnership_id, hub, owner)
    latest = link.statuses.first()
    if latest and latest.starts_on > starts_on:
        raise Refused(
            f"What the school is now began on {_said(latest.starts_on)}. "
            "Choose that day or a later one."
        )
    sensible(starts_on)
    if latest and latest.starts_on == starts_on:
        status, latest.ends_on = latest, None
    else:
        _close(latest, starts_on - timedelta(days=1))
        status = SchoolLinkStatus(
            partnership_id=link.partnership_id, school_link=link, starts_on=starts_on
        )
    status.hub, status.hub_school, status.targeted = hub, hub_school, targeted
    status.level, status.owner = level, owner
    status.save()
    audit.record("school_link_status.changed", status, by=by, changes=_as_changes(status))
    return status


@transaction.atomic
def end_school(link, *, on, by):
    """Stop working with a school after a day, its leads' access too; what was done stays."""
    link = lock_link(link)
    latest = link.statuses.first()
    if latest is None or latest.ends_on is not None:
        raise Refused(f"Work with {link} has ended already.")
    if on < latest.starts_on:
        raise Refused(
            f"What the school is now began on {_said(latest.starts_on)}. "
            "Choose that day or a later one."
        )
    sensible(on)
    _close(latest, on)
    link.accesses.filter(ended_on=None).update(ended_on=on)
    audit.record("school_link.ended", link, by=by, changes={"ends_on": on.isoformat()})
    return link


@transaction.atomic
def correct_year_groups(link, *, year_groups, by, reason=""):
    """Say which year groups a school teaches; None follows the register's ages again."""
    link = lock_link(link)
    if year_groups is not None:
        year_groups = sorted(set(year_groups))
        if not year_groups:
            raise Refused("Choose at least one year group, or go back to what the ages say.")
        if not 0 <= year_groups[0] <= year_groups[-1] <= OLDEST_YEAR:
            raise Refused("Year groups go from Reception to Year 14.")
    was, link.year_groups = link.year_groups, year_groups
    link.year_groups_reason = reason
    link.save(update_fields=["year_groups", "year_groups_reason", "updated_at"])
    changes = {"was": was, "year_groups": year_groups}
    audit.record("school_link.year_groups_corrected", link, by=by, changes=changes)
    return link


def lock_link(link):
    """Read the link again with its names, and let nobody else change it meanwhile."""
    rows = SchoolLink.objects.with_names().select_for_update(of=("self",), no_key=True)
    return rows.get(pk=link.pk)


def _not_served(link, day):
    latest = link.statuses.first()
    if latest is None or (latest.ends_on is not None and latest.ends_on < day):
        return
    if latest.ends_on is None:
        raise Refused(f"{link} is one of your schools already. Change what it is instead.")
    raise Refused(
        f"{link} was one of your schools until {_said(latest.ends_on)}. Choose a later day."
    )


def _close(status, on):
    if status and (status.ends_on is None or status.ends_on > on):
        status.ends_on = on
        status.save(update_fields=["ends_on", "updated_at"])


def _of_partnership(partnership_id, hub, owner):
    same_partnership(partnership_id, hub)
    if owner is None:
        return
    members = Membership.objects.filter(partnership=partnership_id, ended_on__isnull=True)
    if not members.filter(user=owner).exists():
        raise Refused(f"{owner} does not work in this partnership.")


def _open_on(school, day):
    """Refuse a school that had closed by `day`, and name what stands in its place if known."""
    rows = list(school.establishments.all())
    if not rows or any(_was_open(row, day) for row in rows):
        return
    closed = max((row.closed_on for row in rows if row.closed_on), default=None)
    when = f" on {_said(closed)}" if closed else ""
    raise Refused(
        f"{school} closed{when}: it was not open on {_said(day)}. "
        "Choose an earlier day, or the school that took its place."
    )


def _was_open(row, day):
    if row.standing == Standing.CLOSED:
        return row.closed_on is not None and day <= row.closed_on
    return row.closed_on is None or day <= row.closed_on


def _as_changes(status):
    return {
        "status": status.pk,
        "starts_on": status.starts_on.isoformat(),
        "hub": status.hub_id,
        "hub_school": status.hub_school,
        "targeted": status.targeted,
        "level": status.level,
        "owner": status.owner_id,
    }


def _said(day):
    return f"{day.day} {day:%B %Y}"
