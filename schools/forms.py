"""What we ask when someone looks for a school."""

from django import forms

from schools.models import RegisterCode, Standing
from schools.register import LARGEST, Refused, check_upload

EVERY = "all"
TOO_LARGE = f"The file has more than {LARGEST // 1024**2} MB, which no register does. Check it."


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


class RegisterFileForm(forms.Form):
    """The DfE's file of all establishments, and why it may be much smaller than the last."""

    file = forms.FileField(
        label="File of all establishments",
        help_text="The .zip or .csv as the DfE ships it, or the same saved as an Excel workbook "
        "(.xlsx). At most 200 MB.",
        max_length=150,
    )
    reason = forms.CharField(
        label="Why the file is much smaller than the last one",
        help_text="Only if it is: a file with a tenth fewer rows is refused without a reason.",
        max_length=200,
        required=False,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(TOO_LARGE)
        try:
            check_upload(file)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file
