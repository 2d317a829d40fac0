"""From staged text to establishments, in SQL: what is new, what really changed, what is kept."""

# ruff: noqa: S608  the statements are put together from our own column names only

from django.db import connection

from schools.register import conversions as to
from schools.register.columns import FIELDS

MAKERS = {
    "name": lambda column, size: f"coalesce(nullif({to.text(column, size)}, ''), 'URN ' || urn)",
    "text": to.text,
    "integer": lambda column, size: to.integer(column),
    "small": lambda column, size: to.integer(column, "smallint", 2),
    "place": lambda column, size: f"nullif({to.integer(column, digits=7)}, 0)",
    "date": lambda column, size: to.date(column),
    "postcode": to.postcode,
}
OPEN = "('1', '3', 'Open', 'Open, but proposed to close')"
CLOSED = "('2', 'Closed')"
PROPOSED = "('4', 'Proposed to open')"
WITHOUT_MEALS = "('1', '2', '3', 'Colleges', 'Universities', 'Independent schools')"
PAIRS_TO_CODES = f"""
    INSERT INTO schools_registercode (list, code, name)
    SELECT DISTINCT ON (list, code) list, code, name
    FROM (SELECT list, {to.code("raw")} AS code, {to.text("name", 255)} AS name, times
          FROM register_pair) pair
    WHERE code IS NOT NULL
    ORDER BY list, code, name = '', times DESC, name
    ON CONFLICT (list, code) DO UPDATE SET name = excluded.name
    WHERE excluded.name NOT IN ('', schools_registercode.name)
"""
NO_NAME = "NULL::text"
EMPTY_TEXT = {field.column: "''" for field in FIELDS if field.kind in ("text", "postcode")}


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


def make_staging(layout):
    """Make the table that holds the new and changed records as text."""
    columns = ", ".join(f"c{place} text" for place in range(len(layout.header)))
    tables = ("stage", "pair", "code", "typed", "diff")
    run("SET LOCAL work_mem = '64MB'")
    run("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.register_{table}" for table in tables))
    run(f"CREATE TEMP TABLE register_stage ({columns}, urn text, line_hash text) ON COMMIT DROP")


def load_codes(layout):
    """Add the codes not yet known and follow those whose name changed."""
    _count_pairs(layout)
    run(PAIRS_TO_CODES)
    run(
        f"""
        CREATE TEMP TABLE register_code ON COMMIT DROP AS
        SELECT DISTINCT p.list, p.raw, k.code, k.id FROM register_pair p
        JOIN schools_registercode k ON k.list = p.list AND k.code = {to.code("p.raw")}
        """
    )
    run("ANALYZE register_code")


def _count_pairs(layout):
    """Count each code with each of its names, for all the lists in one pass over the file."""
    pairs = [(field.name, *_raw_and_name(layout, field)) for field in layout.codes]
    lists = " ".join(f"WHEN GROUPING({raw}) = 0 THEN '{name}'" for name, raw, _ in pairs)
    raws = " ".join(f"WHEN GROUPING({raw}) = 0 THEN {raw}" for _, raw, _ in pairs)
    names = " ".join(f"WHEN GROUPING({raw}) = 0 THEN {name}" for _, raw, name in pairs)
    sets = ", ".join(
        f"({raw})" if name == NO_NAME else f"({raw}, {name})" for _, raw, name in pairs
    )
    counted = (
        f"SELECT CASE {lists} END AS list, CASE {raws} END AS raw, CASE {names} END AS name, "
        f"count(*) AS times FROM register_stage GROUP BY GROUPING SETS ({sets})"
    )
    nothing = "SELECT ''::text AS list, NULL::text AS raw, NULL::text AS name, 0::bigint AS times"
    run(
        "CREATE TEMP TABLE register_pair ON COMMIT DROP AS "
        f"SELECT * FROM ({counted if pairs else nothing}) pair WHERE raw IS NOT NULL"
    )


def _raw_and_name(layout, field):
    code, name = (layout.place(header) for header in field.headers)
    if code and name:
        return f"coalesce({code}, {name})", name
    return code or name, name or NO_NAME


def make_typed(layout):
    """Type every staged record and give new ones their numbers."""
    columns = [f"{_typed(layout, field)} AS {field.column}" for field in layout.fields]
    joins = [
        f"LEFT JOIN register_code k_{field.name} ON k_{field.name}.list = '{field.name}' "
        f"AND k_{field.name}.raw = {_raw_and_name(layout, field)[0]}"
        for field in layout.codes
    ]
    run(
        f"""
        CREATE TEMP TABLE register_typed ON COMMIT DROP AS
        SELECT coalesce(e.id, nextval('schools_establishment_id_seq')) AS id,
               coalesce(e.school_id, nextval('schools_school_id_seq')) AS school_id,
               e.id IS NULL AS is_new, s.urn AS register_code, s.line_hash,
               {", ".join([*columns, *_derived(layout), f"{_extra(layout)} AS extra"])}
        FROM register_stage s
        LEFT JOIN schools_establishment e ON e.scheme = 'URN' AND e.code = s.urn
        {" ".join(joins)}
        """
    )
    run("ANALYZE register_typed (id, is_new)")


def _typed(layout, field):
    if field.kind == "code":
        return f"k_{field.name}.id"
    column = f"s.{layout.place(field.header)}"
    if field.kind == "meals":
        value = to.decimal(column) if field.name == "fsm_percent" else to.integer(column)
        if layout.has("type_group"):
            known = f"CASE WHEN k_type_group.code IN {WITHOUT_MEALS}"
            return f"{known} THEN nullif({value}, 0) ELSE {value} END"
        return value
    return MAKERS[field.kind](column, field.size)


def _derived(layout):
    """Standing and LAESTAB, where the file has what they are made of."""
    if layout.has("status"):
        yield (
            f"CASE WHEN k_status.code IN {OPEN} THEN 'open' WHEN k_status.code IN {CLOSED} "
            f"THEN 'closed' WHEN k_status.code IN {PROPOSED} THEN 'proposed' ELSE '' END "
            "AS standing"
        )
    if layout.has("authority", "establishment_number"):
        number = _typed(layout, next(f for f in FIELDS if f.name == "establishment_number"))
        yield (
            "CASE WHEN length(k_authority.code) = 3 "
            f"THEN coalesce(k_authority.code || lpad(({number})::text, 4, '0'), '') "
            "ELSE '' END AS laestab"
        )


def _derived_names(layout):
    return [part.rsplit(" AS ", 1)[1] for part in _derived(layout)]


def _extra(layout):
    if not layout.unknown:
        return "'{}'::jsonb"
    pairs = ", ".join(
        f"'{name.replace(chr(39), chr(39) * 2)}', nullif(btrim(s.{layout.place(name)}), '')"
        for name in layout.unknown
    )
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"


def find_changes(layout):
    """Note each field that differs from what the register holds."""
    mine = ", ".join(f"e.{field.column}" for field in layout.fields)
    theirs = ", ".join(f"t.{field.column}" for field in layout.fields)
    values = ", ".join(
        f"('{field.name}', {str(field.kind == 'code').lower()}, "
        f"e.{field.column}::text, t.{field.column}::text)"
        for field in layout.fields
    )
    run(
        f"""
        CREATE TEMP TABLE register_diff ON COMMIT DROP AS
        SELECT t.id, v.field, v.is_code, v.old, v.new
        FROM register_typed t JOIN schools_establishment e ON e.id = t.id,
        LATERAL (VALUES {values}) v (field, is_code, old, new)
        WHERE NOT t.is_new AND ROW({mine}) IS DISTINCT FROM ROW({theirs})
          AND v.old IS DISTINCT FROM v.new
        """
    )


def count(layout):
    """Return how many establishments are new, changed and newly closed."""
    return (
        number("SELECT count(*) FROM register_typed WHERE is_new"),
        number("SELECT count(DISTINCT id) FROM register_diff"),
        _count_closed() if layout.has("status") else 0,
    )


def _count_closed():
    return number(
        "SELECT count(*) FROM register_typed t JOIN schools_establishment e ON e.id = t.id "
        "WHERE t.standing = 'closed' AND e.standing <> 'closed'"
    )


def write_changes(run_id):
    """Keep one row for each changed field, codes in words."""
    run(
        """
        INSERT INTO schools_registerchange (run_id, establishment_id, field, old, new)
        SELECT %s, d.id, d.field,
               coalesce(CASE WHEN d.is_code THEN coalesce(nullif(o.name, ''), o.code)
                        ELSE d.old END, ''),
               coalesce(CASE WHEN d.is_code THEN coalesce(nullif(n.name, ''), n.code)
                        ELSE d.new END, '')
        FROM register_diff d
        LEFT JOIN schools_registercode o ON o.id = CASE WHEN d.is_code THEN d.old::bigint END
        LEFT JOIN schools_registercode n ON n.id = CASE WHEN d.is_code THEN d.new::bigint END
        ORDER BY d.id, d.field
        """,
        [run_id],
    )


def write_rows(layout):
    """Write what is new and what changed, and bring the schools into line."""
    _update_changed(layout)
    _insert_new(layout)
    refresh_schools("SELECT school_id FROM register_typed JOIN register_diff USING (id)")


def settle():
    """Make what came in quick to find at once, not after the next automatic vacuum."""
    run("ANALYZE schools_school, schools_establishment (code, school_id, laestab, ukprn)")
    run(
        "SELECT gin_clean_pending_list(oid) FROM pg_class WHERE oid = "
        "'school_search_text'::regclass AND pg_has_role(relowner, 'USAGE')"
    )


def _update_changed(layout):
    """Write the changed establishments, and only the hash of those whose kept fields are equal."""
    derived = _derived_names(layout)
    every = [*(field.column for field in layout.fields), *derived, "extra", "line_hash"]
    few = [*derived, "extra", "line_hash"]
    for columns, condition in ((every, "IN"), (few, "NOT IN")):
        settings = ", ".join(f"{column} = t.{column}" for column in columns)
        run(
            f"UPDATE schools_establishment e SET {settings} FROM register_typed t "
            f"WHERE e.id = t.id AND NOT t.is_new "
            f"AND t.id {condition} (SELECT id FROM register_diff)"
        )


def _insert_new(layout):
    """Write the new establishments, each with a school of its own."""
    there = [field.column for field in layout.fields]
    derived = _derived_names(layout)
    facts = {name: name if name in there + derived else "''" for name in FACTS}
    phase = "phase_id" if "phase_id" in there else "NULL"
    run(
        f"""
        INSERT INTO schools_school (id, name, current_id, standing, phase_id, search_text)
        SELECT school_id, {facts["name"]}, id, {facts["standing"]}, {phase},
               ' ' || {search_key(facts)} || ' '
        FROM register_typed WHERE is_new ORDER BY id
        """
    )
    values = {name: name for name in [*there, *derived, "extra", "line_hash"]}
    blanks = {**EMPTY_TEXT, "standing": "''", "laestab": "''", "name": "'URN ' || register_code"}
    values = {**blanks, **values}
    run(
        f"""
        INSERT INTO schools_establishment (id, school_id, scheme, code, {", ".join(values)})
        SELECT id, school_id, 'URN', register_code, {", ".join(values.values())}
        FROM register_typed WHERE is_new ORDER BY id
        """
    )


FACTS = ("name", "town", "postcode", "standing")


def search_key(facts):
    """The expression of what a school is found by."""
    return (
        f"f_search_key(concat_ws(' ', {facts['name']}, {facts['town']}, {facts['postcode']}, "
        f"replace({facts['postcode']}, ' ', '')))"
    )


def refresh_schools(ids_sql, parameters=None):
    """Bring schools into line with their establishments; the open or newest one speaks for them."""
    one = {name: f"e.{name}" for name in FACTS}
    run(
        f"""
        UPDATE schools_school s
        SET name = f.name, current_id = f.id, standing = f.standing, phase_id = f.phase_id,
            search_text = f.search_text
        FROM (
            SELECT DISTINCT ON (e.school_id) e.school_id, e.id, e.name, e.standing, e.phase_id,
                   ' ' || string_agg({search_key(one)}, ' | ')
                       OVER (PARTITION BY e.school_id) || ' ' AS search_text
            FROM schools_establishment e WHERE e.school_id IN ({ids_sql})
            ORDER BY e.school_id, e.standing = 'open' DESC, e.opened_on DESC NULLS LAST, e.code DESC
        ) f
        WHERE f.school_id = s.id
        """,
        parameters,
    )
