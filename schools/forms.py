"""What we ask when someone looks for a school."""

from django import forms

from schools.models import RegisterCode, Standing

EVERY = "all"


class SchoolFilterForm(forms.Form):
    """Words, status and phase; all may be left alone."""

    q = forms.CharField(
        label="Name, town, postcode or number",
        help_text="A number is a URN, a LAESTAB such as 201/3614, or a UKPRN.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    standing = forms.ChoiceField(
        label="Status",
        choices=[(value, label) for value, label in Standing.choices if value]
        + [(EVERY, "Any status")],
        required=False,
    )
    phase = forms.ModelChoiceField(
        label="Phase",
        queryset=RegisterCode.objects.filter(list="phase").order_by("name", "pk"),
        to_field_name="code",
        empty_label="Any phase",
        required=False,
    )

    def __init__(self, data):
        super().__init__({"standing": Standing.OPEN, **{k: data[k] for k in data}})

    def clean_standing(self):
        return self.cleaned_data["standing"] or Standing.OPEN

    def narrow(self, schools):
        """Return the schools of the chosen status and phase."""
        standing, phase = self.cleaned_data["standing"], self.cleaned_data["phase"]
        if standing != EVERY:
            schools = schools.filter(standing=standing)
        return schools.filter(phase=phase) if phase else schools

    def chosen(self):
        """Yield (field, what it is called, chosen value) for what differs from the default."""
        values = self.cleaned_data
        if values["q"]:
            yield "q", "Words", values["q"]
        if values["standing"] != Standing.OPEN:
            yield "standing", "Status", dict(self.fields["standing"].choices)[values["standing"]]
        if values["phase"]:
            yield "phase", "Phase", values["phase"].name
