from datetime import date

import pytest
from django.db import transaction

from core import audit
from core.models import AuditEvent, Job
from evaluation import actions
from evaluation.models import AccessPlan, EvidencePack, InterventionStrategy, TypeAllocation
from evaluation.tests.factories import kind, make_plan, make_strategy, ofs_year
from partnerships.tests.factories import make_provider

DATES = {"starts_on": date(2025, 8, 1), "ends_on": date(2029, 7, 31)}


@pytest.fixture
def broken_audit(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr(audit, "record", fail)


def events():
    return list(AuditEvent.objects.order_by("pk").values_list("action", "target_id", "actor_id"))


def test_add_plan_writes_it_down(partnership, provider, manager):
    plan = actions.add_plan(partnership, provider=provider, title="Plan", **DATES, by=manager)

    assert (plan.partnership, plan.provider, plan.title) == (partnership, provider, "Plan")
    assert events() == [("plan.added", str(plan.pk), manager.pk)]


def test_add_plan_for_another_s_provider_is_refused(partnership, other_partnership, manager):
    theirs = make_provider(other_partnership)

    with pytest.raises(actions.Refused):
        actions.add_plan(partnership, provider=theirs, title="Plan", **DATES, by=manager)

    assert AccessPlan.objects.count() == 0


def test_add_plan_that_ends_before_it_starts_is_refused(partnership, provider, manager):
    dates = {"starts_on": date(2025, 8, 1), "ends_on": date(2025, 7, 31)}

    with pytest.raises(actions.Refused):
        actions.add_plan(partnership, provider=provider, title="Plan", **dates, by=manager)


def test_add_strategy_writes_it_down(plan, manager):
    strategy = actions.add_strategy(plan, code="IS1", title="Raising attainment", by=manager)

    assert (strategy.plan, strategy.partnership_id) == (plan, plan.partnership_id)
    assert events() == [("strategy.added", str(strategy.pk), manager.pk)]


def test_add_strategy_twice_is_refused(plan, manager):
    actions.add_strategy(plan, code="IS1", title="Raising attainment", by=manager)

    with pytest.raises(actions.Refused):
        actions.add_strategy(plan, code="IS1", title="Another", by=manager)


def test_allocate_type_up_to_the_whole_and_no_further(plan, manager):
    first, second = make_strategy(plan, "IS1"), make_strategy(plan, "IS2")
    workshop = kind("workshop")
    actions.allocate_type(first, type=workshop, share_bp=6000, by=manager)
    actions.allocate_type(second, type=workshop, share_bp=4000, by=manager)

    with pytest.raises(actions.Refused, match="only 40% left"):
        actions.allocate_type(second, type=workshop, share_bp=4001, by=manager)

    assert sorted(TypeAllocation.objects.values_list("share_bp", flat=True)) == [4000, 6000]
    assert [action for action, _, _ in events()] == ["strategy.allocated"] * 2


def test_shares_of_another_plan_do_not_count(plan, provider, manager):
    make_strategy(make_plan(provider, "An older plan"), workshop=10_000)
    strategy = make_strategy(plan)

    allocation = actions.allocate_type(strategy, type=kind("workshop"), share_bp=10_000, by=manager)

    assert allocation.share_bp == 10_000


def test_allocate_nothing_takes_the_share_away(plan, manager):
    strategy = make_strategy(plan, workshop=6000)

    answer = actions.allocate_type(strategy, type=kind("workshop"), share_bp=0, by=manager)

    assert answer is None
    assert TypeAllocation.objects.count() == 0
    assert AuditEvent.objects.get().changes["share_bp"] == [6000, 0]


def test_allocate_the_same_share_again_changes_nothing(plan, manager):
    strategy = make_strategy(plan, workshop=6000)

    actions.allocate_type(strategy, type=kind("workshop"), share_bp=6000, by=manager)

    assert events() == []


@pytest.mark.parametrize("share", [-1, 10_001])
def test_allocate_an_impossible_share_is_refused(share, plan, manager):
    with pytest.raises(actions.Refused):
        actions.allocate_type(
            make_strategy(plan), type=kind("workshop"), share_bp=share, by=manager
        )


def test_share_out_moves_a_share_from_one_strategy_to_another(plan, manager):
    first = make_strategy(plan, "IS1", workshop=10_000)
    second = make_strategy(plan, "IS2")
    workshop = kind("workshop")

    changed = actions.share_out(
        plan, shares={(second, workshop): 7000, (first, workshop): 3000}, by=manager
    )

    assert changed == 2
    assert dict(TypeAllocation.objects.values_list("strategy", "share_bp")) == {
        first.pk: 3000,
        second.pk: 7000,
    }


def test_share_out_is_all_or_nothing(plan, manager):
    first, second = make_strategy(plan, "IS1", workshop=9000), make_strategy(plan, "IS2")
    workshop = kind("workshop")

    with pytest.raises(actions.Refused):
        actions.share_out(
            plan, shares={(first, workshop): 8000, (second, workshop): 3000}, by=manager
        )

    assert TypeAllocation.objects.get().share_bp == 9000
    assert events() == []


def test_make_pack_writes_the_pack_and_its_job(plan, manager):
    pack = actions.make_pack(plan, period=ofs_year(), policy="partners", by=manager)

    assert (pack.plan, pack.policy, pack.made_by, pack.frozen_at) == (
        plan,
        "partners",
        manager,
        None,
    )
    assert pack.job.params == {"pack": pack.pk}
    assert (pack.job.owner, pack.job.partnership_id) == (manager, plan.partnership_id)
    assert [action for action, _, _ in events()] == ["job.queued", "pack.made"]


def test_make_pack_twice_while_the_first_runs_is_the_first(plan, manager, evaluator):
    first = actions.make_pack(plan, period=ofs_year(), policy="inside", by=manager)

    again = actions.make_pack(plan, period=ofs_year(), policy="inside", by=manager)
    theirs = actions.make_pack(plan, period=ofs_year(), policy="inside", by=evaluator)
    rounded = actions.make_pack(plan, period=ofs_year(), policy="partners", by=manager)

    assert again == first
    assert len({first, theirs, rounded}) == 3


@pytest.mark.parametrize("policy", ["regulator", "school", "", "anything"])
def test_make_pack_for_unknown_readers_is_refused(policy, plan, manager):
    with pytest.raises(actions.Refused):
        actions.make_pack(plan, period=ofs_year(), policy=policy, by=manager)


def test_make_pack_outside_the_plan_is_refused(plan, manager):
    with pytest.raises(actions.Refused):
        actions.make_pack(plan, period=ofs_year(2024), policy="inside", by=manager)

    assert Job.objects.count() == 0


def test_freeze_pack_stores_one_file_with_its_fingerprint(plan, manager):
    pack = actions.make_pack(plan, period=ofs_year(), policy="inside", by=manager)

    frozen = actions.freeze_pack(pack, content=b"one", figures={"a": 1}, by=manager)
    again = actions.freeze_pack(pack, content=b"two", figures={"a": 2}, by=manager)

    assert (
        again.sha256
        == frozen.sha256
        == ("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")
    )
    assert EvidencePack.objects.get().figures == {"a": 1}
    assert stored(frozen) == [f"{pack.reference.lower()}.xlsx"]
    assert events()[-1] == ("pack.frozen", str(pack.pk), manager.pk)
    frozen.file.delete()


def test_freeze_pack_after_a_run_that_died_leaves_one_file(plan, manager):
    pack = actions.make_pack(plan, period=ofs_year(), policy="inside", by=manager)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.freeze_pack(pack, content=b"lost", figures={}, by=manager)
        raise RuntimeError
    left, unfrozen = stored(pack), EvidencePack.objects.get()

    frozen = actions.freeze_pack(pack, content=b"kept", figures={}, by=manager)

    assert (left, unfrozen.frozen_at, unfrozen.sha256) == (stored(frozen), None, "")
    assert len(left) == 1
    assert frozen.file.read() == b"kept"
    frozen.file.close()
    frozen.file.delete()


def stored(pack):
    storage = EvidencePack._meta.get_field("file").storage
    return storage.listdir(f"packs/{pack.partnership_id}/{pack.pk}")[1]


def test_nothing_is_written_when_auditing_fails(plan, partnership, provider, manager, broken_audit):
    strategy = make_strategy(plan, "IS9")
    attempts = [
        lambda: actions.add_plan(partnership, provider=provider, title="P", **DATES, by=manager),
        lambda: actions.add_strategy(plan, code="IS1", title="S", by=manager),
        lambda: actions.allocate_type(strategy, type=kind("talk"), share_bp=1, by=manager),
        lambda: actions.share_out(plan, shares={(strategy, kind("talk")): 1}, by=manager),
        lambda: actions.make_pack(plan, period=ofs_year(), policy="inside", by=manager),
    ]

    for attempt in attempts:
        with pytest.raises(RuntimeError):
            attempt()

    assert AccessPlan.objects.get() == plan
    assert InterventionStrategy.objects.get() == strategy
    assert TypeAllocation.objects.count() == 0
    assert EvidencePack.objects.count() == Job.objects.count() == 0


def test_add_plan_refuses_dates_that_no_year_kept_here_reaches(partnership, provider, manager):
    days = {"starts_on": date(1900, 1, 1), "ends_on": date(1900, 12, 31)}

    with pytest.raises(actions.Refused, match="outside the years kept here"):
        actions.add_plan(partnership, provider=provider, title="Old", **days, by=manager)

    assert not AccessPlan.objects.exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "said"),
    [
        (date(2025, 8, 1), date(9999, 7, 31), "31 July 9999 is more than 10 years ahead."),
        (date(1066, 8, 1), date(2029, 7, 31), "1 August 1066 lies outside the years kept here."),
    ],
)
def test_add_plan_refuses_a_year_that_nobody_meant(provider, manager, starts_on, ends_on, said):
    with pytest.raises(actions.Refused, match=said):
        actions.add_plan(
            provider.partnership,
            provider=provider,
            title="Plan",
            starts_on=starts_on,
            ends_on=ends_on,
            by=manager,
        )
