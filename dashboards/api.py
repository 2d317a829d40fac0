"""School choice for machines: the weights of a partnership, and its schools in order with why."""

from datetime import date, datetime

from django.utils import timezone
from rest_framework import serializers

from core.api.filters import Filters, WholeNumberFilter
from core.api.serializers import Shown
from core.api.viewsets import Readable
from dashboards.choice import COMPONENTS, choose, weights_of
from dashboards.choice.scores import LABELS
from partnerships.models import Partnership, PriorityWeights


class WeightsSerializer(serializers.Serializer):
    """How much each reason counts, 0 to 10."""

    need = serializers.IntegerField()
    supply = serializers.IntegerField()
    size = serializers.IntegerField()
    distance = serializers.IntegerField()
    relationship = serializers.IntegerField()


class ChoiceSerializer(Shown):
    """A partnership with its weights; `weighed_at` is null where they are those suggested."""

    name = serializers.CharField()
    weights = serializers.SerializerMethodField()
    weighed_at = serializers.SerializerMethodField()

    class Meta:
        model = Partnership
        fields = ["id", "name", "weights", "weighed_at"]

    def get_weights(self, partnership) -> WeightsSerializer:
        return self._kept(partnership)[1]

    def get_weighed_at(self, partnership) -> datetime | None:
        row = self._kept(partnership)[0]
        return row.weighed_at if row else None

    def _kept(self, partnership):
        """What `saved_weights` gives, for every partnership of the person read at once."""
        user = self.context["request"].user
        if "weights" not in self.context:
            rows = PriorityWeights.objects.visible_to(user)
            self.context["weights"] = {row.partnership_id: row for row in rows}
        row = self.context["weights"].get(partnership.pk)
        return row, weights_of(row)


class ComponentSerializer(serializers.Serializer):
    """One reason: its score 0 to 100, null where it is not known, and the facts in words."""

    name = serializers.ChoiceField(choices=COMPONENTS)
    label = serializers.ChoiceField(choices=list(LABELS.values()))
    score = serializers.IntegerField(allow_null=True)
    facts = serializers.ListField(child=serializers.CharField())


class ChosenSchoolSerializer(serializers.Serializer):
    """One school in the order, with its five reasons and how its priority comes about."""

    rank = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    school = serializers.IntegerField(source="candidate.school")
    urn = serializers.CharField(source="candidate.urn")
    name = serializers.CharField(source="candidate.name")
    authority = serializers.CharField(source="candidate.authority_name", allow_null=True)
    phase = serializers.CharField(source="candidate.phase", allow_null=True)
    school_link = serializers.IntegerField(source="candidate.link", allow_null=True)
    cold_spot = serializers.BooleanField(source="is_cold")
    how = serializers.CharField()
    components = serializers.SerializerMethodField()

    def get_components(self, row) -> ComponentSerializer(many=True):
        return ComponentSerializer(row.components.values(), many=True).data


class ChoiceDetailSerializer(ChoiceSerializer):
    """The same with every school compared, in order."""

    as_at = serializers.SerializerMethodField()
    schools = serializers.SerializerMethodField()

    class Meta(ChoiceSerializer.Meta):
        fields = [*ChoiceSerializer.Meta.fields, "as_at", "schools"]

    def get_as_at(self, partnership) -> date:
        return timezone.localdate()

    def get_schools(self, partnership) -> ChosenSchoolSerializer(many=True):
        user, today = self.context["request"].user, timezone.localdate()
        chosen = choose(user, partnership, today, kept=self._kept(partnership))
        return ChosenSchoolSerializer(chosen.rows, many=True).data


class ChoiceFilter(Filters):
    """Narrow by partnership."""

    partnership = WholeNumberFilter(field_name="pk", label="Id of the partnership.")

    class Meta:
        model = Partnership
        fields = ["partnership"]


class ChoiceViewSet(Readable):
    """The schools of a partnership's area in order of priority, by its own weights; for staff."""

    serializer_class = ChoiceSerializer
    filterset_class = ChoiceFilter
    ordering = ("id",)
    queryset = Partnership.objects.none()

    def get_serializer_class(self):
        return ChoiceDetailSerializer if self.action == "retrieve" else ChoiceSerializer
