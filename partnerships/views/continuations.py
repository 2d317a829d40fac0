"""Pages of the schools that closed: how each goes on, as the partnership decides."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from partnerships import actions
from partnerships.continuations import question_of, questions_of
from partnerships.forms import DecideContinuationForm
from partnerships.models import Continuation, Partnership, SchoolLink
from partnerships.rules import MANAGE
from partnerships.views.asking import ask, confirm


@require_GET
def continuations(request, pk):
    """List the schools that closed and are still to be decided, and what was decided."""
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm(MANAGE, partnership):
        raise PermissionDenied
    decided = Continuation.objects.visible_to(request.user).filter(partnership=partnership)
    names = ("from_link__school__current", "to_link__school__current", "owner")
    rows = decided.select_related(*names).order_by("-created_at", "from_link", "pk")
    return render(
        request,
        "partnerships/continuations.html",
        {
            "nav": "schools",
            "partnership": partnership,
            "questions": questions_of(partnership, request.user),
            "decided": [list(of) for _, of in groupby(rows, key=lambda row: row.from_link_id)],
        },
    )


@require_http_methods(["GET", "POST"])
def decide_continuation(request, pk):
    """Say how a school that closed goes on."""
    link = _find_link_to_manage(request.user, pk)
    question = question_of(link, request.user)
    form = DecideContinuationForm(request.POST or None, user=request.user, question=question)

    def act(data):
        actions.decide_continuation(link, by=request.user, **form.decision())

    return ask(
        request,
        form,
        act,
        said=f"Saved. How {link} goes on can be taken back on this page.",
        template="partnerships/decide_continuation.html",
        title=f"How does {link} go on?" if question.candidates else f"{link} ends here",
        button="Save how it goes on" if question.candidates else "It ends here",
        question=question,
        **_frame(link),
    )


@require_http_methods(["GET", "POST"])
def undo_continuation(request, pk):
    """Take back how a school goes on."""
    link = _find_link_to_manage(request.user, pk)

    def act():
        for sentence in actions.undo_continuation(link, by=request.user):
            messages.warning(request, sentence)

    return confirm(
        request,
        act,
        said=f"How {link} goes on is open again.",
        title=f"Take back how {link} goes on?",
        lede="Schools that it added are taken off again unless they have come into use, and work "
        "with the closed school is taken up where it had been ended.",
        button="Take it back",
        **_frame(link),
    )


def _find_link_to_manage(user, pk):
    rows = SchoolLink.objects.visible_to(user).select_related("school__current", "partnership")
    link = get_object_or_404(rows, pk=pk)
    if not user.has_perm(MANAGE, link):
        raise PermissionDenied
    return link


def _frame(link):
    url = reverse("partnerships:continuations", args=[link.partnership_id])
    return {
        "nav": "schools",
        "partnership": link.partnership,
        "to": url,
        "back": url,
        "crumb": ("Schools that closed", url),
    }
