"""What a reader of tables published together knows: quantities, and what binds them.

Cells that count the same over the same rows are one quantity, wherever they stand.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from core.disclosure import rules

ADDABLE = ("people", "hours")
DERIVED = {"percent": (rules.percent, 1, 100), "average": (rules.average, 2, 1)}


class NotPublishable(ValueError):
    """The table cannot be published as it is, with the reason in words."""


@dataclass
class Quantity:
    """A number of people or hours, and the places (table, row, column) where it stands.

    One without a place is never shown, but what is made of it is bound by it.
    """

    kind: str
    value: Decimal | None = None
    places: list = field(default_factory=list)
    rows: set = field(default_factory=set)
    is_total: bool = False


@dataclass(frozen=True)
class Ratio:
    """A shown percentage or average: `top` lies between `least` and `most` times `base`."""

    top: int
    base: int
    least: Decimal
    most: Decimal


class Quantities:
    """The quantities of some tables, the equations between them, and the ratios shown.

    An equation is {index: coefficient}, and comes to nothing. `pressed` are the indexes of what
    would give a small number away by a plain subtraction.
    """

    def __init__(self):
        self.found, self.equations, self.ratios, self.pressed = [], [], [], set()
        self.at, self._named, self._of_rows = {}, {}, {}

    def add(self, name, kind, value=None):
        """The index of the quantity of that name."""
        if name not in self._named:
            self._named[name] = len(self.found)
            self.found.append(Quantity(kind, value))
        index = self._named[name]
        if self.found[index].value != value:
            raise NotPublishable(f"Two tables disagree about one number of {kind}: {name}.")
        return index

    def stand(self, index, place, rows):
        """Note where a quantity stands, and the rows that are behind it."""
        self.at[place] = index
        self.found[index].places.append(place)
        self.found[index].rows.add(rows)
        self._of_rows.setdefault(rows, []).append(index)

    def companions(self, index):
        """People and hours of the same rows, each of which would tell of the other."""
        return {other for rows in self.found[index].rows for other in self._of_rows[rows]}

    def groups(self):
        """The quantities that are bound to one another: the indexes of each group, in order."""
        bound = [list(equation) for equation in self.equations]
        bound += [[ratio.top, ratio.base] for ratio in self.ratios]
        group_of = {index: [index] for index in range(len(self.found))}
        for first, *others in bound:
            for other in others:
                mine, theirs = group_of[first], group_of[other]
                if mine is not theirs:
                    mine += theirs
                    group_of |= dict.fromkeys(theirs, mine)
        return [
            sorted(group) for group in {id(group): group for group in group_of.values()}.values()
        ]


def read(raws, policy):
    """The Quantities of tables that are published together under the policy."""
    quantities = Quantities()
    for number, raw in enumerate(raws):
        _add_cells(quantities, number, raw)
        for *parts, total in lines_of(raw):
            _add_line(quantities, [(number, *p) for p in parts], (number, *total), raw.title)
        _add_pieces(quantities, number, raw)
        _add_ratios(quantities, number, raw, policy)
    return quantities


def lines_of(raw):
    """Every set of cells that add up, as [(row, column)]: the parts first, their total last."""
    names = [column.name for column in raw.columns]
    height, lines = len(raw.grid), []
    for c, column in enumerate(raw.columns):
        if column.kind not in ADDABLE:
            continue
        if raw.total is not None and column.name not in raw.pieces:
            lines.append([(r, c) for r in range(height)])
        parts = [p for p, part in enumerate(raw.columns) if part.part_of == column.name]
        if parts:
            lines += [[(r, p) for p in (*parts, names.index(column.name))] for r in range(height)]
    return lines


def _add_cells(quantities, number, raw):
    names = [column.name for column in raw.columns]
    for r, row in enumerate(raw.grid):
        behind = raw.rows_behind[r] if raw.rows_behind else [(number, r, name) for name in names]
        for c, column in enumerate(raw.columns):
            if column.kind not in ADDABLE or row[c] is None:
                continue
            name = (column.counts or column.kind, behind[c])
            index = quantities.add(name, column.kind, rules.exact(row[c]))
            leader = names.index(column.follows) if column.follows else c
            quantities.stand(index, (number, r, c), behind[leader])


def _add_line(quantities, parts, total, title):
    known = [quantities.at[place] for place in parts if place in quantities.at]
    if total not in quantities.at:
        return
    whole = quantities.at[total]
    if sum(quantities.found[index].value for index in known) != quantities.found[whole].value:
        if len(known) < len(parts):
            return
        raise NotPublishable(f"{title}: the parts do not add up to their total.")
    quantities.found[whole].is_total |= bool(known)
    _bind(quantities, [(whole, -1), *((index, 1) for index in known)])


def _add_pieces(quantities, number, raw):
    names = [column.name for column in raw.columns]
    for name, pieces_of_rows in raw.pieces.items():
        c = names.index(name)
        counts, kind = raw.columns[c].counts or raw.columns[c].kind, raw.columns[c].kind
        for r, pieces in enumerate(pieces_of_rows):
            if (number, r, c) not in quantities.at:
                continue
            made = [
                (quantities.add(("piece", counts, piece), kind), weight)
                for piece, weight in pieces.items()
            ]
            _bind(quantities, [(quantities.at[number, r, c], -1), *made])


def _bind(quantities, terms):
    equation = {}
    for index, coefficient in terms:
        equation[index] = equation.get(index, 0) + coefficient
    equation = {index: coefficient for index, coefficient in equation.items() if coefficient}
    if equation and equation not in quantities.equations:
        quantities.equations.append(equation)


def _add_ratios(quantities, number, raw, policy):
    names = [column.name for column in raw.columns]
    for c, column in enumerate(raw.columns):
        if column.kind not in DERIVED:
            continue
        for r, row in enumerate(raw.grid):
            ends = [
                quantities.at.get((number, r, names.index(name)))
                if name
                else quantities.add((number, r, column.name, end), "hours")
                for end, name in zip(("top", "base"), column.of, strict=True)
            ]
            if None not in ends and row[c] is not None:
                _add_ratio(quantities, column, row[c], ends, policy)


def _add_ratio(quantities, column, numbers, ends, policy):
    said = [quantities.found[end].value for end in ends]
    if any(value not in (None, number) for value, number in zip(said, numbers, strict=True)):
        raise NotPublishable(f"{column.name} is not worked out from the columns that it names.")
    make, usual, unit = DERIVED[column.kind]
    places = usual if column.places is None else column.places
    cell = make(*numbers, policy, places)
    if cell.value is not None:
        half, shown = Decimal(1).scaleb(-places) / 2, Decimal(str(cell.value))
        ratio = Ratio(*ends, (shown - half) / unit, (shown + half) / unit)
        quantities.ratios.append(ratio)
    elif column.kind == "percent" and rules.is_low(numbers[1] - numbers[0], policy):
        quantities.pressed.add(ends[0])
