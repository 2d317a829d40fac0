"""Pages of the public register: the suggestions while typing, its files, and how fresh it is."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import limits
from schools import actions, lineage, search
from schools.forms import RegisterFileForm
from schools.models import LoadedFile, RegisterFetch, RegisterRun, School
from schools.register import Refused

SUGGESTIONS = 10
RUNS = 20


@require_GET
@limits.limited(limits.SUGGESTIONS)
def school_typeahead(request):
    """Up to ten schools for what has been typed so far, best first."""
    words = request.GET.get("q", "")[:200]
    rows = []
    if words.strip():
        visible = School.objects.visible_to(request.user).for_choice()
        rows = search.suggest(visible, words, most=SUGGESTIONS)
    followed = lineage.successors_of_closed(rows)
    return JsonResponse(
        {"results": [_suggestion(school, followed.get(school.pk, ())) for school in rows]}
    )


def _suggestion(school, successors):
    row = school.current
    place = " ".join(part for part in (row.town, row.postcode) if part) if row else ""
    now = lineage.now_in_words(school, successors)
    facts = [place, f"{row.scheme} {row.code}" if row else "", now]
    name = ", ".join(part for part in (school.name, row.town if row else "") if part)
    ended = "" if school.is_open else f" ({school.get_standing_display().lower()})"
    return {
        "id": school.pk,
        "name": name + ended,
        "text": " · ".join(fact for fact in facts if fact),
        "url": school.get_absolute_url(),
    }


@require_GET
def register_status(request):
    """When the register was last brought up to date, and what each file changed."""
    return _register_page(request, RegisterFileForm())


@require_http_methods(["GET", "POST"])
def upload_register(request):
    """Take the DfE's file from a site administrator; a worker looks at what it changes."""
    _must_be_administrator(request.user)
    form = RegisterFileForm()
    if request.method == "POST":
        form = RegisterFileForm(request.POST, request.FILES)
    if form.is_valid():
        values = form.cleaned_data
        return redirect(
            actions.upload_register(values["file"], by=request.user, reason=values["reason"])
        )
    return _register_page(request, form)


@require_POST
def apply_run(request, pk):
    """Apply the changes of a file that was looked at, as a job."""
    run = _find_run(request, pk)
    return _act(request, run, actions.apply_run)


@require_POST
def drop_run(request, pk):
    """Leave a file's changes; the register stays as it is."""
    run = _find_run(request, pk)
    return _act(request, run, actions.drop_run, said="Not applied. The register is as it was.")


@require_http_methods(["GET", "POST"])
def undo_run(request, pk):
    """Ask once more, then put the register back to what it was before a file, as a job."""
    run = _find_run(request, pk)
    if request.method == "POST":
        return _act(request, run, actions.undo_run)
    return render(request, "schools/undo_run.html", {"nav": "schools", "run": run})


def _find_run(request, pk):
    run = get_object_or_404(RegisterRun, pk=pk)
    _must_be_administrator(request.user)
    return run


def _must_be_administrator(user):
    if not user.is_staff:
        raise PermissionDenied("Only a site administrator loads the register.")


def _act(request, run, act, said=""):
    """Do it and answer with its job, or with the run's page and what was said."""
    try:
        done = act(run, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(run)
    if said:
        messages.success(request, said)
    return redirect(run if said else done)


def _register_page(request, form):
    runs = list(RegisterRun.objects.select_related("by").order_by("-pk")[:RUNS])
    context = {
        "nav": "schools",
        "runs": runs,
        "last": RegisterRun.objects.last_applied(),
        "fetches": RegisterFetch.objects.latest_of_each(),
        "is_fetched": bool(settings.REGISTER_SOURCE),
        "beside": LoadedFile.objects.latest_of_each(),
    }
    return render(request, "schools/register.html", context | {"form": form})
