"""The areas of schools' sites for machines: read only, the same for everyone who is signed in."""

import django_filters
from rest_framework import serializers

from core.api.filters import Filters, SeveralFilter, WholeNumberFilter, WholeNumbersFilter
from core.api.serializers import Shown
from core.api.viewsets import Readable
from schools.models import Establishment, SchoolArea


class AreaSerializer(Shown):
    """What one edition of a measure says of the area of the school's site; not of its pupils."""

    measure = serializers.CharField(source="edition.measure.code")
    edition = serializers.CharField(source="edition.edition")
    geography = serializers.CharField(source="edition.geography")
    area = serializers.CharField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_null=True)

    class Meta:
        model = SchoolArea
        fields = [
            *("measure", "edition", "geography", "area", "value"),
            *("quintile", "decile", "rank", "reason"),
        ]


class SchoolAreaSerializer(AreaSerializer):
    """The same with the school; `urn` is its number today."""

    school = serializers.IntegerField(source="school_id")
    urn = serializers.CharField(source="school.current.code", default=None, allow_null=True)

    class Meta(AreaSerializer.Meta):
        fields = ["id", "school", "urn", *AreaSerializer.Meta.fields]


class SchoolAreaFilter(Filters):
    """Which facts: of some schools or numbers, of a measure, an edition, a fifth."""

    school = WholeNumbersFilter(label="Id of the school in the register; again for each school.")
    urn = SeveralFilter(method="by_urn", label="Unique reference number; again for each number.")
    measure = django_filters.CharFilter(
        field_name="edition__measure__code", label="Code of the measure."
    )
    edition = django_filters.CharFilter(
        field_name="edition__edition", label="Edition, such as 2025."
    )
    quintile = WholeNumberFilter(label="Fifth of the area, 1 to 5.")

    class Meta:
        model = SchoolArea
        fields = ["school", "urn", "measure", "edition", "quintile"]

    def by_urn(self, areas, name, value):
        rows = Establishment.objects.filter(scheme=Establishment.URN, code__in=value)
        return areas.filter(school__in=rows.order_by().values("school"))


class SchoolAreaViewSet(Readable):
    """What is measured of the area that each school's site lies in, in every edition loaded."""

    serializer_class = SchoolAreaSerializer
    filterset_class = SchoolAreaFilter
    ordering = ("id",)
    queryset = SchoolArea.objects.none()

    def get_queryset(self):
        rows = super().get_queryset().with_value()
        return rows.select_related("school__current", "edition__measure", "reason")
