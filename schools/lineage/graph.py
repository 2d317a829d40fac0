"""Schools and their successors as a graph: what follows what, however the register says it.

A successor link and a predecessor link say the same from both ends; what either says holds.
Nothing here asks the database.
"""

from collections import defaultdict, deque

from schools.lineage import kinds


class Graph:
    """Who follows whom: `successors` and `predecessors` by code, the link types of each edge."""

    def __init__(self, links=()):
        """Build it from (code, linked code, type) in any order; what is no succession is left."""
        self.successors, self.predecessors = defaultdict(set), defaultdict(set)
        self.types = defaultdict(set)
        for code, linked_code, type in links:
            if edge := kinds.edge(code, linked_code, type):
                before, after = edge
                self.successors[before].add(after)
                self.predecessors[after].add(before)
                self.types[edge].add(type)

    def after(self, code):
        """Every school that came of this one, nearest first, each once; never itself."""
        return _walk(self.successors, code)

    def before(self, code):
        """Every school that went into this one, nearest first, each once; never itself."""
        return _walk(self.predecessors, code)

    def splits(self):
        """Codes with several successors."""
        return {code for code, others in self.successors.items() if len(others) > 1}

    def merges(self):
        """Codes with several predecessors."""
        return {code for code, others in self.predecessors.items() if len(others) > 1}

    def loops(self):
        """Sets of codes that follow one another in a circle, each found once."""
        return [frozenset(found) for found in _strong_components(self.successors) if found[1:]]

    def depth(self, code):
        """How many times the school was followed, along its longest chain outside loops."""
        return self.depths().get(code, 0)

    def depths(self):
        """The same for every school that has a successor."""
        within = {code: number for number, loop in enumerate(self.loops()) for code in loop}
        found = {}
        for component in _strong_components(self.successors):
            for code in component:
                found[code] = max(
                    (
                        1 + found[other]
                        for other in self.successors.get(code, ())
                        if within.get(other, other) != within.get(code, code)
                    ),
                    default=0,
                )
        return {code: found[code] for code in self.successors}

    def conversions(self):
        """Edges that are one school going on: one successor, one predecessor, plain, no loop."""
        looped = set().union(*self.loops())
        return sorted(
            (before, after)
            for before, others in self.successors.items()
            for after in others
            if len(others) == 1
            and len(self.predecessors[after]) == 1
            and before not in looped
            and all(kinds.is_plain(type) for type in self.types[before, after])
        )

    def doubts(self, code):
        """Why the register alone cannot say how the school goes on: loop, split, merge, nothing."""
        others = self.successors.get(code, set())
        types = {type for other in others for type in self.types[code, other]}
        found = [
            ("loop", any(code in self.successors.get(other, ()) for other in self.after(code))),
            ("split", len(others) > 1 or any(map(kinds.says_split, types))),
            ("merge", self._is_merge(code, others, types)),
            ("nothing", not others),
        ]
        return [doubt for doubt, holds in found if holds]

    def _is_merge(self, code, others, types):
        several = any(len(self.predecessors[other]) > 1 for other in others)
        return several or any(map(kinds.says_merge, types))


def _walk(neighbours, start):
    seen, found, queue = {start}, [], deque([start])
    while queue:
        for other in sorted(neighbours.get(queue.popleft(), ())):
            if other not in seen:
                seen.add(other)
                found.append(other)
                queue.append(other)
    return found


def _strong_components(successors):
    """Lists of codes that reach one another, those without successors first (Tarjan)."""
    index, low, stack, on_stack, components = {}, {}, [], set(), []
    for root in sorted(successors):
        if root in index:
            continue
        work = [(root, iter(sorted(successors.get(root, ()))))]
        _enter(root, index, low, stack, on_stack)
        while work:
            code, others = work[-1]
            fresh = next(
                (other for other in others if _look(code, other, index, low, on_stack)), None
            )
            if fresh is not None:
                _enter(fresh, index, low, stack, on_stack)
                work.append((fresh, iter(sorted(successors.get(fresh, ())))))
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[code])
            if low[code] == index[code]:
                components.append(_leave(code, stack, on_stack))
    return components


def _enter(code, index, low, stack, on_stack):
    index[code] = low[code] = len(index)
    stack.append(code)
    on_stack.add(code)


def _look(code, other, index, low, on_stack):
    """Whether `other` is still to be visited; if it is on the way here, note how far back."""
    if other not in index:
        return True
    if other in on_stack:
        low[code] = min(low[code], index[other])
    return False


def _leave(code, stack, on_stack):
    component = []
    while not component or component[-1] != code:
        component.append(stack.pop())
        on_stack.discard(component[-1])
    return component
