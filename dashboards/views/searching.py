"""The search over everything: schools, activities and people, as far as the person may see."""

from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.limits import SEARCHES, SUGGESTIONS, limited
from dashboards import searching


@require_GET
@limited(SEARCHES)
def search(request):
    """Show what the words find; a school's own number leads straight to the school."""
    words = _words(request)
    school = searching.school_of_number(words)
    if school is not None:
        return redirect(school)
    context = {"words": words, "results": searching.search(words, request.user) if words else None}
    return render(request, "dashboards/search.html", context)


@require_GET
@limited(SUGGESTIONS)
def suggest(request):
    """The first few of what the words find so far, for a list under the field."""
    words = _words(request)
    rows = searching.suggest(words, request.user) if words else []
    return JsonResponse({"results": rows})


def _words(request):
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
