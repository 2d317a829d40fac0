"""Tables before and after disclosure control; only the second kind may leave."""

from dataclasses import dataclass, field
from numbers import Number

from core.disclosure import rules
from core.disclosure.policies import Policy
from core.disclosure.quantities import ADDABLE, DERIVED, NotPublishable
from core.disclosure.suppression import hidden_cells

KINDS = ("text", "people", "count", "hours", "percent", "average")

_SEAL = object()


@dataclass(frozen=True)
class Measure:
    """One column of a table: what it counts and what it belongs to.

    `part_of` names the column that totals this one; `follows` the column that hides it too; `of`
    the two columns that a ratio is worked out from, "" for one that is not in the table. `counts`
    says what is counted where another column of the kind counts something else.
    """

    name: str
    heading: str
    kind: str = "text"
    part_of: str = ""
    follows: str = ""
    of: tuple = ()
    counts: str = ""
    names_schools: bool = False
    places: int | None = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not one of {', '.join(KINDS)}")

    @property
    def is_text(self):
        """Whether the column holds words and not numbers."""
        return self.kind == "text"


@dataclass(frozen=True)
class RawTable:
    """Exact numbers, not yet fit to be shown: rows in the order of the columns, true totals.

    A percentage is given as (numerator, base), an average as (sum, base).

    `rows_behind` names for each cell, in rows and total, the rows that it is worked out from: cells
    of tables published together that count the same over the same rows are one number.

    A column adds up to its total, unless `pieces` say otherwise: for each row, {piece: weight} of
    pieces that lines share. Where learners stand in two lines, both lines have a piece in common.
    """

    title: str
    columns: tuple
    rows: tuple
    total: tuple | None = None
    notes: tuple = ()
    rows_behind: tuple = ()
    pieces: dict = field(default_factory=dict)

    @property
    def grid(self):
        """All rows, the total last."""
        return [tuple(row) for row in (*self.rows, *([] if self.total is None else [self.total]))]


class PublishedTable:
    """A table that has been through disclosure control; only `publish` can make one."""

    __slots__ = ("_seal", "columns", "has_total", "notes", "policy", "rows", "title")

    def __init__(self, *, seal=None, **parts):
        if seal is not _SEAL:
            raise TypeError("A PublishedTable is made by core.disclosure.publish alone.")
        for name, value in {"_seal": seal, **parts}.items():
            object.__setattr__(self, name, value)

    def __init_subclass__(cls, **kwargs):
        raise TypeError("PublishedTable cannot be extended.")

    def __setattr__(self, name, value):
        raise TypeError("A PublishedTable cannot be changed; publish the table again.")

    __delattr__ = __setattr__

    def __reduce__(self):
        raise TypeError("A PublishedTable cannot be copied; publish the table again.")

    def __repr__(self):
        return f"<PublishedTable {self.title!r} under {self.policy.code}>"

    @property
    def headings(self):
        """The words above the columns."""
        return tuple(column.heading for column in self.columns)


def is_published(table):
    """Whether this is a table that `publish` made."""
    return type(table) is PublishedTable and getattr(table, "_seal", None) is _SEAL


def publish(raw, policy):
    """Apply the policy to a table: round, hide what is small, hide what would give it away."""
    return publish_together([raw], policy)[0]


def publish_together(raws, policy):
    """Apply the policy to tables that one reader will have, so that none gives another's away."""
    for raw in raws:
        _check(raw, policy)
    marks = hidden_cells(raws, policy)
    return [_publish(raw, number, marks, policy) for number, raw in enumerate(raws)]


def _publish(raw, number, marks, policy):
    rows = tuple(
        tuple(
            rules.withheld(marks[number, r, c])
            if (number, r, c) in marks
            else _cell(column, row[c], policy)
            for c, column in enumerate(raw.columns)
        )
        for r, row in enumerate(raw.grid)
    )
    return PublishedTable(
        seal=_SEAL,
        title=raw.title,
        columns=tuple(raw.columns),
        rows=rows,
        has_total=raw.total is not None,
        policy=policy,
        notes=_notes(raw, rows, policy),
    )


def _cell(column, value, policy):
    if column.kind == "text":
        return rules.Cell(value or "", str(value or ""))
    if column.kind == "count":
        return rules.things(value)
    places = {} if column.places is None else {"places": column.places}
    if column.kind in ("percent", "average"):
        return getattr(rules, column.kind)(*(value or (None, None)), policy, **places)
    return getattr(rules, column.kind)(value, policy, **places)


def _notes(raw, rows, policy):
    shown = {cell.display for row in rows for cell in row}
    legend = [meaning for mark, meaning in rules.MEANINGS.items() if mark in shown]
    return (*raw.notes, policy.sentence, *legend)


def _check(raw, policy):
    if not isinstance(raw, RawTable) or not isinstance(policy, Policy):
        raise TypeError("publish takes a RawTable and a Policy.")
    names = {column.name for column in raw.columns}
    if len(names) != len(raw.columns):
        raise NotPublishable("Two columns have the same name.")
    for column in raw.columns:
        if not {column.part_of, column.follows, *column.of, *raw.pieces} <= names | {""}:
            raise NotPublishable(f"{column.name} belongs to a column that is not in the table.")
        if column.names_schools and not policy.names_schools:
            raise NotPublishable(f"Schools may not be named: {policy.name}.")
    for row in raw.grid:
        _check_row(raw.columns, row)
    if policy.minimum_cell is not None:
        _check_bonds(raw)


def _check_row(columns, row):
    if len(row) != len(columns):
        raise NotPublishable("A row has more or fewer cells than there are columns.")
    for column, value in zip(columns, row, strict=True):
        if column.is_text and isinstance(value, Number):
            raise NotPublishable(f"{column.name} holds a number: say what it counts.")


def _check_bonds(raw):
    """Refuse a table that does not say all that solving it takes."""
    columns, grid = {column.name: column for column in raw.columns}, raw.grid
    for column in raw.columns:
        leader = columns.get(column.follows, column)
        if column.follows and leader.kind not in ADDABLE:
            raise NotPublishable(f"{column.name} can follow only people or hours.")
        if column.kind in DERIVED and len(column.of) != 2:
            raise NotPublishable(f"{column.name} does not say what it is worked out from.")
    shape = [len(row) for row in grid]
    if raw.rows_behind and [len(row) for row in raw.rows_behind] != shape:
        raise NotPublishable(f"{raw.title}: the rows behind its cells are of another shape.")
    if any(len(made) != len(grid) for made in raw.pieces.values()):
        raise NotPublishable(f"{raw.title}: the pieces are of another shape.")
