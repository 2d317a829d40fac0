"""Pages of the public register: the suggestions while typing, and how fresh it is."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core import limits
from schools import actions, search
from schools.forms import RegisterFileForm
from schools.models import RegisterRun, School

SUGGESTIONS = 10
RUNS = 20


@require_GET
@limits.limited(limits.SUGGESTIONS)
def school_typeahead(request):
    """Up to ten schools for what has been typed so far, best first."""
    words = request.GET.get("q", "")[:200]
    rows = []
    if words.strip():
        visible = School.objects.visible_to(request.user).select_related("current")
        rows = search.suggest(visible, words, most=SUGGESTIONS)
    return JsonResponse({"results": [_suggestion(school) for school in rows]})


def _suggestion(school):
    row = school.current
    place = " ".join(part for part in (row.town, row.postcode) if part) if row else ""
    facts = [place, f"{row.scheme} {row.code}" if row else "", _not_open(school)]
    name = ", ".join(part for part in (school.name, row.town if row else "") if part)
    ended = f" ({_not_open(school).lower()})" if _not_open(school) else ""
    return {
        "id": school.pk,
        "name": name + ended,
        "text": " · ".join(fact for fact in facts if fact),
        "url": school.get_absolute_url(),
    }


def _not_open(school):
    return "" if school.is_open else school.get_standing_display()


@require_GET
def register_status(request):
    """When the register was last brought up to date, and what each file changed."""
    return _register_page(request, RegisterFileForm())


@require_http_methods(["GET", "POST"])
def upload_register(request):
    """Take the DfE's file from a site administrator; a worker loads it."""
    if not request.user.is_staff:
        raise PermissionDenied("Only a site administrator loads the register.")
    form = RegisterFileForm()
    if request.method == "POST":
        form = RegisterFileForm(request.POST, request.FILES)
    if form.is_valid():
        values = form.cleaned_data
        return redirect(
            actions.upload_register(values["file"], by=request.user, reason=values["reason"])
        )
    return _register_page(request, form)


def _register_page(request, form):
    runs = list(RegisterRun.objects.select_related("by")[:RUNS])
    context = {"runs": runs, "last": runs[0] if runs else None}
    return render(request, "schools/register.html", context | {"form": form})
