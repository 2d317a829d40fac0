"""What a person is asked about themselves."""

from django import forms

from accounts.models import User


class ThemeForm(forms.Form):
    """The look of the pages: light, dark, or as the device has it."""

    theme = forms.ChoiceField(
        label="Look", choices=User.Theme.choices, widget=forms.RadioSelect, required=False
    )


class ProfileForm(ThemeForm):
    """A person's own name and look."""

    name = forms.CharField(label="Your name", max_length=120)

    field_order = ["name", "theme"]
