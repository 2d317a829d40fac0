"""The schools of a filter as rows of a file, one for each."""

from django.db.models import OuterRef, Subquery

from core.exports import Column, columns_values
from schools.models import AreaEdition, SchoolArea

LABEL = "List of schools"
NAME = "schools"


def _yes_no(value):
    return None if value is None else "Yes" if value else "No"


IDS = (
    Column("name", "School"),
    Column("urn", "URN", "current__code"),
    Column("laestab", "LAESTAB", "current__laestab"),
    Column("ukprn", "UKPRN", "current__ukprn"),
)
COLUMNS = (
    *IDS,
    Column("status", "Status", "current__status__name"),
    Column("phase", "Phase", "phase__name"),
    Column("type", "Type", "type__name"),
    Column("kind", "Kind of school", "type_group__name"),
    Column("authority", "Local authority", "authority__name"),
    Column("authority_code", "Code of the authority", "authority__code"),
    Column("region", "Region", "region__name"),
    Column("trust", "Trust", "trust__name", empty="None"),
    Column("low_age", "Lowest age", "current__low_age", kind="number"),
    Column("high_age", "Highest age", "current__high_age", kind="number"),
    Column("sixth_form", "Sixth form", "has_sixth_form", _yes_no),
    Column("pupils", "Pupils", "current__pupils", kind="number"),
    Column("fsm_percent", "Free school meals, %", kind="number"),
    Column("town", "Town", "current__town"),
    Column("postcode", "Postcode", "current__postcode"),
    Column("easting", "Easting", kind="number"),
    Column("northing", "Northing", kind="number"),
    Column("opened_on", "Opened on", "current__opened_on", kind="date"),
    Column("closed_on", "Closed on", "current__closed_on", kind="date"),
)
DEFINITIONS = (
    "One row is one school as people know it, with the register row that stands for it today.",
    "Free school meals: the share of pupils who claim them at the census; blank if not known.",
    "Easting and northing are metres on the national grid.",
)


def columns():
    """The columns of the file, with the fifths of the site's area where these are loaded."""
    areas = SchoolArea.objects.filter(school=OuterRef("pk"))
    return (
        *COLUMNS,
        *(
            Column(
                f"edition_{edition.pk}",
                f"{edition} quintile",
                Subquery(areas.filter(edition=edition).values("quintile")[:1]),
                kind="number",
            )
            for edition in AreaEdition.objects.in_order()
        ),
    )


def count(schools):
    """How many schools these are."""
    return schools.count()


def rows(schools, columns):
    """A row for each school."""
    return columns_values(schools, columns)


def stamps():
    """The register's own stamp, which every file bears, says it."""
    return ()
