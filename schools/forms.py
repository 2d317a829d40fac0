"""What we ask when someone loads the register."""

from django import forms

from schools.register import LARGEST, Refused, check_upload

TOO_LARGE = f"The file has more than {LARGEST // 1024**2} MB, which no register does. Check it."


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
