"""The schools of a person's partnerships, for machines."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from core.api import Pages
from partnerships import actions
from partnerships.models import Hub, Partnership, SchoolLink, SchoolLinkStatus
from partnerships.rules import MANAGE
from schools.models import School


class StatusSerializer(serializers.ModelSerializer):
    """What a school is to the partnership today."""

    hub_name = serializers.CharField(source="hub.name", default="", read_only=True)
    owner = serializers.CharField(source="owner.name", default="", read_only=True)

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


class SchoolLinkSerializer(serializers.ModelSerializer):
    """A school of a partnership, with its register number and its status of today."""

    name = serializers.CharField(source="school.name", read_only=True)
    urn = serializers.SerializerMethodField()
    partnership_name = serializers.CharField(source="partnership.name", read_only=True)
    status = serializers.SerializerMethodField()

    class Meta:
        model = SchoolLink
        fields = ["id", "school", "name", "urn", "partnership", "partnership_name", "status"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_urn(self, link):
        row = link.school.current
        return row.code if row and row.scheme == row.URN else None

    @extend_schema_field(StatusSerializer(allow_null=True))
    def get_status(self, link):
        return StatusSerializer(link.status).data if link.status else None


class LinkSchoolSerializer(serializers.Serializer):
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


class SchoolLinkFilter(django_filters.FilterSet):
    """Which schools: by partnership, by what they are today, by number or by words."""

    partnership = django_filters.NumberFilter(label="Id of the partnership.")
    hub = django_filters.NumberFilter(method="by_status", label="Id of the hub, as of today.")
    hub_school = django_filters.BooleanFilter(method="by_status", label="As of today.")
    targeted = django_filters.BooleanFilter(method="by_status", label="As of today.")
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


class SchoolLinkViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Schools of the partnerships that a person works in, or that they lead."""

    serializer_class = SchoolLinkSerializer
    filterset_class = SchoolLinkFilter
    pagination_class = Pages
    ordering = ("id",)
    queryset = SchoolLink.objects.none()

    def get_queryset(self):
        links = SchoolLink.objects.visible_to(self.request.user)
        links = links.select_related("school__current", "partnership")
        return links.with_status(timezone.localdate())

    @extend_schema(request=LinkSchoolSerializer, responses={201: SchoolLinkSerializer})
    def create(self, request):
        """Add a school of the register to a partnership; for its managers."""
        asked = LinkSchoolSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        facts = dict(asked.validated_data)
        partnership, school = facts.pop("partnership"), facts.pop("school")
        if not request.user.has_perm(MANAGE, partnership):
            raise PermissionDenied
        try:
            link = actions.link_school(partnership, school, by=request.user, **facts)
        except actions.Refused as refusal:
            raise serializers.ValidationError({"detail": str(refusal)}) from refusal
        return Response(self.get_serializer(self.get_queryset().get(pk=link.pk)).data, status=201)
