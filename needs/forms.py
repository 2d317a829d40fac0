"""What is asked of people: a year's ratings, why a need closes, which needs to list."""

from dataclasses import dataclass

from django import forms
from django.utils.html import format_html, format_html_join

from needs.models import Need, NeedArea, Rating, Side, Value
from partnerships.models import Hub, SchoolLink

PRIORITIES = [("", "None"), (1, "1, highest"), (2, "2"), (3, "3")]
NOTE_ALONE = "Choose a rating for {area} to go with what you wrote"


@dataclass
class AreaFields:
    """One area of the form: its fields, both sides as they stand, and what the page began from."""

    area: NeedArea
    rating: Rating | None
    fields: dict

    @property
    def value(self):
        return self.fields["value"]

    @property
    def note(self):
        return self.fields["note"]

    @property
    def priority(self):
        return self.fields.get("priority")

    @property
    def is_written(self):
        """Whether the fold holds something, so that it stands open."""
        return bool(self.note.value())

    @property
    def has_errors(self):
        return any(field.errors for field in self.fields.values())

    @property
    def beginnings(self):
        """Hidden fields with what was there when the page was made."""
        return format_html_join(
            "", "{}", ((field.as_hidden(only_initial=True),) for field in self.fields.values())
        )


class RateForm(forms.Form):
    """One side's ratings in all areas. Each field remembers what it began from."""

    def __init__(self, data=None, *, areas, ratings, side):
        super().__init__(data, label_suffix="")
        self.areas, self.ratings, self.side = areas, ratings, Side(side)
        for area in areas:
            rating = ratings.get(area.pk)
            for name, field in self._fields_of(area).items():
                field.initial = self._begin(rating, name)
                field.show_hidden_initial = True
                self.fields[f"{name}_{area.pk}"] = field

    def _fields_of(self, area):
        fields = {
            "value": forms.ChoiceField(
                label=area.name,
                choices=Value.choices,
                widget=forms.RadioSelect,
                required=False,
                help_text=area.description,
            ),
            "note": forms.CharField(
                label=_label("Note", "on", area),
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"max_length": "Keep the note to 500 characters or fewer"},
            ),
        }
        if self.side == Side.PARTNER:
            fields["priority"] = forms.TypedChoiceField(
                label=_label("Priority", "of", area),
                choices=PRIORITIES,
                coerce=int,
                empty_value=None,
                required=False,
            )
        return fields

    def _begin(self, rating, name):
        if rating is None:
            return ""
        value = rating.priority if name == "priority" else getattr(rating, f"{self.side}_{name}")
        return "" if value is None else value

    def rows(self):
        """The areas in order, each with its bound fields."""
        names = ("value", "note", "priority") if self.side == Side.PARTNER else ("value", "note")
        for area in self.areas:
            fields = {name: self[f"{name}_{area.pk}"] for name in names}
            yield AreaFields(area, self.ratings.get(area.pk), fields)

    def clean(self):
        values = super().clean()
        for area in self.areas:
            extra = values.get(f"note_{area.pk}") or values.get(f"priority_{area.pk}")
            if extra and not values.get(f"value_{area.pk}") and f"value_{area.pk}" in values:
                self.add_error(f"value_{area.pk}", NOTE_ALONE.format(area=area.name))
        return values

    def changes(self):
        """{area id: {what the person changed}}."""
        changes = {}
        for key in self.changed_data:
            name, _, area_id = key.rpartition("_")
            changes.setdefault(int(area_id), {})[name] = self.cleaned_data[key]
        return changes

    def beginnings(self):
        """{area id: what the person saw when they began}, where the page carried it."""
        found = {}
        for row in self.rows():
            began = {
                name: self.data.get(field.html_initial_name) for name, field in row.fields.items()
            }
            if None not in began.values():
                found[row.area.pk] = {name: _read(name, text) for name, text in began.items()}
        return found

    def over_newer(self, ratings):
        """The same answers as a form that begins from the ratings as they stand now."""
        fresh = RateForm(areas=self.areas, ratings=ratings, side=self.side)
        data, changed = self.data.copy(), set(self.changed_data)
        for key, field in fresh.fields.items():
            data[fresh[key].html_initial_name] = str(field.initial)
            if key not in changed:
                data[fresh[key].html_name] = str(field.initial)
        return RateForm(data, areas=self.areas, ratings=ratings, side=self.side)


def _label(word, link, area):
    """A short label whose area is said to those who cannot see where it stands."""
    return format_html('{}<span class="visually-hidden"> {} {}</span>', word, link, area.name)


def _read(name, text):
    if name == "priority":
        return int(text) if text in ("1", "2", "3") else None
    return text.replace("\r\n", "\n")


class CloseForm(forms.Form):
    """Why a need closes."""

    status = forms.ChoiceField(
        label="How does it end?",
        choices=[(status.value, status.label) for status in Need.CLOSING],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the need ends"},
    )
    note = forms.CharField(
        label="What came of it",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Keep the note to 500 characters or fewer"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NeedFilterForm(forms.Form):
    """Which needs to list; every choice is in the address."""

    STATUSES = [("open", "Open"), ("closed", "Closed"), ("any", "Open and closed")]

    status = forms.ChoiceField(label="Status", choices=STATUSES, required=False)
    area = forms.ModelChoiceField(NeedArea.objects.none(), required=False, empty_label="Any area")
    hub = forms.ModelChoiceField(Hub.objects.none(), required=False, empty_label="Any hub")
    year = forms.TypedChoiceField(label="School year", coerce=int, required=False)
    no_activity = forms.BooleanField(label="No activity in the school year", required=False)
    differ = forms.BooleanField(label="The sides differ in the school year", required=False)
    school = forms.ModelChoiceField(
        SchoolLink.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data, *, user, years):
        super().__init__(data, label_suffix="")
        self.fields["area"].queryset = NeedArea.objects.in_use()
        self.fields["hub"].queryset = Hub.objects.visible_to(user)
        self.fields["school"].queryset = SchoolLink.objects.visible_to(user).with_names()
        self.fields["year"].choices = [(year, f"{year} to {year + 1}") for year in years]
