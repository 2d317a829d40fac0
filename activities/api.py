"""Activities for machines: the same rows, filter, rules and action as the pages."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError

from activities import actions
from activities.checks import Problem
from activities.filters import ActivityFilter
from activities.models import Activity, ActivitySchool, ActivityType, Headcount, Mode, Offer
from activities.rules import LOG
from core.api.filters import TrueOrFalseFilter
from core.api.serializers import Shown, Typed
from core.api.viewsets import Creatable
from needs.models import Need
from partnerships.models import Provider, SchoolLink, Strand
from schools.models import Establishment

PLACE = ("activity", "school_link", "school__name")
PLACE += tuple(f"establishment__{name}" for name in ("scheme", "code", "name"))
PLAIN = ("id", "starts_on", "starts_at", "summary", "status", "cancel_reason", "mode", "hours")
PLAIN += ("strand_reason", "adaptation", "notes", "school_year", "ofs_year", "client_uuid")


class HeadcountSerializer(Typed, serializers.ModelSerializer):
    """How many people of one kind and year group were expected and came."""

    class Meta:
        model = Headcount
        fields = ["audience", "year_group", "expected", "actual"]


class OnTheDaySerializer(Shown):
    """The register row of the day; a school that goes on under a new number has a newer one."""

    class Meta:
        model = Establishment
        fields = ["scheme", "code", "name"]


class ActivitySerializer(Shown):
    """One activity at one school."""

    type = serializers.SlugRelatedField(slug_field="code", read_only=True)
    strand = serializers.SlugRelatedField(slug_field="code", read_only=True)
    owner = serializers.CharField(source="owner.name", read_only=True)
    school_link = serializers.SerializerMethodField()
    school_name = serializers.SerializerMethodField()
    school_on_the_day = serializers.SerializerMethodField()
    headcounts = serializers.SerializerMethodField()
    needs = serializers.SerializerMethodField()
    providers = serializers.SerializerMethodField()

    class Meta:
        model = Activity
        fields = [
            *PLAIN,
            *("partnership", "type", "strand", "owner", "adapted_from", "version"),
            *("school_link", "school_name", "school_on_the_day"),
            *("headcounts", "needs", "providers"),
        ]

    def get_school_link(self, activity) -> int | None:
        return next((place.school_link_id for place in activity.at_schools.all()), None)

    def get_school_name(self, activity) -> str:
        return "; ".join(place.school.name for place in activity.at_schools.all())

    @extend_schema_field(OnTheDaySerializer(allow_null=True))
    def get_school_on_the_day(self, activity):
        place = next(iter(activity.at_schools.all()), None)
        return OnTheDaySerializer(place.establishment).data if place else None

    @extend_schema_field(HeadcountSerializer(many=True))
    def get_headcounts(self, activity):
        rows = [row for place in activity.at_schools.all() for row in place.headcounts.all()]
        return HeadcountSerializer(rows, many=True).data

    def get_needs(self, activity) -> list[int]:
        places = activity.at_schools.all()
        return [answer.need_id for place in places for answer in place.answers.all()]

    def get_providers(self, activity) -> dict[str, int]:
        return {str(row.provider_id): row.share_bp for row in activity.providers.all()}


class LogSerializer(Typed, serializers.Serializer):
    """What logging asks: a school, a kind, a day and one line; the rest where it is known."""

    school_link = serializers.PrimaryKeyRelatedField(queryset=SchoolLink.objects.none())
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
    needs = serializers.PrimaryKeyRelatedField(
        queryset=Need.objects.none(), many=True, required=False
    )
    provider = serializers.PrimaryKeyRelatedField(
        queryset=Provider.objects.none(), required=False, allow_null=True
    )
    adapted_from = serializers.PrimaryKeyRelatedField(
        queryset=Offer.objects.none(), required=False, allow_null=True
    )
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


class StrictActivityFilter(ActivityFilter):
    """The page's filter without its checkboxes, which know only one word."""

    no_need = TrueOrFalseFilter(label="No need linked", method="of_no_need")
    mine = TrueOrFalseFilter(label="Logged by me", method="of_mine")


class ActivityViewSet(Creatable):
    """Activities of your partnerships, newest first; logging takes the right to log there."""

    serializer_class = ActivitySerializer
    filterset_class = StrictActivityFilter
    ordering = ("-starts_on", "-pk")
    queryset = Activity.objects.none()
    asks = LogSerializer

    def get_queryset(self):
        rows = super().get_queryset().select_related("type", "strand", "owner")
        if self._is_for_the_document():
            return rows
        places = ActivitySchool.objects.visible_to(self.request.user)
        return rows.prefetch_related(
            Prefetch("at_schools", places.select_related("school", "establishment").only(*PLACE)),
            "at_schools__headcounts",
            "at_schools__answers",
            "providers",
        )

    def make(self, asked):
        """Log an activity; the same `client_uuid` again is the same activity, as sent last."""
        link = asked.pop("school_link")
        if not self.request.user.has_perm(LOG, link):
            raise PermissionDenied("Your role does not let you log activities for this school.")
        try:
            return actions.log(link, by=self.request.user, **asked)
        except Problem as problem:
            faults = {problem.field: [str(problem)]} if problem.field else str(problem)
            raise ValidationError(faults) from problem
