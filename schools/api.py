"""The public register for machines: read only, the same for everyone who is signed in."""

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.filters import Filters
from core.api.serializers import Shown
from core.api.viewsets import Readable
from schools.models import Establishment, School, Standing

CODES = [
    "type",
    "status",
    "phase",
    "authority",
    "gender",
    "sixth_form",
    "admissions",
    "trust",
    "region",
    "district",
]


@extend_schema_field(
    {
        "type": "object",
        "nullable": True,
        "required": ["code", "name"],
        "properties": {"code": {"type": "string"}, "name": {"type": "string"}},
    }
)
class CodeField(serializers.RelatedField):
    """A code of the register with its name."""

    def to_representation(self, value):
        return {"code": value.code, "name": value.name}


class EstablishmentSerializer(Shown):
    """One register row with its facts."""

    year_groups = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = Establishment
        fields = [
            "id",
            "scheme",
            "code",
            "name",
            "laestab",
            "ukprn",
            "standing",
            *CODES,
            "low_age",
            "high_age",
            "year_groups",
            "opened_on",
            "closed_on",
            "pupils",
            "capacity",
            "fsm_percent",
            "census_on",
            "town",
            "county",
            "postcode",
            "website",
            "easting",
            "northing",
            "lsoa",
            "msoa",
            "last_changed_on",
        ]

    def build_relational_field(self, field_name, relation_info):
        return CodeField, {"read_only": True}


class SchoolSerializer(Shown):
    """A school as people know it, with the register row that stands for it today."""

    current = EstablishmentSerializer(read_only=True)

    class Meta:
        model = School
        fields = ["id", "name", "standing", "current"]


class SchoolFilter(Filters):
    """Which schools: by words, number, status, phase and authority."""

    q = django_filters.CharFilter(
        method="search", label="Words: name, town, postcode or number, in any order."
    )
    urn = django_filters.CharFilter(
        field_name="establishments__code", distinct=True, label="Unique reference number."
    )
    status = django_filters.ChoiceFilter(
        field_name="standing", choices=[choice for choice in Standing.choices if choice[0]]
    )
    phase = django_filters.CharFilter(field_name="phase__code", label="Code of the phase.")
    authority = django_filters.CharFilter(
        field_name="current__authority__code", label="Code of the local authority."
    )

    class Meta:
        model = School
        fields = ["q", "urn", "status", "phase", "authority"]

    def search(self, queryset, name, value):
        return queryset.search(value)


class SchoolViewSet(Readable):
    """Schools of the public register."""

    serializer_class = SchoolSerializer
    filterset_class = SchoolFilter
    ordering = ("sort_key", "id")
    queryset = School.objects.none()

    def get_queryset(self):
        return super().get_queryset().select_related(*(f"current__{code}" for code in CODES))
