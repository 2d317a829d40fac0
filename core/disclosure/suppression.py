"""Which numbers must be hidden so that nothing hidden can be worked out from what is shown.

First small numbers, and with them what is of the same rows; then, for each hidden number of which
no other value fits what is shown, the cheapest set of others. See
docs/adr/0006-complementary-suppression.md.
"""

from functools import cache

from core.disclosure.quantities import ADDABLE, read
from core.disclosure.rules import HIDDEN, LOW, is_low


def hidden_cells(raws, policy):
    """The cells to hide in tables published together, as {(table, row, column): mark}."""
    if policy.minimum_cell is None:
        return {}
    quantities = read(raws, policy)
    marks = _primary(quantities, policy)
    if policy.complementary:
        _protect(quantities, policy, marks)
    return _spread(quantities, raws, marks)


def _primary(quantities, policy):
    """The quantities that are small, or tell of small ones, as {index: mark}."""
    marks = {
        index: LOW
        for index, quantity in enumerate(quantities.found)
        if quantity.value and is_low(quantity.value, policy)
    }
    _hide(quantities, quantities.pressed, marks)
    _hide(quantities, set(marks), marks)
    return marks


def _hide(quantities, indexes, marks):
    """Hide quantities, and whatever is counted over the same rows; a nought tells nothing."""
    waiting = sorted(indexes)
    while waiting:
        index = waiting.pop()
        for other in sorted(quantities.companions(index)):
            if other not in marks and quantities.found[other].value:
                marks[other] = HIDDEN
                waiting.append(other)


def _protect(quantities, policy, marks):
    """Hide more, until each hidden number has a witness that it may be another.

    A witness stays one when more is hidden, so what is proved once is proved for good.
    """
    from core.disclosure import solver  # scipy takes half a second, so only where numbers hide

    group_of = {index: indexes for indexes in quantities.groups() for index in indexes}
    programme = cache(lambda first: solver.Group(quantities, group_of[first], policy))
    waiting, witnesses = _in_order(quantities, marks), []
    while waiting:
        index = waiting.pop(0)
        for need in solver.needs_of(quantities, index, policy):
            if any(need.is_met_by(witness) for witness in witnesses):
                continue
            group, before = programme(group_of[index][0]), set(marks)
            witness = group.witness(need, marks)
            if not need.is_must and (witness is None or witness.cost >= solver.MARK_COSTS):
                continue
            witness = witness or group.hidden_whole()
            witnesses.append(witness)
            marks |= dict.fromkeys(witness.opened, HIDDEN)
            _hide(quantities, witness.opened, marks)
            waiting += _in_order(quantities, marks.keys() - before)


def _in_order(quantities, indexes):
    return sorted(indexes, key=lambda index: (-quantities.found[index].value, index))


def _spread(quantities, raws, marks):
    """The marks in their places, and with them the ratios and columns that follow them."""
    found = {
        place: mark for index, mark in marks.items() for place in quantities.found[index].places
    }
    for number, raw in enumerate(raws):
        leaders = {column.name: (*column.of, column.follows) for column in raw.columns}
        columns = {column.name: c for c, column in enumerate(raw.columns)}
        for r in range(len(raw.grid)):
            for c, column in enumerate(raw.columns):
                led = [columns[name] for name in leaders[column.name] if name]
                if column.kind not in ADDABLE and any((number, r, lead) in found for lead in led):
                    found[number, r, c] = HIDDEN
    return found
