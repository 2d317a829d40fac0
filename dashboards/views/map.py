"""The map of schools: the page, the places it draws, a plain picture, a card for one school."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from core import limits
from dashboards import finding
from dashboards import map as places
from dashboards.finding import FinderForm
from dashboards.views.finding import chips_of, counts_for, without
from schools import lineage
from schools.models import RegisterRun, School
from schools.places import METRES, miles_from

LISTED = 25
COUNTED = 5_000
KEYS = ("box", "after", "before")
KEPT = "private, max-age=86400, immutable"


@require_GET
@limits.limited(limits.SEARCHES)
def school_map(request):
    """All schools as faint dots, ours standing out; the list beside says the same."""
    run = RegisterRun.objects.with_edition().shown()
    form, found = _found(request)
    form.offer(counts_for(run, form, found))
    ours = places.ours_of(request.user)
    box = places.box_of(request.GET.get("box", ""))
    shown = places.within(found.schools, box) if box else found.schools
    mine = _first(shown.filter(pk__in=ours), found, ours)
    others = _first(shown.exclude(pk__in=ours), found, ours)
    context = {
        "nav": "schools",
        "form": form,
        "ours": mine,
        "others": others,
        "listed": len(mine) + len(others),
        "near": found.near,
        "total": shown.order_by()[: COUNTED + 1].count(),
        "counted": COUNTED,
        "box": box,
        "query": without(request.GET, *KEYS),
        "run": run,
    }
    if request.htmx:
        return render(request, "dashboards/_map_list.html", context)
    context |= {"chips": list(chips_of(request, form)), **_drawing(request, run, form, found, ours)}
    return render(request, "dashboards/map.html", context)


def _found(request):
    form = FinderForm(request.GET, user=request.user)
    if not form.is_valid():
        return form, finding.NOTHING
    schools = School.objects.visible_to(request.user)
    return form, finding.find(schools, request.user, form.cleaned_data)


def _first(schools, found, ours):
    """The first few in the order of the list: (school, what it is, miles or None, what follows)."""
    ordered = schools.annotate(**found.order.computed).order_by(*found.order.keys)
    rows = list(ordered.for_list()[:LISTED])
    followed = lineage.successors_of_closed(rows)
    return [
        (school, _about(school, ours), _miles(school, found.near), followed.get(school.pk, ()))
        for school in rows
    ]


def _about(school, ours):
    return ours[school.pk].in_words if school.pk in ours else str(school.phase or "")


def _miles(school, near):
    if near is None or school.easting is None:
        return None
    return miles_from(near, school.easting, school.northing)


def _drawing(request, run, form, found, ours):
    """What the script and the picture are told."""
    query, edition = without(request.GET, *KEYS), run.edition if run else "0"
    is_narrowed = form.is_valid() and any(form.chosen())
    return {
        "drawing": {
            "places": f"{reverse('dashboards:map_places')}?edition={edition}",
            "matches": f"{reverse('dashboards:map_matches')}?{query}" if is_narrowed else "",
            "list": f"{reverse('dashboards:map')}?{query}",
            "card": reverse("dashboards:map_card", args=[0]),
            "ours": [school.as_mark() for school in ours.values()],
            "near": _ring(found),
        },
        "edition": edition,
        "kinds": places.KINDS,
    }


def _ring(found):
    """The place that distances are counted from, and how far, in metres; None where none is."""
    if found.near is None:
        return None
    reach = round((found.wanted.miles or 0) * METRES)
    return [found.near.easting, found.near.northing, reach]


@require_GET
@gzip_page
def map_places(request):
    """The places of all open schools, the same for everybody until the register changes."""
    answer = JsonResponse(places.places_of(School.objects.visible_to(request.user).open()))
    answer["Cache-Control"] = KEPT
    return answer


@require_GET
@limits.limited(limits.SEARCHES)
@gzip_page
def map_matches(request):
    """The ids of the schools that the filter leaves."""
    _, found = _found(request)
    return JsonResponse({"ids": list(found.schools.order_by().values_list("pk", flat=True))})


@require_GET
@gzip_page
def map_picture(request):
    """The country drawn by its schools, for browsers without scripts and for print."""
    dots = places.dots_of(School.objects.visible_to(request.user).open())
    marks = "".join(
        f'<circle cx="{mark.easting / places.KILOMETRE:.1f}" '
        f'cy="{places.TOP - mark.northing / places.KILOMETRE:.1f}" r="4"/>'
        for mark in places.ours_of(request.user).values()
    )
    return HttpResponse(PICTURE.format(dots=dots, marks=marks), content_type="image/svg+xml")


PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="80 40 590 660">'
    '<path d="{dots}" fill="none" stroke="#7b8f96" stroke-width="1.6" stroke-linecap="round" '
    'stroke-opacity=".6"/>'
    '<g fill="#1b7f95" stroke="#ffffff" stroke-width="1">{marks}</g></svg>'
)


@require_GET
def map_card(request, pk):
    """A few facts about one school, for the place on the map that was chosen."""
    schools = School.objects.visible_to(request.user).for_list()
    school = get_object_or_404(schools, pk=pk)
    row, ours = school.current, places.ours_of(request.user).get(school.pk)
    facts = [
        ours.in_words if ours else "",
        str(school.phase or ""),
        row.town if row else "",
        f"{row.scheme} {row.code}" if row else "",
        lineage.now_in_words(school, lineage.successors_of_closed([school]).get(school.pk, ())),
    ]
    return JsonResponse(
        {
            "name": school.name,
            "url": school.get_absolute_url(),
            "facts": [fact for fact in facts if fact],
        }
    )
