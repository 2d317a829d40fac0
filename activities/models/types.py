"""Kinds of activity, and the offers that a partnership keeps on its menu."""

from django.db import models

from core import tenancy
from core.models import ReferenceItem
from partnerships.models.owned import OwnedModel


class Mode(models.TextChoices):
    IN_SCHOOL = "in_school", "In school"
    ON_CAMPUS = "on_campus", "On campus"
    OTHER_VENUE = "other_venue", "Other venue"
    ONLINE = "online", "Online, live"
    SELF_PACED = "self_paced", "Online, self-paced"
    BLENDED = "blended", "Blended"


class ActivityType(ReferenceItem):
    """A category of activity; `is_conversation` ones are written as conversations."""

    default_mode = models.CharField(max_length=12, choices=Mode, blank=True)
    default_strand = models.ForeignKey(
        "partnerships.Strand", models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_conversation = models.BooleanField(default=False)


class Offer(OwnedModel):
    """Something the partnership offers to any school; proactive support is adapted from one."""

    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    type = models.ForeignKey(ActivityType, models.PROTECT, related_name="+")
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            tenancy.wall("offer"),
            tenancy.parent("offer"),
            models.UniqueConstraint(fields=["partnership", "title"], name="offer_title_once"),
        ]

    def __str__(self):
        return self.title
