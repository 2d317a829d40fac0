"""Evidence packs: ask for one, see it frozen, take its file."""

import hashlib
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core.exports.xlsx_file import XLSX_TYPE
from core.limits import PACKS, limited
from core.models import ReportingPeriod
from evaluation import actions, evidence
from evaluation.forms import READERS, PackForm, policy_choices
from evaluation.models import AccessPlan, EvidencePack
from evaluation.rows import BIGGEST
from evaluation.rules import MAKE
from evaluation.views.finding import (
    find_period,
    find_plan,
    gap_links,
    partnerships_of,
    periods_of,
    rows_url,
)


@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
@limited(PACKS)
def make_pack(request):
    """Ask what a pack covers and who will read it, beside what it would hold now."""
    makers = [p for p in partnerships_of(request.user) if request.user.has_perm(MAKE, p)]
    plan = _plan_asked(request, makers)
    if plan is None:
        return render(request, "evaluation/no_plan.html")
    form = _form(request, plan, makers)
    if form.is_valid():
        try:
            pack = actions.make_pack(
                form.cleaned_data["plan"],
                period=form.cleaned_data["period"],
                policy=form.cleaned_data["policy"],
                by=request.user,
            )
        except actions.Refused as error:
            form.add_error("period", str(error))
        else:
            return redirect(pack.job)
    context = {"form": form, "choices": _choices(form), **_preview(request, plan)}
    return render(request, "evaluation/make_pack.html", context)


def _plan_asked(request, makers):
    asked = request.POST.get("plan") or request.GET.get("plan")
    if asked:
        if not asked.isdecimal() or len(asked) > BIGGEST:
            raise Http404
        plan = find_plan(request.user, int(asked))
        if not request.user.has_perm(MAKE, plan):
            raise PermissionDenied
        return plan
    if not makers:
        raise PermissionDenied
    first = AccessPlan.objects.visible_to(request.user).filter(partnership__in=makers).first()
    return first and find_plan(request.user, first.pk)


def _form(request, plan, makers):
    year = request.GET.get("year", "")
    plans = AccessPlan.objects.visible_to(request.user).filter(partnership__in=makers)
    return PackForm(
        request.POST if request.method == "POST" else None,
        plans=plans.select_related("provider"),
        periods=periods_of(plan),
        initial={"plan": plan.pk, "period": find_period(plan, year).pk, "policy": "partners"},
    )


def _preview(request, plan):
    period = find_period(plan, request.GET.get("year", ""))
    if request.POST.get("period", "").isdecimal():
        chosen = ReportingPeriod.objects.filter(pk=int(request.POST["period"][:BIGGEST])).first()
        period = chosen if chosen in periods_of(plan) else period
    scope = evidence.Scope(plan, period, request.user)
    with evidence.one_moment():
        totals = evidence.by_strategy(scope)[-1][1]
        gaps = evidence.count_gaps(scope)
    return {
        "plan": plan,
        "period": period,
        "totals": totals,
        "opens": rows_url(scope),
        "gaps": gap_links(scope, gaps),
    }


def _choices(form):
    return [
        {
            "code": code,
            "name": name,
            "says": READERS[code],
            "checked": form["policy"].value() == code,
        }
        for code, name in policy_choices()
    ]


@require_GET
def pack(request, pk):
    """Show a frozen pack as it was published, or how far its making is."""
    pack = _find_pack(request, pk)
    context = {"pack": pack, "policy": pack.disclosure, "mine": pack.made_by_id == request.user.pk}
    if not pack.frozen_at:
        context["makes"] = request.user.has_perm(MAKE, pack)
        return render(request, "evaluation/pack_unfrozen.html", context)
    scope = evidence.Scope(pack.plan, pack.period, request.user)
    context |= {
        "scope": scope,
        "opens": f"{rows_url(scope)}pack={pack.pk}&",
        "matches": _matches(pack),
        "totals": _totals(pack),
        "read_at": datetime.fromisoformat(pack.figures["read_at"]),
    }
    return render(request, "evaluation/pack.html", context)


@require_GET
def pack_file(request, pk):
    """Hand out the pack's file, and note who took it."""
    pack = _find_pack(request, pk)
    if not pack.frozen_at or not pack.file.storage.exists(pack.file.name):
        raise Http404
    actions.note_download(pack, by=request.user)
    response = FileResponse(
        pack.file.open("rb"),
        as_attachment=True,
        filename=f"{pack.reference}.xlsx",
        content_type=XLSX_TYPE,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _find_pack(request, pk):
    packs = EvidencePack.objects.visible_to(request.user)
    related = ("plan__provider", "period", "made_by", "job", "partnership")
    return get_object_or_404(packs.select_related(*related), pk=pk)


def _totals(pack):
    strategies = pack.figures["tables"][0]
    return list(zip(strategies["headings"], strategies["total"], strict=True))[1:]


def _matches(pack):
    if not pack.file.storage.exists(pack.file.name):
        return None
    with pack.file.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == pack.sha256
