"""The figures of a plan in a year, worked out from rows, each defined once with its rows.

A *fact* is one activity at one school and, where learners were counted, one year group of them.
Hours are split by the provider's share and then by strategy; people are never split.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)

from activities.models import Activity, ActivityNeed, ActivitySchool, Headcount
from core.models import ReportingPeriod
from evaluation.models import AccessPlan
from needs.models import Need

WHOLE = 10_000
SHARES = Decimal(WHOLE) ** 2
EXACT = DecimalField(max_digits=30, decimal_places=2)
MADE_OF_LEARNERS = Q(headcounts__audience=Headcount.Audience.LEARNERS)
KINDS = {
    "hub": ("Hub schools", (True, False)),
    "targeted": ("Targeted outreach schools", (False, True)),
    "both": ("Both hub and targeted", (True, True)),
    "neither": ("Neither", (False, False)),
}


@dataclass(frozen=True)
class Scope:
    """What figures cover: one plan in one reporting period, as one person may see it."""

    plan: AccessPlan
    period: ReportingPeriod
    user: object

    @property
    def starts_on(self) -> date:
        """The first day that counts."""
        return max(self.plan.starts_on, self.period.starts_on)

    @property
    def ends_on(self) -> date:
        """The last day that counts."""
        return min(self.plan.ends_on, self.period.ends_on)


@dataclass(frozen=True)
class Line:
    """A line of the strategies table: the basis points of each type's hours that it takes."""

    key: str
    label: str
    shares: dict
    otherwise: int = 0

    @property
    def weight(self):
        """The line's share of a fact's hours, in basis points."""
        cases = [When(activity__type=kind, then=Value(bp)) for kind, bp in self.shares.items()]
        return Case(*cases, default=Value(self.otherwise), output_field=IntegerField())

    @property
    def counts(self):
        """Which facts the line takes hours from, and therefore counts."""
        if self.otherwise:
            return ~Q(activity__type__in=[kind for kind, bp in self.shares.items() if not bp])
        return Q(activity__type__in=[kind for kind, bp in self.shares.items() if bp])


@dataclass(frozen=True)
class Figures:
    """What one group of facts amounts to."""

    hours: Decimal = Decimal(0)
    people: int = 0
    activities: int = 0
    schools: int = 0


@contextmanager
def one_moment():
    """Read everything within as it stood at one moment, whoever writes meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def delivered(scope):
    """The partnership's delivered work within the plan's dates in the period, by anybody."""
    return (
        ActivitySchool.objects.visible_to(scope.user)
        .filter(
            partnership=scope.plan.partnership_id,
            activity__partnership=scope.plan.partnership_id,
            activity__ofs_year=scope.period.year,
            activity__status=Activity.Status.DELIVERED,
            activity__starts_on__range=(scope.starts_on, scope.ends_on),
        )
        .annotate(learners=FilteredRelation("headcounts", condition=MADE_OF_LEARNERS))
    )


def facts(scope):
    """The delivered work that the plan's provider has a share of."""
    return (
        delivered(scope)
        .filter(activity__providers__provider=scope.plan.provider_id)
        .annotate(share_bp=F("activity__providers__share_bp"))
    )


def unshared(scope):
    """Delivered work that names no provider, and so counts to no plan."""
    return (
        delivered(scope)
        .filter(activity__providers=None)
        .annotate(share_bp=Value(0, output_field=IntegerField()))
    )


def lines(plan):
    """The lines of the strategies table: each strategy, what no strategy takes, and the whole."""
    taken, by_strategy = {}, {strategy.pk: {} for strategy in plan.strategies.all()}
    for allocation in plan.allocations.all():
        by_strategy[allocation.strategy_id][allocation.type_id] = allocation.share_bp
        taken[allocation.type_id] = taken.get(allocation.type_id, 0) + allocation.share_bp
    left = {kind: WHOLE - share for kind, share in taken.items()}
    return [
        *(
            Line(str(strategy.pk), str(strategy), by_strategy[strategy.pk])
            for strategy in plan.strategies.all()
        ),
        Line("none", "Unallocated", left, otherwise=WHOLE),
        Line("", "Total", {}, otherwise=WHOLE),
    ]


def exact_hours(weight=None):
    """A fact's contact hours times both shares; `exact` takes the shares out again."""
    shared = F("activity__hours") * F("learners__actual") * F("share_bp")
    weight = Value(WHOLE) if weight is None else weight
    return ExpressionWrapper(shared * weight, output_field=EXACT)


def exact(summed):
    """Hours from a sum of `exact_hours`, with no more decimals than they need."""
    hours = Decimal(summed or 0) / SHARES
    return hours.quantize(Decimal(1)) if hours == hours.to_integral_value() else hours.normalize()


def sums(line=None, prefix=""):
    """The aggregates that make up `Figures` for a line of the table, or for everything."""
    counts = line.counts if line and (line.shares or not line.otherwise) else None
    weight = line.weight if line else None
    return {
        f"{prefix}hours": Sum(exact_hours(weight), filter=counts, output_field=EXACT),
        f"{prefix}people": Sum("learners__actual", filter=counts),
        f"{prefix}activities": Count("activity", distinct=True, filter=counts),
        f"{prefix}schools": Count("school_link", distinct=True, filter=counts),
    }


def figures(row, prefix=""):
    """The aggregates of a row as `Figures`."""
    return Figures(
        hours=exact(row[f"{prefix}hours"]),
        people=row[f"{prefix}people"] or 0,
        activities=row.get(f"{prefix}activities", 0),
        schools=row.get(f"{prefix}schools", 0),
    )


def by_strategy(scope):
    """Figures for each line of the plan, as [(Line, Figures)]; the last is the whole."""
    found = lines(scope.plan)
    aggregates = {}
    for number, line in enumerate(found):
        aggregates |= sums(line, f"line{number}_")
    row = facts(scope).aggregate(**aggregates)
    return [(line, figures(row, f"line{number}_")) for number, line in enumerate(found)]


def by_strand(scope):
    """Figures for each strand's id, None where it is not yet said."""
    rows = facts(scope).order_by().values("activity__strand").annotate(**sums())
    return {row["activity__strand"]: figures(row) for row in rows}


def by_strand_and_year(scope):
    """People and hours for each (strand's id, year group) in which learners were counted."""
    keys = ("activity__strand", "learners__year_group")
    rows = (
        facts(scope)
        .filter(learners__isnull=False)
        .order_by()
        .values(*keys)
        .annotate(hours=Sum(exact_hours(), output_field=EXACT), people=Sum("learners__actual"))
    )
    return {tuple(row[key] for key in keys): figures(row) for row in rows}


def by_kind(scope):
    """Figures for each kind of school, as it was on the day of the activity."""
    rows = facts(scope).order_by().values("hub_school", "targeted").annotate(**sums())
    found = {(row["hub_school"], row["targeted"]): figures(row) for row in rows}
    return {kind: found.get(flags, Figures()) for kind, (_, flags) in KINDS.items()}


def needs(scope):
    """The partnership's needs that were open in the period, each with `activities` answering it.

    An activity answers in the period if it was delivered then, by any of the partnership.
    """
    activity = "answered_by__activity_school__activity"
    in_period = Q(
        **{
            f"{activity}__status": Activity.Status.DELIVERED,
            f"{activity}__starts_on__range": (scope.starts_on, scope.ends_on),
        }
    )
    return (
        Need.objects.visible_to(scope.user)
        .filter(partnership=scope.plan.partnership_id, raised_on__lte=scope.ends_on)
        .filter(Q(closed_on=None) | Q(closed_on__gte=scope.starts_on))
        .annotate(activities=Count("answered_by", filter=in_period))
    )


def gaps(scope):
    """What is missing from facts, as {name: condition}."""
    answers = ActivityNeed.objects.visible_to(scope.user)
    counted = Headcount.objects.visible_to(scope.user).filter(actual__isnull=False)
    allocated = {allocation.type_id for allocation in scope.plan.allocations.all()}
    return {
        "strand": Q(activity__strand=None),
        "hours": Q(activity__hours=None),
        "headcount": ~Exists(counted.filter(activity_school=OuterRef("pk"))),
        "need": ~Exists(answers.filter(activity_school__activity=OuterRef("activity"))),
        "allocation": ~Q(activity__type__in=allocated),
    }


def count_gaps(scope):
    """How many activities have each gap, as {name: count}."""
    found = facts(scope).aggregate(
        **{
            name: Count("activity", distinct=True, filter=condition)
            for name, condition in gaps(scope).items()
        }
    )
    return found | {"provider": unshared(scope).values("activity").distinct().count()}
