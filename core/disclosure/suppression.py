"""Which cells of a table must be hidden so that no small number of people can be worked out.

A *line* is a set of cells that add up: the parts first, their total last. `publish` needs only
`hidden_cells`, so that a complete solver can take the place of the greedy rule here.
"""

from core.disclosure.rules import HIDDEN, LOW, exact, is_low

ADDABLE = ("people", "hours")
DERIVED = ("percent", "average")


def hidden_cells(columns, grid, has_total, policy):
    """The cells to hide, as {(row, column): mark}; the grid's last row may be its total."""
    marks = dict.fromkeys(_low(columns, grid, policy), LOW)
    if policy.minimum_cell is None:
        return marks
    while True:
        extra = _following(columns, grid, marks)
        if policy.complementary:
            extra |= _complement(columns, grid, has_total, policy, marks)
        if not extra - marks.keys():
            return marks
        marks |= dict.fromkeys(extra - marks.keys(), HIDDEN)


def lines_of(columns, height, has_total):
    """Every set of cells that add up: down each column, and along each row with a total."""
    names = [column.name for column in columns]
    lines = []
    for c, column in enumerate(columns):
        if column.kind not in ADDABLE:
            continue
        if has_total:
            lines.append([(r, c) for r in range(height)])
        parts = [p for p, part in enumerate(columns) if part.part_of == column.name]
        if parts:
            lines += [[(r, p) for p in (*parts, names.index(column.name))] for r in range(height)]
    return lines


def _low(columns, grid, policy):
    return {
        (r, c)
        for r, row in enumerate(grid)
        for c, column in enumerate(columns)
        if column.kind in ADDABLE and row[c] is not None and is_low(row[c], policy)
    }


def _following(columns, grid, marks):
    """Cells that stand on a hidden one: declared so, or a ratio built from its number."""
    names = {column.name: c for c, column in enumerate(columns)}
    found = set()
    for r, row in enumerate(grid):
        secret = {row[c] for c in range(len(columns)) if (r, c) in marks and _adds(columns[c])}
        for c, column in enumerate(columns):
            is_led = (r, names.get(column.follows)) in marks
            is_ratio = column.kind in DERIVED and row[c] is not None
            if is_led or (is_ratio and secret.intersection(row[c])):
                found.add((r, c))
    return found


def _adds(column):
    return column.kind in ADDABLE


def _complement(columns, grid, has_total, policy, marks):
    """One more cell for each line that gives its hidden cells away."""
    lines = lines_of(columns, len(grid), has_total)
    hidden, extra = dict(marks), set()
    for line in lines:
        if not _gives_away(line, grid, hidden, policy):
            continue
        choices = [p for p in line if p not in hidden and grid[p[0]][p[1]]]
        if choices:
            chosen = min(choices, key=lambda p: _cost(p, line, lines, grid, hidden))
            hidden[chosen] = HIDDEN
            extra.add(chosen)
    return extra


def _gives_away(line, grid, hidden, policy):
    """Whether a reader can work out a hidden cell from the rest of its line alone."""
    inside = [place for place in line if place in hidden]
    if len(inside) < 2:
        return len(inside) == 1
    if line[-1] in hidden:
        return False
    together = sum(exact(grid[r][c]) for r, c in inside)
    low = sum(hidden[place] == LOW for place in inside)
    fewest = low + policy.minimum_cell * (len(inside) - low)
    most = low * (policy.minimum_cell - 1)
    return together <= fewest or (low == len(inside) and together >= most)


def _cost(place, line, lines, grid, hidden):
    """Prefer parts to totals, then cells that also mend another line, then small numbers."""
    crossing = [other for other in lines if place in other and other is not line]
    mends = any(sum(p in hidden for p in other) == 1 for other in crossing)
    return (place == line[-1], not mends, exact(grid[place[0]][place[1]]), place)
