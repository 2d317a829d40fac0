"""Disclosure control: the one object that decides which numbers about people may be shown."""

from core.disclosure.policies import POLICIES, Policy
from core.disclosure.quantities import NotPublishable
from core.disclosure.rules import (
    HIDDEN,
    LOW,
    NO_BASE,
    NOT_KNOWN,
    Cell,
    average,
    hours,
    people,
    percent,
    round_people,
)
from core.disclosure.tables import (
    Measure,
    PublishedTable,
    RawTable,
    is_published,
    publish,
    publish_together,
)

__all__ = [
    "HIDDEN",
    "LOW",
    "NOT_KNOWN",
    "NO_BASE",
    "POLICIES",
    "Cell",
    "Measure",
    "NotPublishable",
    "Policy",
    "PublishedTable",
    "RawTable",
    "average",
    "hours",
    "is_published",
    "people",
    "percent",
    "publish",
    "publish_together",
    "round_people",
]
