"""Pages of the register's files: what one changes, what they changed at a partnership's schools."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from core import audit
from core.exports import columns_values, csv_response
from core.limits import EXPORTS, limited
from dashboards import register_changes as reading
from partnerships.models import Partnership, SchoolLink
from partnerships.rules import works_anywhere
from schools import changes as words
from schools.models import RegisterRun

PER_PAGE = 50


@require_GET
def run(request, pk):
    """Show what a file changes or changed in the register, and at the schools one works with."""
    row = get_object_or_404(RegisterRun.objects.select_related("by", "undone_by"), pk=pk)
    kind = words.BY_NAME.get(request.GET.get("kind", ""))
    ours, entries = reading.impact_of(row, request.user)
    return render(
        request,
        "dashboards/run.html",
        {
            "nav": "schools",
            "run": row,
            "kinds": words.count_kinds(row.changes.all()),
            "kind": kind,
            "ours": ours,
            "entries": entries,
            "has_schools": works_anywhere(request.user) or bool(entries),
            "can_write": request.user.is_staff,
            **_standing(row),
            **_page(row, kind, request.GET.get("after", "")),
        },
    )


@require_GET
@limited(EXPORTS)
def run_download(request, pk):
    """What a file changes or changed in the whole register, a row for each field."""
    row = get_object_or_404(RegisterRun, pk=pk)
    count = row.changes.count()
    audit.record("register_run.exported", row, by=request.user, changes={"rows": count})
    rows = columns_values(reading.rows_of(row.changes.all()), reading.COLUMNS)
    cover = reading.cover_of(row, request.user, important=False, count=count)
    return csv_response(f"register-run-{row.pk}", cover, reading.COLUMNS, rows)


def _standing(run):
    """Whether it can still be applied, or undone."""
    last = RegisterRun.objects.last_applied()
    return {"is_last": last == run, "is_overtaken": run.follows_id != (last.pk if last else None)}


def _page(run, kind, after):
    changes = run.changes.filter(kind.holds) if kind else run.changes.filter(words.IMPORTANT)
    changes = changes.select_related("establishment__school").order_by("pk")
    if after.isdecimal():
        changes = changes.filter(pk__gt=int(after[:18]))
    cut = list(changes[: PER_PAGE + 1])
    return {
        "changes": [_line(change) for change in cut[:PER_PAGE]],
        "after": cut[PER_PAGE - 1].pk if len(cut) > PER_PAGE else None,
        "is_later_page": bool(after),
    }


def _line(change):
    return {
        "row": change.establishment,
        "what": words.label_of(change.field),
        "was": words.value_of(change.field, change.old),
        "is": words.value_of(change.field, change.new),
    }


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
    cover = reading.cover_of(partnership, request.user, important=important, count=count)
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
