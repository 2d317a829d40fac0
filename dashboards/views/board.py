"""The needs boards of a hub and of a partnership, and the way to them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core import audit
from core.exports import Column, Cover, Sheet, file_response, format_in
from core.limits import EXPORTS, limited
from dashboards import board, grid
from needs import summaries, years
from needs.models import Value
from needs.rules import RATE, RECOMPUTE
from partnerships.models import Hub, Partnership, SchoolLink

COLUMNS = (
    Column("school", "School"),
    Column("area", "Need area"),
    Column("school_says", "School says", empty="Not rated"),
    Column("partner_says", "Partnership says", empty="Not rated"),
    Column("activities", "Activities in the school year", kind="number"),
)


@require_GET
def needs_home(request):
    """Lead staff to the board they asked for or to their first hub's, a school lead home."""
    hubs = Hub.objects.visible_to(request.user).select_related("partnership")
    partnerships = list(Partnership.objects.visible_to(request.user))
    if not partnerships:
        return _lead_home(request)
    year = years.read_year(request.GET.get("year"))
    kind, _, pk = request.GET.get("board", "").partition("-")
    if pk.isdecimal() and kind in ("hub", "partnership"):
        return redirect(f"{reverse(f'dashboards:{kind}_board', args=[int(pk[:18])])}?year={year}")
    own = hubs.filter(memberships__user=request.user, memberships__ended_on=None).first()
    if own:
        return redirect(own)
    if len(partnerships) == 1:
        return redirect("dashboards:partnership_board", pk=partnerships[0].pk)
    return render(
        request,
        "dashboards/board_choose.html",
        {"nav": "needs", "partnerships": partnerships, "hubs": hubs},
    )


def _lead_home(request):
    links = list(SchoolLink.objects.visible_to(request.user).with_names())
    if not links:
        raise PermissionDenied
    return redirect(links[0] if len(links) == 1 else "dashboards:home")


@require_GET
def hub_board(request, pk):
    """The needs of a hub's schools: ranked, by school and area, and what is left alone."""
    hub = _hub(request, pk)
    scope = board.Scope(request.user, hub.partnership, _year(request), hub)
    if request.htmx:
        return _progress(request, scope)
    ratings, counts, needs = board.cells_of(scope)
    schools, areas = scope.schools, board.areas_in_use()
    return render(
        request,
        "dashboards/board.html",
        _page(request, scope)
        | {
            "title": hub.name,
            "schools": len(schools),
            "areas": len(areas),
            "rated": bool(ratings),
            "grid": _grid(request, scope, schools, areas, (ratings, counts, needs)),
        },
    )


@require_GET
def partnership_board(request, pk):
    """The needs of all schools of a partnership, and of its hubs side by side."""
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), pk=pk)
    scope = board.Scope(request.user, partnership, _year(request))
    if request.htmx:
        return _progress(request, scope)
    ratings, counts, needs = board.cells_of(scope)
    schools, areas = scope.schools, board.areas_in_use()
    small = len(schools) <= board.MOST_SCHOOLS
    cells = (ratings, counts, needs)
    return render(
        request,
        "dashboards/board.html",
        _page(request, scope)
        | {
            "title": partnership.name,
            "schools": len(schools),
            "areas": len(areas),
            "rated": bool(ratings),
            "by_hub": board.hubs_of(scope),
            "grid": _grid(request, scope, schools, areas, cells) if small else "",
        },
    )


def _hub(request, pk):
    hubs = Hub.objects.visible_to(request.user).select_related("partnership")
    return get_object_or_404(hubs, pk=pk)


def _year(request):
    return years.read_year(request.GET.get("year"))


def _grid(request, scope, schools, areas, cells):
    may_rate = request.user.has_perm(RATE, scope.partnership)
    return grid.build(schools, areas, *cells, year=scope.school_year, may_rate=may_rate)


def _page(request, scope):
    """What both boards show; the job is read first, so that its end is never missed."""
    job = summaries.latest_job(scope.partnership.pk, scope.school_year)
    ranked, as_at = board.ranked_of(scope)
    unanswered, unanswered_in_all = board.unanswered_of(scope)
    unlinked, unlinked_in_all, activities_in_all = board.unlinked_of(scope)
    hub = f"&hub={scope.hub.pk}" if scope.hub else ""
    shown = f"hub-{scope.hub.pk}" if scope.hub else f"partnership-{scope.partnership.pk}"
    return {
        "nav": "needs",
        "scope": scope,
        "year": scope.school_year,
        "years": years.choices(scope.school_year),
        "boards": board.boards_of(request.user),
        "board": shown,
        "ranked": ranked,
        "unanswered": unanswered,
        "unanswered_in_all": unanswered_in_all,
        "unlinked": unlinked,
        "unlinked_in_all": unlinked_in_all,
        "activities_in_all": activities_in_all,
        "where": f"year={scope.school_year}{hub}",
        "may_rate": request.user.has_perm(RATE, scope.partnership),
        **_figures(request, scope, as_at, job),
    }


def _figures(request, scope, as_at, job):
    """When the figures were true, whether ratings changed since, and the job that runs."""
    last = board.last_rated(scope)
    return {
        "as_at": as_at,
        "changed_since": bool(last and as_at and last > as_at),
        "job": job,
        "job_runs": job is not None and not job.is_ended,
        "may_recompute": request.user.has_perm(RECOMPUTE, scope.partnership),
    }


def _progress(request, scope):
    """What the page asks for while figures are made: how far, or to be loaded anew."""
    job = summaries.latest_job(scope.partnership.pk, scope.school_year)
    if job is None or job.is_ended:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "dashboards/_board_progress.html", {"job": job})


@require_GET
@limited(EXPORTS)
def hub_board_download(request, pk):
    """The hub's schools by need area as a file; the same rows as the page."""
    hub = _hub(request, pk)
    scope = board.Scope(request.user, hub.partnership, _year(request), hub)
    kind = format_in(request.GET)
    rows = board.table_of(scope)
    audit.record(
        "needs.exported", hub, by=request.user, changes={"year": scope.school_year, "kind": kind}
    )
    name = f"needs-{hub.name}-{scope.school_year}"
    return file_response(kind, name, _cover(request, scope), Sheet("Needs", COLUMNS, rows))


def _cover(request, scope):
    year = scope.school_year
    return Cover.inside(
        f"Needs of {scope.hub.name}, {year} to {year + 1}",
        request.user,
        filters=(f"Schools that {scope.hub.name} looks after on {scope.day:%d/%m/%Y}.",),
        definitions=(
            f"{Value.RED.label}: not in place or urgent. {Value.AMBER.label}: partly. "
            f"{Value.GREEN.label}: secure.",
            "Activities: planned or delivered in the school year and linked to a need of the area.",
        ),
    )
