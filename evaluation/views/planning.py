"""Writing a plan down: its dates, its strategies, and the shares that they take."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evaluation import actions
from evaluation.forms import PlanForm, SharesForm, StrategyForm
from evaluation.rules import PLAN
from evaluation.views.finding import find_plan, partnerships_of
from partnerships.models import Provider


@require_http_methods(["GET", "POST"])
def add_plan(request):
    """Add a provider's plan."""
    planners = [p for p in partnerships_of(request.user) if request.user.has_perm(PLAN, p)]
    if not planners:
        raise PermissionDenied
    providers = Provider.objects.visible_to(request.user).filter(partnership__in=planners)
    form = PlanForm(request.POST or None, providers=providers.select_related("partnership"))
    if form.is_valid():
        data = form.cleaned_data
        try:
            plan = actions.add_plan(data["provider"].partnership, **data, by=request.user)
        except actions.Refused as error:
            form.add_error("starts_on", str(error))
        else:
            messages.success(request, "Plan added. Now add its strategies.")
            return redirect("evaluation:shares", pk=plan.pk)
    return render(request, "evaluation/add_plan.html", {"form": form})


@require_http_methods(["GET", "POST"])
def add_strategy(request, pk):
    """Add a strategy to a plan."""
    plan = _plan_to_change(request, pk)
    form = StrategyForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_strategy(plan, **form.cleaned_data, by=request.user)
        except actions.Refused as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, "Strategy added.")
            return redirect("evaluation:shares", pk=plan.pk)
    return render(request, "evaluation/add_strategy.html", {"form": form, "plan": plan})


@require_http_methods(["GET", "POST"])
def shares(request, pk):
    """Say which share of each type of activity counts to which strategy."""
    plan = _plan_to_change(request, pk)
    form = SharesForm(request.POST or None, plan=plan)
    if form.is_valid():
        try:
            actions.share_out(plan, shares=form.shares(), by=request.user)
        except actions.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Shares saved. Packs frozen before stay as they were.")
            return redirect(plan)
    return render(request, "evaluation/shares.html", {"form": form, "plan": plan})


def _plan_to_change(request, pk):
    plan = find_plan(request.user, pk)
    if not request.user.has_perm(PLAN, plan):
        raise PermissionDenied
    return plan
