"""Schools that closed and are still to be decided, for machines."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from core.api.filters import Filters, WholeNumberFilter
from core.api.viewsets import Readable
from partnerships.continuations import question_of, questions_among, undecided
from partnerships.models import Partnership, SchoolLink
from partnerships.rules import MANAGE, partnerships_where
from schools.models import Standing


class CandidateSerializer(serializers.Serializer):
    """A school that a closed one may go on as, and what the register says of the two."""

    school = serializers.IntegerField(source="school.pk")
    name = serializers.CharField(source="school.name")
    scheme = serializers.CharField(source="school.current.scheme", default=None, allow_null=True)
    code = serializers.CharField(source="school.current.code", default=None, allow_null=True)
    standing = serializers.ChoiceField(Standing.choices, source="school.standing")
    opened_on = serializers.DateField(allow_null=True)
    types = serializers.ListField(child=serializers.CharField())
    is_ours = serializers.BooleanField(help_text="It is one of the partnership's schools already.")


class UnknownSerializer(serializers.Serializer):
    """A school that the links name and the register does not have."""

    code = serializers.CharField()
    name = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())


class ClosedSchoolSerializer(serializers.Serializer):
    """A school of a partnership that closed; `id` is what a decision calls `from_link`."""

    id = serializers.IntegerField(source="link.pk")
    partnership = serializers.IntegerField(source="link.partnership_id")
    school = serializers.IntegerField(source="link.school_id")
    name = serializers.CharField(source="link.school.name")
    closed_on = serializers.DateField(allow_null=True)
    first_day = serializers.DateField(help_text="From when the answer most likely holds.")
    reasons = serializers.ListField(child=serializers.CharField())
    candidates = CandidateSerializer(many=True)
    unknown = UnknownSerializer(many=True)


class ClosedSchoolFilter(Filters):
    """Narrow by partnership."""

    partnership = WholeNumberFilter(method="of_partnership", label="Id of the partnership.")

    class Meta:
        model = SchoolLink
        fields = ["partnership"]

    def of_partnership(self, links, name, value):
        user = self.request.user
        asked = Partnership.objects.visible_to(user).filter(pk=value).first()
        if asked and not user.has_perm(MANAGE, asked):
            raise PermissionDenied
        return links.filter(partnership=value)


class ClosedSchoolViewSet(Readable):
    """Schools that closed, of the partnerships that you manage, and what may be decided.

    A page holds up to 50; it holds fewer where a school had been left before it closed, which is
    not asked about but has an answer under its id.
    """

    serializer_class = ClosedSchoolSerializer
    filterset_class = ClosedSchoolFilter
    ordering = ("id",)
    queryset = SchoolLink.objects.none()

    def get_queryset(self):
        return (
            super().get_queryset() if self._is_for_the_document() else undecided(self.request.user)
        )

    def list(self, request):
        """The open questions."""
        managed = partnerships_where(request.user, MANAGE)
        links = self.filter_queryset(self.get_queryset().filter(partnership__in=managed))
        questions = questions_among(self.paginate_queryset(links), request.user)
        return self.get_paginated_response(self.get_serializer(questions, many=True).data)

    def retrieve(self, request, pk):
        """One of them, for the partnership's managers."""
        link = self.get_object()
        if not request.user.has_perm(MANAGE, link):
            raise PermissionDenied
        return Response(self.get_serializer(question_of(link, request.user)).data)
