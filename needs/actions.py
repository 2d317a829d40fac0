"""What can be done with needs: rate, agree, raise, close, recalculate."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, jobs
from core.versions import Stale, claim
from needs import tasks
from needs.models import Assessment, Need, NeedFramework, Rating, Side, Value
from partnerships.models import SchoolLink
from partnerships.rules import leads_school

CONCERN = (Value.RED, Value.AMBER)
OPEN_BY_RATING = (Need.Status.RAISED, Need.Status.CONFIRMED)


class RatedMeanwhile(Stale):
    """Somebody else changed the same areas since; `areas` are their ids."""

    def __init__(self, assessment, areas):
        super().__init__(assessment)
        self.areas = areas


class RatedBySchool(Exception):
    """The school gave this rating with its own sign-in; only the school changes it."""


class NotAgreeable(Exception):
    """The ratings cannot be agreed as they stand; the text says why."""


class AlreadyOpen(Exception):
    """The school has an open need in the area already."""


class AlreadyClosed(Exception):
    """The need was closed before."""


# --- rating --------------------------------------------------------------------------------
@transaction.atomic
def rate(link, *, school_year, side, values, by, at=None, was=None):
    """Write one side's changed ratings, open the needs they show, and return the Assessment.

    Where nothing changes nothing is written: the first Assessment of a year stays unsaved.
    `values` is {NeedArea or its id: {"value", "note", "priority"}}; what is left out stays. `was`,
    by area id, is what the person saw when they began: raises RatedMeanwhile where an area has
    been changed since by somebody else.
    """
    at = at or timezone.now()
    side = Side(side)
    _lock_school(link)
    assessment = _assessment(link, school_year)
    wanted = {getattr(area, "pk", area): value for area, value in values.items()}
    ratings = _ratings(assessment, wanted)
    changes = _changes(ratings, side, wanted)
    _refuse_lost_work(assessment, ratings, side, changes, was or {})
    if not changes:
        return assessment
    on_behalf = side == Side.SCHOOL and not leads_school(by, link)
    _refuse_other_words(ratings, changes, on_behalf)
    if assessment.pk is None:
        assessment.save()
    for area_id, new in changes.items():
        _write(ratings[area_id], side, new, by=by, at=at, on_behalf=on_behalf)
    _save(ratings.values(), changes)
    rerated = _rerated(assessment, ratings, changes)
    _after_rating(assessment, side, changes, by=by, on_behalf=on_behalf)
    _keep_needs(assessment, rerated, side, by=by, on=timezone.localdate(at))
    transaction.on_commit(partial(_summarise, link.partnership, school_year, by=by, title=""))
    return assessment


def side_now(rating, side):
    """Return what one side says in an area, as the dict that `rate` takes."""
    now = {"value": getattr(rating, f"{side}_value"), "note": getattr(rating, f"{side}_note")}
    return now | ({"priority": rating.priority} if side == Side.PARTNER else {})


def _lock_school(link):
    # Two years rated at once, or a need raised beside a rating, must not open one need twice.
    SchoolLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)


def _assessment(link, school_year):
    """The year's assessment, locked; a new one, not yet saved, where there is none."""
    year = {"partnership_id": link.partnership_id, "school_link": link, "school_year": school_year}
    found = Assessment.objects.filter(**year).select_for_update(of=("self",)).first()
    return found or Assessment(framework=NeedFramework.objects.current(), **year)


def _ratings(assessment, wanted):
    """The assessment's ratings of the wanted areas by area id, new ones where there are none."""
    rows = Rating.objects.filter(assessment=assessment.pk, area__in=wanted)
    found = {rating.area_id: rating for rating in rows}
    known = set(assessment.framework.areas.filter(pk__in=wanted).values_list("pk", flat=True))
    if strange := set(wanted) - known:
        raise ValueError(f"Not areas of this framework: {sorted(strange)}")
    return {
        area_id: found.get(area_id)
        or Rating(partnership_id=assessment.partnership_id, assessment=assessment, area_id=area_id)
        for area_id in wanted
    }


def _changes(ratings, side, wanted):
    """{area id: {what differs from now}}; an area left without a rating is no change."""
    changes = {}
    for area_id, given in wanted.items():
        now = side_now(ratings[area_id], side)
        new = {name: value for name, value in given.items() if name in now and value != now[name]}
        if not new.get("value", now["value"]):
            continue
        if new:
            Value(new.get("value", now["value"]))
            changes[area_id] = new
    return changes


def _refuse_lost_work(assessment, ratings, side, changes, was):
    lost = [
        area_id
        for area_id in changes
        if area_id in was and was[area_id] != side_now(ratings[area_id], side)
    ]
    if lost:
        raise RatedMeanwhile(assessment, lost)


def _refuse_other_words(ratings, changes, on_behalf):
    own = (ratings[area_id] for area_id in changes)
    if on_behalf and any(one.school_value and not one.school_on_behalf for one in own):
        raise RatedBySchool("The school gave these ratings itself; only the school changes them.")


def _write(rating, side, new, *, by, at, on_behalf):
    for name, value in new.items():
        setattr(rating, "priority" if name == "priority" else f"{side}_{name}", value)
    setattr(rating, f"{side}_by", by)
    setattr(rating, f"{side}_at", at)
    if side == Side.SCHOOL:
        rating.school_on_behalf = on_behalf
    rating.updated_at = timezone.now()
    rating.version += rating.pk is not None


def _save(ratings, changes):
    fields = [f"{side}_{name}" for side in Side.values for name in ("value", "note", "by", "at")]
    fields += ["school_on_behalf", "priority", "version", "updated_at"]
    touched = [rating for rating in ratings if rating.area_id in changes]
    Rating.objects.bulk_update([rating for rating in touched if rating.pk], fields)
    Rating.objects.bulk_create([rating for rating in touched if not rating.pk])


def _after_rating(assessment, side, changes, *, by, on_behalf):
    noted = {"side": side.value, "areas": sorted(changes), "on_behalf": on_behalf}
    weighty = any({"value", "priority"} & set(new) for new in changes.values())
    if weighty and (assessment.school_agreed_at or assessment.partner_agreed_at):
        assessment.school_agreed_by = assessment.school_agreed_at = None
        assessment.partner_agreed_by = assessment.partner_agreed_at = None
        noted["agreements_withdrawn"] = True
    if assessment.status != Assessment.Status.AGREED or "agreements_withdrawn" in noted:
        both = _rated_by_both(assessment).exists()
        assessment.status = Assessment.Status.SHARED if both else Assessment.Status.DRAFT
    assessment.version += 1
    assessment.save()
    audit.record("assessment.rated", assessment, by=by, changes=noted)


def _rated_by_both(assessment):
    return (
        Rating.objects.filter(assessment=assessment)
        .exclude(school_value="")
        .exclude(partner_value="")
    )


# --- needs ---------------------------------------------------------------------------------
def _keep_needs(assessment, ratings, side, *, by, on):
    """Open a need where a side now says red or amber; both sides saying so confirms it."""
    link_id = assessment.school_link_id
    waiting = {
        need.area_id: need
        for need in Need.objects.open()
        .filter(partnership=assessment.partnership_id, school_link=link_id)
        .filter(area__in=[rating.area_id for rating in ratings])
        .select_for_update(of=("self",))
    }
    for rating in ratings:
        values = rating.school_value, rating.partner_value
        both = all(value in CONCERN for value in values)
        status = Need.Status.CONFIRMED if both else Need.Status.RAISED
        need = waiting.get(rating.area_id)
        if need is None and getattr(rating, f"{side}_value") in CONCERN:
            _open(assessment, rating.area_id, side=side, status=status, by=by, on=on)
        elif need and need.status in OPEN_BY_RATING and need.status != status:
            need.status = status
            need.version += 1
            need.save()
            audit.record("need.changed", need, by=by, changes={"status": status.value})


def _rerated(assessment, ratings, changes):
    """The ratings with a new value; where a later school year has ratings, those decide instead."""
    later = Rating.objects.filter(
        partnership=assessment.partnership_id,
        assessment__school_link=assessment.school_link_id,
        assessment__school_year__gt=assessment.school_year,
        area__in=changes,
    )
    newer = set(later.values_list("area", flat=True))
    return [ratings[area] for area, new in changes.items() if "value" in new and area not in newer]


def _open(owned, area_id, *, side, status, by, on):
    need = Need.objects.create(
        partnership_id=owned.partnership_id,
        school_link_id=owned.school_link_id,
        area_id=area_id,
        raised_on=on,
        raised_by_side=Side(side).value,
        status=status,
    )
    audit.record("need.raised", need, by=by, changes={"side": Side(side).value})
    return need


@transaction.atomic
def raise_need(link, *, area, by, side=Side.PARTNER, on=None):
    """Open a need without a rating; raises AlreadyOpen where one is open in the area."""
    _lock_school(link)
    new = Need(partnership_id=link.partnership_id, school_link=link)
    running = Need.objects.open().filter(partnership=link.partnership_id, school_link=link)
    try:
        if running.filter(area=area).exists():
            raise AlreadyOpen("This school has an open need in that area already.")
        with transaction.atomic():
            return _open(
                new,
                area.pk,
                side=side,
                status=Need.Status.RAISED,
                by=by,
                on=on or timezone.localdate(),
            )
    except IntegrityError as error:
        raise AlreadyOpen("This school has an open need in that area already.") from error


@transaction.atomic
def close_need(need, *, status, note, version, by, on=None):
    """Close a need as met, parked or not agreed; raises Stale or AlreadyClosed."""
    if status not in Need.CLOSING:
        raise ValueError(f"{status} does not close a need.")
    need = claim(need, version)
    if need.closed_on:
        raise AlreadyClosed("This need was closed before.")
    need.status = status
    need.closing_note = note
    need.closed_on = on or timezone.localdate()
    need.save()
    audit.record("need.closed", need, by=by, changes={"status": str(status)})
    return need


# --- agreement -----------------------------------------------------------------------------
@transaction.atomic
def agree(assessment, *, side, by, at=None, version=None):
    """Agree a year's ratings for one side; with both sides' word it is agreed by both.

    The school's word takes a school lead's own sign-in, and one person never speaks for both.
    """
    side = Side(side)
    assessment = claim(assessment, assessment.version if version is None else version)
    _refuse_agreement(assessment, side, by)
    setattr(assessment, f"{side}_agreed_by", by)
    setattr(assessment, f"{side}_agreed_at", at or timezone.now())
    if assessment.school_agreed_at and assessment.partner_agreed_at:
        assessment.status = Assessment.Status.AGREED
    else:
        assessment.status = Assessment.Status.SHARED
    assessment.save()
    audit.record("assessment.agreed", assessment, by=by, changes={"side": side.value})
    return assessment


def _refuse_agreement(assessment, side, by):
    if side == Side.SCHOOL and not leads_school(by, assessment.school_link):
        raise NotAgreeable("Only a lead of the school agrees for it, with their own sign-in.")
    other = Side.PARTNER if side == Side.SCHOOL else Side.SCHOOL
    if getattr(assessment, f"{other}_agreed_by_id") == by.pk:
        raise NotAgreeable("You agreed for the other side. Each side needs its own person.")
    if not _rated_by_both(assessment).exists():
        raise NotAgreeable("Both sides rate at least one area first.")


# --- figures -------------------------------------------------------------------------------
def recompute(partnership, *, school_year, by):
    """Ask for the figures of a year to be calculated again; one waiting job serves all clicks."""
    title = f"Recalculate needs, {school_year} to {school_year + 1}"
    return _summarise(partnership, school_year, by=by, title=title)


def _summarise(partnership, school_year, *, by, title):
    return jobs.enqueue(
        tasks.summarise_needs,
        title=title,
        by=by,
        params={"school_year": school_year},
        partnership_id=partnership.pk,
        unique_key=f"needs:{partnership.pk}:{school_year}",
    )
