"""How many schools of each kind a filter finds, all facets in one statement."""

# ruff: noqa: S608  the statements are put together from our own column names only

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection

from schools.facets import CODED, FSM_BANDS, Wanted
from schools.models import School

COLUMNS = {
    **{name: f"{name}_id" for name in CODED},
    "sixth_form": "has_sixth_form::int",
    "fsm": "CASE WHEN fsm_percent IS NULL THEN -1 ELSE least(trunc(fsm_percent / 10), 4) END",
}
VALUES = {
    "sixth_form": {1: "yes", 0: "no"},
    "fsm": dict(zip([0, 1, 2, 3, 4, -1], FSM_BANDS, strict=True)),
}
READ = (*(f"{name}_id" for name in CODED), "has_sixth_form", "fsm_percent")
KEPT_FOR = 300


@dataclass(frozen=True)
class Counts:
    """How many schools there are in all, and by facet {code: (name, number)}."""

    total: int
    by_facet: dict

    def choices(self, name, chosen=()):
        """The codes of a facet that occur, or are chosen, as (code, words) by name."""
        held = {row.code: (str(row), 0) for row in chosen} | self.by_facet.get(name, {})
        order = sorted(held.items(), key=lambda item: item[1][0].lower())
        return [(code, f"{words} ({number:,})") for code, (words, number) in order]

    def labelled(self, name, code, label):
        """The words of one choice with its number."""
        if not code:
            return label
        return f"{label} ({self.by_facet.get(name, {}).get(code, ('', 0))[1]:,})"


def count(base, wanted, *, shared_as=None):
    """Count what `wanted` finds among the schools `base`; a facet leaves its own choice out.

    Counts are kept for a while under the text `shared_as`, which names the edition and the
    filter; None where they are not the same for everyone.
    """
    key = shared_as and f"facets:{hashlib.sha256(shared_as.encode()).hexdigest()}"
    held = cache.get(key) if key else None
    if held is None:
        try:
            held = _counted(*_statement(base, wanted))
        except EmptyResultSet:
            held = 0, {}
        if key:
            cache.set(key, held, KEPT_FOR)
    return Counts(*held)


def of_open(edition):
    """The counts of all open schools; `edition` is the word of `schools.editions`."""
    return count(School.objects.all(), Wanted("open"), shared_as=edition and f"open {edition}")


def _counted(sql, params):
    total, by_facet = 0, {name: {} for name in COLUMNS}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for facet, value, code, words, number in cursor.fetchall():
            if facet == "total":
                total = number
            elif facet in VALUES and value is not None:
                by_facet[facet][VALUES[facet][int(value)]] = ("", number)
            elif code is not None:
                by_facet[facet][code] = (words or "Not known", number)
    return total, by_facet


def _statement(base, wanted):
    """The facets that are free share one pass; one that is chosen is counted without its choice."""
    chosen = [name for name, _ in wanted.conditions() if name in COLUMNS]
    free = [name for name in COLUMNS if name not in chosen]
    parts = [_grouped(wanted.narrow(base, but=[name]), [name]) for name in chosen]
    parts.append(_grouped(wanted.narrow(base), [*free, None]))
    counted = " UNION ALL ".join(sql for sql, _ in parts)
    named = (
        f"SELECT g.facet, g.value, c.code, c.name, g.number FROM ({counted}) g "
        "LEFT JOIN schools_registercode c ON c.list = g.facet AND c.id = g.value::bigint"
    )
    return named, tuple(value for _, params in parts for value in params)


def _grouped(schools, names):
    """Count by each of the columns, and where None is among them in all."""
    found, params = schools.order_by().values(*READ).query.sql_with_params()
    columns = [name for name in names if name]
    if not columns:
        return f"SELECT 'total', NULL, count(*) FROM ({found}) found", params
    facet = " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in columns)
    sets = ", ".join(f"({name or ''})" for name in names)
    read = ", ".join(f"{COLUMNS[name]} AS {name}" for name in columns)
    return (
        f"SELECT CASE {facet} ELSE 'total' END AS facet, coalesce({', '.join(columns)}) AS value, "
        f"count(*) AS number FROM (SELECT {read} FROM ({found}) found) facts "
        f"GROUP BY GROUPING SETS ({sets})"
    ), params
