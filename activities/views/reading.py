"""The list of activities, its files, and one activity with its history."""

from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from activities import actions, exports, history, pages, tasks
from activities.filters import ActivityFilter
from activities.models import Activity, ActivityNeed
from activities.rules import EDIT, EXPORT, LOG, READ, partnership_ids_where
from core import jobs
from core.exports import FORMATS
from core.limits import EXPORTS, limited

KEYS = ("after", "before", "of")


def _filterset(request, ids):
    rows = Activity.objects.visible_to(request.user).filter(partnership__in=ids)
    return ActivityFilter(request.GET, rows, request=request)


@require_GET
def activity_list(request):
    """List the activities of a person's partnerships under a filter, newest first."""
    ids = partnership_ids_where(request.user, READ)
    if not ids:
        raise PermissionDenied
    filterset = _filterset(request, ids)
    place = pages.place_of(request.GET)
    known = _known_count(request, place)
    rows = filterset.qs.annotate(
        in_all=Value(known) if known is not None else filterset.qs.as_count()
    )
    found, newer, older = pages.page_of(rows, place, exports.page_rows)
    count = found[0]["in_all"] if found else known or 0
    chips = list(_chips(request, filterset))
    context = {
        "filter": filterset,
        "rows": found,
        "count": count,
        "chips": chips,
        "names_partnerships": len(ids) > 1,
        "newer": pages.link_to(request.GET, count, before=found[0]) if found and newer else None,
        "older": pages.link_to(request.GET, count, after=found[-1]) if found and older else None,
        "may_log": bool(partnership_ids_where(request.user, LOG)),
        "may_export": partnership_ids_where(request.user, EXPORT) == ids and count > 0,
        "query": _without(request, *KEYS),
    }
    return render(request, "activities/list.html", context)


def _known_count(request, place):
    """The count that the first page worked out, taken along to the others."""
    number = request.GET.get("of", "")
    return int(number[:9]) if place and number.isascii() and number.isdecimal() else None


def _without(request, *names, **parts):
    """The address's query without some of its parts, or without one value of a part."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    for name, value in parts.items():
        query.setlist(name, [held for held in query.getlist(name) if held != str(value)])
    return query.urlencode()


def _chips(request, filterset):
    for name, value, label, words in filterset.chosen():
        several = len(request.GET.getlist(name)) > 1
        rest = (
            _without(request, *KEYS, **{name: value}) if several else _without(request, *KEYS, name)
        )
        yield {"label": label, "words": words, "url": f"?{rest}"}


@require_POST
@limited(EXPORTS)
def export(request):
    """Hand out exactly the rows of the filter as a file; many of them become a job."""
    ids = partnership_ids_where(request.user, EXPORT)
    if not ids:
        raise PermissionDenied
    filterset, query = _filterset(request, ids), _without(request, *KEYS)
    format = request.POST.get("format")
    if not filterset.form.is_valid() or format not in FORMATS:
        return redirect(f"{reverse('activities:list')}?{query}")
    count = filterset.qs.count()
    if count > exports.MOST_AT_ONCE:
        return redirect(_export_later(request.user, query, format, count))
    chosen = filterset.noted()
    actions.note_export(chosen, format=format, rows=count, partnerships=ids, by=request.user)
    cover = exports.cover_of(request.user, filterset, count)
    return exports.respond(format, cover, filterset.qs.newest_first())


def _export_later(user, query, format, count):
    return jobs.enqueue(
        tasks.export_activities,
        title=f"Export of {count:,} activities",
        by=user,
        params={"query": query, "format": format},
    )


@require_GET
def detail(request, pk):
    """Show one activity: its facts, what it answers, who came, and what was done to it."""
    rows = Activity.objects.visible_to(request.user).with_names()
    activity = get_object_or_404(rows, pk=pk)
    place = activity.at_schools.select_related("school_link__school", "establishment", "hub").get()
    answers = ActivityNeed.objects.visible_to(request.user).filter(activity_school=place)
    context = {
        "activity": activity,
        "place": place,
        "answers": answers.select_related("need__area").order_by("need__area__order"),
        "headcounts": place.headcounts.all(),
        "providers": activity.providers.select_related("provider"),
        "history": history.events_of(activity),
        "may_edit": request.user.has_perm(EDIT, activity),
        "is_due": activity.status == "planned" and activity.starts_on <= timezone.localdate(),
    }
    return render(request, "activities/detail.html", context)
