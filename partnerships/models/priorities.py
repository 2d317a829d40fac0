"""How much each reason counts when a partnership chooses where to work."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from core import tenancy
from core.models import VersionedModel
from partnerships.models.owned import OwnedModel

DATA = Path(__file__).parent.parent / "data" / "priorities.json"
COMPONENTS = ("need", "supply", "size", "distance", "relationship")
MOST = 10


@cache
def priority_rules():
    """The weights and limits that hold where a partnership has said nothing, with their source."""
    return json.loads(DATA.read_text(encoding="utf-8"))


def _weight():
    return models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST)])


class PriorityWeights(VersionedModel, OwnedModel):
    """A partnership's weight, 0 to 10, of each part of a school's priority."""

    need = _weight()
    supply = _weight()
    size = _weight()
    distance = _weight()
    relationship = _weight()
    weighed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    weighed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "priority weights"
        constraints = [
            tenancy.wall("priorityweights"),
            models.UniqueConstraint(fields=["partnership"], name="priorityweights_once"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__lte": MOST for name in COMPONENTS}),
                name="priorityweights_0_to_10",
            ),
            models.CheckConstraint(
                condition=Q(*[(f"{name}__gt", 0) for name in COMPONENTS], _connector=Q.OR),
                name="priorityweights_some_count",
            ),
        ]

    def __str__(self):
        return ", ".join(f"{name} {getattr(self, name)}" for name in COMPONENTS)

    def as_dict(self):
        """The weights by component."""
        return {name: getattr(self, name) for name in COMPONENTS}
