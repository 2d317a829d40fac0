"""Every way an activity is written: log, edit, cancel, link to needs."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities import checks, strands
from activities.checks import Problem, SavedBefore
from activities.models import (
    Activity,
    ActivityNeed,
    ActivityProvider,
    ActivitySchool,
    Headcount,
    Offer,
)
from core import audit
from core.versions import claim
from partnerships.models import Membership, Partnership, Strand

CHOSEN = "Chosen by hand."
WHOLE = 10_000
PLAIN = ("type", "mode", "adapted_from", "adaptation", "notes", "starts_at")
FIELDS = {
    *PLAIN,
    *("summary", "starts_on", "status", "hours", "strand", "headcounts", "needs", "provider"),
}


def log(link, *, type, starts_on, summary, by, client_uuid=None, **details):
    """Write one activity at a school and return it.

    The same `client_uuid` is the same form sent again: it returns the same activity, as it was sent
    last; raises SavedBefore where that would undo what was done to it since.

    `details`: status (None: planned if the date is ahead, else delivered), hours, mode, strand
    (None: as proposed, "": not yet said), headcounts (dicts of audience, year_group, expected,
    actual), needs, adapted_from, adaptation, notes, starts_at, provider (None: the actor's own).
    """
    _check_names(details)
    details |= {"type": type, "starts_on": starts_on, "summary": summary}
    try:
        return _log_once(link, client_uuid, by, details)
    except IntegrityError:
        if client_uuid is None:
            raise
        return _log_once(link, client_uuid, by, details)  # the other one is there by now


@transaction.atomic
def _log_once(link, client_uuid, by, details):
    before = {"partnership": link.partnership_id, "client_uuid": client_uuid}
    logged = None
    if client_uuid:
        logged = Activity.objects.filter(**before).select_for_update(of=("self",)).first()
    return (
        _send_again(logged, link, by, details) if logged else _write(link, client_uuid, by, details)
    )


def _check_names(details):
    if unknown := set(details) - FIELDS:
        raise TypeError(f"An activity has no {', '.join(sorted(unknown))}.")


def _send_again(logged, link, by, details):
    """The activity that a form made before; what was corrected before it was sent again is kept."""
    place = logged.at_schools.select_related("school_link__school").get()
    if place.school_link_id != link.pk or logged.owner_id != by.pk:
        raise SavedBefore(logged, place)
    before = _kept(logged)
    with transaction.atomic():
        edited = edit(logged, version=logged.version, by=by, **_all_of(details, link, by))
        is_same = not _changed(before, edited)
        transaction.set_rollback(is_same)
    if not is_same and logged.version > 1:
        raise SavedBefore(logged, place)
    return logged if is_same else edited


def _all_of(details, link, by):
    """All that logging writes, with what `details` leave out as it would have been written."""
    return {
        "hours": None,
        "strand": None,
        "headcounts": (),
        "needs": (),
        "starts_at": None,
        "adapted_from": None,
        "adaptation": "",
        "notes": "",
        **details,
        "status": checks.status_for(details.get("status"), details["starts_on"]),
        "mode": details.get("mode") or details["type"].default_mode,
        "provider": details.get("provider") or own_provider(link, by),
    }


def _write(link, client_uuid, by, details):
    if details["type"].is_conversation:
        raise Problem("A meeting or call is kept as a conversation.", "type")
    activity = Activity(
        partnership_id=link.partnership_id, owner=by, client_uuid=client_uuid or None
    )
    day = checks.day_at(link, details["starts_on"])
    provider = details.get("provider") or own_provider(link, by)
    needs = list(details.get("needs") or ())
    headcounts = checks.headcounts_of(details.get("headcounts") or ())
    checks.check_belongs(
        link, needs=needs, adapted_from=details.get("adapted_from"), provider=provider
    )
    details["status"] = checks.status_for(details.get("status"), details["starts_on"])
    _set_plain(activity, details)
    activity.mode = activity.mode or activity.type.default_mode
    _set_day(activity, day)
    _set_strand(activity, details.get("strand"), needs, day.status)
    activity.save()
    place = _place_at(activity, link, day)
    place.save()
    _replace_needs(place, needs)
    _replace_headcounts(place, headcounts)
    _replace_provider(activity, provider)
    audit.record("activity.logged", activity, by=by, changes=_noted(activity, link, needs))
    return activity


def _noted(activity, link, needs):
    return {
        "school_link": link.pk,
        "status": activity.status,
        "starts_on": activity.starts_on.isoformat(),
        "strand": activity.strand_id,
        "needs": [need.pk for need in needs],
    }


def own_provider(link, by):
    """The body that a person works for in the partnership of `link`, or None."""
    membership = (
        Membership.objects.filter(partnership=link.partnership_id, user=by.pk)
        .select_related("provider")
        .first()
    )
    return membership.provider if membership else None


def _set_plain(activity, details):
    for name in PLAIN:
        if name in details:
            empty = None if name in ("adapted_from", "starts_at") else ""
            setattr(activity, name, details[name] or empty)
    if "summary" in details:
        activity.summary = checks.summary_of(details["summary"])
    if "hours" in details:
        activity.hours = checks.hours_of(details["hours"])
    if "starts_on" in details:
        activity.starts_on = details["starts_on"]
    if "status" in details:
        activity.status = details["status"]
        activity.cancel_reason = activity.cancel_note = ""


def _set_day(activity, day):
    activity.school_year, activity.ofs_year = day.school_year, day.ofs_year


def _set_strand(activity, strand, needs, status):
    """Keep what a person chose, or take the proposal (None), each with its reason."""
    proposed, reason = strands.propose(
        activity.type, needs, status, adapted=activity.adapted_from_id is not None
    )
    if strand is None:
        activity.strand, activity.strand_reason = proposed, reason
        return
    if isinstance(strand, str) and strand:
        strand = Strand.objects.get(code=strand)
    activity.strand = strand or None
    name = proposed.name if proposed else "Not yet said"
    activity.strand_reason = f"{CHOSEN} The proposal was: {name}."


def _place_at(activity, link, day, place=None):
    place = place or ActivitySchool(
        partnership_id=link.partnership_id, activity=activity, school_link=link
    )
    place.school_id = link.school_id
    place.establishment = day.establishment
    place.hub_id = day.status.hub_id
    place.hub_school, place.targeted = day.status.hub_school, day.status.targeted
    place.starts_on = activity.starts_on
    return place


def _replace_needs(place, needs):
    wanted = {need.pk for need in needs}
    place.answers.exclude(need__in=wanted).delete()
    there = set(place.answers.values_list("need_id", flat=True))
    ActivityNeed.objects.bulk_create(
        ActivityNeed(
            partnership_id=place.partnership_id,
            activity_school=place,
            school_link_id=place.school_link_id,
            need_id=pk,
        )
        for pk in sorted(wanted - there)
    )


def _replace_headcounts(place, rows):
    place.headcounts.all().delete()
    Headcount.objects.bulk_create(
        Headcount(partnership_id=place.partnership_id, activity_school=place, **row) for row in rows
    )


def _replace_provider(activity, provider):
    activity.providers.all().delete()
    if provider is not None:
        ActivityProvider.objects.create(
            partnership_id=activity.partnership_id,
            activity=activity,
            provider=provider,
            share_bp=WHOLE,
        )


@transaction.atomic
def edit(activity, *, version, by, **changes):
    """Change an activity that is at `version`; what is not named stays. Returns it as saved."""
    _check_names(changes)
    activity = claim(activity, version)
    before = _kept(activity)
    place = activity.at_schools.select_related("school_link__school").get()
    link = place.school_link
    if "type" in changes and changes["type"].is_conversation:
        raise Problem("An activity cannot become a meeting. Cancel it and log that.", "type")
    checks.check_belongs(
        link,
        needs=changes.get("needs") or (),
        adapted_from=changes.get("adapted_from"),
        provider=changes.get("provider"),
    )
    _check_status(activity, changes)
    _set_plain(activity, changes)
    day = checks.day_at(link, activity.starts_on)
    _set_day(activity, day)
    _place_at(activity, link, day, place).save()
    _edit_below(activity, place, changes)
    _edit_strand(activity, place, day.status, changes)
    activity.save()
    audit.record("activity.edited", activity, by=by, changes={"fields": _changed(before, activity)})
    return activity


def _check_status(activity, changes):
    on = changes.get("starts_on", activity.starts_on)
    if changes.get("status"):
        changes["status"] = checks.status_for(changes["status"], on)
    else:
        changes.pop("status", None)
        if activity.status != Activity.Status.CANCELLED:
            checks.status_for(activity.status, on)


def _edit_below(activity, place, changes):
    if "needs" in changes:
        _replace_needs(place, changes["needs"])
    if "headcounts" in changes:
        _replace_headcounts(place, checks.headcounts_of(changes["headcounts"]))
    if "provider" in changes:
        _replace_provider(activity, changes["provider"])


def _edit_strand(activity, place, status, changes):
    """A strand taken from the proposal follows it; one chosen by hand stays."""
    chosen = activity.strand_reason.startswith(CHOSEN)
    if "strand" in changes or not chosen:
        _set_strand(activity, changes.get("strand"), _needs_of(place), status)


def _needs_of(place):
    return [row.need for row in place.answers.select_related("need__area").order_by("pk")]


def _kept(activity):
    """The activity and all below it as comparable values, by field."""
    kept = {
        field.name: getattr(activity, field.attname)
        for field in activity._meta.concrete_fields
        if field.name not in ("version", "updated_at")
    }
    place = activity.at_schools.get()
    kept["needs"] = set(place.answers.values_list("need_id", flat=True))
    kept["headcounts"] = set(
        place.headcounts.values_list("audience", "year_group", "expected", "actual")
    )
    kept["provider"] = set(activity.providers.values_list("provider_id", "share_bp"))
    return kept


def _changed(before, activity):
    after = _kept(activity)
    return sorted(name for name in after if after[name] != before[name])


@transaction.atomic
def cancel(activity, *, reason, version, by, note=""):
    """Take an activity out of the work done, and keep why; it stays in the lists."""
    activity = claim(activity, version)
    if activity.status == Activity.Status.CANCELLED:
        raise Problem("This activity is cancelled already.", "reason")
    if reason not in Activity.CancelReason.values:
        raise Problem("Choose why it was cancelled.", "reason")
    activity.status = Activity.Status.CANCELLED
    activity.cancel_reason = reason
    activity.cancel_note = (note or "").strip()
    activity.save()
    audit.record("activity.cancelled", activity, by=by, changes={"reason": reason})
    return activity


@transaction.atomic
def link_needs(activity, *, needs, by):
    """Say later which needs an activity answers; a strand that was proposed is proposed anew."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    place = activity.at_schools.select_related("school_link__school").get()
    checks.check_belongs(place.school_link, needs=needs)
    held = _needs_of(place)
    new = [need for need in needs if need not in held]
    if not new:
        raise Problem("Choose at least one need that is not linked yet.", "needs")
    _replace_needs(place, held + new)
    _edit_strand(activity, place, place, {})
    activity.version += 1
    activity.save()
    audit.record(
        "activity.needs_linked", activity, by=by, changes={"needs": [need.pk for need in new]}
    )
    return activity


@transaction.atomic
def add_offer(partnership, *, title, type, by, description=""):
    """Put something on the partnership's menu, to be adapted to a school's need."""
    title = " ".join(title.split())
    if not title:
        raise Problem("Say what is on offer.", "title")
    Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.pk)
    same = Offer.objects.filter(partnership=partnership, title__iexact=title).first()
    if same:
        where = "" if same.retired_on is None else ", off the menu. Choose another name"
        raise Problem(f"There is an offer called {title} already{where}.", "title")
    offer = Offer.objects.create(
        partnership=partnership, title=title, type=type, description=description
    )
    audit.record("offer.added", offer, by=by, changes={"type": type.pk})
    return offer


@transaction.atomic
def note_export(chosen, *, format, rows, partnerships, by):
    """Note in each partnership's trail which rows left in a file, and to whom.

    `chosen` is the filter as `ActivityFilter.noted` tells it.
    """
    for pk in partnerships:
        audit.record(
            "activities.exported",
            Partnership(pk=pk),
            by=by,
            partnership_id=pk,
            changes={"filter": chosen, "rows": rows, "format": format},
        )


@transaction.atomic
def retire_offer(offer, *, by, on=None):
    """Take something off the menu; what was adapted from it stays."""
    offer = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.retired_on is not None:
        raise Problem("This offer is off the menu already.")
    offer.retired_on = on or timezone.localdate()
    offer.save(update_fields=["retired_on", "updated_at"])
    audit.record("offer.retired", offer, by=by)
    return offer
