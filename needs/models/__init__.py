"""What a school needs, as both sides see it."""

from needs.models.assessment import Assessment, Rating, Value, differ
from needs.models.framework import NeedArea, NeedFramework
from needs.models.need import Need
from needs.models.summary import NeedsSummary, Side

__all__ = [
    "Assessment",
    "Need",
    "NeedArea",
    "NeedFramework",
    "NeedsSummary",
    "Rating",
    "Side",
    "Value",
    "differ",
]
