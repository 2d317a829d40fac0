"""How schools that closed go on, for machines."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from core.api.filters import Filters, WholeNumberFilter
from core.api.serializers import Shown, Typed
from core.api.viewsets import Creatable
from partnerships import actions
from partnerships.models import Continuation, SchoolLink
from partnerships.rules import MANAGE
from schools.models import School


class ContinuationSerializer(Shown):
    """From a day on a school goes on as another; where `to_link` is null it ends."""

    decided_by = serializers.CharField(source="owner.name")

    class Meta:
        model = Continuation
        fields = ["id", "partnership", "from_link", "to_link", "starts_on", "note", "decided_by"]


class DecideContinuationSerializer(Typed, serializers.Serializer):
    """How a closed school goes on: as these schools of the register, or as none."""

    from_link = serializers.PrimaryKeyRelatedField(queryset=SchoolLink.objects.none())
    successors = serializers.PrimaryKeyRelatedField(
        queryset=School.objects.none(), many=True, allow_empty=True
    )
    on = serializers.DateField()
    note = serializers.CharField(max_length=300, default="", allow_blank=True)

    def get_fields(self):
        fields = super().get_fields()
        if "request" in self.context:
            user = self.context["request"].user
            fields["from_link"].queryset = SchoolLink.objects.visible_to(user)
            fields["successors"].child_relation.queryset = School.objects.visible_to(user)
        return fields


class StaysSerializer(serializers.Serializer):
    """What a decision had added and that stays, in use by now: a sentence for each."""

    stays = serializers.ListField(child=serializers.CharField())


class ContinuationFilter(Filters):
    """Which decisions: of a partnership, of a school."""

    partnership = WholeNumberFilter(label="Id of the partnership.")
    from_link = WholeNumberFilter(label="Id of the closed school of the partnership.")

    class Meta:
        model = Continuation
        fields = ["partnership", "from_link"]


class ContinuationViewSet(Creatable):
    """Decisions about schools that closed; a school that was split has one row for each part."""

    serializer_class = ContinuationSerializer
    filterset_class = ContinuationFilter
    ordering = ("id",)
    queryset = Continuation.objects.none()
    asks = DecideContinuationSerializer

    def get_queryset(self):
        return super().get_queryset().select_related("owner", "from_link__school")

    def make(self, asked):
        """Decide how a closed school goes on; for its partnership's managers.

        The answer is the first of the decision's rows; `from_link` finds the others.
        """
        link = asked.pop("from_link")
        if not self.request.user.has_perm(MANAGE, link):
            raise PermissionDenied
        try:
            return actions.decide_continuation(link, by=self.request.user, **asked)[0]
        except actions.Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal

    @extend_schema(request=None, responses=StaysSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request, pk):
        """Take a decision back, with all its rows; for the partnership's managers."""
        link = self.get_object().from_link
        if not request.user.has_perm(MANAGE, link):
            raise PermissionDenied
        try:
            return Response({"stays": actions.undo_continuation(link, by=request.user)})
        except actions.Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal
