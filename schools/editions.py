"""Which files the facts about schools come from, in one word: for what is kept for a while."""

from django.db import connection

EDITION = """
    SELECT (SELECT max(id) FROM schools_registerrun WHERE state = 'applied'),
           (SELECT count(*) FROM schools_registerrun WHERE state = 'undone'),
           (SELECT max(id) FROM schools_loadedfile),
           (SELECT count(undone_at) FROM schools_loadedfile),
           (SELECT max(id) FROM schools_postcodeload),
           (SELECT extract(epoch FROM max(loaded_at)) FROM schools_areaedition)
"""


def edition():
    """A word that changes with each file that is loaded or undone, of whatever kind."""
    with connection.cursor() as cursor:
        cursor.execute(EDITION)
        return ".".join("0" if part is None else f"{part:f}" for part in cursor.fetchone())
