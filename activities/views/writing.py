"""The page where work is logged, and the part of it that follows the chosen school."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from activities import actions, choices, comparing, strands
from activities.checks import Problem, SavedBefore
from activities.forms import LogForm
from activities.headcounts import years_not_taught
from activities.models import Activity, ActivitySchool, YearGroup
from activities.rules import LOG, partnership_ids_where
from core.templatetags.components import year_groups
from needs.models import Need
from partnerships import actions as partnership_actions

MOST_OFFERED = 60
RECENT = 8
HOURS_OF_A_DAY = 24
SHOWN_AS = {"starts_on": "date", "headcounts": None, "status": None}
ASKS = ("choose", "find", "change")


@require_http_methods(["GET", "POST"])
def log(request):
    """Log one activity: four answers, and the rest folded."""
    if not partnership_ids_where(request.user, LOG):
        raise PermissionDenied
    links = choices.links(request.user).select_related("school__current", "partnership")
    if request.method == "GET":
        return _show(request, _new_form(request, links))
    if any(name in request.POST for name in ASKS):
        return _show(request, _kept_form(request, links))
    form = _form(request, links, _link_of(request.POST.get("school"), links), data=request.POST)
    if form.is_valid():
        link = form.cleaned_data["school"]
        if not request.user.has_perm(LOG, link):
            raise PermissionDenied
        if written := _write(form, link, by=request.user):
            if isinstance(written, Activity):
                warn_of_years(request, written, link, form.cleaned_data["headcounts"])
            return _answer(request, link, written)
    return _show(request, form)


def _write(form, link, *, by):
    """Do what the form asks; a refusal is said at its field and gives nothing."""
    details, key = form.details(), form.cleaned_data["client_uuid"]
    try:
        if details["type"].is_conversation:
            return _converse(link, details, key, by)
        return actions.log(link, by=by, client_uuid=key, **details)
    except (SavedBefore, partnership_actions.SavedBefore) as before:
        form.renew()
        form.add_error(None, str(before))
    except Problem as problem:
        field = SHOWN_AS.get(problem.field, problem.field)
        form.add_error(field if field in form.fields else None, str(problem))
    except partnership_actions.Refused as refusal:
        form.add_error("date", str(refusal))
    return None


def _converse(link, details, key, by):
    hours = details["hours"]
    if hours is not None and hours > HOURS_OF_A_DAY:
        raise Problem("A meeting or call lasts 24 hours at most. Check the number.", "hours")
    return partnership_actions.record_conversation(
        link,
        held_on=details["starts_on"],
        summary=details["summary"],
        minutes=round(hours * 60) if hours is not None else None,
        notes=details["notes"],
        client_uuid=key,
        by=by,
    )


def _answer(request, link, written):
    if isinstance(written, Activity):
        state, url = written.get_status_display(), written.get_absolute_url()
    else:
        state, url = "Conversation", reverse("partnerships:conversation", args=[written.pk])
    said = "<b>Saved.</b> {}: “{}” at {}. <a href='{}'>See it</a> · <a href='{}'>Log another</a>"
    again = f"{reverse('activities:log')}?school={link.pk}"
    messages.success(request, format_html(said, state, written.summary, link, url, again))
    return redirect(again if "again" in request.POST else link.get_absolute_url())


def warn_of_years(request, activity, link, headcounts):
    """Say it where learners were counted in years that the school does not teach."""
    years = years_not_taught(link, headcounts)
    if years:
        said = (
            "<b>Is the year right?</b> You counted {} at {}, which teaches {} as far as we know. "
            "It is saved as it is; <a href='{}'>change it</a> if that was a slip."
        )
        counted = ", ".join(YearGroup(year).label for year in years)
        taught = year_groups(link.taught_years())
        url = reverse("activities:edit", args=[activity.pk])
        messages.warning(request, format_html(said, counted, link, taught, url))


# --- the form before it is sent ------------------------------------------------------------
def _form(request, links, link, **kwargs):
    return LogForm(
        user=request.user,
        links=links,
        link=link,
        offered=_offered(request, links, link),
        **kwargs,
    )


def _new_form(request, links):
    """A form with me, today, and what the address says: school, need or an activity to copy."""
    initial = {"when": "today", "client_uuid": uuid4()}
    link = _link_of(request.GET.get("school"), links)
    if need := _need_of(request):
        link = _link_of(need.school_link_id, links)
        initial["needs"] = [need.pk]
    if activity := _like(request):
        place = activity.at_schools.first()
        link = _link_of(place.school_link_id, links)
        initial = comparing.initial(activity, place, choices.types()) | initial
        initial |= {"date": None, **dict.fromkeys(_counts(initial))}
    initial["school"] = link.pk if link else None
    initial.setdefault("provider", actions.own_provider(link, request.user) if link else None)
    return _form(request, links, link, initial=initial)


def _counts(initial):
    return [name for name in initial if name.endswith("_actual")]


def _kept_form(request, links):
    """What has been written so far, unchecked, while a school is being chosen."""
    ticked = [pk for pk in request.POST.getlist("needs") if pk.isdecimal() and len(pk) <= 18]
    kept = request.POST.dict() | {"needs": ticked}
    link = None if "change" in request.POST else _link_of(kept.get("school"), links)
    kept["school"] = link.pk if link else None
    return _form(request, links, link, initial=kept)


def _link_of(pk, links):
    pk = str(pk or "")
    return links.filter(pk=int(pk[:18])).first() if pk.isascii() and pk.isdecimal() else None


def _offered(request, links, link):
    """The schools that the field holds from the start: found by words, else the last ones."""
    words = request.POST.get("school_words", "").strip()
    found = links.matching(words) if words else links.filter(pk__in=_recent(request.user))
    if not words and not found:
        found = links
    rows = {row.pk: row for row in found[:MOST_OFFERED]}
    if link:
        rows.setdefault(link.pk, link)
    return [(row.pk, _named(row)) for row in rows.values()]


def _named(link):
    town = link.school.current.town if link.school.current else ""
    return ", ".join(filter(None, [link.school.name, town]))


def _recent(user):
    return ActivitySchool.objects.visible_to(user).last_visited_by(user, RECENT)


def _need_of(request):
    pk = request.GET.get("need", "")
    if not pk:
        return None
    needs = Need.objects.visible_to(request.user)
    return get_object_or_404(needs, pk=int(pk[:18]) if pk.isdecimal() else 0)


def _like(request):
    pk = request.GET.get("like", "")
    if not pk:
        return None
    rows = Activity.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows, pk=int(pk[:18]) if pk.isdecimal() else 0)


# --- what follows the school ---------------------------------------------------------------
@require_POST
def log_about(request):
    """Answer a part of the page: what follows the chosen school, or the proposed strand alone."""
    if not partnership_ids_where(request.user, LOG):
        raise PermissionDenied
    links = choices.links(request.user).select_related("school__current", "partnership")
    form = _kept_form(request, links)
    part = "_strand_said" if "strand" in request.GET else "_about_school"
    return render(request, f"activities/{part}.html", {"form": form, **about(form)})


def about(form):
    """What a form knows of its school: the proposed strand and its reason, and the last visits."""
    strand, reason = propose(form, form.link)
    last = []
    if form.link:
        rows = ActivitySchool.objects.visible_to(form.user)
        last = rows.latest_at(form.link, 3)
    return {"proposed": strand, "proposed_reason": reason, "last": last}


def propose(form, link):
    """The strand that the form as it stands would be given."""
    if link is None:
        return None, "Choose a school first."
    kind = form.type_now
    if kind is None:
        return None, "Choose what it was first."
    adapted = bool(form["adapted_from"].value())
    return strands.propose(kind, form.needs_now, link.status_on(form.day_now), adapted=adapted)


def _show(request, form):
    key = form["client_uuid"].value()
    if not isinstance(key, UUID) and not key:
        form.initial["client_uuid"] = uuid4()
    return render(request, "activities/log.html", {"nav": "log", "form": form, **about(form)})
