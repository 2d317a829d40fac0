"""School years as people choose them: the one that runs, and those before it."""

from django.utils import timezone

from core.models import ReportingPeriod

EARLIEST, AHEAD = 2015, 1


def this_year():
    """The starting year of the school year that holds today."""
    return ReportingPeriod.objects.year_of(ReportingPeriod.Kind.SCHOOL_YEAR, timezone.localdate())


def read_year(text):
    """The school year that an address names, else the one that runs."""
    now = this_year()
    if text and text.isascii() and text.isdecimal() and EARLIEST <= int(text[:5]) <= now + AHEAD:
        return int(text[:5])
    return now


def choices(chosen):
    """The years a form offers: those around today, and the chosen one."""
    now = timezone.localdate().year
    return sorted({*range(now - 5, now + AHEAD + 1), chosen}, reverse=True)
