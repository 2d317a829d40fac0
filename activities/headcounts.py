"""The table of who took part: one line for each year group, then parents and staff."""

from dataclasses import dataclass

from django import forms

from activities.models import Headcount, YearGroup

MIXED = 0
SECONDARY = range(7, 14)
AFTER_13 = {YearGroup.Y14, YearGroup.ADULT}
YEARS = [*YearGroup.choices, (MIXED, "Learners, mixed or not said")]
AUDIENCES = [choice for choice in Headcount.Audience.choices if choice[0] != "learners"]


def field_name(audience, year, counted):
    """The name of one field of the table: learners_10_actual, parents_expected."""
    return "_".join(filter(None, [audience, "" if year is None else str(year), counted]))


def years_offered(links):
    """The year groups that any of these schools teaches; the secondary years where not known.

    The register's ages end at Year 13, so a place for those over 16 alone has the later ones too.
    """
    found = set()
    for link in links:
        taught = set(link.taught_years()) or set(SECONDARY)
        found |= taught | (AFTER_13 if min(taught) > YearGroup.Y11 else set())
    return found or set(SECONDARY)


def years_not_taught(link, rows):
    """The year groups among headcounts (as the actions take them) that the school does not teach.

    None where it is not known what it teaches.
    """
    if not link.taught_years():
        return []
    counted = {row["year_group"] for row in rows if row["expected"] or row["actual"]}
    return sorted(counted - years_offered([link]) - {None})


@dataclass(frozen=True)
class Row:
    """One line of the table in a form, which has the `years` that come first."""

    audience: str
    year: int | None
    label: str
    form: forms.Form

    @property
    def expected(self):
        return self.form[field_name(self.audience, self.year, "expected")]

    @property
    def actual(self):
        return self.form[field_name(self.audience, self.year, "actual")]

    @property
    def is_common(self):
        return self.audience != "learners" or self.year == MIXED or self.year in self.form.years

    @property
    def key(self):
        return field_name(self.audience, self.year, "row")

    @property
    def is_filled(self):
        return any(field.value() not in (None, "") for field in (self.expected, self.actual))

    @property
    def said(self):
        came, number = self.actual.value(), self.expected.value()
        came_said = came not in (None, "")
        return f"{self.label}: {came if came_said else f'{number} expected'}"

    def cleaned(self, data):
        """This line as the actions take it."""
        return {
            "audience": self.audience,
            "year_group": self.year or None,
            "expected": data.get(self.expected.name),
            "actual": data.get(self.actual.name),
        }


def initial_of(headcounts):
    """Headcount rows as the form's initial values."""
    found = {}
    for row in headcounts:
        year = (row.year_group or MIXED) if row.audience == "learners" else None
        found[field_name(row.audience, year, "expected")] = row.expected
        found[field_name(row.audience, year, "actual")] = row.actual
    return found
