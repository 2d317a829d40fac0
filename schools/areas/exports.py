"""The rows of a profile as a file, which leaves in the answer to the request that made it."""

from core.exports import Column, Cover, Sheet, file_response
from schools.areas.looking import WARDS
from schools.areas.postcodes import MATCHED, OUTCOMES, shown

NAME = "postcode-profile"
DEFINITIONS = (
    "Quintile 1 is the most deprived, or has the lowest participation.",
    "A postcode says where somebody lives, not who they are: do not judge one person by it alone.",
)


def rows_response(profile, format, *, who):
    """Answer with one line for each row handed in: as CSV, or as a workbook (`xlsx`)."""
    sheet = Sheet("Rows", _columns(profile), _rows(profile))
    return file_response(format, NAME, _cover(profile, who), sheet)


def _cover(profile, who):
    wards = [f"Target wards of Uni Connect, {profile.looked_up.wards}"] if profile.wards else []
    return Cover.inside(
        "Profile of postcodes",
        who,
        filters=(
            f"{profile.total:,} rows handed in, {profile.matched:,} matched "
            f"({profile.match_rate or 0}%), {profile.taken:,} with a repair that was accepted.",
        ),
        data_dates=[*(edition.stamp for edition in profile.looked_up.editions), *wards],
        definitions=DEFINITIONS,
    )


def _columns(profile):
    editions = [
        Column(f"edition_{edition.pk}", f"{edition.measure} {edition.edition}, quintile")
        for edition in profile.looked_up.editions
    ]
    return (
        Column("row", "Row", kind="number"),
        Column("text", "As handed in"),
        Column("postcode", "Read as"),
        Column("outcome", "Outcome"),
        *editions,
        *((Column("ward", "Uni Connect target ward"),) if profile.wards else ()),
    )


def _rows(profile):
    for row in profile.rows:
        read = shown(row.code) if row.outcome in MATCHED else ""
        ward = (WARDS[profile.ward_of(row)],) if profile.wards else ()
        yield (row.number, row.text, read, OUTCOMES[row.outcome], *profile.facts_of(row), *ward)
