"""What was planned and delivered."""

from activities.models.activity import (
    Activity,
    ActivityNeed,
    ActivityProvider,
    ActivitySchool,
    Headcount,
    YearGroup,
)
from activities.models.types import ActivityType, Mode, Offer

__all__ = [
    "Activity",
    "ActivityNeed",
    "ActivityProvider",
    "ActivitySchool",
    "ActivityType",
    "Headcount",
    "Mode",
    "Offer",
    "YearGroup",
]
