"""The end that most of these pages share: validate, act, answer."""

from django.contrib import messages
from django.shortcuts import redirect, render

from partnerships.actions import Refused


def ask(request, form, act, *, said, to, template="partnerships/form.html", **page):
    """Show the form until `act(cleaned_data)` has been done; a refusal is said on the form.

    `page` is what the template needs: title, button, back and so on.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect(to)
    return render(request, template, {"form": form, **page})


def confirm(request, act, *, said, to, **page):
    """Ask once more before something ends; the button posts."""
    if request.method == "POST":
        try:
            act()
        except Refused as refusal:
            return render(request, "partnerships/confirm.html", {"refusal": refusal, **page})
        messages.success(request, said)
        return redirect(to)
    return render(request, "partnerships/confirm.html", page)
