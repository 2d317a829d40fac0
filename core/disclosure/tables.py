"""Tables before and after disclosure control; only the second kind may leave."""

from dataclasses import dataclass
from numbers import Number

from core.disclosure import rules
from core.disclosure.policies import Policy
from core.disclosure.suppression import hidden_cells

KINDS = ("text", "people", "count", "hours", "percent", "average")

_SEAL = object()


class NotPublishable(ValueError):
    """The table cannot be published as it is, with the reason in words."""


@dataclass(frozen=True)
class Measure:
    """One column of a table: what it counts and what it belongs to.

    `part_of` names the column that totals this one; `follows` the column that hides it too.
    """

    name: str
    heading: str
    kind: str = "text"
    part_of: str = ""
    follows: str = ""
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
    """

    title: str
    columns: tuple
    rows: tuple
    total: tuple | None = None
    notes: tuple = ()


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
    _check(raw, policy)
    has_total = raw.total is not None
    grid = [tuple(row) for row in raw.rows] + ([tuple(raw.total)] if has_total else [])
    marks = hidden_cells(raw.columns, grid, has_total, policy)
    rows = tuple(
        tuple(
            rules.withheld(marks[r, c]) if (r, c) in marks else _cell(column, row[c], policy)
            for c, column in enumerate(raw.columns)
        )
        for r, row in enumerate(grid)
    )
    return PublishedTable(
        seal=_SEAL,
        title=raw.title,
        columns=tuple(raw.columns),
        rows=rows,
        has_total=has_total,
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
        if not {column.part_of, column.follows} <= names | {""}:
            raise NotPublishable(f"{column.name} belongs to a column that is not in the table.")
        if column.names_schools and not policy.names_schools:
            raise NotPublishable(f"Schools may not be named: {policy.name}.")
    for row in (*raw.rows, *([raw.total] if raw.total is not None else [])):
        _check_row(raw.columns, row)


def _check_row(columns, row):
    if len(row) != len(columns):
        raise NotPublishable("A row has more or fewer cells than there are columns.")
    for column, value in zip(columns, row, strict=True):
        if column.is_text and isinstance(value, Number):
            raise NotPublishable(f"{column.name} holds a number: say what it counts.")
