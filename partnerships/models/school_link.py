"""A school that a partnership works with, what it was on each day, and who leads there."""

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse

from core import tenancy
from core.models import DateRange
from partnerships.models.owned import OwnedModel, SchoolOwnedQuerySet
from schools.search import key_of

MOST_WORDS = 8


class SchoolLinkQuerySet(SchoolOwnedQuerySet):
    link_path = "pk"

    def with_names(self):
        return self.select_related("school", "partnership")

    def served_on(self, day):
        """Links that have a status on `day`."""
        return self.filter(pk__in=SchoolLinkStatus.objects.on(day).values("school_link"))

    def of_hub(self, hub, day):
        """Links that the hub looks after on `day`."""
        return self.where_status(day, hub=hub)

    def where_status(self, day, **facts):
        """Links whose status on `day` has these facts."""
        statuses = SchoolLinkStatus.objects.on(day).filter(**facts)
        return self.filter(pk__in=statuses.values("school_link"))

    def with_status(self, day):
        """Fetch with each link the status that holds on `day`; read it as `link.status`."""
        statuses = SchoolLinkStatus.objects.on(day).select_related("hub", "owner")
        return self.prefetch_related(Prefetch("statuses", statuses, to_attr="held_statuses"))

    def matching(self, words):
        """Links whose school has every one of the words in its name, town or number.

        Names and numbers that it had before count too.
        """
        links, rows = self, apps.get_model("schools", "Establishment").objects.order_by()
        for word in words.replace("\x00", "").split()[:MOST_WORDS]:
            plain = models.Func(models.Value(word.lower()), function="f_unaccent")
            links = links.filter(
                Q(school__sort_key__contains=plain)
                | Q(school__current__town__icontains=word)
                | Q(school__search_text__contains=f" {key_of(word) or word}")
                | Q(school__in=rows.filter(code__startswith=word).values("school"))
            )
        return links

    def after(self, link):
        """Links that come after `link` in the order of names."""
        key = link.school.sort_key
        return self.filter(Q(school__sort_key__gt=key) | Q(school__sort_key=key, pk__gt=link.pk))

    def before(self, link):
        """Links that come before `link` in the order of names."""
        key = link.school.sort_key
        return self.filter(Q(school__sort_key__lt=key) | Q(school__sort_key=key, pk__lt=link.pk))


class SchoolLink(OwnedModel):
    """One school in one partnership; what changes over time is in its statuses."""

    school = models.ForeignKey("schools.School", models.PROTECT, related_name="links")
    year_groups = ArrayField(
        models.PositiveSmallIntegerField(),
        null=True,
        blank=True,
        help_text="As the partnership corrected them, 0 is Reception; none: as the ages say.",
    )
    year_groups_reason = models.CharField(
        max_length=200, blank=True, help_text="Why they differ from what the ages say."
    )

    objects = SchoolLinkQuerySet.as_manager()

    class Meta:
        ordering = ["school__sort_key", "pk"]
        constraints = [
            tenancy.wall("schoollink"),
            tenancy.parent("schoollink"),
            models.UniqueConstraint(fields=["partnership", "school"], name="schoollink_once"),
        ]

    def __str__(self):
        return self.school.name

    def get_absolute_url(self):
        url = reverse("dashboards:school", args=[self.school_id])
        return f"{url}?partnership={self.partnership_id}"

    def derived_years(self):
        """The year groups that the register's ages make, [] where they are not known."""
        row = self.school.current
        return row.year_groups() if row else []

    def taught_years(self):
        """The year groups taught here: as corrected, else as the register's ages make them."""
        return self.derived_years() if self.year_groups is None else self.year_groups

    @property
    def status(self):
        """The status fetched by `with_status`, or None where there is none."""
        return self.held_statuses[0] if self.held_statuses else None

    def with_forerunners(self):
        """Return the ids of this link and of those that the partnership lets go on as it."""
        found, ring = {self.pk}, {self.pk}
        continuation = apps.get_model("partnerships", "Continuation")
        while ring:
            rows = continuation.objects.filter(partnership=self.partnership_id, to_link__in=ring)
            ring = set(rows.order_by().values_list("from_link", flat=True)) - found
            found |= ring
        return sorted(found)

    def status_on(self, day):
        """Return the SchoolLinkStatus that holds on `day`, or None."""
        return self.statuses.on(day).select_related("hub", "owner").first()


class SchoolLinkStatusQuerySet(SchoolOwnedQuerySet):
    def on(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class SchoolLinkStatus(OwnedModel):
    """What a school is to the partnership from one day to another; a blank end is open.

    Which hub looks after a school (`hub`) and whether it is a hub school are two facts.
    """

    school_link = models.ForeignKey(SchoolLink, models.CASCADE, related_name="statuses")
    starts_on = models.DateField("from")
    ends_on = models.DateField("to", null=True, blank=True)
    hub = models.ForeignKey(
        "partnerships.Hub", models.PROTECT, null=True, blank=True, related_name="+"
    )
    hub_school = models.BooleanField(default=False)
    targeted = models.BooleanField("targeted outreach school", default=False)
    level = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SchoolLinkStatusQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            tenancy.wall("schoollinkstatus"),
            tenancy.parent("schoollinkstatus"),
            tenancy.child("schoollinkstatus", "school_link", "partnerships.SchoolLink"),
            tenancy.child("schoollinkstatus", "hub", "partnerships.Hub"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="schoollinkstatus_ends_after",
            ),
            ExclusionConstraint(
                name="schoollinkstatus_no_overlap",
                expressions=[
                    ("school_link", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "hub", "starts_on"], name="status_by_hub"),
        ]

    def __str__(self):
        return f"{self.school_link_id} from {self.starts_on}"


class SchoolAccessQuerySet(SchoolOwnedQuerySet):
    def live_of(self, user):
        """The accesses a person acts by; none under a token, which is a membership's."""
        if getattr(user, "only_membership_id", None):
            return self.none()
        return self.filter(user=user.pk, ended_on__isnull=True)


class SchoolAccess(OwnedModel):
    """A person of the school who writes its side; admitted by each partnership on its own."""

    school_link = models.ForeignKey(SchoolLink, models.CASCADE, related_name="accesses")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="school_accesses"
    )
    job_title = models.CharField(max_length=120, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = SchoolAccessQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            tenancy.wall("schoolaccess", reader="user_id"),
            tenancy.parent("schoolaccess"),
            tenancy.child("schoolaccess", "school_link", "partnerships.SchoolLink"),
            models.UniqueConstraint(fields=["school_link", "user"], name="schoolaccess_once"),
        ]
        indexes = [models.Index(fields=["user", "school_link"], name="schoolaccess_by_user")]

    def __str__(self):
        return f"{self.user} at {self.school_link_id}"
