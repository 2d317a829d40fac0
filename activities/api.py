"""Activities for machines: the same rows, filter, rules and action as the pages."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from activities import actions
from activities.checks import Problem
from activities.filters import ActivityFilter
from activities.models import Activity, ActivityType, Headcount, Mode, Offer
from activities.rules import LOG
from core.api import Pages
from needs.models import Need
from partnerships.models import Provider, SchoolLink, Strand

PLAIN = ("id", "starts_on", "starts_at", "summary", "status", "cancel_reason", "mode", "hours")
PLAIN += ("strand_reason", "adaptation", "notes", "school_year", "ofs_year", "client_uuid")


class HeadcountSerializer(serializers.ModelSerializer):
    """How many people of one kind and year group were expected and came."""

    class Meta:
        model = Headcount
        fields = ["audience", "year_group", "expected", "actual"]


class ActivitySerializer(serializers.ModelSerializer):
    """One activity at one school."""

    type = serializers.SlugRelatedField(slug_field="code", read_only=True)
    strand = serializers.SlugRelatedField(slug_field="code", read_only=True)
    owner = serializers.CharField(source="owner.name", read_only=True)
    school_link = serializers.SerializerMethodField()
    school_name = serializers.SerializerMethodField()
    headcounts = serializers.SerializerMethodField()
    needs = serializers.SerializerMethodField()
    providers = serializers.SerializerMethodField()

    class Meta:
        model = Activity
        fields = [
            *PLAIN,
            *("partnership", "type", "strand", "owner", "adapted_from", "version"),
            *("school_link", "school_name", "headcounts", "needs", "providers"),
        ]
        read_only_fields = fields

    def get_school_link(self, activity) -> int | None:
        return next((place.school_link_id for place in activity.at_schools.all()), None)

    def get_school_name(self, activity) -> str:
        return "; ".join(place.school.name for place in activity.at_schools.all())

    @extend_schema_field(HeadcountSerializer(many=True))
    def get_headcounts(self, activity):
        rows = [row for place in activity.at_schools.all() for row in place.headcounts.all()]
        return HeadcountSerializer(rows, many=True).data

    def get_needs(self, activity) -> list[int]:
        places = activity.at_schools.all()
        return [answer.need_id for place in places for answer in place.answers.all()]

    def get_providers(self, activity) -> dict[str, int]:
        return {str(row.provider_id): row.share_bp for row in activity.providers.all()}


class LogSerializer(serializers.Serializer):
    """What logging asks: a school, a kind, a day and one line; the rest where it is known."""

    school_link = serializers.PrimaryKeyRelatedField(queryset=())
    type = serializers.SlugRelatedField(slug_field="code", queryset=ActivityType.objects.in_use())
    starts_on = serializers.DateField()
    summary = serializers.CharField(max_length=140)
    status = serializers.ChoiceField(["planned", "delivered"], required=False)
    starts_at = serializers.TimeField(required=False, allow_null=True)
    hours = serializers.DecimalField(6, 2, required=False, allow_null=True)
    mode = serializers.ChoiceField(Mode.choices, required=False, allow_blank=True)
    strand = serializers.SlugRelatedField(
        slug_field="code",
        queryset=Strand.objects.in_use(),
        required=False,
        allow_null=True,
        help_text="Left out: as proposed. null: not yet said.",
    )
    headcounts = HeadcountSerializer(many=True, required=False)
    needs = serializers.PrimaryKeyRelatedField(queryset=(), many=True, required=False)
    provider = serializers.PrimaryKeyRelatedField(queryset=(), required=False, allow_null=True)
    adapted_from = serializers.PrimaryKeyRelatedField(queryset=(), required=False, allow_null=True)
    adaptation = serializers.CharField(max_length=300, required=False, allow_blank=True)
    notes = serializers.CharField(required=False, allow_blank=True)
    client_uuid = serializers.UUIDField(required=False, allow_null=True)

    def get_fields(self):
        fields = super().get_fields()
        request = self.context.get("request")
        if request is None:
            return fields
        user = request.user
        fields["school_link"].queryset = SchoolLink.objects.visible_to(user).with_names()
        fields["needs"].child_relation.queryset = Need.objects.visible_to(user).with_names()
        fields["provider"].queryset = Provider.objects.visible_to(user)
        fields["adapted_from"].queryset = Offer.objects.visible_to(user).filter(retired_on=None)
        return fields

    def validate(self, data):
        if "strand" in data and data["strand"] is None:
            data["strand"] = ""
        return data


class ActivityViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Activities of your partnerships, newest first; logging takes the right to log there."""

    serializer_class = ActivitySerializer
    filterset_class = ActivityFilter
    pagination_class = Pages
    ordering = ("-starts_on", "-pk")

    def get_queryset(self):
        rows = Activity.objects.visible_to(self.request.user)
        return rows.select_related("type", "strand", "owner").prefetch_related(
            "at_schools__school", "at_schools__headcounts", "at_schools__answers", "providers"
        )

    @extend_schema(request=LogSerializer, responses={201: ActivitySerializer})
    def create(self, request):
        """Log an activity; the same `client_uuid` again returns the first one."""
        asked = LogSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        details = dict(asked.validated_data)
        link = details.pop("school_link")
        if not request.user.has_perm(LOG, link):
            raise PermissionDenied("Your role does not let you log activities for this school.")
        try:
            activity = actions.log(link, by=request.user, **details)
        except Problem as problem:
            field = problem.field or "non_field_errors"
            raise ValidationError({field: [str(problem)]}) from problem
        saved = self.get_queryset().get(pk=activity.pk)
        return Response(self.get_serializer(saved).data, status=status.HTTP_201_CREATED)
