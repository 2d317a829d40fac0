"""The five reasons, each 0 to 100 with the facts beside it; what is not known has no score."""

from bisect import bisect_left
from dataclasses import dataclass
from math import hypot

from django.utils.text import capfirst

from core.templatetags.components import figure, longdate, school_year
from dashboards.choice.facts import Supply
from dashboards.choice.pool import Candidate
from partnerships.models.priorities import priority_rules

METRES_A_MILE = 1609.344
LABELS = {
    "need": "Need",
    "supply": "Supply",
    "size": "Size",
    "distance": "Distance",
    "relationship": "Relationship",
}
ABOUT = {
    "need": "Free school meals against the other schools, the site’s area, areas rated red. "
    "More need scores higher.",
    "supply": "Contact hours (hours × learners) for each pupil that you delivered in 12 months. "
    "Less scores higher.",
    "size": "Pupils in a year group, estimated. Larger scores higher.",
    "distance": "As the crow flies. Nearer scores higher.",
    "relationship": "Last contact, needs agreed by both, a school lead. Stronger scores higher: "
    "work can begin sooner.",
}
NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Component:
    """One reason: its score, or None where nothing is known, and the facts in words."""

    name: str
    score: int | None
    facts: tuple
    raw: dict

    @property
    def label(self):
        return LABELS[self.name]

    @property
    def score_in_words(self):
        return NOT_KNOWN if self.score is None else str(self.score)

    @property
    def facts_in_words(self):
        """The facts as one line that begins with a capital."""
        return capfirst("; ".join(self.facts))


@dataclass
class Scored:
    """A school with its five components."""

    candidate: Candidate
    components: dict

    @property
    def is_cold(self):
        """High need and little of our work, by the limits of the rules; both have to be known."""
        least = priority_rules()["cold_spot"]
        found = [(self.components[name].score, least[name]) for name in least]
        return all(score is not None and score >= limit for score, limit in found)


def score(pool, facts, today):
    """Return a `Scored` for each candidate."""
    meals = sorted(
        school.fsm_percent for school in pool.candidates if school.fsm_percent is not None
    )
    return [
        Scored(
            school,
            {
                "need": _need(school, facts, meals),
                "supply": _supply(school, facts),
                "size": _size(school),
                "distance": _distance(school, facts),
                "relationship": _relationship(school, facts, today),
            },
        )
        for school in pool.candidates
    ]


def _need(school, facts, meals):
    """The mean of what is known: free school meals, the site's area, areas rated red."""
    parts, words, raw = [], [], {}
    for part, said in (_meals(school, meals), _area(school, facts)):
        parts += [] if part is None else [part]
        words += [said] if said else []
    assessed = facts.assessed.get(school.link)
    if assessed and assessed.rated:
        parts.append(round(100 * assessed.red / assessed.rated))
        year = school_year(assessed.year)
        words.append(f"{assessed.red} of {assessed.rated} areas rated red, {year}")
        raw = {"red": assessed.red, "rated": assessed.rated}
    return _component("need", parts, words, fsm_percent=school.fsm_percent, **raw)


def _meals(school, meals):
    """The share of the other schools that have fewer pupils on free meals; and that in words."""
    percent = school.fsm_percent
    if percent is None:
        return None, "free school meals not known"
    if len(meals) == 1:
        return None, f"{percent}% free school meals, nothing to compare with"
    below = round(100 * bisect_left(meals, percent) / (len(meals) - 1))
    return below, f"{percent}% free school meals, more than at {below}% of the others"


def _area(school, facts):
    """The first fifth counts 100, the last 0. It is the site's area, not where pupils live."""
    fifth = facts.fifths.get(school.school)
    if fifth is None:
        return None, ""
    return 125 - 25 * fifth.quintile, f"its site in fifth {fifth.quintile} of 5 by {fifth.said}"


def _supply(school, facts):
    done = facts.supply.get(school.link, Supply())
    enough = priority_rules()["limits"]["enough_hours_a_pupil"]
    raw = {"done": done}
    if not done.activities:
        return _component("supply", [100], ["nothing delivered"], **raw)
    words = [f"{_number(done.activities, 'activity', 'activities')} delivered"]
    if done.vague:
        words.append(f"{done.vague} without hours or learners")
    if not school.pupils:
        return _component("supply", [], [*words, "pupils not known"], **raw)
    if done.vague == done.activities:
        return _component("supply", [], words, **raw)
    hours = float(done.contact_hours) / school.pupils
    words.insert(1, f"{figure(done.learners)} learners")
    words.append(f"{hours:.1f} hours a pupil")
    return _component("supply", [round(100 * (1 - min(1, hours / enough)))], words, **raw)


def _size(school):
    large = priority_rules()["limits"]["large_year_group"]
    if not school.per_year:
        return _component("size", [], ["pupils or ages not known"])
    part = round(100 * min(1, school.per_year / large))
    return _component("size", [part], [f"about {school.per_year} in a year group"])


def _distance(school, facts):
    if not school.place or not facts.places:
        missing = "its place" if facts.places else "where you set out from"
        return _component("distance", [], [f"{missing} not known"], miles=None, origin="")
    metres, origin = min(
        (hypot(school.easting - easting, school.northing - northing), name)
        for name, easting, northing in facts.places
    )
    miles = metres / METRES_A_MILE
    part = round(100 * (1 - min(1, miles / priority_rules()["limits"]["far_miles"])))
    words = [f"{miles:.1f} miles from {origin}"]
    return _component("distance", [part], words, miles=round(miles, 1), origin=origin)


def _relationship(school, facts, today):
    """The mean of three parts; a school that is not ours has none of them."""
    raw = {"agreed": False, "led": False}
    if not school.link:
        return _component("relationship", [0], ["not one of your schools"], **raw)
    assessed = facts.assessed.get(school.link)
    raw = {"agreed": bool(assessed and assessed.is_agreed), "led": school.link in facts.led}
    words = [
        f"last contact {longdate(school.last_contact)}" if school.last_contact else "no contact",
        "needs agreed by both" if raw["agreed"] else "needs not agreed",
        "a school lead" if raw["led"] else "no school lead",
    ]
    parts = [_contact(school, facts, today), 100 * raw["agreed"], 100 * raw["led"]]
    return _component("relationship", parts, words, **raw)


def _contact(school, facts, today):
    """100 while contact is recent, then falling to 0 on the day it counts as lapsed."""
    if school.last_contact is None:
        return 0
    lapsed = max(priority_rules()["limits"]["lapsed_days"], facts.recent_days + 1)
    days = (today - school.last_contact).days
    share = (lapsed - days) / (lapsed - facts.recent_days)
    return round(100 * min(1, max(0, share)))


def _component(name, parts, words, **raw):
    mean = round(sum(parts) / len(parts)) if parts else None
    return Component(name, mean, tuple(words), raw)


def _number(number, one, many):
    return f"{figure(number)} {one if number == 1 else many}"
