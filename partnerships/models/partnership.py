"""The partnership, its people and its hubs, and the programmes and strands they work under."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core import tenancy
from core.models import ReferenceItem, TimeStampedModel
from partnerships.models.owned import OwnedModel, OwnedQuerySet
from partnerships.models.reach import partnership_ids_of


class Programme(ReferenceItem):
    """A funded programme that partnerships run under, such as Uni Connect; brands change."""

    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)


class Strand(ReferenceItem):
    """A kind of work that evidence is split by: targeted outreach, strategic engagement, …"""


class Role(models.TextChoices):
    OFFICER = "officer", "Outreach officer"
    HUB = "hub", "Hub staff"
    EVALUATOR = "evaluator", "Evaluator"
    MANAGER = "manager", "Manager"
    VIEWER = "viewer", "Viewer"


class PartnershipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Partnerships that the person works in. School leads are not members."""
        return self.filter(pk__in=partnership_ids_of(user))


class Partnership(TimeStampedModel):
    """Universities and colleges that work together with schools of their area."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True)
    recent_contact_days = models.PositiveSmallIntegerField(default=42)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [tenancy.wall("partnership", column="id")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:detail", args=[self.pk])


class Provider(OwnedModel):
    """A university, college or other body that delivers for the partnership."""

    name = models.CharField(max_length=120)
    ukprn = models.PositiveIntegerField("UKPRN", null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            tenancy.wall("provider"),
            tenancy.parent("provider"),
            models.UniqueConstraint(fields=["partnership", "name"], name="provider_name_once"),
        ]

    def __str__(self):
        return self.name


class Hub(OwnedModel):
    """A team that looks after a group of the partnership's schools."""

    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            tenancy.wall("hub"),
            tenancy.parent("hub"),
            models.UniqueConstraint(fields=["partnership", "name"], name="hub_name_once"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("dashboards:hub_board", args=[self.pk])


class MembershipQuerySet(OwnedQuerySet):
    def live(self):
        return self.filter(ended_on__isnull=True)

    def live_of(self, user):
        """The memberships a person acts by: all their live ones, or their token's alone."""
        only = getattr(user, "only_membership_id", None)
        rows = self.live().filter(user=user.pk)
        return rows.filter(pk=only) if only else rows

    def with_names(self):
        return self.select_related("user", "provider").prefetch_related("hubs")


class Membership(OwnedModel):
    """A person's role in one partnership. It ends; it is not deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    hubs = models.ManyToManyField(Hub, through="MembershipHub", related_name="memberships")
    ended_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [
            tenancy.wall("membership", reader="user_id"),
            tenancy.parent("membership"),
            tenancy.child("membership", "provider", "partnerships.Provider"),
            models.UniqueConstraint(fields=["partnership", "user"], name="membership_once"),
        ]
        indexes = [models.Index(fields=["user", "partnership"], name="membership_by_user")]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"


class MembershipHub(OwnedModel):
    """A hub that a member works in."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            tenancy.wall("membershiphub"),
            tenancy.child("membershiphub", "membership", "partnerships.Membership"),
            tenancy.child("membershiphub", "hub", "partnerships.Hub"),
            models.UniqueConstraint(
                fields=["partnership", "membership", "hub"], name="membershiphub_once"
            ),
        ]

    def __str__(self):
        return f"{self.membership_id} in {self.hub_id}"
