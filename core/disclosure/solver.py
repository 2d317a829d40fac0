"""Another table that would be published just the same: the proof that a number cannot be known.

For a hidden number the solver looks for the cheapest *witness*: numbers that fit all that is shown
and yet differ there by a person. What may not stay in sight for it is hidden as well.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from core.disclosure.rules import HIDDEN, LOW

TINY = 1e-5
TOTAL_COSTS, MARK_COSTS = 10, 1000
MOST_NODES = 2000


@dataclass(frozen=True)
class Witness:
    """Other numbers, {index: number}, that fit what is shown once `opened` are hidden as well."""

    numbers: dict
    opened: frozenset
    cost: float


@dataclass(frozen=True)
class Need:
    """What a witness must show of a number: that it may lie in one of some ranges."""

    index: int
    ranges: tuple
    is_must: bool = True

    def is_met_by(self, witness):
        """Whether the number lies in one of the ranges there."""
        number = witness.numbers.get(self.index)
        return number is not None and any(
            least - TINY <= number <= most + TINY for least, most in self.ranges
        )


def needs_of(quantities, index, policy):
    """What must be unsure about a hidden number: it may be a person more or fewer.

    Of a small one, and of its hours, also all that its mark allows, where hiding more can do it.
    """
    quantity = quantities.found[index]
    value, people = float(quantity.value), _people_of(quantities, index)
    one = max(1.0, value / people) if quantity.kind == "hours" and people else 1.0
    must = Need(index, ((value + one, inf), (0.0, value - one)))
    if not 0 < people < policy.minimum_cell:
        return [must]
    least, most = value / people, value / people * (policy.minimum_cell - 1)
    if quantity.kind == "hours" and value < policy.minimum_cell:
        most = min(most, float(policy.minimum_cell))
    ends = ((most, inf), (0.0, least))
    return [*(Need(index, (end,), is_must=False) for end in ends), must]


def _people_of(quantities, index):
    """How many people the number counts, or stands for; the fewest, where that is unsure."""
    everybody = [quantities.found[other] for other in quantities.companions(index)]
    if quantities.found[index].kind == "people":
        everybody = [quantities.found[index]]
    counts = [q.value for q in everybody if q.kind == "people" and q.value]
    return float(min(counts, default=0))


def shown_range(quantity, policy):
    """The least and the most that a shown number may stand for, as a careful reader knows."""
    value, smallest = quantity.value, policy.minimum_cell
    if not policy.rounding:
        return float(value), float(value)
    base = Decimal(policy.rounding)
    middle = base * ((value + base / 2) // base)
    least, most = middle - base / 2, middle + base / 2
    if is_whole(quantity):
        least, most = ceil(least), ceil(most) - 1
    if middle == 0:
        return 0.0, float(most) if most >= smallest else 0.0
    return float(max(least, smallest)), float(most)


def is_whole(quantity):
    """Whether only whole numbers can stand there."""
    return quantity.kind == "people" and (quantity.value is None or quantity.value % 1 == 0)


class Group:
    """Quantities that are bound to one another, as a mixed-integer programme.

    Its unknowns are each number, how far it lies above and below what is shown for it, and how far
    each ratio is missed; only the first cost nothing.
    """

    def __init__(self, quantities, indexes, policy):
        self.all, self.indexes, self.policy = quantities, indexes, policy
        self.members = [quantities.found[index] for index in indexes]
        self.column = {index: n for n, index in enumerate(indexes)}
        self.ratios = [r for r in quantities.ratios if r.top in self.column]
        self.equations = [e for e in quantities.equations if next(iter(e)) in self.column]
        count = len(indexes)
        self.numbers, self.above, self.below = (
            slice(n * count, n * count + count) for n in range(3)
        )
        self.missed = slice(3 * count, 3 * count + len(self.ratios))
        self.matrix = self._matrix()
        self.least, self.most = self._bounds()
        self.integrality = np.zeros(self.missed.stop)
        self.integrality[self.numbers] = [is_whole(quantity) for quantity in self.members]

    def witness(self, need, marks):
        """The cheapest Witness that meets the need; None where none is found."""
        best = None
        for least, most in need.ranges:
            found = self._solve(need.index, least, most, marks)
            if found and (best is None or found.cost < best.cost - TINY):
                best = found
            if best and best.cost < TINY:
                break
        return best

    def hidden_whole(self):
        """The Witness that is always there: all hidden, every number is many times what it is."""
        known = {i: float(self.all.found[i].value) for i in self.indexes if self.all.found[i].value}
        needs = [need for i in known for need in needs_of(self.all, i, self.policy) if need.is_must]
        times = max(ceil(need.ranges[0][0] / known[need.index]) for need in needs)
        numbers = {index: value * times for index, value in known.items()}
        return Witness(numbers, frozenset(known), inf)

    def _matrix(self):
        """A row for each equation, for each number from above and from below, for each ratio."""
        rows = [
            {self.column[index]: float(weight) for index, weight in equation.items()}
            for equation in self.equations
        ]
        rows += [{n: 1.0, self.above.start + n: -1.0} for n in range(len(self.members))]
        rows += [{n: 1.0, self.below.start + n: 1.0} for n in range(len(self.members))]
        for n, ratio in enumerate(self.ratios, start=self.missed.start):
            top, base = self.column[ratio.top], self.column[ratio.base]
            rows.append({top: 1.0, base: -float(ratio.most), n: -1.0})
            rows.append({top: 1.0, base: -float(ratio.least), n: 1.0})
        places = [(n, column) for n, row in enumerate(rows) for column in row]
        weights = [weight for row in rows for weight in row.values()]
        shape = (len(rows), self.missed.stop)
        return coo_array((weights, tuple(zip(*places, strict=True))), shape).tocsc()

    def _bounds(self):
        """What each number can be even if it were hidden; nought stays in sight."""
        least, most = np.zeros(self.missed.stop), np.full(self.missed.stop, inf)
        for n, quantity in enumerate(self.members):
            if not quantity.value:
                most[[self.above.start + n, self.below.start + n]] = 0.0
            elif quantity.value >= self.policy.minimum_cell:
                least[n] = self.policy.minimum_cell
            elif is_whole(quantity):
                least[n] = 1.0
            if quantity.value == 0:
                most[n] = shown_range(quantity, self.policy)[1]
        return least, most

    def _solve(self, index, least, most, marks):
        low, high, place = self.least.copy(), self.most.copy(), self.column[index]
        low[place], high[place] = max(low[place], least), min(high[place], most)
        if low[place] > high[place]:
            return None
        answer = milp(
            self._costs(marks),
            integrality=self.integrality,
            bounds=Bounds(low, high),
            constraints=LinearConstraint(self.matrix, *self._limits(marks)),
            options={"node_limit": MOST_NODES},
        )
        return None if answer.x is None else self._witness(answer)

    def _limits(self, marks):
        """What the rows of the matrix come to, at least and at most, by what is shown."""
        seen = [self._seen(index, marks) for index in self.indexes]
        least, most = [0.0] * len(self.equations), [0.0] * len(self.equations)
        least += [-inf] * len(seen) + [low for low, _ in seen]
        most += [high for _, high in seen] + [inf] * len(seen)
        for ratio in self.ratios:
            is_shown = ratio.top not in marks and ratio.base not in marks
            least += [-inf, 0.0 if is_shown else -inf]
            most += [0.0 if is_shown else inf, inf]
        return least, most

    def _seen(self, index, marks):
        quantity, mark = self.all.found[index], marks.get(index)
        if quantity.value is None or mark == HIDDEN:
            return -inf, inf
        if mark == LOW:
            return -inf, float(self.policy.minimum_cell - is_whole(quantity))
        return shown_range(quantity, self.policy)

    def _costs(self, marks):
        """Prefer parts to totals, then small numbers, and leave the marks of small ones be."""
        costs = np.zeros(self.missed.stop)
        biggest = max((quantity.value or 0 for quantity in self.members), default=0) or 1
        for n, (index, quantity) in enumerate(zip(self.indexes, self.members, strict=True)):
            cost = 1.0 + float((quantity.value or 0) / biggest) + TOTAL_COSTS * quantity.is_total
            costs[[self.above.start + n, self.below.start + n]] = (
                MARK_COSTS if index in marks else cost
            )
        costs[self.missed] = 1.0
        return costs

    def _witness(self, answer):
        far = answer.x[self.above] + answer.x[self.below]
        opened = {index for index, much in zip(self.indexes, far, strict=True) if much > TINY}
        missed = zip(self.ratios, answer.x[self.missed], strict=True)
        opened |= {ratio.top for ratio, much in missed if much > TINY}
        numbers = dict(zip(self.indexes, answer.x[self.numbers].tolist(), strict=True))
        return Witness(numbers, frozenset(opened), float(answer.fun))
