"""The library's sign-in forms in our words: a label above, nothing repeated inside the control."""

from allauth.account import forms as library
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.urls import reverse

from accounts import throttle
from accounts.rules import SET_PASSWORD
from core import scope
from core.limits import give_back

NEW_PASSWORD = "At least 12 characters, and not one that many people use."  # noqa: S105


def may_set_password(user):
    """Whether the person has a password or may have one; they need not be signed in."""
    with scope.person(user.pk):
        return user.has_usable_password() or user.has_perm(SET_PASSWORD)


class OurWords:
    """Give a form of the library our labels and help, and take its placeholders away."""

    labels = {}
    help_texts = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


class LoginForm(OurWords, library.LoginForm):
    """Sign in with an e-mail address and a password."""

    labels = {"login": "E-mail address"}


class RequestLoginCodeForm(OurWords, library.RequestLoginCodeForm):
    """Ask for a code by e-mail."""

    labels = {"email": "E-mail address"}

    def clean_email(self):
        throttle.take_letter(context.request, self.cleaned_data["email"])
        return super().clean_email()


class ConfirmLoginCodeForm(OurWords, library.ConfirmLoginCodeForm):
    """Sign in with the code that came."""

    labels = {"code": "Code"}
    help_texts = {"code": "Eight letters and figures. Capitals and the dash do not matter."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["class"] = "fb-code"

    def clean_code(self):
        throttle.take_code(context.request.session.session_key)
        return super().clean_code()


class ResetPasswordForm(OurWords, library.ResetPasswordForm):
    """Ask for a link to choose a new password; who is to have none is told of codes instead."""

    labels = {"email": "E-mail address"}

    def clean_email(self):
        throttle.take_letter(context.request, self.cleaned_data["email"])
        return super().clean_email()

    def save(self, request, **kwargs):
        if not self.users or may_set_password(self.users[0]):
            return super().save(request, **kwargs)
        code_url = settings.SITE_URL + reverse("account_request_login_code")
        email = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/code_instead", email, {"code_url": code_url})
        return email


class UserTokenForm(library.UserTokenForm):
    """Read the link of such a letter; it ends when the person is to have no password any more."""

    def clean(self):
        cleaned = super().clean()
        if not may_set_password(self.reset_user):
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned


class ResetPasswordKeyForm(OurWords, library.ResetPasswordKeyForm):
    """Choose a new password after following the link."""

    labels = {"password1": "New password", "password2": "New password again"}
    help_texts = {"password1": NEW_PASSWORD}


class ChangePasswordForm(OurWords, library.ChangePasswordForm):
    """Change a password that is known."""

    labels = {
        "oldpassword": "Present password",
        "password1": "New password",
        "password2": "New password again",
    }
    help_texts = {"password1": NEW_PASSWORD}

    def clean_oldpassword(self):
        taken = throttle.take_own_password(self.user)
        password = super().clean_oldpassword()
        give_back(taken)
        return password


class SetPasswordForm(OurWords, library.SetPasswordForm):
    """Set a first password."""

    labels = {"password1": "New password", "password2": "New password again"}
    help_texts = {"password1": NEW_PASSWORD}


class ReauthenticateForm(OurWords, library.ReauthenticateForm):
    """Type the password again before something delicate."""

    labels = {"password": "Password"}
