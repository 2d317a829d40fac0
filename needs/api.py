"""Needs and yearly assessments for machines: the same rows, rules and actions as the pages."""

import django_filters as filters
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from core.api.filters import Filters, TrueOrFalseFilter, WholeNumberFilter
from core.api.serializers import Shown, Typed
from core.api.viewsets import Creatable, Readable
from core.models import NoPeriod, ReportingPeriod
from needs import actions
from needs.models import Assessment, Need, NeedArea, Rating
from needs.rules import RAISE
from partnerships.models import SchoolLink
from partnerships.rules import role_in


class NeedSerializer(Shown):
    """A need of one school in one area."""

    school_name = serializers.CharField(source="school_link.school.name")
    area_code = serializers.CharField(source="area.code")
    area_name = serializers.CharField(source="area.name")

    class Meta:
        model = Need
        fields = [
            "id",
            "partnership",
            "school_link",
            "school_name",
            "area",
            "area_code",
            "area_name",
            "raised_on",
            "raised_by_side",
            "status",
            "closed_on",
            "closing_note",
            "version",
        ]


class RaiseNeedSerializer(Typed, serializers.Serializer):
    """What raising a need asks: the school, the area, and since when."""

    school_link = serializers.PrimaryKeyRelatedField(queryset=SchoolLink.objects.none())
    area = serializers.SlugRelatedField(slug_field="code", queryset=NeedArea.objects.none())
    raised_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate_raised_on(self, day):
        if day and day > timezone.localdate():
            raise serializers.ValidationError("A need is raised today or earlier.")
        try:
            if day:
                ReportingPeriod.objects.year_typed(day)
        except NoPeriod as error:
            raise serializers.ValidationError(str(error)) from error
        return day

    def get_fields(self):
        fields = super().get_fields()
        request = self.context.get("request")
        fields["area"].queryset = NeedArea.objects.in_use()
        if request is not None:
            fields["school_link"].queryset = SchoolLink.objects.visible_to(request.user)
        return fields


class NeedFilter(Filters):
    """Narrow by school, area code, status, and whether the need is open."""

    partnership = WholeNumberFilter(label="Id of the partnership.")
    school_link = WholeNumberFilter(label="Id of the partnership's school.")
    area = filters.CharFilter(field_name="area__code")
    is_open = TrueOrFalseFilter(field_name="closed_on", lookup_expr="isnull")

    class Meta:
        model = Need
        fields = ["partnership", "school_link", "status"]


class AssessmentFilter(Filters):
    """Narrow by school, school year and status."""

    partnership = WholeNumberFilter(label="Id of the partnership.")
    school_link = WholeNumberFilter(label="Id of the partnership's school.")

    class Meta:
        model = Assessment
        fields = ["partnership", "school_link", "school_year", "status"]


class NeedViewSet(Creatable):
    """Needs that you may see; raising one takes the right to work with the school."""

    serializer_class = NeedSerializer
    filterset_class = NeedFilter
    ordering = ("-raised_on", "-id")
    queryset = Need.objects.none()
    asks = RaiseNeedSerializer

    def get_queryset(self):
        return super().get_queryset().with_names()

    def make(self, asked):
        """Raise a need in an area that has no open one."""
        link, area, by = asked["school_link"], asked["area"], self.request.user
        if not by.has_perm(RAISE, link):
            raise PermissionDenied
        try:
            return actions.raise_need(link, area=area, by=by, on=asked["raised_on"])
        except actions.AlreadyOpen as refusal:
            raise serializers.ValidationError({"area": [str(refusal)]}) from refusal


class RatingSerializer(Shown):
    """Both sides' value in one area; `school_on_behalf` says that staff entered the school's."""

    area_code = serializers.CharField(source="area.code")

    class Meta:
        model = Rating
        fields = [
            "area_code",
            "school_value",
            "school_note",
            "school_by",
            "school_at",
            "school_on_behalf",
            "partner_value",
            "partner_note",
            "partner_by",
            "partner_at",
            "priority",
        ]

    def to_representation(self, rating):
        user = self.context["request"].user
        if role_in(user, rating.partnership_id) is None:
            rating = rating.as_the_school_sees()
        return super().to_representation(rating)


class AssessmentSerializer(Shown):
    """One school's ratings of one school year."""

    ratings = RatingSerializer(many=True)

    class Meta:
        model = Assessment
        fields = [
            "id",
            "partnership",
            "school_link",
            "school_year",
            "status",
            "school_agreed_at",
            "partner_agreed_at",
            "version",
            "ratings",
        ]


class AssessmentViewSet(Readable):
    """Yearly assessments with their ratings."""

    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilter
    ordering = ("-school_year", "-id")
    queryset = Assessment.objects.none()

    def get_queryset(self):
        return super().get_queryset().prefetch_related("ratings__area")
