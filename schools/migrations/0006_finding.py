"""What finding a school rests on: what people type instead, and what lists are narrowed by."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# The form in which names are compared: "Saint Mary's & All Souls" is "st marys and all souls".
F_SEARCH_KEY = r"""
    CREATE OR REPLACE FUNCTION public.f_search_key(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN btrim(regexp_replace(regexp_replace(
        replace(translate(lower(public.f_unaccent($1)), '''`', ''), '&', ' and '),
        '[^a-z0-9]+', ' ', 'g'), '\m{saint}\M', 'st', 'g'))
"""
# What a register row is found by: each name in its long and its short form, the town and the
# postcode, a space at either end. In plpgsql, so that the key is worked out once.
F_SEARCH_TEXT = """
    CREATE FUNCTION public.f_search_text(name text, town text, postcode text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
        k text := ' ' || coalesce(public.f_search_key(
            concat_ws(' ', name, town, postcode, replace(postcode, ' ', ''))), '') || ' ';
    BEGIN
        RETURN k
        || CASE WHEN k LIKE '% st %' THEN 'saint ' ELSE '' END
        || CASE WHEN k ~ ' (church of england|c ?of ?e|c ?e|coe) '
           THEN 'church of england cofe ce ' ELSE '' END
        || CASE WHEN k ~ ' (catholic|r ?c) ' THEN 'roman catholic rc ' ELSE '' END
        || CASE WHEN k LIKE '% junior %' THEN 'jnr ' ELSE '' END
        || CASE WHEN k LIKE '% high school %' THEN 'hs ' ELSE '' END
        || CASE WHEN k LIKE '% grammar school %' THEN 'gs ' ELSE '' END
        || CASE WHEN k LIKE '% mount %' THEN 'mt ' WHEN k LIKE '% mt %' THEN 'mount ' ELSE '' END
        || CASE WHEN k ~ ' (university technical college|utc) '
           THEN 'university technical college utc ' ELSE '' END
        || CASE WHEN k ~ ' (pupil referral unit|pru) ' THEN 'pupil referral unit pru ' ELSE '' END
        || CASE WHEN k LIKE '% sixth form %' THEN '6th sfc ' ELSE '' END;
    END $$
"""
# Schools that are here already, as the import leaves new ones.
REFRESH = """
    UPDATE schools_school s
    SET type_id = f.type_id, type_group_id = f.type_group_id, region_id = f.region_id,
        authority_id = f.authority_id, trust_id = f.trust_id, fsm_percent = f.fsm_percent,
        has_sixth_form = f.high_age >= 18 AND f.low_age <= 16,
        easting = f.easting, northing = f.northing, search_text = f.search_text,
        precedence = CASE f.standing WHEN 'open' THEN 0 WHEN 'proposed' THEN 100000
                     ELSE 200000 END
                     + CASE WHEN f.high_age >= 16 THEN 0 ELSE 20000 END
                     + 20000 - least(coalesce(f.pupils, 0), 20000)
    FROM (
        SELECT e.*, string_agg(f_search_text(e.name, e.town, e.postcode), '|') OVER (
            PARTITION BY e.school_id ORDER BY s.current_id = e.id DESC NULLS LAST, e.code DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS search_text
        FROM schools_establishment e JOIN schools_school s ON s.id = e.school_id
    ) f
    WHERE f.id = s.current_id
"""
WORDS = """
    INSERT INTO schools_searchword (word)
    SELECT word FROM (SELECT DISTINCT string_to_table(search_text, ' ') AS word
                      FROM schools_school) held
    WHERE word ~ '^[a-z]{3,40}$'
    ON CONFLICT DO NOTHING
"""


def _code():
    return models.ForeignKey(
        blank=True,
        db_constraint=False,
        db_index=False,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="schools.registercode",
    )


def _place():
    return models.PositiveIntegerField(blank=True, editable=False, null=True)


FACETS = {
    **{name: _code() for name in ("type", "type_group", "region", "authority", "trust")},
    "has_sixth_form": models.BooleanField(blank=True, editable=False, null=True),
    "fsm_percent": models.DecimalField(
        blank=True, decimal_places=1, editable=False, max_digits=5, null=True
    ),
    "easting": _place(),
    "northing": _place(),
    "precedence": models.PositiveIntegerField(default=0, editable=False),
}


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0005_results"),
    ]

    operations = [
        migrations.RunSQL(
            F_SEARCH_KEY.replace("{saint}", "(saints?|ss)"),
            F_SEARCH_KEY.replace("{saint}", "saint"),
        ),
        migrations.RunSQL(F_SEARCH_TEXT, "DROP FUNCTION public.f_search_text(text, text, text)"),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.TextField(db_collation="C", primary_key=True, serialize=False)),
            ],
        ),
        *(migrations.AddField("school", name, field) for name, field in FACETS.items()),
        migrations.RunSQL(REFRESH, migrations.RunSQL.noop),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("search_text", name="text_pattern_ops"),
                name="school_search_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(fields=["precedence", "id"], name="school_precedence"),
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(fields=["easting", "northing"], name="school_place"),
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("word", name="gin_trgm_ops"),
                name="search_word_alike",
            ),
        ),
    ]
