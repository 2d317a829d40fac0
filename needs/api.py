"""Needs and yearly assessments for machines: the same rows, rules and actions as the pages."""

import django_filters as filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from core.api import Pages
from needs import actions
from needs.models import Assessment, Need, NeedArea, Rating
from needs.rules import RAISE
from partnerships.models import SchoolLink
from partnerships.rules import role_in


class NeedSerializer(serializers.ModelSerializer):
    """A need of one school in one area."""

    school_name = serializers.CharField(source="school_link.school.name", read_only=True)
    area_code = serializers.CharField(source="area.code", read_only=True)
    area_name = serializers.CharField(source="area.name", read_only=True)

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
        read_only_fields = fields


class RaiseNeedSerializer(serializers.Serializer):
    """What raising a need asks: the school, the area, and since when."""

    school_link = serializers.PrimaryKeyRelatedField(queryset=SchoolLink.objects.none())
    area = serializers.SlugRelatedField(slug_field="code", queryset=NeedArea.objects.none())
    raised_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate_raised_on(self, day):
        if day and day > timezone.localdate():
            raise serializers.ValidationError("A need is raised today or earlier.")
        return day

    def get_fields(self):
        fields = super().get_fields()
        request = self.context.get("request")
        fields["area"].queryset = NeedArea.objects.in_use()
        if request is not None:
            fields["school_link"].queryset = SchoolLink.objects.visible_to(request.user)
        return fields


class NeedFilter(filters.FilterSet):
    """Narrow by school, area code, status, and whether the need is open."""

    partnership = filters.NumberFilter(label="Id of the partnership.")
    school_link = filters.NumberFilter(label="Id of the partnership's school.")
    area = filters.CharFilter(field_name="area__code")
    is_open = filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull")

    class Meta:
        model = Need
        fields = ["partnership", "school_link", "status"]


class AssessmentFilter(filters.FilterSet):
    """Narrow by school, school year and status."""

    partnership = filters.NumberFilter(label="Id of the partnership.")
    school_link = filters.NumberFilter(label="Id of the partnership's school.")

    class Meta:
        model = Assessment
        fields = ["partnership", "school_link", "school_year", "status"]


class NeedViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Needs that you may see; raising one takes the right to work with the school."""

    serializer_class = NeedSerializer
    pagination_class = Pages
    filterset_class = NeedFilter
    ordering = ("-raised_on", "-id")
    queryset = Need.objects.none()

    def get_queryset(self):
        return Need.objects.visible_to(self.request.user).with_names()

    @extend_schema(request=RaiseNeedSerializer, responses={201: NeedSerializer})
    def create(self, request, *args, **kwargs):
        asked = RaiseNeedSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        if not request.user.has_perm(RAISE, values["school_link"]):
            raise PermissionDenied
        try:
            need = actions.raise_need(
                values["school_link"], area=values["area"], by=request.user, on=values["raised_on"]
            )
        except actions.AlreadyOpen as refusal:
            raise serializers.ValidationError({"area": [str(refusal)]}) from refusal
        return Response(self.get_serializer(need).data, status=status.HTTP_201_CREATED)


class RatingSerializer(serializers.ModelSerializer):
    """Both sides' value in one area; `school_on_behalf` says that staff entered the school's."""

    area_code = serializers.CharField(source="area.code", read_only=True)

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
        read_only_fields = fields

    def to_representation(self, rating):
        user = self.context["request"].user
        if role_in(user, rating.partnership_id) is None:
            rating = rating.as_the_school_sees()
        return super().to_representation(rating)


class AssessmentSerializer(serializers.ModelSerializer):
    """One school's ratings of one school year."""

    ratings = RatingSerializer(many=True, read_only=True)

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
        read_only_fields = fields


class AssessmentViewSet(viewsets.ReadOnlyModelViewSet):
    """Yearly assessments with their ratings."""

    serializer_class = AssessmentSerializer
    pagination_class = Pages
    filterset_class = AssessmentFilter
    ordering = ("-school_year", "-id")
    queryset = Assessment.objects.none()

    def get_queryset(self):
        return Assessment.objects.visible_to(self.request.user).prefetch_related("ratings__area")
