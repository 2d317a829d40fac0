"""What can be done with plans, their strategies, and packs of evidence."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from core import audit, jobs
from core.models import Job, NoPeriod, ReportingPeriod
from evaluation import tasks
from evaluation.models import AccessPlan, EvidencePack, InterventionStrategy, TypeAllocation
from evaluation.models.pack import pack_path

WHOLE = 10_000
MOST_YEARS_AHEAD = 10


class Refused(Exception):
    """The change breaks a rule of plans; the message says which, for the form."""


@transaction.atomic
def add_plan(partnership, *, provider, title, starts_on, ends_on, by):
    """Write down a provider's access and participation plan; returns the AccessPlan."""
    if provider.partnership_id != partnership.pk:
        raise Refused("Choose a provider of this partnership.")
    if ends_on < starts_on:
        raise Refused("The plan must end after it starts.")
    for day in (starts_on, ends_on):
        _typed(day)
    reached = ReportingPeriod.objects.ofs_years().filter(starts_on__lte=ends_on)
    if not reached.filter(ends_on__gte=starts_on).exists():
        raise Refused("No OfS year kept here lies within these dates. Check the years.")
    plan = AccessPlan.objects.create(
        partnership=partnership,
        provider=provider,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    audit.record("plan.added", plan, by=by, changes={"provider": provider.pk})
    return plan


@transaction.atomic
def add_strategy(plan, *, code, title, by):
    """Add an intervention strategy to a plan; returns the InterventionStrategy."""
    plan = _locked(plan)
    if plan.strategies.filter(code=code).exists():
        raise Refused(f"This plan has a strategy {code} already.")
    strategy = InterventionStrategy.objects.create(
        partnership_id=plan.partnership_id, plan=plan, code=code, title=title
    )
    audit.record("strategy.added", strategy, by=by, changes={"plan": plan.pk, "code": code})
    return strategy


@transaction.atomic
def allocate_type(strategy, *, type, share_bp, by):
    """Let a share of a type's hours count to a strategy; 0 takes it away. Returns the row or None.

    All shares of one type within one plan make at most the whole; the rest is unallocated.
    """
    plan = _locked(strategy.plan)
    if not 0 <= share_bp <= WHOLE:
        raise Refused("A share lies between 0% and 100%.")
    others = plan.allocations.filter(type=type).exclude(strategy=strategy)
    taken = others.aggregate(sum=Sum("share_bp"))["sum"] or 0
    if taken + share_bp > WHOLE:
        left = f"{(WHOLE - taken) / 100:g}%"
        raise Refused(f"{type} has only {left} left to share out in this plan.")
    mine = TypeAllocation.objects.filter(plan=plan, strategy=strategy, type=type)
    before = mine.values_list("share_bp", flat=True).first() or 0
    allocation = _set_share(mine, strategy, type, share_bp)
    if share_bp != before:
        changes = {"type": type.pk, "share_bp": [before, share_bp]}
        audit.record("strategy.allocated", strategy, by=by, changes=changes)
    return allocation


@transaction.atomic
def share_out(plan, *, shares, by):
    """Set many shares at once, {(InterventionStrategy, ActivityType): basis points}."""
    now = {(each.strategy_id, each.type_id): each.share_bp for each in plan.allocations.all()}
    changed = [
        (points - now.get((strategy.pk, kind.pk), 0), strategy, kind, points)
        for (strategy, kind), points in shares.items()
        if points != now.get((strategy.pk, kind.pk), 0)
    ]
    # what is given up comes first, so that a share can move from one strategy to another
    for _, strategy, kind, points in sorted(changed, key=lambda change: change[0]):
        allocate_type(strategy, type=kind, share_bp=points, by=by)
    return len(changed)


def _set_share(mine, strategy, kind, share_bp):
    if not share_bp:
        mine.delete()
        return None
    allocation, _ = mine.update_or_create(
        plan_id=strategy.plan_id,
        strategy=strategy,
        type=kind,
        defaults={"share_bp": share_bp, "partnership_id": strategy.partnership_id},
    )
    return allocation


@transaction.atomic
def make_pack(plan, *, period, policy, by):
    """Ask for an evidence pack; returns the EvidencePack with the job that will freeze it.

    Asked for twice while the first still runs, it is the first.
    """
    if policy not in EvidencePack.POLICIES:
        raise Refused("Choose who will read the pack.")
    plan = _locked(plan)
    if period.ends_on < plan.starts_on or period.starts_on > plan.ends_on:
        raise Refused(f"{period} lies outside the dates of this plan.")
    wanted = {"plan": plan, "period": period, "policy": policy, "made_by": by}
    if waiting := _underway(wanted):
        return waiting
    pack = EvidencePack.objects.create(partnership_id=plan.partnership_id, **wanted)
    pack.job = jobs.enqueue(
        tasks.build_pack,
        title=f"Evidence pack {pack.reference}: {plan.title}",
        by=by,
        params={"pack": pack.pk},
        partnership_id=plan.partnership_id,
    )
    pack.save(update_fields=["job", "updated_at"])
    changes = {"plan": plan.pk, "period": period.pk, "policy": policy}
    audit.record("pack.made", pack, by=by, changes=changes)
    return pack


def _underway(wanted):
    running = [Job.State.QUEUED, Job.State.RUNNING]
    return EvidencePack.objects.filter(**wanted, frozen_at=None, job__state__in=running).first()


@transaction.atomic
def freeze_pack(pack, *, content, figures, by):
    """Store the pack's one file with its fingerprint; a pack frozen already stays as it is."""
    pack = EvidencePack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if pack.frozen_at:
        return pack
    pack.file.name = pack_path(pack, f"{pack.reference.lower()}.xlsx")
    pack.sha256 = hashlib.sha256(content).hexdigest()
    pack.figures = figures
    pack.frozen_at = timezone.now()
    pack.save()
    audit.record("pack.frozen", pack, by=by, changes={"sha256": pack.sha256})
    # The file comes last, because no rollback takes it away; and there is only ever one, although
    # a run that was killed before its commit may have left its own.
    pack.file.storage.delete(pack.file.name)
    pack.file.storage.save(pack.file.name, ContentFile(content))
    return pack


@transaction.atomic
def note_download(pack, *, by):
    """Write down that a person took the pack's file."""
    audit.record("pack.downloaded", pack, by=by, changes={"policy": pack.policy})


def _typed(day):
    try:
        ReportingPeriod.objects.year_typed(day, ahead=MOST_YEARS_AHEAD)
    except NoPeriod as error:
        raise Refused(str(error)) from error


def _locked(plan):
    return AccessPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
