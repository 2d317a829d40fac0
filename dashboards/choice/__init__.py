"""Where to work: the schools of an area, ranked for one partnership by reasons that are shown."""

from dataclasses import dataclass
from datetime import date

from dashboards.choice.facts import facts_of
from dashboards.choice.pool import Pool, pool_of
from dashboards.choice.ranking import Ranked, rank
from dashboards.choice.scores import score
from partnerships.models import PriorityWeights
from partnerships.models.priorities import COMPONENTS, priority_rules

__all__ = ["COMPONENTS", "Choice", "Pool", "Ranked", "choose", "saved_weights", "weights_of"]


@dataclass
class Choice:
    """The schools in order, the weights that are kept and those that are tried."""

    today: date
    pool: Pool
    rows: list
    saved: PriorityWeights | None
    weights: dict
    tried: dict

    @property
    def is_trial(self):
        return self.tried != self.weights

    @property
    def moved(self):
        """How many schools stand elsewhere with the weights that are tried."""
        return sum(row.moved != 0 for row in self.rows)

    @property
    def cold_spots(self):
        return sum(row.is_cold for row in self.rows)

    def narrowed(self, *, cold=False, new=False):
        """The rows that are cold spots, or not yet with the partnership; ranks stay."""
        return [
            row
            for row in self.rows
            if (row.is_cold or not cold) and (row.candidate.link is None or not new)
        ]


def saved_weights(user, partnership):
    """Return (the PriorityWeights row or None, the weights that hold by component)."""
    row = PriorityWeights.objects.visible_to(user).filter(partnership=partnership)
    row = row.select_related("weighed_by").first()
    return row, weights_of(row)


def weights_of(row):
    """The weights of a PriorityWeights row, or where there is none those suggested."""
    return row.as_dict() if row else dict(priority_rules()["weights"])


def choose(user, partnership, today, *, kept, authorities=(), independents=False, tried=None):
    """Return the `Choice`; the same number of queries for any number of schools.

    `kept` is what `saved_weights` gives, `tried` other weights; `authorities` are ids of
    RegisterCodes, none are those of the partnership's own schools.
    """
    saved, weights = kept
    pool = pool_of(user, partnership, today, authorities=authorities, independents=independents)
    scored = score(pool, facts_of(user, partnership, pool, today), today)
    tried = weights | (tried or {})
    rows = rank(scored, weights, tried)
    return Choice(today, pool, rows, saved, weights, tried)
