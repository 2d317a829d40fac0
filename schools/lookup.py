"""The statements that look schools up by the starts of their words, quick for common and rare."""

# ruff: noqa: S608  the statements are put together from our own column names only

from django.db import connection

CLOSED = 100_000
WALK = 2_000
INDEXED_WORDS = 2
FACTS = "id, precedence, search_text"
# So common that their place in the index is most of it: looked at last.
COMMON = {
    *("school", "primary", "academy", "church", "england", "catholic", "infant", "junior", "high"),
    *("college", "community", "nursery", "saint", "special", "centre", "roman", "county", "first"),
    *("controlled", "aided", "voluntary", "and", "the"),
}


def having(words, most):
    """The first schools with a word that starts like one of each list: (id, precedence, text).

    Those that have the words whole, but for the last, which is still being typed, come first. The
    schools that come first anyway are looked through before the index is: for common words these
    are the answer, and for rare ones the index is quick.
    """
    conditions = [_any_like(alternatives) for alternatives in words]
    every = " AND ".join(sql for sql, _ in conditions)
    values = [value for _, held in conditions for value in held]
    first = f"SELECT {FACTS} FROM schools_school ORDER BY precedence, id LIMIT {WALK}"
    partly, whole = _partly(words)
    walked = ask(
        f"SELECT *, {partly} AS partly FROM ({first}) walk WHERE {every} "
        "ORDER BY partly, precedence, id LIMIT %s",
        [*whole, *values, most],
    )
    if sum(not row[-1] for row in walked) >= most:
        return walked
    if len(walked) < most:
        return indexed(words, most)
    # Enough have the words in part: only one that has them whole can still come before these.
    found = {row[0]: row for row in [*walked, *indexed(words, most, whole_alone=True)]}
    return sorted(found.values(), key=lambda row: (row[1] >= CLOSED, row[3], row[1], row[0]))[:most]


def indexed(words, most, *, whole_alone=False):
    """The same by the index alone, asked for the rarest words; the others are looked at.

    With `whole_alone` only those that have the words whole.
    """
    rarest = sorted(words, key=lambda held: (held[0] in COMMON, len(held), -len(held[0])))
    conditions, values = [], []
    for place, alternatives in enumerate(rarest):
        sql, held = _any_like(alternatives, by_index=place < INDEXED_WORDS)
        conditions.append(sql)
        values += held
    partly, whole = _partly(words)
    if whole_alone:
        conditions += ["search_text LIKE %s"] * len(whole)
        values += whole
    return ask(
        f"SELECT {FACTS}, {partly} AS partly FROM schools_school WHERE {' AND '.join(conditions)} "
        f"ORDER BY precedence >= {CLOSED}, partly, precedence, id LIMIT %s",
        [*whole, *values, most],
    )


def _partly(words):
    """The SQL of whether a word but the last is only the start of one of the school's."""
    alone = [held[0] for held in words[:-1] if len(held) == 1]
    if not alone:
        return "false", []
    every = " AND ".join("(search_text || '') LIKE %s" for _ in alone)
    return f"NOT ({every})", [f"% {word} %" for word in alone]


def holding(text, most):
    """The first schools with exactly this among what they are found by."""
    return ask(
        f"SELECT {FACTS} FROM schools_school WHERE search_text LIKE %s "
        "ORDER BY precedence, id LIMIT %s",
        [f"%{text}%", most],
    )


def beginning(key, most):
    """The first schools whose name starts so, each with whether that is all of it."""
    return ask(
        f"SELECT {FACTS}, f_search_key(name) = %s FROM (SELECT {FACTS}, name FROM schools_school "
        "WHERE search_text LIKE %s ORDER BY precedence, id LIMIT %s) begun",
        [key, f" {key}%", most],
    )


def beginning_with_any(keys, most):
    """The first schools whose name starts like one of these keys."""
    either = " OR ".join("search_text LIKE %s" for _ in keys)
    return ask(
        f"SELECT {FACTS} FROM schools_school WHERE {either} ORDER BY precedence, id LIMIT %s",
        [*(f" {key}%" for key in keys), most],
    )


def ask(sql, values):
    """The rows that one statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _any_like(alternatives, by_index=True):
    # With something added to it the column is no longer the index's: the rows are only looked at.
    column = "search_text" if by_index else "(search_text || '')"
    either = " OR ".join(f"{column} LIKE %s" for _ in alternatives)
    return f"({either})", [f"% {word}%" for word in alternatives]
