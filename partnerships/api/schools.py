"""The schools of a person's partnerships, for machines."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from core.api.filters import Filters, TrueOrFalseFilter, WholeNumberFilter
from core.api.serializers import Shown, Typed
from core.api.viewsets import Creatable
from partnerships import actions
from partnerships.actions.schools import OLDEST_YEAR
from partnerships.models import Hub, Partnership, SchoolLink, SchoolLinkStatus
from partnerships.rules import MANAGE
from schools.models import School


class StatusSerializer(Shown):
    """What a school is to the partnership today."""

    hub_name = serializers.CharField(source="hub.name", default="")
    owner = serializers.CharField(source="owner.name", default="")

    class Meta:
        model = SchoolLinkStatus
        fields = [
            "starts_on",
            "ends_on",
            "hub",
            "hub_name",
            "hub_school",
            "targeted",
            "level",
            "owner",
        ]


class SchoolLinkSerializer(Shown):
    """A school of a partnership, with its register number and its status of today."""

    name = serializers.CharField(source="school.name")
    urn = serializers.SerializerMethodField()
    partnership_name = serializers.CharField(source="partnership.name")
    status = serializers.SerializerMethodField()
    year_groups = serializers.ListField(
        child=serializers.IntegerField(),
        source="taught_years",
        help_text="0 is Reception. As the partnership corrected them, else as the ages make them.",
    )
    year_groups_corrected = serializers.SerializerMethodField()

    class Meta:
        model = SchoolLink
        fields = [
            "id",
            "school",
            "name",
            "urn",
            "partnership",
            "partnership_name",
            "status",
            "year_groups",
            "year_groups_corrected",
        ]

    @extend_schema_field(serializers.BooleanField())
    def get_year_groups_corrected(self, link):
        return link.year_groups is not None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_urn(self, link):
        row = link.school.current
        return row.code if row and row.scheme == row.URN else None

    @extend_schema_field(StatusSerializer(allow_null=True))
    def get_status(self, link):
        return StatusSerializer(link.status).data if link.status else None


class LinkSchoolSerializer(Typed, serializers.Serializer):
    """A school of the register to add to a partnership."""

    partnership = serializers.PrimaryKeyRelatedField(queryset=Partnership.objects.none())
    school = serializers.PrimaryKeyRelatedField(queryset=School.objects.none())
    starts_on = serializers.DateField()
    hub = serializers.PrimaryKeyRelatedField(
        queryset=Hub.objects.none(), required=False, allow_null=True
    )
    hub_school = serializers.BooleanField(default=False)
    targeted = serializers.BooleanField(default=False)
    level = serializers.CharField(max_length=40, default="", allow_blank=True)

    def get_fields(self):
        fields = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            for name, model in (("partnership", Partnership), ("school", School), ("hub", Hub)):
                fields[name].queryset = model.objects.visible_to(user)
        return fields


class CorrectYearGroupsSerializer(Typed, serializers.Serializer):
    """The year groups that a school teaches, 0 is Reception; null follows the register's ages."""

    year_groups = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=OLDEST_YEAR),
        allow_null=True,
        min_length=1,
    )
    reason = serializers.CharField(max_length=200, default="", allow_blank=True)


class SchoolLinkFilter(Filters):
    """Which schools: by partnership, by what they are today, by number or by words."""

    partnership = WholeNumberFilter(label="Id of the partnership.")
    hub = WholeNumberFilter(method="by_status", label="Id of the hub, as of today.")
    hub_school = TrueOrFalseFilter(method="by_status", label="As of today.")
    targeted = TrueOrFalseFilter(method="by_status", label="As of today.")
    urn = django_filters.CharFilter(
        field_name="school__establishments__code",
        distinct=True,
        label="Unique reference number, also one that the school had before.",
    )
    q = django_filters.CharFilter(method="by_words", label="Words of the name, town or number.")

    class Meta:
        model = SchoolLink
        fields = ["partnership", "hub", "hub_school", "targeted", "urn", "q"]

    def by_status(self, links, name, value):
        return links.where_status(timezone.localdate(), **{name: value})

    def by_words(self, links, name, value):
        return links.matching(value)


class SchoolLinkViewSet(Creatable):
    """Schools of the partnerships that a person works in, or that they lead."""

    serializer_class = SchoolLinkSerializer
    filterset_class = SchoolLinkFilter
    ordering = ("id",)
    queryset = SchoolLink.objects.none()
    asks = LinkSchoolSerializer

    def get_queryset(self):
        links = super().get_queryset().select_related("school__current", "partnership")
        return links.with_status(timezone.localdate())

    def make(self, asked):
        """Add a school of the register to a partnership; for its managers."""
        partnership, school = asked.pop("partnership"), asked.pop("school")
        if not self.request.user.has_perm(MANAGE, partnership):
            raise PermissionDenied
        try:
            return actions.link_school(partnership, school, by=self.request.user, **asked)
        except actions.Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal

    @extend_schema(request=CorrectYearGroupsSerializer, responses=SchoolLinkSerializer)
    def partial_update(self, request, pk):
        """Correct the year groups that a school teaches; for the partnership's managers."""
        link = self.get_object()
        if not request.user.has_perm(MANAGE, link):
            raise PermissionDenied
        asked = CorrectYearGroupsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        actions.correct_year_groups(link, by=request.user, **asked.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=link.pk)).data)
