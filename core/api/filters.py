"""Filters that refuse what they cannot read, rather than leave it out."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.settings import api_settings

from core.api.pages import Pages

MOST_VALUES, LARGEST = 100, 2**63 - 1
MANY = filters.MultipleChoiceFilter | filters.ModelMultipleChoiceFilter
WORDS = {"true": True, "false": False}


class WholeNumberFilter(filters.NumberFilter):
    """A number without decimals: an id, a year."""

    field_class = forms.IntegerField


class SeveralField(forms.MultipleChoiceField):
    """Several values that are no choices of a list; each is read by the field `each`."""

    def __init__(self, *, each, **kwargs):
        super().__init__(**kwargs)
        self.each = each

    def clean(self, value):
        values = [self.each.clean(one) for one in super().clean(value)]
        if len(values) > MOST_VALUES:
            raise ValidationError(f"Write at most {MOST_VALUES} values in one request.")
        return values

    def valid_value(self, value):
        return True


class SeveralFilter(filters.MultipleChoiceFilter):
    """Rows with any of several texts; a `method` is given them as a list."""

    field_class = SeveralField
    each, kind = forms.CharField(max_length=40), "string"

    def __init__(self, **kwargs):
        super().__init__(each=self.each, distinct=False, **kwargs)
        listed = {"type": "array", "items": {"type": self.kind}, "maxItems": MOST_VALUES}
        extend_schema_field(listed)(self)


class WholeNumbersFilter(SeveralFilter):
    """Rows of any of several ids."""

    each, kind = forms.IntegerField(min_value=0, max_value=LARGEST), "integer"


class TrueOrFalseField(forms.CharField):
    """The words true and false, and nothing else."""

    def clean(self, value):
        word = super().clean(value)
        if word and word.lower() not in WORDS:
            raise ValidationError("Write true or false.")
        return WORDS.get(word.lower())


class TrueOrFalseFilter(filters.BooleanFilter):
    """Yes, no, or where it is left out, both."""

    field_class = TrueOrFalseField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.extra["widget"]


class Filters(filters.FilterSet):
    """What narrows a list; an id of somebody else's row finds nothing, as one that is not there."""

    FILTER_DEFAULTS = {
        **filters.FilterSet.FILTER_DEFAULTS,
        models.PositiveSmallIntegerField: {"filter_class": WholeNumberFilter},
        models.BooleanField: {"filter_class": TrueOrFalseFilter},
    }


class Backend(filters.DjangoFilterBackend):
    """Refuses a filter that is misspelt or empty: without it the answer would be everything."""

    def filter_queryset(self, request, queryset, view):
        known = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        faults = dict(_faults(request.query_params, known))
        if faults:
            raise serializers.ValidationError(faults)
        return super().filter_queryset(request, queryset, view)


def _faults(asked, known):
    ours = {Pages.cursor_query_param, api_settings.URL_FORMAT_OVERRIDE}
    for name in set(asked) - ours:
        if name not in known:
            yield name, ["There is no such filter here. Leave it out."]
        elif type(known[name]) is not filters.CharFilter and "" in asked.getlist(name):
            yield name, ["Write a value, or leave the filter out."]
        elif len(asked.getlist(name)) > 1 and not isinstance(known[name], MANY):
            yield name, ["Write this filter once."]
