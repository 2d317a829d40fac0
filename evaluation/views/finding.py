"""How a page finds the plan, the year and the partnerships that it is about."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.models import ReportingPeriod
from evaluation.models import AccessPlan
from evaluation.rows import GAPS
from partnerships.models import Partnership


def partnerships_of(user):
    """The partnerships the person works in; a person of none has no business here."""
    found = list(Partnership.objects.visible_to(user))
    if not found:
        raise PermissionDenied
    return found


def find_plan(user, pk):
    """The plan with what its figures need, if the person may see it."""
    plans = AccessPlan.objects.visible_to(user).select_related("provider", "partnership")
    return get_object_or_404(plans.prefetch_related("strategies", "allocations"), pk=pk)


def periods_of(plan):
    """The OfS years that the plan reaches into, newest first."""
    return ReportingPeriod.objects.ofs_years().filter(
        starts_on__lte=plan.ends_on, ends_on__gte=plan.starts_on
    )


def find_period(plan, year):
    """The plan's period that starts in `year`; without one, the newest that has begun."""
    periods = list(periods_of(plan))
    if year:
        for period in periods:
            if str(period.year) == year:
                return period
        raise Http404
    if not periods:
        raise Http404
    today = timezone.localdate()
    begun = [period for period in periods if period.starts_on <= today]
    return begun[0] if begun else periods[-1]


def rows_url(scope):
    """The address of the plan's rows in the year, to which a filter is added."""
    url = reverse("evaluation:rows", args=[scope.plan.pk])
    return f"{url}?year={scope.period.year}&"


def gap_links(scope, counts):
    """The gaps that there are, each with its count, its words and the address of its rows."""
    return [
        {"count": counts[name], "label": label, "url": f"{rows_url(scope)}gap={name}&of=activities"}
        for name, label in GAPS.items()
        if counts[name]
    ]
