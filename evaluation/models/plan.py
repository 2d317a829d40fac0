"""A provider's access and participation plan, its strategies, and which work counts to them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core import tenancy
from partnerships.models.owned import OwnedModel


class AccessPlan(OwnedModel):
    """An access and participation plan, held per partnership and provider."""

    provider = models.ForeignKey("partnerships.Provider", models.PROTECT, related_name="plans")
    title = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["-starts_on", "title", "pk"]
        constraints = [
            tenancy.wall("accessplan"),
            tenancy.parent("accessplan"),
            tenancy.child("accessplan", "provider", "partnerships.Provider"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="accessplan_ends_after"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("evaluation:plan", args=[self.pk])


class InterventionStrategy(OwnedModel):
    """One intervention strategy of a plan, such as IS1 Raising attainment in schools."""

    plan = models.ForeignKey(AccessPlan, models.CASCADE, related_name="strategies")
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=160)

    class Meta:
        ordering = ["plan", "code", "pk"]
        constraints = [
            tenancy.wall("interventionstrategy"),
            tenancy.parent("strategy"),
            tenancy.child("strategy", "plan", "evaluation.AccessPlan"),
            models.UniqueConstraint(
                fields=["partnership", "plan", "code"], name="strategy_code_once"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class TypeAllocation(OwnedModel):
    """The share, in basis points, of an activity type's hours that counts to a strategy.

    The shares of one type within one plan sum to 10,000 at most; the rest is unallocated.
    """

    plan = models.ForeignKey(AccessPlan, models.CASCADE, related_name="allocations")
    strategy = models.ForeignKey(
        InterventionStrategy, models.CASCADE, related_name="type_allocations"
    )
    type = models.ForeignKey("activities.ActivityType", models.PROTECT, related_name="+")
    share_bp = models.PositiveSmallIntegerField(default=10_000)

    class Meta:
        ordering = ["plan", "type__order", "pk"]
        constraints = [
            tenancy.wall("typeallocation"),
            tenancy.child("typeallocation", "plan", "evaluation.AccessPlan"),
            tenancy.child("typeallocation", "strategy", "evaluation.InterventionStrategy"),
            models.UniqueConstraint(
                fields=["partnership", "strategy", "type"], name="typeallocation_once"
            ),
            models.CheckConstraint(
                condition=Q(share_bp__gt=0, share_bp__lte=10_000), name="typeallocation_share"
            ),
        ]

    def __str__(self):
        return f"{self.type_id} to {self.strategy_id}: {self.share_bp}"
