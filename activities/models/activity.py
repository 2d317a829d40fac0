"""One activity is one dated occurrence; what it was at each school hangs below it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from activities.models.types import Mode
from activities.querysets import ActivityQuerySet, ActivitySchoolQuerySet
from core import tenancy
from core.models import VersionedModel
from partnerships.models.owned import OwnedModel, SchoolOwnedQuerySet


class YearGroup(models.IntegerChoices):
    """School years in England. Blank in a headcount means mixed or not said."""

    Y1 = 1, "Year 1"
    Y2 = 2, "Year 2"
    Y3 = 3, "Year 3"
    Y4 = 4, "Year 4"
    Y5 = 5, "Year 5"
    Y6 = 6, "Year 6"
    Y7 = 7, "Year 7"
    Y8 = 8, "Year 8"
    Y9 = 9, "Year 9"
    Y10 = 10, "Year 10"
    Y11 = 11, "Year 11"
    Y12 = 12, "Year 12"
    Y13 = 13, "Year 13"
    Y14 = 14, "Year 14"
    ADULT = 19, "19 and over in FE"


class Activity(VersionedModel, OwnedModel):
    """Something done with one or more schools on one day."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        DELIVERED = "delivered", "Delivered"
        CANCELLED = "cancelled", "Cancelled"

    class CancelReason(models.TextChoices):
        SCHOOL = "school", "By the school"
        PROVIDER = "provider", "By us"
        WEATHER = "weather", "Weather or transport"
        STAFFING = "staffing", "Staffing"
        NUMBERS = "numbers", "Low numbers"
        OTHER = "other", "Other"

    type = models.ForeignKey("activities.ActivityType", models.PROTECT, related_name="+")
    summary = models.CharField(max_length=140)
    starts_on = models.DateField()
    starts_at = models.TimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DELIVERED)
    cancel_reason = models.CharField(max_length=10, choices=CancelReason, blank=True)
    cancel_note = models.CharField(max_length=300, blank=True)
    mode = models.CharField(max_length=12, choices=Mode, blank=True)
    hours = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    strand = models.ForeignKey(
        "partnerships.Strand", models.PROTECT, null=True, blank=True, related_name="+"
    )
    strand_reason = models.CharField(max_length=200, blank=True)
    adapted_from = models.ForeignKey(
        "activities.Offer", models.PROTECT, null=True, blank=True, related_name="adaptations"
    )
    adaptation = models.CharField("what was changed", max_length=300, blank=True)
    notes = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="activities")
    school_year = models.PositiveSmallIntegerField()
    ofs_year = models.PositiveSmallIntegerField()
    client_uuid = models.UUIDField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            tenancy.wall("activity"),
            tenancy.parent("activity"),
            tenancy.child("activity", "adapted_from", "activities.Offer"),
            models.UniqueConstraint(
                fields=["partnership", "client_uuid"], name="activity_client_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="cancelled") & ~Q(cancel_reason="")
                    | ~Q(status="cancelled") & Q(cancel_reason="")
                ),
                name="activity_cancelled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gt=0, hours__lte=1000),
                name="activity_hours_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "-starts_on", "-id"], name="activity_newest"),
            models.Index(
                fields=["partnership", "school_year", "strand", "-starts_on", "-id"],
                name="activity_by_strand",
            ),
            models.Index(fields=["partnership", "ofs_year", "status"], name="activity_by_ofs_year"),
            models.Index(fields=["owner", "-starts_on"], name="activity_by_owner"),
        ]

    def __str__(self):
        return self.summary

    def get_absolute_url(self):
        return reverse("activities:detail", args=[self.pk])


class ActivitySchool(OwnedModel):
    """An activity at one school, with what the school was to the partnership on that day."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="at_schools")
    school_link = models.ForeignKey(
        "partnerships.SchoolLink", models.PROTECT, related_name="activity_schools"
    )
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    establishment = models.ForeignKey("schools.Establishment", models.PROTECT, related_name="+")
    hub = models.ForeignKey(
        "partnerships.Hub", models.PROTECT, null=True, blank=True, related_name="+"
    )
    hub_school = models.BooleanField(default=False)
    targeted = models.BooleanField(default=False)
    starts_on = models.DateField()

    objects = ActivitySchoolQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            tenancy.wall("activityschool"),
            tenancy.parent("activityschool"),
            tenancy.child("activityschool", "activity", "activities.Activity"),
            tenancy.child("activityschool", "school_link", "partnerships.SchoolLink"),
            tenancy.child("activityschool", "hub", "partnerships.Hub"),
            models.UniqueConstraint(
                fields=["partnership", "school_link", "id"], name="activityschool_in_school"
            ),
            models.UniqueConstraint(
                fields=["partnership", "activity", "school_link"], name="activityschool_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["partnership", "school_link", "-starts_on", "-activity"],
                name="activityschool_by_school",
            ),
        ]

    def __str__(self):
        return f"{self.activity_id} at {self.school_link_id}"


class ActivityNeed(OwnedModel):
    """A need that an activity answers at one school: same partnership, same school."""

    activity_school = models.ForeignKey(ActivitySchool, models.CASCADE, related_name="answers")
    school_link = models.ForeignKey("partnerships.SchoolLink", models.PROTECT, related_name="+")
    need = models.ForeignKey("needs.Need", models.PROTECT, related_name="answered_by")

    objects = SchoolOwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            tenancy.wall("activityneed"),
            tenancy.child("activityneed", "activity_school", "activities.ActivitySchool"),
            tenancy.child("activityneed", "need", "needs.Need"),
            tenancy.child("activityneed", "school_link", "partnerships.SchoolLink"),
            tenancy.TenantForeignKey(
                fields=["partnership", "school_link", "activity_school"],
                to="activities.ActivitySchool",
                to_fields=["partnership", "school_link", "id"],
                name="activityneed_activity_same_school",
            ),
            tenancy.TenantForeignKey(
                fields=["partnership", "school_link", "need"],
                to="needs.Need",
                to_fields=["partnership", "school_link", "id"],
                name="activityneed_need_same_school",
            ),
            models.UniqueConstraint(
                fields=["partnership", "activity_school", "need"], name="activityneed_once"
            ),
        ]
        indexes = [models.Index(fields=["partnership", "need"], name="activityneed_by_need")]

    def __str__(self):
        return f"{self.activity_school_id} answers {self.need_id}"


class ActivityProvider(OwnedModel):
    """A body's share of an activity in basis points; an activity's shares sum to 10,000."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="providers")
    provider = models.ForeignKey("partnerships.Provider", models.PROTECT, related_name="+")
    share_bp = models.PositiveSmallIntegerField(default=10_000)

    class Meta:
        ordering = ["-share_bp", "pk"]
        constraints = [
            tenancy.wall("activityprovider"),
            tenancy.parent("activityprovider"),
            tenancy.child("activityprovider", "activity", "activities.Activity"),
            tenancy.child("activityprovider", "provider", "partnerships.Provider"),
            models.UniqueConstraint(
                fields=["partnership", "activity", "provider"], name="activityprovider_once"
            ),
            models.CheckConstraint(
                condition=Q(share_bp__gt=0, share_bp__lte=10_000), name="activityprovider_share"
            ),
        ]

    def __str__(self):
        return f"{self.provider_id}: {self.share_bp}"


class Headcount(OwnedModel):
    """How many people of one kind and year group were expected and came, at one school."""

    class Audience(models.TextChoices):
        LEARNERS = "learners", "Learners"
        PARENTS = "parents", "Parents and carers"
        TEACHERS = "teachers", "Teachers and advisers"

    activity_school = models.ForeignKey(ActivitySchool, models.CASCADE, related_name="headcounts")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.LEARNERS)
    year_group = models.PositiveSmallIntegerField(choices=YearGroup, null=True, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)
    actual = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["audience", "year_group", "pk"]
        constraints = [
            tenancy.wall("headcount"),
            tenancy.parent("headcount"),
            tenancy.child("headcount", "activity_school", "activities.ActivitySchool"),
            models.UniqueConstraint(
                fields=["partnership", "activity_school", "audience", "year_group"],
                nulls_distinct=False,
                name="headcount_once",
            ),
        ]

    def __str__(self):
        return f"{self.audience} {self.year_group}"
