"""What is asked about something on the menu."""

from django import forms

from activities.models import ActivityType
from activities.rules import ADD_OFFER
from partnerships.models import Partnership
from partnerships.rules import partnerships_where


class OfferForm(forms.Form):
    """An offer: what it is called, what kind, and a word about it."""

    partnership = forms.ModelChoiceField(Partnership.objects.none(), empty_label=None)
    title = forms.CharField(label="What is on offer?", max_length=120)
    type = forms.ModelChoiceField(
        ActivityType.objects.in_use().filter(is_conversation=False),
        label="Kind of activity",
        empty_label="Choose a kind",
    )
    description = forms.CharField(
        required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = [partnership.pk for partnership in partnerships_where(user, ADD_OFFER)]
        field = self.fields["partnership"]
        field.queryset = Partnership.objects.visible_to(user).filter(pk__in=mine)
        if len(mine) == 1:
            field.initial = mine[0]
            field.widget = forms.HiddenInput()
