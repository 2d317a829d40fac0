"""The rows behind a figure."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from evaluation import evidence, tables
from evaluation import rows as facts
from evaluation.models import EvidencePack
from evaluation.views.finding import find_period, find_plan

FIGURES = {
    "hours": "Contact hours",
    "people": "Learners",
    "activities": "Activities",
    "schools": "Schools",
}
NEEDS = {"answered": "Needs answered", "unanswered": "Needs not answered", "all": "Needs"}


@transaction.non_atomic_requests
@require_GET
def rows(request, pk):
    """List what a figure was worked out from, with a total that is the figure.

    Opened from a pack whose numbers are rounded, the rows stand without any number of people.
    """
    plan = find_plan(request.user, pk)
    period = find_period(plan, request.GET.get("year", ""))
    scope = evidence.Scope(plan, period, request.user)
    pack = _pack_of(request, plan)
    context = {
        "plan": plan,
        "scope": scope,
        "pack": pack,
        "counts": pack is None or pack.disclosure.is_exact,
        "now": timezone.now(),
    }
    if "needs" in request.GET:
        return _needs(request, scope, context)
    return _facts(request, scope, context)


def _facts(request, scope, context):
    try:
        with evidence.one_moment():
            found = facts.find(scope, request.GET)
            shown, after = found.page(request.GET.get("after", ""))
            totals = found.totals() if context["counts"] else None
    except facts.NoSuchRows as error:
        raise Http404 from error
    query = request.GET.copy()
    query.pop("after", None)
    newer = f"?{query.urlencode()}" if request.GET.get("after") else None
    query["after"] = after
    context |= {
        "figure": FIGURES.get(request.GET.get("of"), "Rows"),
        "of": request.GET.get("of"),
        "words": found.words,
        "rows": shown,
        "line": found.line,
        "totals": totals,
        "newer": newer,
        "older": f"?{query.urlencode()}" if after else None,
    }
    return render(request, "evaluation/rows.html", context)


def _needs(request, scope, context):
    which = request.GET["needs"]
    if which not in NEEDS:
        raise Http404
    context |= {"title": NEEDS[which], "needs": tables.list_needs(scope, which)}
    return render(request, "evaluation/needs.html", context)


def _pack_of(request, plan):
    asked = request.GET.get("pack")
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > facts.BIGGEST:
        raise Http404
    packs = EvidencePack.objects.visible_to(request.user).defer("figures")
    return get_object_or_404(packs, pk=int(asked), plan=plan)
