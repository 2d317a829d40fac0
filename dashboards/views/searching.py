"""The search over everything: schools, activities and people, as far as the person may see."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.limits import SEARCHES, limited
from dashboards import searching


@require_GET
@limited(SEARCHES)
def search(request):
    """Show what the words find; a school's own number leads straight to the school."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    school = searching.school_of_number(words)
    if school is not None:
        return redirect(school)
    context = {"words": words, "results": searching.search(words, request.user) if words else None}
    return render(request, "dashboards/search.html", context)
