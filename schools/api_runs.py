"""The imports of the register for machines: each run, and each field that one changed."""

import django_filters
from rest_framework import serializers

from core.api.filters import Filters, WholeNumberFilter
from core.api.serializers import Shown
from core.api.viewsets import Readable
from schools.models import RegisterChange, RegisterRun


class RegisterRunSerializer(Shown):
    """One file that was applied, with its counts."""

    class Meta:
        model = RegisterRun
        fields = [
            "id",
            "file_name",
            "file_hash",
            "origin",
            "extracted_on",
            "started_at",
            "finished_at",
            "rows",
            "new",
            "changed",
            "unchanged",
            "closed",
            "missing",
            "missing_columns",
            "unknown_columns",
        ]


class RegisterRunViewSet(Readable):
    """The files that the register was made of."""

    serializer_class = RegisterRunSerializer
    ordering = ("-finished_at", "-id")
    queryset = RegisterRun.objects.none()


class RegisterChangeSerializer(Shown):
    """One field that a run changed at one register row, in words."""

    urn = serializers.CharField(source="establishment.code")
    school = serializers.IntegerField(source="establishment.school_id")

    class Meta:
        model = RegisterChange
        fields = ["id", "run", "urn", "school", "field", "old", "new"]


class RegisterChangeFilter(Filters):
    """Which changes: of a run, a school, a register row, a field."""

    run = WholeNumberFilter(label="Id of the run.")
    school = WholeNumberFilter(field_name="establishment__school", label="Id of the school.")
    urn = django_filters.CharFilter(
        field_name="establishment__code", label="Unique reference number."
    )
    field = django_filters.CharFilter(label="The field, such as status or trust.")

    class Meta:
        model = RegisterChange
        fields = ["run", "school", "urn", "field"]


class RegisterChangeViewSet(Readable):
    """What the files changed, the newest first."""

    serializer_class = RegisterChangeSerializer
    filterset_class = RegisterChangeFilter
    ordering = ("-id",)
    queryset = RegisterChange.objects.none()

    def get_queryset(self):
        return super().get_queryset().select_related("establishment")
