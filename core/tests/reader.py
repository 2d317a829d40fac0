"""Somebody who has all the tables of a pack, and a solver: what can they work out?

This shares no code with the product: it starts from published cells and from what their headings
say adds up.
"""

from math import ceil, floor

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

LOW, HIDDEN = "[low]", "[hidden]"
TINY, LARGE = 1e-5, 1e6


class Reader:
    """What a reader knows of numbers, each by a name that is the same in every table.

    `truth` makes a reader shrewd: they are right about whether a `[hidden]` number is a small one.
    """

    def __init__(self, policy, truth=None):
        self.policy, self.truth = policy, truth or {}
        self.columns, self.bounds, self.whole, self.hidden, self.rows = {}, [], [], [], []

    def sees(self, name, cell, kind):
        """Note what a cell says of a number."""
        least, most = self._range(name, cell, kind)
        if name in self.columns:
            before = self.bounds[self.columns[name]]
            self.bounds[self.columns[name]] = (max(before[0], least), min(before[1], most))
        else:
            self._add(name, (least, most), kind)
            if cell.display in (LOW, HIDDEN):
                self.hidden.append(name)

    def guesses(self, name, kind):
        """Reason with a number that no table shows."""
        if name not in self.columns:
            self._add(name, (0, LARGE), kind)

    def adds(self, parts, total, least=0.0, most=0.0):
        """Know that the parts, less their total, lie between two numbers."""
        terms = [(part, 1.0) for part in parts] + [(total, -1.0)]
        self.knows(terms, least, most)

    def knows(self, terms, least, most):
        """Know of a sum of (name, weight) that it lies between two numbers."""
        self.rows.append((terms, least, most))

    def range_of(self, name):
        """The least and the most that a number can be, as far as the reader can tell."""
        return self._most(name, -1.0), self._most(name, 1.0)

    def works_out(self):
        """The hidden numbers that are certain to within less than a person (or an hour)."""
        ranges = {name: self.range_of(name) for name in self.hidden}
        return {name: found for name, found in ranges.items() if found[1] - found[0] < 1 - TINY}

    def _add(self, name, bounds, kind):
        self.columns[name] = len(self.columns)
        self.bounds.append(bounds)
        self.whole.append(kind == "people")

    def _range(self, name, cell, kind):
        smallest, base, whole = self.policy.minimum_cell, self.policy.rounding, kind == "people"
        if cell.display == LOW:
            return (1, smallest - 1) if whole else (0, smallest)
        if cell.display == HIDDEN:
            return (smallest if self.truth.get(name, 0) >= smallest else 0), LARGE
        if not base:
            return float(cell.value), float(cell.value)
        if cell.value == 0:
            return 0, 0
        least, most = max(cell.value - base / 2, smallest), cell.value + base / 2
        return (ceil(least), ceil(most) - 1) if whole else (least, most)

    def _most(self, name, sign):
        cost = np.zeros(len(self.columns))
        cost[self.columns[name]] = -sign
        bounds = Bounds([low for low, _ in self.bounds], [high for _, high in self.bounds])
        answer = milp(cost, integrality=self.whole, bounds=bounds, constraints=self._constraints())
        assert answer.status == 0, f"The tables contradict each other: {answer.message}"
        far = sign * -answer.fun
        if not self.whole[self.columns[name]]:
            return far
        return floor(far + TINY) if sign > 0 else ceil(far - TINY)

    def _constraints(self):
        if not self.rows:
            return None
        matrix = np.zeros((len(self.rows), len(self.columns)))
        for n, (terms, _, _) in enumerate(self.rows):
            for name, weight in terms:
                matrix[n, self.columns[name]] += weight
        return LinearConstraint(matrix, [r[1] for r in self.rows], [r[2] for r in self.rows])
