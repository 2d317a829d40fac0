"""What is asked of a choice of schools: which schools, and how much each reason counts."""

from django import forms

from dashboards.choice.scores import ABOUT, LABELS
from partnerships.models.priorities import COMPONENTS, MOST
from schools.models import RegisterCode

LONGEST = 40


def _weight(name, value):
    return forms.IntegerField(
        label=LABELS[name],
        help_text=ABOUT[name],
        min_value=0,
        max_value=MOST,
        initial=value,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 3}),
        error_messages={
            "invalid": f"Write a whole number from 0 to {MOST}.",
            "min_value": f"Write a whole number from 0 to {MOST}.",
            "max_value": f"Write a whole number from 0 to {MOST}.",
        },
    )


class WeightsForm(forms.Form):
    """How much each reason counts, 0 to 10."""

    def __init__(self, data, *, weights, **options):
        super().__init__(data, **options)
        for name in COMPONENTS:
            self.fields[name] = _weight(name, weights[name])

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned[name] for name in COMPONENTS):
            raise forms.ValidationError("Give at least one reason more than 0.")
        return cleaned

    def weights(self):
        """The weights by component."""
        return {name: self.cleaned_data[name] for name in COMPONENTS}


class WeighForm(WeightsForm):
    """The weights to keep, and the version that they were changed from."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PoolForm(forms.Form):
    """Which schools are compared, and which of them are shown."""

    authority = forms.TypedMultipleChoiceField(
        label="Local authorities",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: those of your own schools.",
    )
    also = forms.TypedChoiceField(label="Another authority", coerce=int, required=False)
    independents = forms.BooleanField(label="Independent schools too", required=False)
    cold = forms.BooleanField(label="Cold spots only", required=False)
    new = forms.BooleanField(label="Not yet with us only", required=False)

    def __init__(self, data, *, own, **options):
        super().__init__(data, **options)
        codes = RegisterCode.objects.filter(list="authority").exclude(name="")
        names = {
            str(pk): name for pk, name in codes.order_by("name", "pk").values_list("pk", "name")
        }
        asked = {value for name in ("authority", "also") for value in _all(data, name)[:LONGEST]}
        shown = {str(pk) for pk in own} | asked
        self.fields["authority"].choices = [pair for pair in names.items() if pair[0] in shown]
        rest = [pair for pair in names.items() if pair[0] not in shown or pair[0] in asked]
        self.fields["also"].choices = [("", "None"), *rest]

    def authorities(self):
        """The ids asked for; none are those of the partnership's own schools."""
        also = self.cleaned_data["also"]
        return {*self.cleaned_data["authority"], *([also] if also else [])}


def _all(data, name):
    return data.getlist(name) if data is not None else []
