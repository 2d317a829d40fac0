"""What we ask about people, hubs, schools and conversations."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from partnerships.models import Conversation, Hub, Membership, Provider, Role
from schools.models import School

NO_HUB = "none"
YES_OR_NO = [("", "Any"), ("yes", "Yes"), ("no", "No")]


def _date(label, **options):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def in_a_year():
    return timezone.localdate() + timedelta(days=365)


def _whole_number(label, **options):
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, widget=widget, localize=False, **options)


class ChangePersonForm(forms.Form):
    """A person's role, the provider they work for and the hubs they look after."""

    role = forms.ChoiceField(choices=[("", "Choose a role"), *Role.choices])
    provider = forms.ModelChoiceField(
        Provider.objects.none(), required=False, empty_label="None", help_text="Who employs them."
    )
    hubs = forms.ModelMultipleChoiceField(
        Hub.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, user, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        of = {"partnership": partnership.pk}
        self.fields["provider"].queryset = Provider.objects.visible_to(user).filter(**of)
        self.fields["hubs"].queryset = Hub.objects.visible_to(user).filter(**of)
        if not self.fields["hubs"].queryset.exists():
            del self.fields["hubs"]

    def clean(self):
        return {"hubs": [], **super().clean()}


class AddPersonForm(ChangePersonForm):
    """A new person; who is known by the address keeps their own name."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="We write to this address and say how to sign in.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ["email", "name"]


class HubForm(forms.Form):
    """The name of a hub."""

    name = forms.CharField(label="Name of the hub", max_length=120)


class ProviderForm(forms.Form):
    """A body that delivers for the partnership."""

    name = forms.CharField(label="Name of the provider", max_length=120)
    ukprn = _whole_number(
        "UKPRN",
        required=False,
        min_value=10_000_000,
        max_value=99_999_999,
        help_text="The UK provider reference number: 8 digits.",
    )


class RecentContactForm(forms.Form):
    """When a school counts as left alone."""

    days = _whole_number(
        "Days without contact",
        min_value=1,
        max_value=365,
        help_text="A school with no delivered activity and no conversation for this many days "
        "is shown under “No recent contact”.",
    )


class IssueTokenForm(forms.Form):
    """What a token is for, and until when."""

    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        help_text="The program that will use it, for example: monthly figures to our data store.",
    )
    expires_on = _date("Last day", initial=in_a_year, help_text="It stops working after this day.")


class StatusForm(forms.Form):
    """What a school is to the partnership from a day on."""

    starts_on = _date("From", initial=timezone.localdate)
    hub = forms.ModelChoiceField(
        Hub.objects.none(), label="Hub that looks after it", required=False, empty_label="None"
    )
    hub_school = forms.BooleanField(label="It is a hub school", required=False)
    targeted = forms.BooleanField(label="It is a targeted outreach school", required=False)
    level = forms.CharField(
        label="Level of support",
        max_length=40,
        required=False,
        help_text="In your own words, such as “Intensive”.",
    )
    owner = forms.ModelChoiceField(
        Membership.objects.none(), label="Who keeps in touch", required=False, empty_label="Nobody"
    )

    def __init__(self, *args, user, partnership_id, **kwargs):
        super().__init__(*args, **kwargs)
        of = {"partnership": partnership_id}
        self.fields["hub"].queryset = Hub.objects.visible_to(user).filter(**of)
        self.fields["owner"].queryset = (
            Membership.objects.visible_to(user).filter(**of).live().select_related("user")
        )

    def clean_owner(self):
        owner = self.cleaned_data["owner"]
        return owner.user if owner else None


YEARS = [(str(year), "Reception" if year == 0 else f"Year {year}") for year in range(15)]


class YearGroupsForm(forms.Form):
    """Which year groups a school teaches, and why that differs from what the ages say."""

    year_groups = forms.TypedMultipleChoiceField(
        label="Year groups taught",
        choices=YEARS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    as_derived = forms.BooleanField(label="Follow the ages in the register again", required=False)
    reason = forms.CharField(
        label="Why it differs",
        max_length=200,
        required=False,
        help_text="Such as “The sixth form is shared and taught elsewhere”.",
    )

    def clean(self):
        values = super().clean()
        if not values.get("as_derived") and not values.get("year_groups"):
            self.add_error("year_groups", "Choose at least one year group, or follow the ages.")
        chosen = None if values.get("as_derived") else values.get("year_groups")
        return {"year_groups": chosen, "reason": values.get("reason", "")}


class EndSchoolForm(forms.Form):
    """The last day of work with a school."""

    on = _date("Last day", initial=timezone.localdate)


class DecideContinuationForm(forms.Form):
    """How a school that closed goes on: as one or several of those that follow it, or not."""

    GOES_ON, ENDS = "goes-on", "ends"

    answer = forms.ChoiceField(
        label="How does it go on?",
        choices=[(GOES_ON, "It goes on as the schools ticked below"), (ENDS, "It ends here")],
        widget=forms.RadioSelect,
    )
    successors = forms.ModelMultipleChoiceField(
        School.objects.none(),
        label="Schools that follow it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each becomes one of your schools from that day, as the closed one was.",
    )
    on = _date(
        "From which day?",
        help_text="The day after the old school’s last. Its leads lose their access then.",
    )
    note = forms.CharField(label="Why?", max_length=300, required=False)

    def __init__(self, *args, user, question, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = question.first_day
        schools = [candidate.school.pk for candidate in question.candidates]
        if not schools:
            del self.fields["successors"], self.fields["answer"]
            return
        field = self.fields["successors"]
        field.queryset = School.objects.visible_to(user).filter(pk__in=schools)
        field.label_from_instance = question.words_of

    def clean(self):
        data = super().clean()
        chosen = data.get("successors")
        if data.get("answer") == self.GOES_ON and not chosen:
            self.add_error("successors", "Tick at least one school, or say that it ends here.")
        if data.get("answer") == self.ENDS and chosen:
            self.add_error("successors", "Tick no school where it ends here.")
        return data

    def decision(self):
        """What the action takes."""
        data = self.cleaned_data
        return {
            "successors": list(data.get("successors", ())),
            "on": data["on"],
            "note": data["note"],
        }


class LeadForm(forms.Form):
    """A person of the school who writes its side."""

    email = forms.EmailField(
        label="School e-mail address",
        help_text="They sign in with a code that we send there; they need no password.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    job_title = forms.CharField(
        max_length=120, required=False, help_text="Such as “Assistant head, careers”."
    )


class ConversationForm(forms.Form):
    """A meeting, call or message with a school."""

    held_on = _date("When?", initial=timezone.localdate)
    channel = forms.ChoiceField(
        label="How?",
        choices=Conversation.Channel.choices,
        initial=Conversation.Channel.MEETING,
        widget=forms.RadioSelect,
    )
    summary = forms.CharField(
        label="In one line", max_length=140, help_text="What it was about, or what was agreed."
    )
    minutes = _whole_number("Minutes", required=False, min_value=1, max_value=1440)
    notes = forms.CharField(
        required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    client_uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)


class FindSchoolForm(forms.Form):
    """Words to find a school of the register by."""

    q = forms.CharField(
        label="Name, town, postcode or URN",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class SchoolFilterForm(forms.Form):
    """Which of a partnership's schools to list."""

    q = forms.CharField(label="Words", required=False, max_length=100)
    hub = forms.ChoiceField(required=False)
    hub_school = forms.ChoiceField(choices=YES_OR_NO, required=False)
    targeted = forms.ChoiceField(
        label="Targeted outreach school", choices=YES_OR_NO, required=False
    )

    def __init__(self, *args, user, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        hubs = Hub.objects.visible_to(user).filter(partnership=partnership)
        choices = [(str(hub.pk), hub.name) for hub in hubs]
        self.fields["hub"].choices = [("", "Any"), *choices, (NO_HUB, "No hub")]

    def apply(self, links, day):
        """Return the links that the filter lets through; what cannot be read is left out."""
        chosen = self.chosen()
        links = links.matching(chosen["q"]) if "q" in chosen else links
        facts = {
            name: chosen[name] == "yes" for name in ("hub_school", "targeted") if name in chosen
        }
        if "hub" in chosen:
            facts["hub"] = None if chosen["hub"] == NO_HUB else int(chosen["hub"])
        return links.where_status(day, **facts) if facts else links

    def chosen(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def tags(self):
        """Return (name, label, value in words) of each filter that is set."""
        return [
            (
                name,
                self[name].label,
                dict(getattr(self.fields[name], "choices", ())).get(value, value),
            )
            for name, value in self.chosen().items()
        ]
