"""A person's own page, and the switch of the look."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import ProfileForm, ThemeForm


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
