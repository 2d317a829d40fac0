"""What a file does beside changing fields: the rows it would add, would join, and does not have."""

# ruff: noqa: S608  the statements are put together from our own column names only

from django.db import connection

from schools import published
from schools.register.loading import CODE_WORDS, run

CODES = ("type", "authority", "status")
FIELDS = ("name", "laestab", *CODES)
# No School has such a number: that of a row which is not in the register yet is still to come.
TO_COME = 1 << 62


def make_new(columns):
    """Make the table that holds the rows of the file which the register does not have."""
    run("DROP TABLE IF EXISTS pg_temp.register_new")
    run(
        f"CREATE TEMP TABLE register_new ON COMMIT DROP AS SELECT {', '.join(columns)} "
        "FROM schools_establishment WITH NO DATA"
    )
    run("ALTER TABLE register_new ADD place serial")


def write_new(run_id, layout):
    """Keep each row that the file would add, codes in words."""
    coded = [name for name in CODES if f"{name}_id" in layout.columns]
    words = {name: f"coalesce({name}.words, '')" for name in coded}
    values = {name: _of("n", name, layout) for name in ("name", "laestab")} | words
    run(
        f"""
        WITH code AS ({CODE_WORDS})
        INSERT INTO schools_registernew (run_id, code, {", ".join(FIELDS)})
        SELECT %s, n.code, {", ".join(values.get(name, "''") for name in FIELDS)}
        FROM register_new n
        {" ".join(f"LEFT JOIN code {name} ON {name}.id = n.{name}_id" for name in coded)}
        ORDER BY n.place
        """,
        [run_id],
    )


def write_missing(run_id, rows):
    """Keep which rows of the register the file does not have, by their ids."""
    if rows:
        run(
            "INSERT INTO schools_registermissing (run_id, establishment_id) "
            "SELECT %s, id FROM unnest(%s::bigint[]) id ORDER BY id",
            [run_id, rows],
        )


def write_joins(run_id, layout):
    """Keep which schools would go on under a new number, by the rule that will join them."""
    from schools import lineage  # it imports this package

    _, edges = lineage.plan_joins(lambda codes: _rows_to_come(codes, layout))
    if edges:
        published.stage("register_joins", (("before", "text"), ("after", "text")), edges)
        run(
            """
            INSERT INTO schools_registerjoin (run_id, before_code, before_name, before_school_id,
                                              after_code, after_name, after_school_id)
            SELECT %s, b.code, b.name, b.school_id, a.code, a.name, a.school_id
            FROM register_joins j
            JOIN register_to_come b ON b.code = j.before
            JOIN register_to_come a ON a.code = j.after
            ORDER BY b.code
            """,
            [run_id],
        )


def _rows_to_come(codes, layout):
    """School and standing of these numbers as they will be, in a table and by number."""
    run("DROP TABLE IF EXISTS pg_temp.register_to_come")
    run(
        f"""
        CREATE TEMP TABLE register_to_come ON COMMIT DROP AS
        SELECT e.code, e.school_id, e.school_id AS sort_key, {_now("name", layout)} AS name,
               {_now("standing", layout)} AS standing
        FROM schools_establishment e LEFT JOIN register_typed t ON t.id = e.id
        WHERE e.scheme = 'URN' AND e.code = ANY(%s)
        UNION ALL
        SELECT n.code, NULL, {TO_COME} + n.place, {_of("n", "name", layout)},
               {_of("n", "standing", layout)}
        FROM register_new n WHERE n.code = ANY(%s)
        """,
        [codes, codes],
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, sort_key, standing FROM register_to_come")
        return {code: row for code, *row in cursor.fetchall()}


def _of(table, name, layout):
    return f"{table}.{name}" if name in layout.columns else "''"


def _now(name, layout):
    return f"coalesce(t.{name}, e.{name})" if name in layout.columns else f"e.{name}"
