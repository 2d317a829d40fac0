"""A yearly look at a school's needs, and the two sides' value in each area."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import tenancy
from core.models import VersionedModel
from partnerships.models.owned import OwnedModel, SchoolOwnedQuerySet


class Value(models.TextChoices):
    """Red: not in place or urgent. Amber: partly. Green: secure."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"
    UNKNOWN = "unknown", "Not known"


class AssessmentQuerySet(SchoolOwnedQuerySet):
    def in_year(self, year):
        return self.filter(school_year=year)


class Assessment(VersionedModel, OwnedModel):
    """One school's needs in one school year, rated by both sides and then agreed by both."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SHARED = "shared", "Shared"
        AGREED = "agreed", "Agreed by both"

    school_link = models.ForeignKey(
        "partnerships.SchoolLink", models.PROTECT, related_name="assessments"
    )
    framework = models.ForeignKey("needs.NeedFramework", models.PROTECT, related_name="+")
    school_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    school_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    school_agreed_at = models.DateTimeField(null=True)
    partner_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    partner_agreed_at = models.DateTimeField(null=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-school_year", "-pk"]
        constraints = [
            tenancy.wall("assessment"),
            tenancy.parent("assessment"),
            tenancy.child("assessment", "school_link", "partnerships.SchoolLink"),
            models.UniqueConstraint(
                fields=["partnership", "school_link", "school_year"], name="assessment_once_a_year"
            ),
            models.CheckConstraint(
                condition=~Q(status="agreed")
                | Q(school_agreed_at__isnull=False, partner_agreed_at__isnull=False),
                name="assessment_agreed_by_both",
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "school_year"], name="assessment_by_year"),
        ]

    def __str__(self):
        return f"Assessment {self.school_year} of {self.school_link_id}"


def differ(school, partner):
    """Whether each side says red, amber or green, and not the same."""
    colours = (Value.RED, Value.AMBER, Value.GREEN)
    return school in colours and partner in colours and school != partner


class RatingQuerySet(SchoolOwnedQuerySet):
    link_path = "assessment__school_link"

    def in_year(self, year):
        return self.filter(assessment__school_year=year)

    def differing(self):
        """Areas where each side says red, amber or green, and not the same."""
        silent = ["", Value.UNKNOWN]
        return (
            self.exclude(school_value__in=silent)
            .exclude(partner_value__in=silent)
            .exclude(school_value=models.F("partner_value"))
        )


class Rating(VersionedModel, OwnedModel):
    """Both sides' value in one area, who entered each, and whether staff did it for the school."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="ratings")
    area = models.ForeignKey("needs.NeedArea", models.PROTECT, related_name="+")
    school_value = models.CharField(max_length=7, choices=Value, blank=True)
    school_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    school_at = models.DateTimeField(null=True)
    school_on_behalf = models.BooleanField(default=False)
    school_note = models.CharField(max_length=500, blank=True)
    partner_value = models.CharField(max_length=7, choices=Value, blank=True)
    partner_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    partner_at = models.DateTimeField(null=True)
    partner_note = models.CharField(max_length=500, blank=True)
    priority = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["area__order", "pk"]
        constraints = [
            tenancy.wall("rating"),
            tenancy.parent("rating"),
            tenancy.child("rating", "assessment", "needs.Assessment"),
            models.UniqueConstraint(
                fields=["partnership", "assessment", "area"], name="rating_once_an_area"
            ),
            models.CheckConstraint(
                condition=Q(school_value="", school_by=None, school_at=None, school_on_behalf=False)
                | (~Q(school_value="") & Q(school_by__isnull=False, school_at__isnull=False)),
                name="rating_school_says_who",
            ),
            models.CheckConstraint(
                condition=Q(partner_value="", partner_by=None, partner_at=None)
                | (~Q(partner_value="") & Q(partner_by__isnull=False, partner_at__isnull=False)),
                name="rating_partner_says_who",
            ),
            models.CheckConstraint(
                condition=Q(priority=None) | Q(priority__gte=1, priority__lte=3),
                name="rating_priority_1_to_3",
            ),
        ]

    def __str__(self):
        return f"Rating of area {self.area_id} in {self.assessment_id}"

    @property
    def differs(self):
        return differ(self.school_value, self.partner_value)

    def as_the_school_sees(self):
        """Hide our side until the school has given its own; never save the row afterwards."""
        if not self.school_value:
            self.partner_value = self.partner_note = ""
            self.partner_by = self.partner_at = self.priority = None
        return self
