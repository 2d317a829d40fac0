"""What is measured of the area that a school's site lies in. Of its pupils it says nothing."""

# ruff: noqa: S608  the statements are put together from our own column names only

from typing import NamedTuple

from django.db import connection, transaction

from schools.areas.layouts import FIFTHS
from schools.areas.postcodes import normalise
from schools.models import AreaEdition, Geography, Postcode, PostcodeLoad, SchoolArea
from schools.models.area import MANY, NATIONS

TABLE = SchoolArea._meta.db_table
BY_CODE = {"lsoa21": "lsoa", "lsoa11": "lsoa", "msoa11": "msoa"}
SITES = """
    CREATE TEMP TABLE school_site ON COMMIT DROP AS
    SELECT s.id AS school, p.code IS NOT NULL AS is_found, {columns}
    FROM schools_school s JOIN schools_establishment e ON e.id = s.current_id
    LEFT JOIN {postcodes} p ON p.code = replace(upper(e.postcode), ' ', '')
    {narrowed}
"""
WANTED = """
    CREATE TEMP TABLE school_area_wanted (
        school_id bigint, edition_id bigint, area integer, by_postcode boolean, rank integer,
        decile smallint, quintile smallint, reason_id smallint
    ) ON COMMIT DROP
"""
BY_POSTCODE = """
    INSERT INTO school_area_wanted
    SELECT school, %s, {area}, true, NULL, NULL, CASE WHEN {fifth} > 0 THEN {fifth} END,
           CASE WHEN {fifth} < 0 THEN -{fifth} END
    FROM school_site WHERE is_found AND {fifth} IS NOT NULL
"""
BY_AREA = """
    INSERT INTO school_area_wanted
    SELECT site.school, v.edition_id, v.area, site.{geography} IS NOT NULL, v.rank, v.decile,
           v.quintile, NULL
    FROM school_site site JOIN schools_areavalue v
    ON v.edition_id = %s AND v.area = coalesce(site.{geography}, site.{register})
"""
COLUMNS = "area, by_postcode, rank, decile, quintile, reason_id"
WRITE = f"""
    INSERT INTO {TABLE} AS kept (school_id, edition_id, {COLUMNS})
    SELECT school_id, edition_id, {COLUMNS} FROM school_area_wanted
    ON CONFLICT (school_id, edition_id) DO UPDATE SET ({COLUMNS}) =
        (excluded.area, excluded.by_postcode, excluded.rank, excluded.decile, excluded.quintile,
         excluded.reason_id)
    WHERE (kept.area, kept.by_postcode, kept.rank, kept.decile, kept.quintile, kept.reason_id)
        IS DISTINCT FROM (excluded.area, excluded.by_postcode, excluded.rank, excluded.decile,
                          excluded.quintile, excluded.reason_id)
"""
CLEAR = f"""
    DELETE FROM {TABLE} kept WHERE {{narrowed}} NOT EXISTS (
        SELECT FROM school_area_wanted w
        WHERE w.school_id = kept.school_id AND w.edition_id = kept.edition_id
    )
"""


@transaction.atomic
def recompute(schools=None, parameters=None, *, postcodes=Postcode._meta.db_table):
    """Make the areas of schools anew: of all, or of those whose ids a query `schools` gives.

    Returns how many rows changed. To be called when schools move, and after each load.
    """
    editions = list(AreaEdition.objects.in_order())
    if not editions and not SchoolArea.objects.exists():
        return 0
    with connection.cursor() as cursor:
        _find_sites(cursor, schools, parameters, postcodes)
        cursor.execute(WANTED)
        for edition in editions:
            _want(cursor, edition)
        cursor.execute("ANALYZE school_area_wanted")
        narrowed = f"kept.school_id IN ({schools}) AND" if schools else ""
        cursor.execute(CLEAR.format(narrowed=narrowed), parameters)
        changed = cursor.rowcount
        cursor.execute(WRITE)
        changed += cursor.rowcount
        cursor.execute("DROP TABLE school_site, school_area_wanted")
    return changed


def _find_sites(cursor, schools, parameters, postcodes):
    columns = ["lsoa21", "lsoa11", "msoa11", *FIFTHS]
    named = [f"p.{column}" for column in columns]
    named += [f"{_number(f'e.{column}')} AS register_{column}" for column in ("lsoa", "msoa")]
    narrowed = f"WHERE s.id IN ({schools})" if schools else ""
    sql = SITES.format(columns=", ".join(named), postcodes=postcodes, narrowed=narrowed)
    cursor.execute(sql, parameters)
    cursor.execute("ANALYZE school_site")


def _number(column):
    """The number that stands for an area's code in the register; NULL where it is none."""
    digits = f"substr({column}, 2)"
    return (
        f"CASE WHEN length({column}) = 9 AND translate({digits}, '0123456789', '') = '' "
        f"AND strpos('{NATIONS}', left({column}, 1)) > 0 "
        f"THEN (strpos('{NATIONS}', left({column}, 1)) - 1) * {MANY} + {digits}::integer END"
    )


def _want(cursor, edition):
    if edition.load_id:
        geography = edition.geography
        area = geography if geography in (Geography.LSOA11, Geography.MSOA11) else "NULL"
        sql = BY_POSTCODE.format(area=area, fifth=edition.measure.code)
    else:
        register = f"register_{BY_CODE[edition.geography]}"
        sql = BY_AREA.format(geography=edition.geography, register=register)
    cursor.execute(sql, [edition.pk])


class Ward(NamedTuple):
    """Whether a school's site lies in a target ward of Uni Connect, and by which file."""

    is_in: bool | None
    load: PostcodeLoad | None

    @property
    def in_words(self):
        return {True: "Yes", False: "No", None: "Not known"}[self.is_in]


def ward_of(school):
    """The `Ward` of a school's site, by its postcode; `is_in` is None where it is not known."""
    load = PostcodeLoad.of_wards()
    if load is None or school.current is None:
        return Ward(None, None)
    there = Postcode.objects.filter(pk=normalise(school.current.postcode))
    sources, mark = there.values_list("sources", "target_ward").first() or (0, None)
    return Ward(mark is not None if sources & Postcode.OFS else None, load)


def facts_of(school):
    """What each edition says of the area of a school's site, the measures in their order."""
    return list(
        school.areas.with_value()
        .select_related("edition__measure", "reason")
        .order_by("edition__measure__order", "-edition__edition", "pk")
    )
