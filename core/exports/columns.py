"""Columns declared once, and rendered as a page's cells, a CSV or a workbook."""

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

KINDS = ("text", "long", "number", "hours", "date", "datetime")
NUMBERS = ("number", "hours")
NUMERIC = (int, float, Decimal)


@dataclass(frozen=True)
class Column:
    """One column of a list: its heading, where its value comes from, and how it is worded."""

    name: str
    heading: str
    expression: object = None
    formatter: Callable | None = None
    kind: str = "text"
    empty: str = "Not known"

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not one of {', '.join(KINDS)}")

    @property
    def is_number(self):
        """Whether the values line up on the right."""
        return self.kind in NUMBERS

    def value(self, raw):
        """The value a file holds: a number, a date, a text, or None for nothing."""
        value = self.formatter(raw) if self.formatter else raw
        return as_kind(self.kind, value)

    def display(self, raw):
        """The words a page shows."""
        value = self.value(raw)
        if value is None or value == "":
            return self.empty
        if isinstance(value, NUMERIC):
            return f"{value:,}"
        return spelt(value)


def as_kind(kind, value):
    """The value if it is truly of its column's kind, else its text; aware times become local."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, NUMERIC):
        return value if kind in NUMBERS and math.isfinite(value) else str(value)
    if isinstance(value, datetime.datetime):
        value = timezone.make_naive(value) if timezone.is_aware(value) else value
        return value.date() if kind == "date" else value
    return value if isinstance(value, datetime.date) else str(value)


def spelt(value):
    """A date or time in words, anything else as its text."""
    if isinstance(value, datetime.datetime):
        return f"{value.day} {value:%B %Y, %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def displayed(columns, rows):
    """The rows as a page shows them: lists of (column, words), which the template escapes."""
    for row in rows:
        yield [(column, column.display(raw)) for column, raw in zip(columns, row, strict=True)]


def columns_values(queryset, columns, chunk_size=2000):
    """The rows of the queryset as tuples in the columns' order, read through a server cursor."""
    if not queryset.ordered:
        queryset = queryset.order_by("pk")
    aliases = {f"column_{column.name}": _expression(column) for column in columns}
    values = queryset.annotate(**aliases).values_list(*aliases)
    return values.iterator(chunk_size=chunk_size)


def with_progress(rows, progress, total, every=2000):
    """The same rows, telling `progress(done, total)` now and then and once at the end."""
    done = 0
    for done, row in enumerate(rows, start=1):
        yield row
        if done % every == 0:
            progress(done, total)
    progress(done, total)


def _expression(column):
    expression = column.name if column.expression is None else column.expression
    return F(expression) if isinstance(expression, str) else expression
