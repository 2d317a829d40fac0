"""The menu of a partnership: what it offers to any school, and what was adapted from it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import actions
from activities.checks import Problem
from activities.models import Offer
from activities.offer_form import OfferForm
from activities.rules import ADD_OFFER, READ, partnership_ids_where


@require_GET
def offers(request):
    """List what a person's partnerships offer, with how often each was adapted."""
    ids = partnership_ids_where(request.user, READ)
    if not ids:
        raise PermissionDenied
    rows = Offer.objects.visible_to(request.user).filter(partnership__in=ids, retired_on=None)
    rows = rows.select_related("type", "partnership").annotate(adapted=Count("adaptations"))
    context = {
        "nav": "activities",
        "offers": rows.order_by("title", "pk"),
        "may_add": set(partnership_ids_where(request.user, ADD_OFFER)),
        "names_partnerships": len(ids) > 1,
    }
    return render(request, "activities/offers.html", context)


@require_http_methods(["GET", "POST"])
def add_offer(request):
    """Put something on the menu."""
    if not partnership_ids_where(request.user, ADD_OFFER):
        raise PermissionDenied
    form = OfferForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            offer = actions.add_offer(by=request.user, **form.cleaned_data)
        except Problem as problem:
            form.add_error("title", str(problem))
        else:
            messages.success(request, f"“{offer.title}” is on the menu.")
            return redirect("activities:offers")
    return render(request, "activities/add_offer.html", {"nav": "activities", "form": form})


@require_POST
def retire_offer(request, pk):
    """Take something off the menu."""
    offer = get_object_or_404(Offer.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm(ADD_OFFER, offer):
        raise PermissionDenied
    try:
        actions.retire_offer(offer, by=request.user)
    except Problem as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, f"“{offer.title}” is off the menu.")
    return redirect("activities:offers")
