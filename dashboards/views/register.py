"""Pages of the register's files: what one changes, what they changed at a partnership's schools."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core import audit
from core.exports import columns_values, csv_response
from core.limits import EXPORTS, limited
from dashboards import register_changes as reading
from dashboards import run_lists
from dashboards.run_impact import impact_of
from partnerships.models import Partnership, SchoolLink
from partnerships.rules import works_anywhere
from schools.models import RegisterRun


@require_GET
def run(request, pk):
    """Show what a file changes or changed in the register, and at the schools one works with."""
    row = get_object_or_404(RegisterRun.objects.select_related("by", "undone_by"), pk=pk)
    kind = run_lists.kind_of(row, request.GET.get("kind", ""))
    impact = impact_of(row, request.user)
    return render(
        request,
        "dashboards/run.html",
        {
            "nav": "schools",
            "run": row,
            "kinds": run_lists.counts_of(row),
            "kind": kind,
            "impact": impact,
            "has_schools": works_anywhere(request.user) or bool(impact.schools),
            "can_write": request.user.is_staff,
            **_standing(row),
            **_page(row, kind, request.GET.get("after", "")),
        },
    )


def _standing(run):
    """Whether it can still be applied, or undone, and what came in since it was looked at."""
    last = RegisterRun.objects.last_applied()
    is_looked_at = run.state == RegisterRun.State.PREVIEWED
    return {
        "is_last": last == run,
        "is_held": run.state in run_lists.HELD,
        "is_overtaken": run.follows_id != (last.pk if last else None),
        "links_since": run_lists.links_since(run) if is_looked_at else None,
    }


def _page(run, kind, after):
    listing = run_lists.listing_of(run, kind)
    lines, next_key = run_lists.page_of(run, listing, after)
    return {
        "listing": listing,
        "lines": lines,
        "after": next_key,
        "is_later_page": bool(after),
    }


@require_GET
@limited(EXPORTS)
def run_download(request, pk):
    """What a file does in the whole register: every changed field, or the rows of one kind."""
    row = get_object_or_404(RegisterRun, pk=pk)
    kind = run_lists.kind_of(row, request.GET.get("kind", ""))
    if kind:
        listing = run_lists.listing_of(row, kind)
        found, columns, which = listing.rows, listing.columns, f"Only: {kind.label}."
    else:
        found, columns = reading.rows_of(row.changes.all()), reading.COLUMNS
        which = "Every field that was changed."
    count = found.count()
    audit.record("register_run.exported", row, by=request.user, changes={"rows": count})
    cover = reading.cover_of(row, request.user, which=which, count=count)
    return csv_response(f"register-run-{row.pk}", cover, columns, columns_values(found, columns))


@require_GET
def register_changes(request, pk):
    """List what the register's files changed at a partnership's schools, newest first."""
    partnership, changes, important = _asked(request, pk)
    entries, next_key = reading.entries_of(changes, after=_key(request.GET.get("after", "")))
    return render(
        request,
        "dashboards/register_changes.html",
        {
            "nav": "schools",
            "partnership": partnership,
            "entries": entries,
            "important": important,
            "is_later_page": "after" in request.GET,
            "after": "{}.{}".format(*next_key) if next_key else None,
        },
    )


@require_GET
@limited(EXPORTS)
def register_changes_download(request, pk):
    """The same list as a file, a row for each field that changed."""
    partnership, changes, important = _asked(request, pk)
    count = changes.count()
    audit.record(
        "register_changes.exported",
        partnership,
        by=request.user,
        changes={"important": important, "rows": count},
        partnership_id=partnership.pk,
    )
    which = "Only closures, openings, moves and names." if important else "Every field."
    cover = reading.cover_of(partnership, request.user, which=which, count=count)
    rows = columns_values(reading.rows_of(changes), reading.COLUMNS)
    return csv_response("register-changes", cover, reading.COLUMNS, rows)


def _asked(request, pk):
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), pk=pk)
    important = request.GET.get("show") != "all"
    links = SchoolLink.objects.visible_to(request.user).filter(partnership=partnership)
    return partnership, reading.changes_at(links, important=important), important


def _key(word):
    run, _, row = word.partition(".")
    return (int(run[:18]), int(row[:18])) if run.isdecimal() and row.isdecimal() else None
