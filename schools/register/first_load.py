"""The first load of a register: its indexes and keys are built once, after the rows."""

from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

TABLES = ["schools_school", "schools_establishment"]
WORTH_IT = 5_000
MAY_REBUILD = """
    SELECT NOT EXISTS (SELECT FROM schools_school)
           AND NOT EXISTS (SELECT FROM schools_establishment)
           AND bool_and(pg_has_role(relowner, 'USAGE'))
    FROM pg_class WHERE oid = ANY(%s::regclass[])
"""
KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
"""
INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY(%s::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextmanager
def built_afterwards(rows):
    """Load `rows` without indexes and foreign keys where the register is empty and it pays.

    Readers wait until the load is committed. Where they are reading just now, or the tables
    belong to another role, the rows go in one by one as they always do.
    """
    rebuild = _take_down() if rows >= WORTH_IT else []
    yield
    if rebuild:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL maintenance_work_mem = '128MB'")
            cursor.execute("SET LOCAL min_parallel_table_scan_size = 0")
            for statement in rebuild:
                cursor.execute(statement)


def _take_down():
    """Drop what can be built again, and return the statements that do so."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MAY_REBUILD, [TABLES])
            if not cursor.fetchone()[0]:
                return []
            cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE NOWAIT")
            cursor.execute(f"{INDEXES} UNION ALL {KEYS}", [TABLES, TABLES])
            drop, rebuild = zip(*cursor.fetchall(), strict=True)
            cursor.execute("; ".join(drop))
            return rebuild
    except OperationalError:
        return []
