"""The columns of a file of schools, and how it is written."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from core.disclosure import POLICIES
from core.exports import (
    Column,
    Cover,
    Sheet,
    columns_values,
    csv_response,
    with_progress,
    write_csv,
    xlsx_response,
    xlsx_stream,
)
from schools.models import AreaEdition, RegisterRun, SchoolArea

MOST_AT_ONCE = 5_000
FORMATS = ("csv", "xlsx")
NAME = "schools"


def _yes_no(value):
    return None if value is None else "Yes" if value else "No"


COLUMNS = (
    Column("name", "School"),
    Column("urn", "URN", "current__code"),
    Column("laestab", "LAESTAB", "current__laestab"),
    Column("ukprn", "UKPRN", "current__ukprn"),
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
    editions = AreaEdition.objects.select_related("measure")
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
            for edition in editions.order_by("measure__order", "-edition", "pk")
        ),
    )


def cover_of(user, form, number):
    """Say what the file holds, who made it and under which filter."""
    run = RegisterRun.objects.applied().first()
    return Cover(
        title=f"Schools: {number:,} row{'' if number == 1 else 's'}",
        who=user.name,
        when=timezone.now(),
        policy=POLICIES["inside"],
        filters=form.sentences(),
        data_dates=(run.stamp,) if run else (),
        definitions=DEFINITIONS,
    )


def respond(format, cover, schools, columns):
    """Answer with the rows as a file, written while it is sent."""
    values = columns_values(schools, columns)
    if format == "csv":
        return csv_response(NAME, cover, columns, values)
    return xlsx_response(NAME, cover, [Sheet("Schools", columns, values)])


def write(file, format, cover, schools, columns, *, total, progress):
    """Write the rows to a file of bytes, telling `progress(done, total)` on the way."""
    values = with_progress(columns_values(schools, columns), progress, total)
    if format == "csv":
        write_csv(file, cover, columns, values)
    else:
        xlsx_stream(file, cover, [Sheet("Schools", columns, values)])
