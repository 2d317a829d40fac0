"""The trusts that run schools: finding one, its page, and its schools as a file."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from core.exports import Cover, Sheet, file_response, format_in, in_rows
from core.limits import EXPORTS, SEARCHES, limited
from dashboards import trust as reading
from dashboards.forms import FindTrustForm
from schools import actions
from schools.models import Group, LoadedFile, RegisterRun
from schools.pages import edge_in, page_of

PER_PAGE = 50


@require_GET
@limited(SEARCHES)
def trusts(request):
    """List the trusts by name, narrowed by words."""
    form = FindTrustForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = Group.objects.visible_to(request.user).trusts().named(words)
    page = page_of(
        found.select_related("type", "status"),
        after=edge_in(request, "after"),
        before=edge_in(request, "before"),
        size=PER_PAGE,
    )
    context = {
        "nav": "schools",
        "form": form,
        "words": words,
        "total": found.count(),
        "rows": reading.with_schools(page.rows),
        "page": page,
        "stamps": _stamps(),
    }
    return render(request, "dashboards/trusts.html", context)


@require_GET
def trust(request, uid):
    """Show what a trust is, the schools in it, and those that were."""
    group = _find(request.user, uid)
    current, former = reading.schools_of(group, request.user)
    return render(
        request,
        "dashboards/trust.html",
        {
            "nav": "schools",
            "group": group,
            "current": current,
            "former": former,
            "ours": sum(bool(line.links) for line in current),
            "stamps": _stamps(),
        },
    )


@require_POST
@limited(EXPORTS)
def export_trust(request, uid):
    """Hand out the schools of a trust as a file; the same rows as the page."""
    group = _find(request.user, uid)
    format, rows = format_in(request.POST), list(reading.table_of(group))
    actions.note_export(group, format=format, rows=len(rows), by=request.user)
    cover = _cover(request.user, group, len(rows))
    sheet = Sheet("Schools", reading.COLUMNS, rows)
    return file_response(format, f"trust-{group.uid}", cover, sheet)


def _cover(user, group, count):
    return Cover.inside(
        f"Schools of {group.name}: {in_rows(count)}",
        user,
        filters=(f"Schools in {group.name} (UID {group.uid}) now or before.",),
        data_dates=_stamps(),
        definitions=("One row is one register number. Facts are those of the public register.",),
    )


def _stamps():
    """Where the facts come from, and when they were true."""
    run = RegisterRun.objects.shown()
    file = LoadedFile.objects.last(LoadedFile.Kind.GROUPS)
    return [source.stamp for source in (run, file) if source]


def _find(user, uid):
    groups = Group.objects.visible_to(user).select_related("type", "status")
    return get_object_or_404(groups, uid=uid.replace("\0", ""))
