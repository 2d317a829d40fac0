"""Pages of the keys for programs: which there are, a new one, and its end."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from partnerships import actions
from partnerships.forms import IssueTokenForm
from partnerships.models import ApiToken, Membership, Partnership
from partnerships.rules import ISSUE, MANAGE, REVOKE
from partnerships.views.asking import confirm


@require_GET
def tokens(request, pk):
    """List a member's own tokens, and for a manager everybody's."""
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), pk=pk)
    rows = ApiToken.objects.visible_to(request.user).filter(partnership=partnership).with_names()
    today = timezone.localdate()
    return render(
        request,
        "partnerships/tokens.html",
        {
            "partnership": partnership,
            "tokens": [row for row in rows if row.revoked_at is None and row.expires_on >= today],
            "former": [row for row in rows if row.revoked_at or row.expires_on < today],
            "can_manage": request.user.has_perm(MANAGE, partnership),
        },
    )


@require_http_methods(["GET", "POST"])
def issue_token(request, pk):
    """Make a token for oneself; its secret is in the answer and nowhere else."""
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm(ISSUE, partnership):
        raise PermissionDenied
    form = IssueTokenForm(request.POST or None)
    if form.is_valid():
        mine = Membership.objects.visible_to(request.user).live_of(request.user)
        try:
            token, secret = actions.issue_token(
                mine.get(partnership=partnership), by=request.user, **form.cleaned_data
            )
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            page = {"token": token, "secret": secret, **_frame(partnership)}
            return render(request, "partnerships/token_issued.html", page)
    page = {
        "form": form,
        "title": "Make a token",
        "lede": f"A program that shows it may do in {partnership} what you may do, and nothing "
        "elsewhere.",
        "button": "Make this token",
        **_frame(partnership),
    }
    return render(request, "partnerships/form.html", page)


@require_http_methods(["GET", "POST"])
def revoke_token(request, pk):
    """Take a token back, after asking once more."""
    rows = ApiToken.objects.visible_to(request.user).with_names().filter(revoked_at=None)
    token = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm(REVOKE, token):
        raise PermissionDenied
    frame = _frame(token.partnership)
    return confirm(
        request,
        lambda: actions.revoke_token(token, by=request.user),
        said="Token revoked. Whatever shows it is refused from now on.",
        to=frame["back"],
        title=f"Revoke the token “{token}”",
        lede=f"It was made by {token.membership.user}. The program that uses it is refused at "
        "once, and this cannot be undone; a new token can be made.",
        button="Revoke this token",
        **frame,
    )


def _frame(partnership):
    tokens_url = reverse("partnerships:tokens", args=[partnership.pk])
    return {
        "partnership": partnership,
        "back": tokens_url,
        "crumb": ("Tokens for programs", tokens_url),
    }
