"""What a list of activities can be narrowed by: the same for page, file and API."""

import django_filters as filters
from django import forms
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.urls import reverse_lazy
from django.utils import timezone

from activities.models import Activity, ActivityType, YearGroup
from core.templatetags.components import longdate, school_year
from needs.models import Need, NeedArea
from partnerships.models import Hub, Provider, SchoolLink, Strand

NO_STRAND = "none"
GOES_ON = "on"
FIRST_YEAR = 2015
LISTS = {"strand": Strand, "type": ActivityType, "area": NeedArea, "hub": Hub, "provider": Provider}
BY_CODE = ("strand", "type")
OWNED = ("hub", "provider")


def options_of(user):
    """Read every list that the filter offers in one query: {name: [(value, label)]}."""
    reads = [_option_rows(name, model, user) for name, model in LISTS.items()]
    found = {name: [] for name in LISTS}
    for name, _, value, label in reads[0].union(*reads[1:], all=True).order_by("list", "place"):
        found[name].append((value, label))
    for name in OWNED:
        found[name].sort(key=lambda option: option[1].lower())
    found["strand"].append((NO_STRAND, "Not yet said"))
    return found


def _option_rows(name, model, user):
    rows = model.objects.visible_to(user) if name in OWNED else model.objects.all()
    return (
        rows.order_by()
        .annotate(
            list=Value(name, CharField()),
            place=Value(0) if name in OWNED else F("order"),
            option=Cast("code" if name in BY_CODE else "pk", CharField()),
        )
        .values_list("list", "place", "option", "name")
    )


def _schools(request):
    return SchoolLink.objects.visible_to(request.user).with_names() if request else []


def _needs(request):
    return Need.objects.visible_to(request.user).with_names() if request else []


def _date():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _choice(label, choices=(), **options):
    return filters.ChoiceFilter(label=label, choices=choices, empty_label="Any", **options)


class ActivityFilter(filters.FilterSet):
    """The filter as it stands in an address; nothing is found while a part of it is wrong."""

    q = filters.CharFilter(
        label="Words", method="of_words", help_text="In its line, its type or the school’s name."
    )
    school = filters.ModelChoiceFilter(
        label="School",
        queryset=_schools,
        method="of_school",
        empty_label="Any",
        widget=forms.Select(attrs={"data-ts": reverse_lazy("partnerships:my_schools")}),
    )
    strand = filters.MultipleChoiceFilter(
        label="Strand", method="of_strand", widget=forms.CheckboxSelectMultiple
    )
    type = _choice("Kind of activity", field_name="type__code")
    year_group = _choice("Year group", YearGroup.choices, method="of_year_group")
    area = _choice("Area of need", method="of_area")
    need = filters.ModelChoiceFilter(
        label="Need", queryset=_needs, method="of_need", widget=forms.HiddenInput
    )
    no_need = filters.BooleanFilter(
        label="No need linked", method="of_no_need", widget=forms.CheckboxInput
    )
    status = _choice(
        "Status", [(GOES_ON, "Not cancelled"), *Activity.Status.choices], method="of_status"
    )
    year = filters.TypedChoiceFilter(
        label="School year", coerce=int, field_name="school_year", empty_value=None
    )
    hub = _choice("Hub", method="of_hub")
    provider = _choice("Delivered by", method="of_provider")
    mine = filters.BooleanFilter(label="Logged by me", method="of_mine", widget=forms.CheckboxInput)

    class Meta:
        model = Activity
        fields = []

    @classmethod
    def get_filters(cls):
        return super().get_filters() | {
            "from": filters.DateFilter(
                label="From", field_name="starts_on", lookup_expr="gte", widget=_date()
            ),
            "to": filters.DateFilter(
                label="To", field_name="starts_on", lookup_expr="lte", widget=_date()
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = range(timezone.localdate().year + 1, FIRST_YEAR - 1, -1)
        offered = [("", "Any"), *((year, school_year(year)) for year in years)]
        self._offer("year", offered)
        for name, options in (options_of(self.request.user) if self.request else {}).items():
            self._offer(name, options)

    def _offer(self, name, choices):
        """Give one filter its choices; a field made before, for the API's document, is dropped."""
        self.filters[name].extra["choices"] = choices
        self.filters[name].__dict__.pop("_field", None)

    @property
    def qs(self):
        return super().qs if self.form.is_valid() else self.queryset.none()

    @property
    def form(self):
        """The form, whose school field offers the chosen one alone: the rest is searched for."""
        form = super().form
        if "asked" not in form.__dict__:
            form.asked = True
            chosen = form.cleaned_data.get("school") if form.is_valid() else None
            form.fields["school"].widget.choices = [
                ("", "Any"),
                *([(chosen.pk, chosen.school.name)] if chosen else []),
            ]
        return form

    def of_words(self, rows, name, value):
        return rows.matching(value, SchoolLink.objects.visible_to(self.request.user))

    def of_school(self, rows, name, value: int):
        return rows.at(school_link__in=value.with_forerunners())

    def of_strand(self, rows, name, value: list[str]):
        chosen = rows.filter(strand__code__in=[code for code in value if code != NO_STRAND])
        if not value:
            return rows
        return chosen | rows.filter(strand=None) if NO_STRAND in value else chosen

    def of_year_group(self, rows, name, value: int):
        return rows.counting(audience="learners", year_group=value)

    def of_area(self, rows, name, value: int):
        return rows.answering(need__area=value)

    def of_need(self, rows, name, value: int):
        return rows.answering(need=value.pk)

    def of_no_need(self, rows, name, value):
        return rows.without_need() if value else rows

    def of_status(self, rows, name, value):
        return rows.not_cancelled() if value == GOES_ON else rows.filter(status=value)

    def of_hub(self, rows, name, value: int):
        return rows.at(hub=value)

    def of_provider(self, rows, name, value: int):
        return rows.delivered_by(value)

    def of_mine(self, rows, name, value):
        return rows.filter(owner=self.request.user.pk) if value else rows

    def chosen(self):
        """Yield (name, the value in the address, label, words) for each part that is chosen."""
        if not self.form.is_valid():
            return
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if value in (None, "", [], False):
                continue
            for part in value if isinstance(value, list) else [value]:
                yield name, getattr(part, "pk", part), str(field.label), _words(field, part)

    def noted(self):
        """The filter as the audit trail keeps it: ids, codes and dates, but no word typed."""
        kept = {}
        for name, value, _, _ in self.chosen():
            is_typed = isinstance(self.form.fields[name], forms.CharField)
            kept.setdefault(name, []).append("typed" if is_typed else str(value))
        return kept

    def sentences(self):
        """The filter as sentences, for the cover of a file."""
        return tuple(f"{label}: {words}" for _, _, label, words in self.chosen())


def _words(field, value):
    if value is True:
        return "yes"
    if isinstance(value, SchoolLink):
        return value.school.name
    if isinstance(value, Need):
        return f"{value.area.name} at {value.school_link.school.name}"
    if hasattr(value, "year"):
        return longdate(value)
    labels = {str(option): label for option, label in getattr(field, "choices", ())}
    return str(labels.get(str(value), value))
