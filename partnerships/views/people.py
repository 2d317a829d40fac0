"""Pages of a partnership's people: who comes in, who changes, who leaves."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from partnerships import actions
from partnerships.forms import AddPersonForm, ChangePersonForm
from partnerships.models import Membership, Partnership
from partnerships.rules import MANAGE
from partnerships.views.asking import ask, confirm


@require_GET
def people(request, pk):
    """List a partnership's people, with those who have left."""
    partnership = _find_to_manage(request.user, pk)
    rows = Membership.objects.visible_to(request.user).filter(partnership=partnership).with_names()
    return render(
        request,
        "partnerships/people.html",
        {
            "partnership": partnership,
            "people": [row for row in rows if row.ended_on is None],
            "former": [row for row in rows if row.ended_on is not None],
        },
    )


@require_http_methods(["GET", "POST"])
def add_person(request, pk):
    """Give a person a role, by their e-mail address."""
    partnership = _find_to_manage(request.user, pk)
    return ask(
        request,
        AddPersonForm(request.POST or None, user=request.user, partnership=partnership),
        lambda data: actions.add_person(partnership, by=request.user, **data),
        said="Person added. We have written to them how to sign in.",
        title="Add a person",
        button="Add this person",
        **_frame(partnership),
    )


@require_http_methods(["GET", "POST"])
def change_person(request, pk):
    """Change a person's role, provider and hubs."""
    membership = _find_live(request.user, pk)
    partnership = membership.partnership
    initial = {
        "role": membership.role,
        "provider": membership.provider_id,
        "hubs": membership.hubs.all(),
    }
    form = ChangePersonForm(
        request.POST or None, initial=initial, user=request.user, partnership=partnership
    )
    return ask(
        request,
        form,
        lambda data: actions.change_person(membership, by=request.user, **data),
        said=f"{membership.user} changed.",
        title=f"Change {membership.user}",
        lede=membership.user.email,
        button="Save changes",
        **_frame(partnership),
    )


@require_http_methods(["GET", "POST"])
def end_person(request, pk):
    """End a person's role, after asking once more."""
    membership = _find_live(request.user, pk)
    return confirm(
        request,
        lambda: actions.end_person(membership, by=request.user),
        said=f"{membership.user} no longer works in {membership.partnership}.",
        title=f"End {membership.user}’s role",
        lede="They can no longer see anything of this partnership. What they wrote stays, and you "
        "can add them again.",
        button=f"End {membership.user}’s role",
        **_frame(membership.partnership),
    )


def _find_to_manage(user, pk):
    partnership = get_object_or_404(Partnership.objects.visible_to(user), pk=pk)
    if not user.has_perm(MANAGE, partnership):
        raise PermissionDenied
    return partnership


def _find_live(user, pk):
    rows = Membership.objects.visible_to(user).live().select_related("partnership", "user")
    membership = get_object_or_404(rows, pk=pk)
    if not user.has_perm(MANAGE, membership):
        raise PermissionDenied
    return membership


def _frame(partnership):
    people_url = reverse("partnerships:people", args=[partnership.pk])
    return {
        "partnership": partnership,
        "to": people_url,
        "back": people_url,
        "crumb": ("People", people_url),
    }
