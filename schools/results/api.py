"""Published results for machines: read only, the same for everyone who is signed in."""

import django_filters
from rest_framework import serializers

from core.api.filters import Filters, SeveralFilter, WholeNumberFilter, WholeNumbersFilter
from core.api.serializers import Shown
from core.api.viewsets import Readable
from schools.models import Result
from schools.results import measures
from schools.results.years import as_label


class ResultSerializer(Shown):
    """One figure of one school and year; where it is null, the reason says why."""

    urn = serializers.CharField(source="code")
    kind = serializers.CharField(source="measure.kind")
    measure = serializers.CharField(source="measure.code")
    measure_name = serializers.CharField(source="measure.name")
    of = serializers.CharField(source="measure.of")
    unit = serializers.CharField(source="measure.unit")
    school_year_name = serializers.SerializerMethodField()
    reason_in_words = serializers.SerializerMethodField()

    class Meta:
        model = Result
        fields = [
            "id",
            "urn",
            "kind",
            "measure",
            "measure_name",
            "of",
            "unit",
            "school_year",
            "school_year_name",
            "value",
            "reason",
            "reason_in_words",
        ]

    def get_school_year_name(self, row) -> str:
        return as_label(row.school_year)

    def get_reason_in_words(self, row) -> str:
        return measures.reason_in_words(row.reason) if row.reason else ""


class ResultFilter(Filters):
    """Which figures: of some schools or numbers, of a kind, a measure, a school year."""

    school = WholeNumbersFilter(
        method="of_schools", label="Id of the school in the register; again for each school."
    )
    urn = SeveralFilter(field_name="code", label="Unique reference number; again for each number.")
    kind = django_filters.CharFilter(field_name="measure__kind", label="Kind, such as census.")
    measure = django_filters.CharFilter(field_name="measure__code", label="Code of the measure.")
    school_year = WholeNumberFilter(label="The year in which the school year starts.")

    class Meta:
        model = Result
        fields = ["school", "urn", "kind", "measure", "school_year"]

    def of_schools(self, results, name, value):
        return results.of_schools(value)


class ResultViewSet(Readable):
    """What the DfE publishes of each school by year, with the reason where a value is withheld."""

    serializer_class = ResultSerializer
    filterset_class = ResultFilter
    ordering = ("id",)
    queryset = Result.objects.none()

    def get_queryset(self):
        return super().get_queryset().select_related("measure")
