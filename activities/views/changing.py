"""Pages that change an activity: edit, cancel, say which needs it answers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from activities import actions, choices, comparing
from activities.checks import Problem
from activities.forms import CancelForm, EditForm, LinkNeedsForm
from activities.models import Activity
from activities.rules import CANCEL, EDIT, LINK_NEEDS
from activities.views.writing import propose, warn_of_years
from core.versions import Stale
from partnerships.models import Strand


def _find(request, pk, verb):
    rows = Activity.objects.visible_to(request.user).with_names()
    activity = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm(verb, activity):
        raise PermissionDenied
    place = activity.at_schools.select_related("school_link__school__current").get()
    return activity, place


def _sent(request):
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    """Change an activity; where somebody else saved meanwhile, show what differs first."""
    activity, place = _find(request, pk, EDIT)
    initial = comparing.initial(activity, place, choices.types())
    if request.GET.get("status") == "delivered":
        initial["status"] = "delivered"
    form = EditForm(_sent(request), user=request.user, link=place.school_link, initial=initial)
    differences = []
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.edit(activity, version=version, by=request.user, **form.details())
        except Problem as problem:
            _tell(form, problem)
        except Stale as stale:
            differences = _set_aside(form, stale.current, place)
        else:
            return _saved(request, activity, place, form.cleaned_data)
    strand, reason = propose(form, place.school_link)
    context = {
        "nav": "activities",
        "form": form,
        "activity": activity,
        "place": place,
        "differences": differences,
        "proposed": strand,
        "proposed_reason": reason,
    }
    return render(request, "activities/edit.html", context)


def _saved(request, activity, place, data):
    messages.success(request, f"Saved. “{data['summary']}” is up to date.")
    warn_of_years(request, activity, place.school_link, data["headcounts"])
    return redirect(activity)


def _tell(form, problem):
    field = {"starts_on": "date", "headcounts": None}.get(problem.field, problem.field)
    form.add_error(field if field in form.fields else None, str(problem))


def _set_aside(form, current, place):
    """Let the next save go over the newer version, with what differs in view."""
    form.data = form.data.copy()
    form.data["version"] = current.version
    names = dict(Strand.objects.values_list("code", "name"))
    now = comparing.details_of(current, place)
    return comparing.differences(now, form.details(), names)


@require_http_methods(["GET", "POST"])
def cancel(request, pk):
    """Take an activity out of the work done, with its reason."""
    activity, place = _find(request, pk, CANCEL)
    form = CancelForm(_sent(request), label_suffix="", initial={"version": activity.version})
    if form.is_valid():
        try:
            actions.cancel(activity, by=request.user, **form.cleaned_data)
        except Problem as problem:
            form.add_error("reason", str(problem))
        except Stale as stale:
            form.data = form.data.copy()
            form.data["version"] = stale.current.version
            form.add_error(None, "Somebody else changed this meanwhile. Look again, then cancel.")
            activity = stale.current
        else:
            messages.success(request, f"Cancelled: “{activity.summary}” at {place.school_link}.")
            return redirect(activity)
    context = {"nav": "activities", "form": form, "activity": activity, "place": place}
    return render(request, "activities/cancel.html", context)


@require_http_methods(["GET", "POST"])
def link_needs(request, pk):
    """Say afterwards which needs an activity answers."""
    activity, place = _find(request, pk, LINK_NEEDS)
    linked = set(place.answers.values_list("need", flat=True))
    form = LinkNeedsForm(_sent(request), user=request.user, link=place.school_link, linked=linked)
    if form.is_valid():
        try:
            needs = list(form.cleaned_data["needs"])
            actions.link_needs(activity, needs=needs, by=request.user)
        except Problem as problem:
            form.add_error("needs", str(problem))
        else:
            names = ", ".join(need.area.name for need in needs)
            messages.success(request, f"Linked. “{activity.summary}” answers: {names}.")
            return redirect(activity)
    context = {"nav": "activities", "form": form, "activity": activity, "place": place}
    return render(request, "activities/link_needs.html", context)
