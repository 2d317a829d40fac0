"""Plans and evidence packs for machines: the same rows, rules and actions as the pages."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from core.api.filters import Filters, WholeNumberFilter
from core.api.serializers import Shown, Typed
from core.api.viewsets import Creatable, Readable
from core.models import ReportingPeriod
from evaluation import actions
from evaluation.forms import policy_choices
from evaluation.models import AccessPlan, EvidencePack, InterventionStrategy
from evaluation.rules import MAKE


class StrategySerializer(Shown):
    """One intervention strategy of a plan."""

    class Meta:
        model = InterventionStrategy
        fields = ["id", "code", "title"]


class PlanSerializer(Shown):
    """A provider's access and participation plan with its strategies."""

    provider_name = serializers.CharField(source="provider.name")
    strategies = StrategySerializer(many=True)

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


class PlanFilter(Filters):
    """Narrow by ids; an id of somebody else's row finds nothing, like one that does not exist."""

    partnership = WholeNumberFilter(label="Id of the partnership.")
    provider = WholeNumberFilter(label="Id of the provider.")

    class Meta:
        model = AccessPlan
        fields = ["partnership", "provider"]


class PlanViewSet(Readable):
    """Access and participation plans of your partnerships."""

    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    ordering = ("-starts_on", "-id")
    queryset = AccessPlan.objects.none()

    def get_queryset(self):
        return super().get_queryset().select_related("provider").prefetch_related("strategies")


class PackFilter(Filters):
    """Narrow by partnership, plan and who will read it."""

    partnership = WholeNumberFilter(label="Id of the partnership.")
    plan = WholeNumberFilter(label="Id of the plan.")

    class Meta:
        model = EvidencePack
        fields = ["partnership", "plan", "policy"]


class PackSerializer(Shown):
    """An evidence pack; its file and tables are on its page."""

    period_name = serializers.CharField(source="period.name")
    url = serializers.CharField(source="get_absolute_url")

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


class MakePackSerializer(Typed, serializers.Serializer):
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


class PackViewSet(Creatable):
    """Evidence packs of your partnerships; making one takes the right to make evidence."""

    serializer_class = PackSerializer
    filterset_class = PackFilter
    ordering = ("-created_at", "-id")
    queryset = EvidencePack.objects.none()
    asks = MakePackSerializer
    made_status = 202

    def get_queryset(self):
        return super().get_queryset().select_related("period").defer("figures")

    def make(self, asked):
        """Ask for a pack; a worker builds it, and `frozen_at` tells when it is there."""
        plan, period, by = asked["plan"], asked["year"], self.request.user
        if not by.has_perm(MAKE, plan):
            raise PermissionDenied
        try:
            return actions.make_pack(plan, period=period, policy=asked["policy"], by=by)
        except actions.Refused as refusal:
            raise serializers.ValidationError({"year": [str(refusal)]}) from refusal
