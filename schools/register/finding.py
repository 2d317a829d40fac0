"""What a school takes over from the register row that stands for it, and what it is found by."""

from django.db import connection

COPIED = (
    "name",
    "standing",
    "phase_id",
    "type_id",
    "type_group_id",
    "region_id",
    "authority_id",
    "trust_id",
    "has_sixth_form",
    "fsm_percent",
    "easting",
    "northing",
)
ALSO_READ = ("town", "postcode", "high_age", "pupils")
PRECEDENCE = """
    CASE {standing} WHEN 'open' THEN 0 WHEN 'proposed' THEN 100000 ELSE 200000 END
    + CASE WHEN {high_age} >= 16 THEN 0 ELSE 20000 END
    + 20000 - least(coalesce({pupils}, 0), 20000)
"""
SEARCH_TEXT = "f_search_text({name}, {town}, {postcode})"
# The words of names and towns alone: codes and postcodes cannot be set right by a likeness.
WORDS = """
    INSERT INTO schools_searchword (word)
    SELECT word FROM (SELECT DISTINCT string_to_table(search_text, ' ') AS word
                      FROM schools_school WHERE id IN ({ids})) held
    WHERE word ~ '^[a-z]{{3,40}}$'
    ON CONFLICT DO NOTHING
"""


def facts_of(row):
    """The SQL of each fact that is read of an establishment called `row`."""
    return {name: f"{row}.{name}" for name in (*COPIED, *ALSO_READ)}


def columns(expressions):
    """Each column of a school with the SQL of its value; `expressions` has that of each field."""
    return {
        **{name: expressions[name] for name in COPIED},
        "precedence": PRECEDENCE.format(**expressions),
    }


def remember_words(ids_sql, parameters=None):
    """Keep the words of these schools, for setting misspelt ones right."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS.format(ids=ids_sql), parameters)
