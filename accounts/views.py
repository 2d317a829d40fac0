"""A person's own page, the switch of the look, and where signing in differs from the library."""

from allauth.account import views as library
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import ProfileForm, ThemeForm
from accounts.rules import SET_PASSWORD
from core.limits import TooMany


@require_POST
def theme(request):
    """Switch the look and go back to the page that asked."""
    form = ThemeForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    actions.set_theme(request.user, theme=form.cleaned_data["theme"], by=request.user)
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(asked) if is_ours else redirect("accounts:profile")


@require_http_methods(["GET", "POST"])
def profile(request):
    """Show and change a person's own name and look."""
    user = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "theme": user.theme})
    if form.is_valid():
        actions.change_profile(user, by=user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


@require_POST
@login_not_required
def ask_again(request):
    """Let go of a sign-in by code that has begun, and send another code or ask for the address.

    Where no other code is sent, the one that was sent goes on to work.
    """
    begun = request.session.pop(LOGIN_SESSION_KEY, None)
    if "email" not in request.POST:
        return redirect("account_request_login_code")
    try:
        return library.request_login_code(request)
    except TooMany:
        if begun:
            request.session[LOGIN_SESSION_KEY] = begun
        raise


def password_set(request):
    """Set a first password, where the person is to have one."""
    if not request.user.has_perm(SET_PASSWORD):
        raise PermissionDenied("School leads sign in with a code, so there is no password to set.")
    return library.password_set(request)
