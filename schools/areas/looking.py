"""Look many postcodes up at once.

They are copied into a table that ends with the transaction: so they stand in no statement, and
come into no log and no statistics of the database.
"""

import io
from operator import itemgetter

from django.db import connection

from schools.models import AreaEdition, AreaReason, Country, PostcodeLoad

OUTSIDE = "Outside England"
NO_AREA = "No link to an area"
NO_FIGURE = "No figure published"
IN_WARD, NOT_IN_WARD, WARD_NOT_KNOWN = "yes", "no", "not_known"
WARDS = {
    IN_WARD: "In a target ward",
    NOT_IN_WARD: "In no target ward",
    WARD_NOT_KNOWN: "Not known",
}
COPY = "COPY postcode_asked FROM STDIN"
# LIMIT lets each one be found by the key: the planner would rather read the whole table.
WARD = """
    CASE WHEN p.target_ward > 0 THEN 'yes' WHEN p.sources & 1 > 0 THEN 'no' ELSE 'not_known' END
"""
FIND = """
    SELECT p.code, p.terminated, p.country, {fifths}, {ward}
    FROM postcode_asked asked
    CROSS JOIN LATERAL (SELECT * FROM schools_postcode p WHERE p.code = asked.code LIMIT 1) p
    {joins}
"""


class LookUp:
    """What is known of postcodes; within a transaction. `found` has a tuple for each one found."""

    def __init__(self):
        self.found = {}
        self.editions = list(AreaEdition.objects.in_order())
        self.wards = PostcodeLoad.of_wards()
        self._reasons = dict(AreaReason.objects.values_list("number", "words"))
        self._find = _statement(self.editions, self.wards)

    def find(self, codes):
        """Look up normalised postcodes; those found are added to `found`."""
        lines = io.StringIO("\n".join(sorted(codes)))
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.execute('CREATE TEMP TABLE postcode_asked (code varchar(7) COLLATE "C")')
            cursor.copy_expert(COPY, lines)
            cursor.execute("ANALYZE postcode_asked")
            cursor.execute(self._find)
            self.found |= {row[0]: row[1:] for row in cursor.fetchall()}
            cursor.execute("DROP TABLE postcode_asked")

    def is_live(self, code):
        """Whether a postcode that was found is still in use."""
        return not self.found[code][0]

    def ward(self, code):
        """Whether a postcode that was found lies in a target ward of Uni Connect: of `WARDS`."""
        return self.found[code][-1] if self.wards else WARD_NOT_KNOWN

    def picker(self, place):
        """What tells, of a found postcode's tuple, all that `classified` has to know."""
        return itemgetter(1, 2 + place)

    def classified(self, picked):
        """The fifth, or the words why there is none."""
        country, fifth = picked
        if fifth is not None and fifth > 0:
            return fifth
        if fifth is not None and fifth < 0:
            return self._reasons.get(-fifth, NO_FIGURE)
        if country not in (None, Country.ENGLAND):
            return OUTSIDE
        return NO_AREA if fifth == 0 else NO_FIGURE


def _statement(editions, wards):
    """The query for all editions; 0 is a postcode whose area is not known."""
    fifths, joins = ["NULL"], []
    for edition in editions:
        if edition.load_id:
            fifths.append(f"p.{edition.measure.code}")
            continue
        table, area = f"v{edition.pk:d}", f"p.{edition.geography}"
        joins.append(
            f"LEFT JOIN schools_areavalue {table} "
            f"ON {table}.edition_id = {edition.pk:d} AND {table}.area = {area}"
        )
        fifths.append(f"coalesce({table}.quintile, CASE WHEN {area} IS NULL THEN 0 END)")
    return FIND.format(
        fifths=", ".join(fifths[1:] or fifths),
        joins=" ".join(joins),
        ward=WARD if wards else "NULL",
    )
