"""Bodies for the API, made from the serializer that reads them."""

from django.utils import timezone
from rest_framework import serializers

from config.tests.wall_worlds import OTHER, UUID_OF_OTHER, WORD


def bodies_of(serializer):
    """Everything that is taken; and each part once with what is the other partnership's."""
    taken = {
        name: field
        for name, field in getattr(serializer, "fields", {}).items()
        if not field.read_only
    }
    whole = {name: _sample(field) for name, field in taken.items()}
    yield whole
    yield {name: whole[name] for name, field in taken.items() if field.required}
    for name, field in taken.items():
        for value in _strange(field):
            yield whole | {name: value}


def _sample(field):
    if isinstance(field, serializers.ManyRelatedField):
        return [_sample(field.child_relation)]
    if isinstance(field, serializers.ListSerializer):
        return [{name: _sample(inner) for name, inner in field.child.fields.items()}]
    if isinstance(field, serializers.RelatedField):
        first = field.get_queryset()[:1]
        return field.to_representation(first[0]) if first else OTHER
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    samples = {
        serializers.DateField: timezone.localdate().isoformat(),
        serializers.TimeField: "10:00",
        serializers.UUIDField: "6b6b6b6b-0000-4000-8000-000000000001",
        serializers.BooleanField: True,
        serializers.DecimalField: "2",
        serializers.IntegerField: getattr(field, "min_value", None) or timezone.localdate().year,
        serializers.EmailField: "new.person@example.org",
    }
    return next((samples[kind] for kind in type(field).__mro__ if kind in samples), "Words")


def _strange(field):
    if isinstance(field, serializers.ManyRelatedField):
        return [[OTHER], [OTHER + 1]]
    if isinstance(field, serializers.RelatedField):
        return [OTHER, OTHER + 1]
    if isinstance(field, serializers.UUIDField):
        return [UUID_OF_OTHER]
    if isinstance(field, serializers.IntegerField):
        return [OTHER]
    return [WORD] if isinstance(field, serializers.CharField) else []
