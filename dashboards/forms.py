"""What the pages that show more than one room ask for."""

from django import forms


class FindTrustForm(forms.Form):
    """Words to find a trust by."""

    q = forms.CharField(
        label="Name, UID or Companies House number",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
