"""Pages that let a school's leads in and out."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partnerships import actions
from partnerships.forms import LeadForm
from partnerships.models import SchoolAccess, SchoolLink
from partnerships.rules import MANAGE
from partnerships.views.asking import ask, confirm


@require_http_methods(["GET", "POST"])
def admit_lead(request, pk):
    """Let a person of the school write its side."""
    links = SchoolLink.objects.visible_to(request.user).with_names()
    link = get_object_or_404(links, pk=pk)
    if not request.user.has_perm(MANAGE, link):
        raise PermissionDenied
    return ask(
        request,
        LeadForm(request.POST or None),
        lambda data: actions.admit_lead(link, by=request.user, **data),
        said="School lead admitted. We have written to them how to sign in.",
        title=f"Admit a lead of {link}",
        lede="A person of the school, who sees and writes the school’s side and nothing else.",
        button="Admit this lead",
        **_frame(link),
    )


@require_http_methods(["GET", "POST"])
def end_lead(request, pk):
    """End a school lead's access, after asking once more."""
    rows = SchoolAccess.objects.visible_to(request.user).filter(ended_on__isnull=True)
    rows = rows.select_related("user", "school_link__school", "school_link__partnership")
    access = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm(MANAGE, access):
        raise PermissionDenied
    return confirm(
        request,
        lambda: actions.end_lead(access, by=request.user),
        said=f"{access.user} is no longer a lead of {access.school_link}.",
        title=f"End {access.user}’s access",
        lede=f"They no longer see {access.school_link}. What they wrote and signed stays.",
        button=f"End {access.user}’s access",
        **_frame(access.school_link),
    )


def _frame(link):
    url = reverse("partnerships:link", args=[link.pk])
    return {
        "nav": "schools",
        "partnership": link.partnership,
        "to": url,
        "back": url,
        "crumb": (link.school.name, url),
    }
