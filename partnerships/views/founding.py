"""Pages of the partnership itself: what it is, its hubs, providers and settings."""

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from partnerships import actions
from partnerships.continuations import count_open
from partnerships.forms import HubForm, ProviderForm, RecentContactForm
from partnerships.models import Hub, Membership, Partnership, Provider, SchoolLinkStatus
from partnerships.rules import MANAGE
from partnerships.views.asking import ask


@require_GET
def index(request):
    """List a person's partnerships; who has one is taken there."""
    partnerships = list(Partnership.objects.visible_to(request.user))
    if len(partnerships) == 1:
        return redirect(partnerships[0])
    return render(request, "partnerships/list.html", {"partnerships": partnerships})


@require_GET
def detail(request, pk):
    """Show who and what makes up a partnership."""
    partnership = _find(request.user, pk)
    of = {"partnership": partnership.pk}
    hubs = list(Hub.objects.visible_to(request.user).filter(**of))
    people = Membership.objects.visible_to(request.user).filter(**of).live().with_names()
    can_manage = request.user.has_perm(MANAGE, partnership)
    return render(
        request,
        "partnerships/detail.html",
        {
            "partnership": partnership,
            "people": people,
            "providers": Provider.objects.visible_to(request.user).filter(**of),
            "can_manage": can_manage,
            "closed_count": count_open(partnership, request.user) if can_manage else 0,
            "today": timezone.localdate(),
            **_school_counts(request.user, partnership, hubs),
        },
    )


def _school_counts(user, partnership, hubs):
    statuses = SchoolLinkStatus.objects.visible_to(user).filter(partnership=partnership)
    today = statuses.on(timezone.localdate())
    facts = list(today.values_list("hub", "hub_school", "targeted"))
    by_hub = Counter(hub for hub, _, _ in facts)
    return {
        "hubs": [(hub, by_hub[hub.pk]) for hub in hubs],
        "no_hub": by_hub[None],
        "school_count": len(facts),
        "hub_school_count": sum(hub_school for _, hub_school, _ in facts),
        "targeted_count": sum(targeted for _, _, targeted in facts),
    }


@require_http_methods(["GET", "POST"])
def add_hub(request, pk):
    """Add a hub to a partnership."""
    partnership = _find_to_manage(request.user, pk)
    return ask(
        request,
        HubForm(request.POST or None),
        lambda data: actions.add_hub(partnership, by=request.user, **data),
        said="Hub added.",
        to=partnership,
        title="Add a hub",
        button="Add this hub",
        **_frame(partnership),
    )


@require_http_methods(["GET", "POST"])
def rename_hub(request, pk):
    """Give a hub another name."""
    hubs = Hub.objects.visible_to(request.user).select_related("partnership")
    hub = get_object_or_404(hubs, pk=pk)
    if not request.user.has_perm(MANAGE, hub):
        raise PermissionDenied
    return ask(
        request,
        HubForm(request.POST or None, initial={"name": hub.name}),
        lambda data: actions.rename_hub(hub, by=request.user, **data),
        said="Hub renamed.",
        to=hub.partnership,
        title=f"Rename {hub}",
        button="Save the name",
        **_frame(hub.partnership),
    )


@require_http_methods(["GET", "POST"])
def add_provider(request, pk):
    """Add a body that delivers for the partnership."""
    partnership = _find_to_manage(request.user, pk)
    return ask(
        request,
        ProviderForm(request.POST or None),
        lambda data: actions.add_provider(partnership, by=request.user, **data),
        said="Provider added.",
        to=partnership,
        title="Add a provider",
        lede="A university, college or other body that delivers for the partnership.",
        button="Add this provider",
        **_frame(partnership),
    )


@require_http_methods(["GET", "POST"])
def set_recent_contact(request, pk):
    """Say after how many days a school counts as left alone."""
    partnership = _find_to_manage(request.user, pk)
    return ask(
        request,
        RecentContactForm(request.POST or None, initial={"days": partnership.recent_contact_days}),
        lambda data: actions.set_recent_contact(partnership, by=request.user, **data),
        said="Setting saved.",
        to=partnership,
        title="Recent contact",
        button="Save the setting",
        **_frame(partnership),
    )


def _find(user, pk):
    return get_object_or_404(Partnership.objects.visible_to(user), pk=pk)


def _find_to_manage(user, pk):
    partnership = _find(user, pk)
    if not user.has_perm(MANAGE, partnership):
        raise PermissionDenied
    return partnership


def _frame(partnership):
    back = reverse("partnerships:detail", args=[partnership.pk])
    return {"partnership": partnership, "back": back}
