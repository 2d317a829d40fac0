"""How a school of a partnership goes on where the register alone cannot say."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core import tenancy
from partnerships.models.owned import OwnedModel
from partnerships.models.school_link import SchoolLink


class Continuation(OwnedModel):
    """A decision: from a day on, this school goes on as that one; where none is named, it ends.

    A school that was split has one row for each school it goes on as.
    """

    from_link = models.ForeignKey(SchoolLink, models.CASCADE, related_name="continuations")
    to_link = models.ForeignKey(
        SchoolLink, models.CASCADE, null=True, blank=True, related_name="continued"
    )
    starts_on = models.DateField("from")
    note = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="decided by", related_name="+"
    )
    linked = models.BooleanField(
        default=False, help_text="The decision made it one of the partnership's schools."
    )
    ended = models.BooleanField(
        default=False, help_text="The decision ended the work with the school that closed."
    )
    leads_ended = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Accesses that it ended."
    )

    class Meta:
        ordering = ["-starts_on", "from_link", "pk"]
        constraints = [
            tenancy.wall("continuation"),
            tenancy.child("continuation", "from_link", "partnerships.SchoolLink"),
            tenancy.child("continuation", "to_link", "partnerships.SchoolLink"),
            models.UniqueConstraint(
                fields=["partnership", "from_link", "to_link"],
                nulls_distinct=False,
                name="continuation_once",
            ),
            models.CheckConstraint(
                condition=Q(to_link=None) | ~Q(to_link=F("from_link")),
                name="continuation_to_another",
            ),
        ]

    def __str__(self):
        return f"{self.from_link_id} to {self.to_link_id}"
