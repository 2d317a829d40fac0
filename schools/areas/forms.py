"""What we ask of someone who has postcodes to profile."""

from django import forms

from core.uploads import NotReadable
from schools.areas import lists

FORMATS = ("page", "csv", "xlsx")
ONE_OF_BOTH = "Paste postcodes, or choose a file."
NOT_BOTH = "Paste postcodes or choose a file, not both: empty one of them."


class ProfileForm(forms.Form):
    """A list of postcodes: pasted, in a file, or those of the page before with its ticks."""

    postcodes = forms.CharField(
        label="Postcodes",
        help_text="One on each line, as they are: a few thousand at most.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(label="Or a file", help_text=lists.LIMITS.in_words(), required=False)
    column = forms.CharField(
        label="Column with the postcodes",
        help_text="Its heading. Only if the file has several that may be meant.",
        max_length=200,
        required=False,
    )
    rows = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self):
        values = self.cleaned_data
        self.texts = []
        if values.get("rows"):
            self.texts = lists.unkept(values["rows"])
        elif values.get("postcodes", "").strip() and values.get("file"):
            self.add_error("postcodes", NOT_BOTH)
        else:
            self._read(values)
        return values

    def _read(self, values):
        field = "file" if values.get("file") else "postcodes"
        try:
            if values.get("file"):
                name = values["file"].name
                self.texts = lists.column_of(values["file"], name, values.get("column", ""))
            else:
                self.texts = lists.pasted(values.get("postcodes", ""))
        except NotReadable as refusal:
            self.add_error(field, f"{refusal}")
        if not self.texts and not self.errors:
            self.add_error(field, ONE_OF_BOTH)
