"""What every row of a partnership shares: its owner, and the one way to reach it."""

from django.db import models
from django.db.models import Q

from core.models import TimeStampedModel
from partnerships.models.reach import led_link_ids_of, partnership_ids_of


class OwnedQuerySet(models.QuerySet):
    """Rows of a partnership, seen by its members."""

    def visible_to(self, user):
        return self.filter(partnership__in=partnership_ids_of(user))


class SchoolOwnedQuerySet(OwnedQuerySet):
    """Rows about one school of a partnership: its members see them, and that school's leads.

    `link_path` names the way from the row to its SchoolLink.
    """

    link_path = "school_link"

    def visible_to(self, user):
        led = led_link_ids_of(user)
        if not led:
            return super().visible_to(user)
        return self.filter(
            Q(partnership__in=partnership_ids_of(user)) | Q(**{f"{self.link_path}__in": led})
        )


class OwnedModel(TimeStampedModel):
    """A row that belongs to one partnership."""

    partnership = models.ForeignKey(
        "partnerships.Partnership", models.PROTECT, related_name="+", db_index=False
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
