"""What the database holds, as the database itself says: tables, their columns, sequences."""

from typing import NamedTuple

from django.db import connection

LEFT_OUT = {"django_session"}  # everybody signs in again
TABLES = """
SELECT c.relname, c.relrowsecurity,
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attnum = ANY (i.indkey))
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind = 'r'
  AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
GROUP BY c.oid, c.relname, c.relrowsecurity
ORDER BY c.relname COLLATE "C"
"""
SEQUENCES = """
SELECT sequencename, increment_by FROM pg_sequences WHERE schemaname = current_schema()
"""
MIGRATIONS = "SELECT app, array_agg(name::text ORDER BY name) FROM django_migrations GROUP BY app"


class Table(NamedTuple):
    """A table; `columns` are those that can be written, `key` its primary key."""

    name: str
    walled: bool
    columns: list
    key: list

    @property
    def quoted(self):
        return quote(self.name)

    @property
    def copy_out(self):
        order = f" ORDER BY {_listed(self.key)}" if self.key else ""
        return f"COPY (SELECT {_listed(self.columns)} FROM {self.quoted}{order}) TO STDOUT"  # noqa: S608

    @property
    def copy_in(self):
        return f"COPY {self.quoted} ({_listed(self.columns)}) FROM STDIN"


def quote(name):
    return connection.ops.quote_name(name)


def _listed(names):
    return ", ".join(map(quote, names))


def every_table(cursor):
    """Return each Table of the site's schema, those that are left out too."""
    cursor.execute(TABLES)
    return [Table(*row) for row in cursor.fetchall()]


def next_numbers(cursor):
    """Return what each sequence would give next, by the sequence's name."""
    cursor.execute(SEQUENCES)
    numbers = {}
    for name, step in cursor.fetchall():
        # Not from pg_sequences: it does not tell the number after a RESTART.
        cursor.execute(f"SELECT last_value, is_called FROM {quote(name)}")  # noqa: S608
        last, is_called = cursor.fetchone()
        numbers[name] = last + step * is_called
    return numbers


def migrations(cursor):
    """Return the names of the migrations that have run, by app."""
    cursor.execute(MIGRATIONS)
    return dict(cursor.fetchall())


def copy(cursor, sql, file):
    """Run a COPY between the database and an open file."""
    with connection.wrap_database_errors:
        cursor.cursor.copy_expert(sql, file)
