"""The access and participation plans of the demonstration, and one pack asked for."""

from datetime import date

from activities.models import ActivityType
from core.models import ReportingPeriod
from evaluation import actions

STRATEGIES = {
    "IS1": "Raising attainment in schools",
    "IS2": "Knowing about higher education",
    "IS3": "Families, teachers and small groups",
}
SHARES = {
    "IS1": {"tutoring": 10_000, "workshop": 6_000, "masterclass": 5_000},
    "IS2": {"campus-visit": 10_000, "talk": 8_000, "masterclass": 5_000, "mentoring": 4_000},
    "IS3": {"parents": 10_000, "teacher-cpd": 10_000, "mentoring": 6_000, "workshop": 2_000},
}


def tell(world):
    """Write down two plans with their allocations; the manager asks for last year's pack."""
    manager = world.people["manager"]
    year = ReportingPeriod.objects.year_of(ReportingPeriod.Kind.OFS_YEAR, world.as_at)
    types = {row.code: row for row in ActivityType.objects.all()}
    plans = [_plan(world, key, year, types, manager) for key in ("wexborough", "northmoor")]
    period = ReportingPeriod.objects.ofs_years().get(starts_on__year=year - 1)
    actions.make_pack(plans[0], period=period, policy="partners", by=manager)


def _plan(world, key, year, types, manager):
    provider = world.providers[key]
    plan = actions.add_plan(
        world.partnership,
        provider=provider,
        title=f"{provider.name}: access and participation plan",
        starts_on=date(year - 1, 8, 1),
        ends_on=date(year + 3, 7, 31),
        by=manager,
    )
    for code, title in STRATEGIES.items():
        strategy = actions.add_strategy(plan, code=code, title=title, by=manager)
        for type_code, share in SHARES[code].items():
            actions.allocate_type(strategy, type=types[type_code], share_bp=share, by=manager)
    return plan
