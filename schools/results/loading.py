"""From rows of schools to results, with one COPY and only what differs written."""

import io
from typing import NamedTuple

from django.db import connection

from schools.register.unpacking import Refused

STAGED = (
    "CREATE TEMP TABLE result_staged "
    "(code text, measure_id bigint, value numeric(11, 2), reason text) ON COMMIT DROP"
)
GONE = """
    DELETE FROM schools_result r USING schools_resultmeasure m
    WHERE m.id = r.measure_id AND m.kind = %s AND r.school_year = %s AND NOT EXISTS (
        SELECT FROM result_staged s WHERE s.code = r.code AND s.measure_id = r.measure_id)
"""
WRITTEN = """
    INSERT INTO schools_result (code, measure_id, school_year, value, reason)
    SELECT s.code, s.measure_id, %s, s.value, s.reason FROM result_staged s
    LEFT JOIN schools_result r
        ON r.code = s.code AND r.measure_id = s.measure_id AND r.school_year = %s
    WHERE r.id IS NULL OR (r.value, r.reason) IS DISTINCT FROM (s.value, s.reason)
    ON CONFLICT (code, measure_id, school_year)
        DO UPDATE SET value = excluded.value, reason = excluded.reason
"""
STRANGE = """
    SELECT count(*) FROM (SELECT DISTINCT code FROM result_staged) s
    WHERE NOT EXISTS (
        SELECT FROM schools_establishment e WHERE e.scheme = 'URN' AND e.code = s.code)
"""


class Counts(NamedTuple):
    """Figures written and removed, and schools that the register does not have."""

    written: int
    removed: int
    strange: int


def hold(lock):
    """Keep out another import of results until this one has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise Refused("Another import of results is running. Wait until it has ended.")


def load(file, kind, year, kept):
    """Put the results of a kind and year in the place of those before; return `Counts`."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.result_staged")
        cursor.execute(STAGED)
        columns = ("code", "measure_id", "value", "reason")
        cursor.copy_from(_lines(file, kept), "result_staged", columns=columns)
        cursor.execute("ANALYZE result_staged")
        cursor.execute(GONE, [kind, year])
        removed = cursor.rowcount
        cursor.execute(WRITTEN, [year, year])
        written = cursor.rowcount
        cursor.execute(STRANGE)
        return Counts(written, removed, cursor.fetchone()[0])


def _lines(file, kept):
    """The figures as COPY reads them; all of it is digits and our own words."""
    text = io.StringIO()
    for code, (_, cells) in file.schools.items():
        for one in kept:
            value, reason = one.read(cells)
            said = r"\N" if value is None else value
            text.write(f"{code}\t{one.measure.pk}\t{said}\t{reason}\n")
    text.seek(0)
    return text
