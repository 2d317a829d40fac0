"""Which files the facts about schools come from, in one word: for what is kept for a while."""

from django.db.models import TextField
from django.db.models.expressions import RawSQL

# A word that changes with each file that is loaded or undone, of whatever kind.
EDITION = RawSQL(
    """
    concat_ws('.',
        (SELECT coalesce(max(id), 0) FROM schools_registerrun WHERE state = 'applied'),
        (SELECT count(*) FROM schools_registerrun WHERE state = 'undone'),
        (SELECT coalesce(max(id), 0) FROM schools_loadedfile),
        (SELECT count(undone_at) FROM schools_loadedfile),
        (SELECT coalesce(max(id), 0) FROM schools_postcodeload),
        (SELECT coalesce(extract(epoch FROM max(loaded_at)), 0) FROM schools_areaedition))
    """,
    (),
    TextField(),
)
