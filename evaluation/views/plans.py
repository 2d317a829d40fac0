"""The list of plans and packs, and a plan's live figures."""

from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.disclosure import POLICIES, publish_together
from core.models import ReportingPeriod
from evaluation import evidence, tables
from evaluation.models import AccessPlan, EvidencePack
from evaluation.reports import as_json
from evaluation.rules import MAKE
from evaluation.views.finding import find_period, find_plan, gap_links, partnerships_of, periods_of
from evaluation.views.finding import rows_url as rows_url_of

PER_PAGE = 50


@require_GET
def plans(request):
    """List the plans with their years, and the packs, newest first."""
    partnerships = partnerships_of(request.user)
    packs = EvidencePack.objects.visible_to(request.user).order_by("-pk")
    packs = packs.select_related("plan", "period", "made_by", "job", "partnership")
    before = request.GET.get("before", "")
    if before.isdecimal():
        packs = packs.filter(pk__lt=int(before[:18]))
    found = list(packs.defer("figures")[: PER_PAGE + 1])
    return render(
        request,
        "evaluation/plans.html",
        {
            "plans": _with_years(request.user),
            "packs": found[:PER_PAGE],
            "newer": request.path if before else None,
            "older": f"?before={found[PER_PAGE - 1].pk}" if len(found) > PER_PAGE else None,
            "names_partnerships": len(partnerships) > 1,
            "makes": any(request.user.has_perm(MAKE, each) for each in partnerships),
        },
    )


def _with_years(user):
    today = timezone.localdate()
    begun = list(ReportingPeriod.objects.ofs_years().filter(starts_on__lte=today))
    plans = AccessPlan.objects.visible_to(user).select_related("provider", "partnership")
    return [
        (plan, [p for p in begun if p.starts_on <= plan.ends_on and p.ends_on >= plan.starts_on])
        for plan in plans
    ]


@transaction.non_atomic_requests
@require_GET
def plan(request, pk):
    """Show a plan's figures in one year as they are now; each opens its rows."""
    plan = find_plan(request.user, pk)
    period = find_period(plan, request.GET.get("year", ""))
    scope = evidence.Scope(plan, period, request.user)
    with evidence.one_moment():
        found = tables.live_tables(scope)
        gaps = evidence.count_gaps(scope)
    inside = POLICIES["inside"]
    published = zip(found, publish_together([t.raw for t in found], inside), strict=True)
    return render(
        request,
        "evaluation/plan.html",
        {
            "plan": plan,
            "period": period,
            "scope": scope,
            "periods": [p for p in periods_of(plan) if p.starts_on <= timezone.localdate()],
            "tables": {t.key: as_json(t.key, shown, t.links) for t, shown in published},
            "opens": rows_url_of(scope),
            "gaps": gap_links(scope, gaps),
            "policy": inside,
            "now": timezone.now(),
            "makes": request.user.has_perm(MAKE, plan),
        },
    )
