"""A need lives across years: raised by a rating, answered by activities, closed at a review."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.urls import reverse

from core import tenancy
from core.models import VersionedModel
from needs.models.assessment import Rating
from partnerships.models.owned import OwnedModel, SchoolOwnedQuerySet
from partnerships.models.reach import led_link_ids_of, partnership_ids_of
from partnerships.models.school_link import SchoolLink

AFTER_THE_YEAR = models.Func(
    models.F("assessment__school_year") + 1,
    Value(9),
    Value(1),
    function="make_date",
    output_field=models.DateField(),
)


class NeedQuerySet(SchoolOwnedQuerySet):
    def visible_to(self, user):
        """A school's leads see a need that we raised only once the school has rated the area.

        A rating of an earlier school year than the need's does not count.
        """
        led = led_link_ids_of(user)
        if not led:
            return super().visible_to(user)
        rated = (
            Rating.objects.filter(
                partnership=OuterRef("partnership"),
                assessment__school_link=OuterRef("school_link"),
                area=OuterRef("area"),
            )
            .exclude(school_value="")
            .alias(next_year=AFTER_THE_YEAR)
            .filter(next_year__gt=OuterRef("raised_on"))
        )
        return self.filter(
            Q(partnership__in=partnership_ids_of(user))
            | Q(school_link__in=led, raised_by_side=Need.RaisedBy.SCHOOL)
            | Q(Exists(rated), school_link__in=led)
        )

    def of_hub(self, hub, day):
        """Needs of the schools that the hub looks after on `day`."""
        return self.filter(school_link__in=SchoolLink.objects.of_hub(hub, day))

    def differing_in(self, school_year):
        """Needs whose area the two sides rated differently in a school year."""
        rated = Rating.objects.filter(
            partnership=OuterRef("partnership"),
            assessment__school_link=OuterRef("school_link"),
            assessment__school_year=school_year,
            area=OuterRef("area"),
        )
        return self.filter(Exists(rated.differing()))

    def closed(self):
        return self.filter(closed_on__isnull=False)

    def as_count(self):
        """Their number, for use inside another query."""
        one = self.order_by().annotate(one=Value(1)).values("one")
        return Subquery(one.annotate(n=Count("pk")).values("n"))

    def open(self):
        return self.filter(closed_on__isnull=True)

    def with_names(self):
        return self.select_related("school_link__school", "area")


class Need(VersionedModel, OwnedModel):
    """Something a school needs in one area; at most one is open per school and area."""

    class Status(models.TextChoices):
        RAISED = "raised", "Raised"
        CONFIRMED = "confirmed", "Confirmed by both"
        ADDRESSING = "addressing", "Being addressed"
        MET = "met", "Met"
        PARKED = "parked", "Parked"
        NOT_AGREED = "not_agreed", "Not agreed"

    CLOSING = (Status.MET, Status.PARKED, Status.NOT_AGREED)

    class RaisedBy(models.TextChoices):
        SCHOOL = "school", "The school"
        PARTNER = "partner", "The partnership"

    school_link = models.ForeignKey("partnerships.SchoolLink", models.PROTECT, related_name="needs")
    area = models.ForeignKey("needs.NeedArea", models.PROTECT, related_name="+")
    raised_on = models.DateField()
    raised_by_side = models.CharField(max_length=10, choices=RaisedBy)
    status = models.CharField(max_length=10, choices=Status, default=Status.RAISED)
    closed_on = models.DateField(null=True, blank=True)
    closing_note = models.CharField(max_length=500, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-pk"]
        constraints = [
            tenancy.wall("need"),
            tenancy.parent("need"),
            tenancy.child("need", "school_link", "partnerships.SchoolLink"),
            models.UniqueConstraint(
                fields=["partnership", "school_link", "id"], name="need_in_school"
            ),
            models.UniqueConstraint(
                fields=["partnership", "school_link", "area"],
                condition=Q(closed_on__isnull=True),
                name="need_open_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(closed_on=None, status__in=["raised", "confirmed", "addressing"])
                    | Q(closed_on__isnull=False, status__in=["met", "parked", "not_agreed"])
                ),
                name="need_closed_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "-raised_on", "-id"], name="need_by_raised"),
        ]

    def __str__(self):
        return self.area.name

    def get_absolute_url(self):
        return reverse("needs:detail", args=[self.pk])
