"""Talking and planning with schools, for machines."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from core.api.filters import Filters, WholeNumberFilter
from core.api.serializers import Shown, Typed
from core.api.viewsets import Creatable
from partnerships import actions
from partnerships.models import Conversation, Partnership, SchoolLink
from partnerships.rules import CONVERSE


class ConversationSerializer(Shown):
    """A meeting, call or message with a school: when, by whom, and what came of it."""

    school_name = serializers.CharField(source="school_link.school.name")
    held_by = serializers.CharField(source="held_by.name")

    class Meta:
        model = Conversation
        fields = [
            *("id", "partnership", "school_link", "school_name", "held_on", "channel", "summary"),
            *("notes", "minutes", "held_by", "school_year", "ofs_year", "client_uuid"),
        ]


class RecordConversationSerializer(Typed, serializers.ModelSerializer):
    """What recording asks: a school, a day and one line; the rest where it is known."""

    school_link = serializers.PrimaryKeyRelatedField(queryset=SchoolLink.objects.none())

    class Meta:
        model = Conversation
        fields = ["school_link", "held_on", "channel", "summary", "notes", "minutes", "client_uuid"]

    def get_fields(self):
        fields = super().get_fields()
        if "request" in self.context:
            links = SchoolLink.objects.visible_to(self.context["request"].user)
            fields["school_link"].queryset = links.with_names()
        return fields


class ConversationFilter(Filters):
    """Narrow by partnership, school and way of talking."""

    partnership = WholeNumberFilter(label="Id of the partnership.")
    school_link = WholeNumberFilter(label="Id of the partnership's school.")

    class Meta:
        model = Conversation
        fields = ["partnership", "school_link", "channel"]


class ConversationViewSet(Creatable):
    """Conversations with the schools of your partnerships, newest first."""

    serializer_class = ConversationSerializer
    filterset_class = ConversationFilter
    ordering = ("-held_on", "-id")
    queryset = Conversation.objects.none()
    asks = RecordConversationSerializer

    def get_queryset(self):
        # A school's lead has a place on its page, but the partnership's notes are its own.
        own = Partnership.objects.visible_to(self.request.user)
        return super().get_queryset().filter(partnership__in=own).with_names()

    def make(self, asked):
        """Put a conversation on record; the same `client_uuid` is the same one, as sent last."""
        link = asked.pop("school_link")
        if not self.request.user.has_perm(CONVERSE, link):
            raise PermissionDenied
        try:
            return actions.record_conversation(link, by=self.request.user, **asked)
        except actions.Refused as refusal:
            raise serializers.ValidationError({"held_on": [str(refusal)]}) from refusal
