"""Counts of ratings by hub and partnership, as at a moment; recomputed by a job."""

from django.db import models
from django.utils import timezone

from core import tenancy
from partnerships.models.owned import OwnedModel


class Side(models.TextChoices):
    SCHOOL = "school", "School says"
    PARTNER = "partner", "We say"


class NeedsSummary(OwnedModel):
    """How many schools one side rated red, amber and green in an area; no hub means all schools.

    `score` is the sum of (red 2, amber 1, green 0) × (4 − priority, 2 where none is set) over the
    `rated` schools; not known is left out.
    """

    hub = models.ForeignKey(
        "partnerships.Hub", models.CASCADE, null=True, blank=True, related_name="+"
    )
    school_year = models.PositiveSmallIntegerField()
    area = models.ForeignKey("needs.NeedArea", models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    red = models.PositiveIntegerField(default=0)
    amber = models.PositiveIntegerField(default=0)
    green = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    rated = models.PositiveIntegerField(default=0)
    score = models.PositiveIntegerField(default=0)
    as_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["area__order", "side", "pk"]
        constraints = [
            tenancy.wall("needssummary"),
            tenancy.child("needssummary", "hub", "partnerships.Hub"),
            models.UniqueConstraint(
                fields=["partnership", "school_year", "hub", "area", "side"],
                nulls_distinct=False,
                name="needssummary_once",
            ),
        ]

    def __str__(self):
        return f"{self.school_year} {self.area_id} {self.side}"
