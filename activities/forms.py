"""What is asked about an activity: four answers, and the rest for who knows it."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils import timezone

from activities import choices
from activities.checks import MOST_HOURS, MOST_PEOPLE
from activities.headcounts import AUDIENCES, YEARS, Row, field_name, years_offered
from activities.models import Activity, Mode
from partnerships.models import Strand

ELSE = "else"
MOST_PICKS = 6
NOT_YET_SAID = "none"
PARTS = {
    "who": (),
    "strand": ("strand",),
    "needs": ("needs",),
    "where": ("mode", "provider", "starts_at", "hours"),
    "adapted": ("adapted_from", "adaptation"),
    "notes": ("notes",),
}


def _date(**options):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"invalid": "Write the date as day, month and year, such as 17/11/2026."}
    return forms.DateField(widget=widget, error_messages=wrong, **options)


def _people(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": f"{label}: use a whole number.",
            "min_value": f"{label}: use nought or more.",
            "max_value": f"{label}: at most {MOST_PEOPLE:,}. Check the number.",
        },
    )


class ActivityForm(forms.Form):
    """The fields that logging and editing share; `link` is the school, where it is known."""

    type = forms.ChoiceField(
        label="What was it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it was."},
    )
    other_type = forms.ChoiceField(label="Which other kind?", required=False)
    summary = forms.CharField(
        label="One line: what happened?",
        max_length=140,
        error_messages={"required": "Say in one line what happened."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    strand = forms.ChoiceField(label="Counts under", required=False)
    mode = forms.ChoiceField(
        label="Where or how", choices=[("", "Not said"), *Mode.choices], required=False
    )
    provider = forms.ModelChoiceField(None, label="Delivered by", required=False)
    starts_at = forms.TimeField(
        label="Start time",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as hours and minutes, such as 14:30."},
    )
    hours = forms.DecimalField(
        label="Hours",
        required=False,
        max_value=MOST_HOURS,
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="How long it lasted, such as 1.5.",
        error_messages={
            "invalid": "Hours must be a number, such as 1.5.",
            "max_value": f"Hours cannot be more than {MOST_HOURS:,}. Check the number.",
        },
    )
    needs = forms.ModelMultipleChoiceField(
        None, label="Which need it answers", required=False, widget=forms.CheckboxSelectMultiple
    )
    adapted_from = forms.ModelChoiceField(
        None, label="Adapted from", required=False, empty_label="Nothing"
    )
    adaptation = forms.CharField(label="What was changed", max_length=300, required=False)
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, user, link=None, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.user, self.link = user, link
        self.years = years_offered([link] if link else [])
        self.types = choices.types()
        self._offer_types()
        self.fields["strand"].choices = [
            ("", "As proposed"),
            *Strand.objects.in_use().values_list("code", "name"),
            (NOT_YET_SAID, "Not yet said"),
        ]
        self.need_list = choices.needs_of(user, link, self.initial.get("needs") or ())
        self.fields["needs"].queryset = choices.needs(user, link)
        self.fields["provider"].queryset = choices.providers(user, link)
        self.fields["adapted_from"].queryset = choices.offers(user, link)
        for audience, label in AUDIENCES:
            for counted, words in (("expected", "expected"), ("actual", "came")):
                self.fields[field_name(audience, None, counted)] = _people(f"{label}, {words}")
        for year, label in YEARS:
            for counted, words in (("expected", "expected"), ("actual", "came")):
                self.fields[field_name("learners", year, counted)] = _people(f"{label}, {words}")

    def _offer_types(self):
        common, others = self.types[:MOST_PICKS], self.types[MOST_PICKS:]
        self.fields["type"].choices = [
            *((kind.code, kind.name) for kind in common),
            (ELSE, "Something else"),
        ]
        self.fields["other_type"].choices = [
            ("", "None of these"),
            *((kind.code, kind.name) for kind in others if kind.code != "other"),
        ]

    def clean(self):
        data = super().clean()
        data["type"] = self.type_of(data.get("type"), data.get("other_type"))
        data["headcounts"] = [row.cleaned(data) for row in self.rows()]
        if data.get("hours") is not None and data["hours"] <= 0:
            self.add_error("hours", "Hours must be more than nought.")
        return data

    def type_of(self, code, other):
        """The ActivityType behind the two fields, or None."""
        code = (other or "other") if code == ELSE else code
        return next((kind for kind in self.types if kind.code == code), None)

    @property
    def type_now(self):
        """The ActivityType that is chosen at this moment, checked or not."""
        return self.type_of(self["type"].value(), self["other_type"].value())

    def rows(self):
        """The lines of the headcount table, each with its two fields."""
        for year, label in YEARS:
            yield Row("learners", year, label, self)
        for audience, label in AUDIENCES:
            yield Row(audience, None, label, self)

    @property
    def common_rows(self):
        return [row for row in self.rows() if row.is_common]

    @property
    def other_rows(self):
        return [row for row in self.rows() if not row.is_common]

    @property
    def other_open(self):
        """Whether a year that is folded away holds something, or something wrong."""
        fields = [field for row in self.other_rows for field in (row.expected, row.actual)]
        return any(field.value() not in (None, "") or field.errors for field in fields)

    @property
    def need_rows(self):
        """The school's needs with both ratings, and whether each is ticked."""
        ticked = {str(getattr(value, "pk", value)) for value in self["needs"].value() or ()}
        return [(need, rating, str(need.pk) in ticked) for need, rating in self.need_list]

    @property
    def needs_now(self):
        return [need for need, _, ticked in self.need_rows if ticked]

    @property
    def folds(self):
        """For each folded part: what it holds in words, and whether it must stand open."""
        wrong = set(self.errors) if self.is_bound else set()
        found = {
            name: {"open": bool(wrong & set(fields)), "says": self._says(fields)}
            for name, fields in PARTS.items()
        }
        people = {field for row in self.rows() for field in (row.expected.name, row.actual.name)}
        found["who"] = {"open": bool(wrong & people), "says": self._people_said()}
        found["needs"]["says"] = self._needs_said()
        return found

    def _says(self, names):
        words = [choices.said(self[name]) for name in names]
        return ", ".join(filter(None, words)) or "not said"

    def _needs_said(self):
        if self.link is None:
            return "choose a school first"
        if not self.need_list:
            return "no open needs"
        return f"{len(self.needs_now)} of {len(self.need_list)} open needs ticked"

    def _people_said(self):
        filled = [row for row in self.rows() if row.is_filled]
        return (
            ", ".join(row.said for row in filled[:3]) + (" …" if filled[3:] else "") or "not said"
        )

    def details(self):
        """What was entered, by the names that the actions take."""
        data = self.cleaned_data
        kept = ("type", "starts_on", "summary", "mode", "provider", "starts_at", "hours")
        kept += ("adapted_from", "adaptation", "notes", "headcounts")
        chosen = data["strand"]
        strand = "" if chosen == NOT_YET_SAID else chosen or None
        return {name: data[name] for name in kept} | {
            "strand": strand,
            "needs": list(data["needs"]),
        }


class LogForm(ActivityForm):
    """A new activity: its school and its day come first; saving it twice makes one."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    school = forms.ModelChoiceField(
        None,
        error_messages={
            "required": "Choose a school.",
            "invalid_choice": "Choose a school that you work with.",
        },
    )
    when = forms.ChoiceField(
        label="When?",
        choices=[("today", "Today"), ("yesterday", "Yesterday"), ("other", "Another date")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when it was."},
    )
    date = _date(label="Date", required=False, help_text="A date ahead makes it planned.")

    def __init__(self, *args, links, offered=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].empty_label = "My own team"
        self.fields["school"].queryset = links
        self.fields["school"].widget.attrs["data-ts"] = reverse("partnerships:my_schools")
        self.fields["school"].widget.choices = [("", "Choose a school"), *offered]

    def clean(self):
        data = super().clean()
        when, today = data.get("when"), timezone.localdate()
        data["starts_on"] = {
            "today": today,
            "yesterday": today - timedelta(days=1),
        }.get(when, data.get("date"))
        if when == "other" and not data["starts_on"] and "date" not in self.errors:
            self.add_error("date", "Give the date, such as 17/11/2026.")
        return data

    def renew(self):
        """Let the next save be another activity."""
        self.data = self.data.copy()
        self.data["client_uuid"] = str(uuid4())

    @property
    def day_now(self):
        """The day as far as it can be read, for the proposal of a strand."""
        when, today = self["when"].value(), timezone.localdate()
        if when in ("today", "yesterday"):
            return today - timedelta(days=when == "yesterday")
        try:
            return self.fields["date"].clean(self["date"].value()) or today
        except forms.ValidationError:
            return today


class EditForm(ActivityForm):
    """An activity as it was saved at `version`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    date = _date(label="Date")
    status = forms.ChoiceField(
        label="Was it delivered?",
        choices=[("planned", "Planned"), ("delivered", "Delivered")],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].empty_label = "Not said"
        self.fields["adapted_from"].queryset = choices.offers(
            self.user, self.link, also=self.initial.get("adapted_from")
        )

    def clean(self):
        data = super().clean()
        data["starts_on"] = data.get("date")
        if data["starts_on"] and data["starts_on"] > timezone.localdate():
            data["status"] = data.get("status") and Activity.Status.PLANNED
        return data

    def details(self):
        return super().details() | {"status": self.cleaned_data["status"]}

    @property
    def day_now(self):
        try:
            return self.fields["date"].clean(self["date"].value())
        except forms.ValidationError:
            return timezone.localdate()


class CancelForm(forms.Form):
    """Why an activity did not happen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="Why was it cancelled?",
        choices=Activity.CancelReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it was cancelled."},
    )
    note = forms.CharField(label="Anything to add", max_length=300, required=False)


class LinkNeedsForm(forms.Form):
    """The needs that an activity answers, said afterwards."""

    needs = forms.ModelMultipleChoiceField(
        None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one need."},
    )

    def __init__(self, *args, user, link, linked, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.need_list = [row for row in choices.needs_of(user, link) if row[0].pk not in linked]
        self.fields["needs"].queryset = choices.needs(user, link)

    @property
    def need_rows(self):
        ticked = {str(value) for value in self["needs"].value() or ()}
        return [(need, rating, str(need.pk) in ticked) for need, rating in self.need_list]
