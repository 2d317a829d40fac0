"""The rank of needs: each side has its own score, and the worse one decides. Never averaged."""

from dataclasses import dataclass, field

from needs.models import Side

WEIGHTS = {"red": 2, "amber": 1, "green": 0}
NO_PRIORITY = 2
TOP = 3


def weight(value, priority):
    """What one rating adds to its side's score; None for one that is left out."""
    if value not in WEIGHTS:
        return None
    return WEIGHTS[value] * (NO_PRIORITY if priority is None else 4 - priority)


def score(ratings):
    """Return (score, n) of one side's (value, priority) pairs; not known is left out."""
    weights = [weight(value, priority) for value, priority in ratings]
    counted = [one for one in weights if one is not None]
    return sum(counted), len(counted)


@dataclass
class Counts:
    """How one side rated an area."""

    red: int = 0
    amber: int = 0
    green: int = 0
    unknown: int = 0
    rated: int = 0
    score: int = 0


@dataclass
class Ranked:
    """One area with both sides' counts."""

    area: object
    school: Counts = field(default_factory=Counts)
    partner: Counts = field(default_factory=Counts)

    @property
    def worse(self):
        """The side with the higher score; the school's where they are equal."""
        return self.partner if self.partner.score > self.school.score else self.school

    @property
    def worse_side(self):
        return Side.PARTNER if self.worse is self.partner else Side.SCHOOL


def rank(rows):
    """Order the areas by the worse side's score, ties by the framework's order.

    `rows` are (area, side, Counts or anything with its attributes).
    """
    found = {}
    for area, side, counts in rows:
        ranked = found.setdefault(area.pk, Ranked(area))
        setattr(ranked, Side(side).value, counts)
    return sorted(found.values(), key=lambda row: (-row.worse.score, row.area.order, row.area.pk))


def top_three(assessment, ratings):
    """The areas of an agreed assessment's three highest priorities; none where not agreed."""
    if assessment.status != assessment.Status.AGREED:
        return []
    urgent = [rating for rating in ratings if rating.priority]
    urgent.sort(key=lambda rating: (rating.priority, rating.area.order))
    return [rating.area for rating in urgent[:TOP]]
