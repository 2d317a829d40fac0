"""Trusts and the links between schools for machines: read only, the same for everyone."""

import django_filters
from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.filters import Filters, SeveralFilter, WholeNumbersFilter
from core.api.serializers import Shown
from core.api.viewsets import Readable
from schools.api import CodeField
from schools.groups import members_of
from schools.models import Establishment, EstablishmentLink, Group


class GroupSerializer(Shown):
    """A trust or another body that runs schools; the register names trusts by the same `uid`."""

    is_closed = serializers.BooleanField()

    class Meta:
        model = Group
        fields = [
            "id",
            "uid",
            "group_id",
            "name",
            "type",
            "status",
            "is_closed",
            "companies_house_number",
            "ukprn",
            "opened_on",
            "closed_on",
            "town",
            "postcode",
        ]

    def build_relational_field(self, field_name, relation_info):
        return CodeField, {"read_only": True}


class MemberSerializer(serializers.Serializer):
    """A school in a group, now or before."""

    urn = serializers.CharField(source="code")
    name = serializers.CharField()
    school = serializers.IntegerField(source="row.school_id", default=None, allow_null=True)
    joined_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True)
    is_current = serializers.BooleanField()


class GroupDetailSerializer(GroupSerializer):
    """The same with its schools."""

    schools = serializers.SerializerMethodField()

    class Meta(GroupSerializer.Meta):
        fields = [*GroupSerializer.Meta.fields, "schools"]

    @extend_schema_field(MemberSerializer(many=True))
    def get_schools(self, group):
        current, former = members_of(group)
        return MemberSerializer(current + former, many=True).data


class GroupFilter(Filters):
    """Which trusts: by words, by number, by a school in them."""

    q = django_filters.CharFilter(method="by_words", label="Words of the name, or a number.")
    uid = django_filters.CharFilter(label="Unique id of the group.")

    class Meta:
        model = Group
        fields = ["q", "uid"]

    def by_words(self, groups, name, value):
        return groups.named(value)


class GroupViewSet(Readable):
    """Trusts and other groups of schools."""

    serializer_class = GroupSerializer
    filterset_class = GroupFilter
    ordering = ("sort_key", "id")
    queryset = Group.objects.none()

    def get_queryset(self):
        return super().get_queryset().select_related("type", "status")

    def get_serializer_class(self):
        return GroupDetailSerializer if self.action == "retrieve" else GroupSerializer


class EstablishmentLinkSerializer(Shown):
    """What the school `linked_urn` is to the school `urn`: its successor, its predecessor."""

    urn = serializers.CharField(source="code")
    linked_urn = serializers.CharField(source="linked_code")

    class Meta:
        model = EstablishmentLink
        fields = ["id", "urn", "linked_urn", "name", "type", "established_on"]


class EstablishmentLinkFilter(Filters):
    """Links of some schools, by their ids or by register numbers, from either side."""

    school = WholeNumbersFilter(
        method="by_school", label="Id of the school; again for each school."
    )
    urn = SeveralFilter(method="by_urn", label="Unique reference number; again for each number.")

    class Meta:
        model = EstablishmentLink
        fields = ["school", "urn"]

    def by_school(self, links, name, value):
        return _touching(links, Establishment.objects.filter(school__in=value).values("code"))

    def by_urn(self, links, name, value):
        return _touching(links, value)


def _touching(links, codes):
    return links.filter(Q(code__in=codes) | Q(linked_code__in=codes))


class EstablishmentLinkViewSet(Readable):
    """Links between schools, as the register has them."""

    serializer_class = EstablishmentLinkSerializer
    filterset_class = EstablishmentLinkFilter
    ordering = ("id",)
    queryset = EstablishmentLink.objects.none()
