"""The partnership itself, its hubs, its providers and its people, to read."""

from rest_framework import serializers

from core.api.filters import Filters, WholeNumberFilter
from core.api.serializers import Shown
from core.api.viewsets import Readable
from partnerships.models import Hub, Membership, Partnership, Provider


class PartnershipSerializer(Shown):
    """Universities and colleges that work together with schools of their area."""

    class Meta:
        model = Partnership
        fields = ["id", "name", "slug", "recent_contact_days"]


class HubSerializer(Shown):
    """A team that looks after a group of the partnership's schools."""

    class Meta:
        model = Hub
        fields = ["id", "partnership", "name"]


class ProviderSerializer(Shown):
    """A university, college or other body that delivers for the partnership."""

    class Meta:
        model = Provider
        fields = ["id", "partnership", "name", "ukprn"]


class MembershipSerializer(Shown):
    """A person's role in one partnership."""

    name = serializers.CharField(source="user.name")

    class Meta:
        model = Membership
        fields = ["id", "partnership", "name", "role", "provider", "hubs"]


class OfPartnershipFilter(Filters):
    """Narrow by partnership."""

    partnership = WholeNumberFilter(label="Id of the partnership.")


class PartnershipViewSet(Readable):
    """The partnerships you work in; under a token the one it was made in."""

    serializer_class = PartnershipSerializer
    ordering = ("name", "id")
    queryset = Partnership.objects.none()


class HubViewSet(Readable):
    """The hubs of your partnerships."""

    serializer_class = HubSerializer
    filterset_class = OfPartnershipFilter
    ordering = ("name", "id")
    queryset = Hub.objects.none()


class ProviderViewSet(Readable):
    """The providers of your partnerships."""

    serializer_class = ProviderSerializer
    filterset_class = OfPartnershipFilter
    ordering = ("name", "id")
    queryset = Provider.objects.none()


class MembershipViewSet(Readable):
    """The people who work in your partnerships today."""

    serializer_class = MembershipSerializer
    filterset_class = OfPartnershipFilter
    ordering = ("id",)
    queryset = Membership.objects.none()

    def get_queryset(self):
        return super().get_queryset().live().with_names()
