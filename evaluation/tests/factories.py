"""Rows for tests of evidence: work written by hand, so that every share is in sight."""

from datetime import date
from decimal import Decimal

from activities.models import (
    Activity,
    ActivityNeed,
    ActivityProvider,
    ActivitySchool,
    ActivityType,
    Headcount,
)
from core.models import ReportingPeriod
from evaluation.models import AccessPlan, InterventionStrategy, TypeAllocation
from partnerships.models import Strand

ON = date(2025, 11, 4)


def ofs_year(year=2025):
    return ReportingPeriod.objects.ofs_years().get(starts_on__year=year)


def kind(code):
    return ActivityType.objects.get(code=code)


def make_plan(provider, title="Access plan 2025 to 2029", **fields):
    fields = {"starts_on": date(2025, 8, 1), "ends_on": date(2029, 7, 31)} | fields
    return AccessPlan.objects.create(
        partnership=provider.partnership, provider=provider, title=title, **fields
    )


def make_strategy(plan, code="IS1", title="Raising attainment", **shares):
    """Make a strategy with the shares it takes, by code of type: `workshop=6000`."""
    strategy = InterventionStrategy.objects.create(
        partnership=plan.partnership, plan=plan, code=code, title=title
    )
    for name, points in shares.items():
        TypeAllocation.objects.create(
            partnership=plan.partnership,
            plan=plan,
            strategy=strategy,
            type=kind(name.replace("_", "-")),
            share_bp=points,
        )
    return strategy


def make_work(link, owner, *, shares, code="workshop", learners=None, needs=(), **fields):
    """Write an activity at a school: `shares` by provider, `learners` by year group."""
    strand = fields.pop("strand", None)
    place = {name: fields.pop(name, False) for name in ("hub_school", "targeted")}
    audience = fields.pop("audience", Headcount.Audience.LEARNERS)
    fields = {"summary": "Study skills", "starts_on": ON, "hours": Decimal("2")} | fields
    year = fields["starts_on"].year - (fields["starts_on"].month < 8)
    activity = Activity.objects.create(
        partnership=link.partnership,
        type=kind(code),
        owner=owner,
        strand=Strand.objects.get(code=strand) if strand else None,
        school_year=year,
        ofs_year=year,
        **fields,
    )
    for provider, points in shares.items():
        ActivityProvider.objects.create(
            partnership=link.partnership, activity=activity, provider=provider, share_bp=points
        )
    at_school = add_school(activity, link, learners or {}, audience=audience, **place)
    for need in needs:
        ActivityNeed.objects.create(
            partnership=link.partnership,
            activity_school=at_school,
            school_link=link,
            need=need,
        )
    return activity


def add_school(activity, link, learners, audience=Headcount.Audience.LEARNERS, **place):
    at_school = ActivitySchool.objects.create(
        partnership=link.partnership,
        activity=activity,
        school_link=link,
        school=link.school,
        establishment=link.school.current,
        starts_on=activity.starts_on,
        **place,
    )
    for year_group, actual in learners.items():
        Headcount.objects.create(
            partnership=link.partnership,
            activity_school=at_school,
            audience=audience,
            year_group=year_group,
            actual=actual,
        )
    return at_school
