"""From components to one order: the weighted mean of what is known, said in full."""

from dataclasses import dataclass

from dashboards.choice.pool import Candidate
from dashboards.choice.scores import LABELS
from partnerships.models.priorities import COMPONENTS


@dataclass
class Ranked:
    """A school in the order: score and rank with the weights tried, rank with those kept."""

    candidate: Candidate
    components: dict
    is_cold: bool
    score: float | None
    rank: int
    rank_now: int
    tried: dict

    @property
    def moved(self):
        """Places gained (over 0) or lost (under 0) by the weights that are tried."""
        return self.rank_now - self.rank

    @property
    def how(self):
        """How the score comes about, in full."""
        return how(self, self.tried)

    @property
    def moved_in_words(self):
        if not self.moved:
            return "Same place"
        return f"{'Up' if self.moved > 0 else 'Down'} {abs(self.moved)}"


def rank(scored, weights, tried):
    """Order the schools by the weights tried; ties by name, those without a score last."""
    now = {school.candidate.school: place for place, school in _ordered(scored, weights)}
    return [
        Ranked(
            school.candidate,
            school.components,
            school.is_cold,
            _mean(school, tried),
            place,
            now[school.candidate.school],
            tried,
        )
        for place, school in _ordered(scored, tried)
    ]


def _ordered(scored, weights):
    def key(school):
        mean = _mean(school, weights)
        candidate = school.candidate
        return mean is None, -(mean or 0), candidate.sort_key, candidate.school

    return enumerate(sorted(scored, key=key), start=1)


def _known(school, weights):
    """The (component, weight) that count: those with a score and a weight."""
    components = [school.components[name] for name in COMPONENTS]
    return [(one, weights[one.name]) for one in components if one.score is not None]


def _mean(school, weights):
    known = _known(school, weights)
    total = sum(weight for _, weight in known)
    if not total:
        return None
    return round(sum(one.score * weight for one, weight in known) / total, 1)


def how(school, weights):
    """Say how the score comes about: each score times its weight, their sum, by what divided."""
    known = [(one, weight) for one, weight in _known(school, weights) if weight]
    missing = [
        LABELS[name]
        for name in COMPONENTS
        if weights[name] and school.components[name].score is None
    ]
    left_out = f"{', '.join(missing)}: not known, so left out." if missing else ""
    if not known:
        return f"No score. {left_out}".strip()
    terms = " + ".join(f"{one.label} {one.score} × {weight}" for one, weight in known)
    top = sum(one.score * weight for one, weight in known)
    total = sum(weight for _, weight in known)
    said = (
        f"{terms} = {top:,}; divided by {total}, all weights that count: {_mean(school, weights)}."
    )
    return f"{said} {left_out}".strip()
