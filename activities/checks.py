"""What an activity must be before it is written; each refusal names its field and what to do."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from activities.models import Activity, Headcount, YearGroup
from core.models import NoPeriod, ReportingPeriod
from partnerships.models import SchoolLinkStatus
from schools.models import Establishment

MOST_HOURS = 1000
MOST_PEOPLE = 10_000


class Problem(Exception):
    """What was entered cannot be kept; `field` names the field and the text says what to do."""

    def __init__(self, text, field=""):
        super().__init__(text)
        self.field = field


class SavedBefore(Problem):
    """A form was saved before, and to save what it says now would undo what was done since."""

    def __init__(self, activity, place):
        super().__init__(
            f"You saved this form before: it is “{activity.summary}” at {place.school_link} on "
            f"{_said(activity.starts_on)}, and that is not what the form says now. Save again to "
            "log another activity, or open that one to change it."
        )


@dataclass(frozen=True)
class Day:
    """What a date means for one school: its years, the status held, the register row."""

    school_year: int
    ofs_year: int
    status: SchoolLinkStatus
    establishment: Establishment


def day_at(link, on):
    """Return the Day of `link` on a date, or refuse a date on which nothing could be done there."""
    try:
        school_year = ReportingPeriod.objects.year_typed(on)
        ofs_year = ReportingPeriod.objects.year_of(ReportingPeriod.Kind.OFS_YEAR, on)
    except NoPeriod as error:
        raise Problem(str(error), "starts_on") from None
    status = link.status_on(on)
    if status is None:
        raise Problem(
            f"{link.school} was not one of your schools on {_said(on)}. "
            "Check the date, or ask a manager to correct when the school joined.",
            "starts_on",
        )
    return Day(school_year, ofs_year, status, _establishment_on(link.school, on))


def _establishment_on(school, on):
    """The register row of the day: of those that had not closed by then, the first to close."""
    rows = sorted(school.establishments.all(), key=lambda row: _until(row, school))
    if not rows:
        raise Problem(f"{school} has no register row yet. Ask the site administrator.", "school")
    there = [row for row in rows if not _closed_before(row, on)]
    if not there:
        closed = max(row.closed_on for row in rows)
        raise Problem(f"{school} closed on {_said(closed)}. Choose a date before it.", "starts_on")
    opened = [row for row in there if not row.opened_on or row.opened_on <= on]
    return (opened or there)[0]


def _until(row, school):
    """The order of last days; of rows without one, first that which opened last, or is today's."""
    opened = row.opened_on or date.min
    return (row.closed_on or date.max, -opened.toordinal(), row.pk != school.current_id, row.pk)


def _closed_before(row, on):
    return row.closed_on is not None and row.closed_on < on


def status_for(status, on):
    """Return the activity's status: a date ahead is planned, any other delivered unless said."""
    ahead = on > timezone.localdate()
    if not status:
        return Activity.Status.PLANNED if ahead else Activity.Status.DELIVERED
    if status == Activity.Status.DELIVERED and ahead:
        raise Problem("A date in the future cannot be delivered yet. Choose planned.", "status")
    if status not in (Activity.Status.PLANNED, Activity.Status.DELIVERED):
        raise Problem("An activity is planned or delivered; cancel it with its reason.", "status")
    return status


def hours_of(hours):
    """Return the contact hours as a Decimal, or None where they are not said."""
    if hours is None or hours == "":
        return None
    try:
        hours = Decimal(str(hours))
    except InvalidOperation:
        raise Problem("Hours must be a number, such as 1.5.", "hours") from None
    if not hours.is_finite() or hours <= 0:
        raise Problem("Hours must be more than nought.", "hours")
    if hours > MOST_HOURS:
        raise Problem(f"Hours cannot be more than {MOST_HOURS:,}. Check the number.", "hours")
    return hours


def headcounts_of(rows):
    """Return the headcounts as dicts, without the empty ones; each audience and year once."""
    kept = {}
    for row in rows:
        entry = {
            "audience": row.get("audience") or Headcount.Audience.LEARNERS,
            "year_group": row.get("year_group") or None,
            "expected": _people(row.get("expected")),
            "actual": _people(row.get("actual")),
        }
        _check_audience(entry)
        key = (entry["audience"], entry["year_group"])
        if key in kept:
            raise Problem("Each year group can be counted once only.", "headcounts")
        if entry["expected"] is not None or entry["actual"] is not None:
            kept[key] = entry
    return list(kept.values())


def _check_audience(entry):
    if entry["audience"] not in Headcount.Audience.values:
        raise Problem(f"“{entry['audience']}” is not a kind of people counted here.", "headcounts")
    if entry["year_group"] is not None and entry["year_group"] not in YearGroup.values:
        raise Problem(f"“{entry['year_group']}” is not a year group.", "headcounts")
    if entry["year_group"] is not None and entry["audience"] != Headcount.Audience.LEARNERS:
        raise Problem("Only learners are counted by year group. Leave it out.", "headcounts")


def _people(number):
    if number is None or number == "":
        return None
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise Problem("People are counted in whole numbers, nought or more.", "headcounts")
    if number > MOST_PEOPLE:
        raise Problem(f"More than {MOST_PEOPLE:,} people cannot be right. Check it.", "headcounts")
    return number


def check_belongs(link, *, needs=(), adapted_from=None, provider=None):
    """Refuse a need of another school, or an offer or provider of another partnership."""
    if any(need.school_link_id != link.pk for need in needs):
        raise Problem(f"A need that was chosen is not one of {link.school}'s.", "needs")
    for row, field in ((adapted_from, "adapted_from"), (provider, "provider")):
        if row is not None and row.partnership_id != link.partnership_id:
            raise Problem(f"{row} is not one of this partnership's.", field)


def summary_of(text):
    """Return the one line, tidied; refuse nothing and too much."""
    text = " ".join((text or "").split())
    if not text:
        raise Problem("Say in one line what happened.", "summary")
    if len(text) > 140:
        raise Problem(f"Use at most 140 characters; this has {len(text)}.", "summary")
    return text


def _said(day):
    return f"{day.day} {day:%B %Y}"
