"""Strategic engagement: the talking and planning with schools."""

from django.conf import settings
from django.db import models

from core import tenancy
from partnerships.models.owned import OwnedModel, SchoolOwnedQuerySet


class ConversationQuerySet(SchoolOwnedQuerySet):
    def with_names(self):
        return self.select_related("school_link__school", "held_by")


class Conversation(OwnedModel):
    """A meeting, call or message with a school: when, by whom, and what came of it."""

    class Channel(models.TextChoices):
        MEETING = "meeting", "Meeting"
        CALL = "call", "Call"
        ONLINE = "online", "Online meeting"
        EMAIL = "email", "E-mail"

    school_link = models.ForeignKey(
        "partnerships.SchoolLink", models.PROTECT, related_name="conversations"
    )
    held_on = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MEETING)
    summary = models.CharField(max_length=140)
    notes = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    ofs_year = models.PositiveSmallIntegerField()
    client_uuid = models.UUIDField(null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            tenancy.wall("conversation"),
            tenancy.parent("conversation"),
            tenancy.child("conversation", "school_link", "partnerships.SchoolLink"),
            models.UniqueConstraint(
                fields=["partnership", "client_uuid"], name="conversation_client_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["partnership", "school_link", "-held_on"], name="conversation_by_school"
            )
        ]

    def __str__(self):
        return self.summary
