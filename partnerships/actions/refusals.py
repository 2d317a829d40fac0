"""Why an action says no: a sentence for the person who asked, and nothing is written."""

from core.models import NoPeriod, ReportingPeriod


class Refused(Exception):
    """The action cannot be done as asked; its text is shown to people as it stands."""


class SavedBefore(Refused):
    """The same form was saved before, as something that it does not say now."""


def same_partnership(partnership_id, *rows):
    """Refuse rows of another partnership; None is no row."""
    for row in rows:
        if row is not None and row.partnership_id != partnership_id:
            raise Refused(f"{row} belongs to another partnership. Choose one of this partnership.")


def sensible(day):
    """Refuse a day that nobody can have meant: before the years kept here, or years ahead."""
    try:
        ReportingPeriod.objects.year_typed(day)
    except NoPeriod as error:
        raise Refused(str(error)) from error
