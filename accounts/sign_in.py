"""The library's sign-in forms in our words: a label above, nothing repeated inside the control."""

from allauth.account import forms as library

NEW_PASSWORD = "At least 12 characters, and not one that many people use."  # noqa: S105


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


class ConfirmLoginCodeForm(OurWords, library.ConfirmLoginCodeForm):
    """Sign in with the code that came."""

    labels = {"code": "Code"}
    help_texts = {"code": "Eight letters and figures. Capitals and the dash do not matter."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["class"] = "fb-code"


class ResetPasswordForm(OurWords, library.ResetPasswordForm):
    """Ask for a link to choose a new password."""

    labels = {"email": "E-mail address"}


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


class SetPasswordForm(OurWords, library.SetPasswordForm):
    """Set a first password."""

    labels = {"password1": "New password", "password2": "New password again"}
    help_texts = {"password1": NEW_PASSWORD}


class ReauthenticateForm(OurWords, library.ReauthenticateForm):
    """Type the password again before something delicate."""

    labels = {"password": "Password"}
