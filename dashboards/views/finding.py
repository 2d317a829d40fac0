"""The list of schools under a filter, its files, and the search over everything."""

from functools import partial

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from core import jobs
from core.exports import FORMATS, in_rows
from core.limits import EXPORTS, SEARCHES, limited
from dashboards import actions, exports, finding, tasks
from dashboards.contents import CONTENTS
from schools import counts
from schools.models import RegisterRun, School
from schools.pages import Page, edge_in, page_of

KEYS = ("after", "before")


@require_GET
@limited(SEARCHES)
def schools(request):
    """The register, page by page, narrowed by what the filter says."""
    run = RegisterRun.objects.with_edition().shown()
    form = finding.FinderForm(request.GET, user=request.user)
    page, found = Page([], None, None), None
    if form.is_valid():
        found = finding.find(
            School.objects.visible_to(request.user), request.user, form.cleaned_data
        )
        page = _page(request, found)
    chips = list(chips_of(request, form))
    number = counts_for(run, form, found)
    form.offer(number)
    context = {
        "nav": "schools",
        "form": form,
        "found": found,
        "page": page,
        "lines": finding.lines(page.rows, found),
        "count": number.total if found else 0,
        "chips": chips,
        "run": run,
        "query": without(request.GET, *KEYS),
        "contents": [(code, held.LABEL) for code, held in CONTENTS.items()],
    }
    return render(request, "dashboards/schools.html", context)


def _page(request, found):
    return page_of(
        found.schools,
        order=found.order,
        shown=partial(finding.with_facts, user=request.user),
        after=edge_in(request, "after"),
        before=edge_in(request, "before"),
    )


def counts_for(run, form, found):
    """How many schools each choice leaves; of all open ones where the filter is wrong."""
    if not form.is_valid():
        return counts.of_open(run and run.edition)
    return counts.count(found.base, found.wanted, shared_as=_shared_as(run, form))


def _shared_as(run, form):
    """What the counts are kept under: they are the same for everyone, or not kept."""
    if run is None or form.cleaned_data.get("with_us"):
        return None
    return repr((run.edition, sorted(form.cleaned_data.items())))


def without(query, *names, **parts):
    """The address's query without some of its parts, or without one value of a part."""
    query = query.copy()
    for name in names:
        query.pop(name, None)
    for name, value in parts.items():
        query.setlist(name, [held for held in query.getlist(name) if held != value])
    return query.urlencode()


def chips_of(request, form):
    """Yield what the filter says, each with the address that has it no longer."""
    for name, value, label, words in form.chosen() if form.is_valid() else ():
        several = len(request.GET.getlist(name)) > 1
        dependent = {"place": ("miles",), "measure": ("quintile",)}.get(name, ())
        rest = (
            without(request.GET, *KEYS, **{name: value})
            if several
            else without(request.GET, *KEYS, *dependent, name)
        )
        yield {"label": label, "words": words, "url": f"?{rest}"}


@require_POST
@limited(EXPORTS)
def export_schools(request):
    """Hand out a file of exactly the schools of the filter; one of many rows becomes a job."""
    form, query = finding.FinderForm(request.GET, user=request.user), without(request.GET, *KEYS)
    format, contents = request.POST.get("format"), request.POST.get("contents", "schools")
    if not form.is_valid() or format not in FORMATS or contents not in CONTENTS:
        return redirect(f"{reverse('dashboards:schools')}?{query}")
    found = finding.find(School.objects.visible_to(request.user), request.user, form.cleaned_data)
    number = CONTENTS[contents].count(found.schools)
    if exports.is_long(found.schools, number):
        return redirect(_export_later(request.user, query, format, contents, number))
    actions.note_export_schools(
        form.noted(),
        contents=contents,
        format=format,
        rows=number,
        partnerships=finding.concerned(request.user, form),
        by=request.user,
    )
    cover = exports.cover_of(request.user, form, contents, number)
    return exports.respond(format, contents, cover, found.order.of(found.schools))


def _export_later(user, query, format, contents, number):
    return jobs.enqueue(
        tasks.export_schools,
        title=f"{CONTENTS[contents].LABEL}: {in_rows(number)}",
        by=user,
        params={"query": query, "format": format, "contents": contents},
    )
