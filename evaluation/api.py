"""Plans and evidence packs for machines: the same rows, rules and actions as the pages."""

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from core.api import Pages
from core.models import ReportingPeriod
from evaluation import actions
from evaluation.forms import policy_choices
from evaluation.models import AccessPlan, EvidencePack, InterventionStrategy
from evaluation.rules import MAKE


class StrategySerializer(serializers.ModelSerializer):
    """One intervention strategy of a plan."""

    class Meta:
        model = InterventionStrategy
        fields = ["id", "code", "title"]
        read_only_fields = fields


class PlanSerializer(serializers.ModelSerializer):
    """A provider's access and participation plan with its strategies."""

    provider_name = serializers.CharField(source="provider.name", read_only=True)
    strategies = StrategySerializer(many=True, read_only=True)

    class Meta:
        model = AccessPlan
        fields = [
            "id",
            "partnership",
            "provider",
            "provider_name",
            "title",
            "starts_on",
            "ends_on",
            "strategies",
        ]
        read_only_fields = fields


class PlanFilter(filters.FilterSet):
    """Narrow by ids; an id of somebody else's row finds nothing, like one that does not exist."""

    partnership = filters.NumberFilter(label="Id of the partnership.")
    provider = filters.NumberFilter(label="Id of the provider.")

    class Meta:
        model = AccessPlan
        fields = ["partnership", "provider"]


class PlanViewSet(viewsets.ReadOnlyModelViewSet):
    """Access and participation plans of your partnerships."""

    serializer_class = PlanSerializer
    pagination_class = Pages
    filterset_class = PlanFilter
    ordering = ("-starts_on", "-id")
    queryset = AccessPlan.objects.none()

    def get_queryset(self):
        plans = AccessPlan.objects.visible_to(self.request.user)
        return plans.select_related("provider").prefetch_related("strategies")


class PackFilter(filters.FilterSet):
    """Narrow by partnership, plan and who will read it."""

    partnership = filters.NumberFilter(label="Id of the partnership.")
    plan = filters.NumberFilter(label="Id of the plan.")

    class Meta:
        model = EvidencePack
        fields = ["partnership", "plan", "policy"]


class PackSerializer(serializers.ModelSerializer):
    """An evidence pack; its file and tables are on its page."""

    period_name = serializers.CharField(source="period.name", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = EvidencePack
        fields = [
            "id",
            "partnership",
            "reference",
            "plan",
            "period",
            "period_name",
            "policy",
            "frozen_at",
            "sha256",
            "url",
        ]
        read_only_fields = fields


class MakePackSerializer(serializers.Serializer):
    """What a pack asks: the plan, the year its period starts in, and who will read it."""

    plan = serializers.PrimaryKeyRelatedField(queryset=AccessPlan.objects.none())
    year = serializers.IntegerField(min_value=1, max_value=9999)
    policy = serializers.ChoiceField(choices=policy_choices())

    def get_fields(self):
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["plan"].queryset = AccessPlan.objects.visible_to(request.user)
        return fields

    def validate_year(self, year):
        period = ReportingPeriod.objects.ofs_years().filter(starts_on__year=year).first()
        if period is None:
            raise serializers.ValidationError("There is no reporting period of that year.")
        return period


class PackViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Evidence packs of your partnerships; making one takes a manager or an evaluator."""

    serializer_class = PackSerializer
    pagination_class = Pages
    filterset_class = PackFilter
    ordering = ("-created_at", "-id")
    queryset = EvidencePack.objects.none()

    def get_queryset(self):
        packs = EvidencePack.objects.visible_to(self.request.user)
        return packs.select_related("period").defer("figures")

    @extend_schema(request=MakePackSerializer, responses={202: PackSerializer})
    def create(self, request, *args, **kwargs):
        asked = MakePackSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        plan, period = asked.validated_data["plan"], asked.validated_data["year"]
        if not request.user.has_perm(MAKE, plan):
            raise PermissionDenied
        policy = asked.validated_data["policy"]
        try:
            pack = actions.make_pack(plan, period=period, policy=policy, by=request.user)
        except actions.Refused as refusal:
            raise serializers.ValidationError({"year": [str(refusal)]}) from refusal
        return Response(self.get_serializer(pack).data, status=status.HTTP_202_ACCEPTED)
