"""Between typed rows and the register, in SQL: what differs, what is kept, what is written."""

# ruff: noqa: S608  the statements are put together from our own column names only

import io
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from schools.register import finding

ASIDE = ["standing", "laestab", "has_sixth_form", "extra"]
JOINED = "FROM register_typed t JOIN schools_establishment e ON e.id = t.id"
# What a school repeats of its establishments.
REPEATED = [name.removesuffix("_id") for name in (*finding.COPIED, *finding.ALSO_READ)]
REPEATED += ["status", "sixth_form", "low_age", "opened_on", "closed_on"]
# The open one speaks for a school, else the newest.
SPEAKS = "e.standing = 'open' DESC, coalesce(e.opened_on, e.closed_on) DESC NULLS LAST, e.code DESC"
FACTS = finding.facts_of("e")
# Those of the file too, once `Codes.prepare` has staged them.
CODE_WORDS = """
    SELECT id, coalesce(nullif(name, ''), code) AS words FROM schools_registercode
    UNION ALL
    SELECT id, coalesce(nullif(name, ''), code) FROM register_new_code
"""


def run(sql, parameters=None):
    """Run one statement and return the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def number(sql, parameters=None):
    """Return the one number that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def copy_text(table, columns, lines):
    """Copy lines of tab-parted, escaped cells into a table."""
    with connection.cursor() as cursor:
        copy_with(cursor, table, columns, lines)


def copy_with(cursor, table, columns, lines):
    """The same, with a cursor that is there."""
    data = io.BytesIO("\n".join(lines).encode())
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", data, 1 << 20)


def reserve(sequence, rows):
    """Take so many numbers from a sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, rows])
        return [number for (number,) in cursor.fetchall()]


def make_typed(columns):
    """Make the table that holds the rows of the file which the register has otherwise."""
    run("SET LOCAL work_mem = '64MB'")
    run("DROP TABLE IF EXISTS pg_temp.register_typed, pg_temp.register_diff")
    run(
        f"CREATE TEMP TABLE register_typed ON COMMIT DROP AS SELECT {', '.join(columns)} "
        "FROM schools_establishment WITH NO DATA"
    )


def find_changes(layout):
    """Note each field that differs from what the register holds."""
    mine = ", ".join(f"e.{field.column}" for field in layout.fields)
    theirs = ", ".join(f"t.{field.column}" for field in layout.fields)
    values = ", ".join(
        f"('{field.name}', {str(field.kind == 'code').lower()}, "
        f"e.{field.column}::text, t.{field.column}::text)"
        for field in layout.fields
    )
    found = f"""
        SELECT e.id, v.field, v.is_code, v.old, v.new
        {JOINED}, LATERAL (VALUES {values}) v (field, is_code, old, new)
        WHERE ROW({mine}) IS DISTINCT FROM ROW({theirs}) AND v.old IS DISTINCT FROM v.new
    """
    nothing = "SELECT 0::bigint AS id, ''::text AS field, false AS is_code, ''::text AS old, "
    nothing += "''::text AS new WHERE false"
    run(f"CREATE TEMP TABLE register_diff ON COMMIT DROP AS {found if values else nothing}")
    run("ANALYZE register_diff")


def count(layout):
    """Return how many establishments changed and how many newly closed."""
    changed = number("SELECT count(DISTINCT id) FROM register_diff")
    if "standing" not in layout.derived:
        return changed, 0
    closed = f"SELECT count(*) {JOINED} WHERE t.standing = 'closed' AND e.standing <> 'closed'"
    return changed, number(closed)


def write_changes(run_id):
    """Keep one row for each changed field, codes in words."""
    run(
        f"""
        WITH code AS ({CODE_WORDS})
        INSERT INTO schools_registerchange (run_id, establishment_id, field, old, new, old_raw)
        SELECT %s, d.id, d.field, coalesce(CASE WHEN d.is_code THEN o.words ELSE d.old END, ''),
               coalesce(CASE WHEN d.is_code THEN n.words ELSE d.new END, ''), d.old
        FROM register_diff d
        LEFT JOIN code o ON o.id = CASE WHEN d.is_code THEN d.old::bigint END
        LEFT JOIN code n ON n.id = CASE WHEN d.is_code THEN d.new::bigint END
        ORDER BY d.id, d.field
        """,
        [run_id],
    )


def write_before(run_id, layout):
    """Keep what is overwritten beside the fields: what follows from them, and the unknown."""
    columns = [name for name in ASIDE if name in layout.columns]
    pairs = ", ".join(f"'{name}', e.{name}" for name in columns)
    differs = " OR ".join(f"e.{name} IS DISTINCT FROM t.{name}" for name in columns)
    run(
        "INSERT INTO schools_registerbefore (run_id, establishment_id, values) "
        f"SELECT %s, e.id, jsonb_build_object({pairs}) {JOINED} WHERE {differs} ORDER BY e.id",
        [run_id],
    )


def update_rows(layout):
    """Write the changed establishments, and only the hash of those whose kept fields are equal."""
    few = [name for name in [*ASIDE, "line_hash"] if name in layout.columns]
    for columns, condition in ((layout.columns, "IN"), (few, "NOT IN")):
        settings = ", ".join(f"{column} = t.{column}" for column in columns)
        run(
            f"UPDATE schools_establishment e SET {settings} "
            "FROM register_typed t "
            f"WHERE e.id = t.id AND t.id {condition} (SELECT id FROM register_diff)"
        )


def refresh_changed():
    """Bring the schools of changed establishments into line."""
    refresh_schools(
        "SELECT school_id FROM schools_establishment WHERE id IN "
        "(SELECT id FROM register_diff WHERE field = ANY(%s))",
        [REPEATED],
    )


class Beside:
    """Lets the database work in a thread of its own, one thing at a time, on the one connection."""

    def __enter__(self):
        self.pool = ThreadPoolExecutor(1)
        self.working = None
        return self

    def start(self, work, *args):
        """Begin `work(cursor, *args)`; nothing else may ask the database until `wait`."""
        self.working = self.pool.submit(work, connection.connection.cursor(), *args)

    def wait(self):
        """Wait until the work is done, and raise what went wrong in it."""
        if self.working:
            with connection.wrap_database_errors:
                self.working.result()

    def __exit__(self, kind, error, trace):
        self.pool.shutdown()
        if kind is None:
            self.wait()


def add_rows(cursor, run_id, columns, lines):
    """Write new establishments, and the school of each."""
    cursor.execute("SELECT nextval('schools_establishment_id_seq')")
    before = cursor.fetchone()[0]
    copy_with(cursor, "schools_establishment", columns, lines)
    columns = finding.columns(FACTS)
    cursor.execute(
        f"""
        INSERT INTO schools_school (id, current_id, {", ".join(columns)}, search_text)
        SELECT school_id, id, {", ".join(columns.values())}, {finding.SEARCH_TEXT.format(**FACTS)}
        FROM schools_establishment e WHERE id > %s AND added_by_id = %s ORDER BY id
        """,
        [before, run_id],
    )


def settle():
    """Make what came in quick to find at once, not after the next automatic vacuum."""
    run(
        "ANALYZE schools_school, schools_searchword, "
        "schools_establishment (code, school_id, laestab, ukprn)"
    )
    run(
        "SELECT gin_clean_pending_list(oid) FROM pg_class WHERE oid IN "
        "('school_search_text'::regclass, 'search_word_alike'::regclass) "
        "AND pg_has_role(relowner, 'USAGE')"
    )


def refresh_schools(ids_sql, parameters=None):
    """Bring schools into line with their establishments; the open or newest one speaks for them."""
    columns = finding.columns(FACTS)
    settings = ", ".join(f"{name} = f.{name}" for name in columns)
    values = ", ".join(f"{value} AS {name}" for name, value in columns.items())
    run(
        f"""
        UPDATE schools_school s
        SET current_id = f.id, {settings}, search_text = f.search_text, joined_to_id = NULL
        FROM (
            SELECT DISTINCT ON (e.school_id) e.school_id, e.id, {values},
                   string_agg({finding.SEARCH_TEXT.format(**FACTS)}, '|') OVER (
                       PARTITION BY e.school_id ORDER BY {SPEAKS}
                       ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
                   ) AS search_text
            FROM schools_establishment e WHERE e.school_id IN ({ids_sql})
            ORDER BY e.school_id, {SPEAKS}
        ) f
        WHERE f.school_id = s.id
        """,
        parameters,
    )
    finding.remember_words(ids_sql, parameters)
