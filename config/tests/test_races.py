"""Two people who do the same at once: what both were told is true, and nothing is there twice."""

from functools import partial
from uuid import uuid4

import pytest

from accounts.models import User
from activities.checks import Problem
from activities.models import Activity
from config.tests.actions import ACTIONS, example
from config.tests.racing import race
from config.tests.world import log
from core import jobs
from core.models import AuditEvent, Job
from core.tests.test_jobs import nothing
from core.versions import Stale
from evaluation.actions import Refused as EvidenceRefused
from needs import actions as needs
from needs import summaries
from needs.models import Assessment, Need, NeedsSummary, Rating, Side
from needs.tests.factories import area
from partnerships import actions as partnerships
from partnerships.actions import Refused
from partnerships.models import Membership, Role, SchoolAccess
from partnerships.tests.factories import make_link, make_member
from schools import register

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ADDRESS = "new@example.org"

# What the second of two equal acts is told; an action that is not here does the same again, or
# gives what the first one made.
REFUSALS = {
    "schools.drop_run": register.Refused,
    "partnerships.found_partnership": Refused,
    "partnerships.add_provider": Refused,
    "partnerships.add_hub": Refused,
    "partnerships.add_person": Refused,
    "partnerships.end_person": Refused,
    "partnerships.admit_lead": Refused,
    "partnerships.end_lead": Refused,
    "partnerships.link_school": Refused,
    "partnerships.end_school": Refused,
    "partnerships.revoke_token": Refused,
    "partnerships.weigh_priorities": Stale,
    "partnerships.decide_continuation": Refused,
    "partnerships.undo_continuation": Refused,
    "needs.raise_need": needs.AlreadyOpen,
    "needs.close_need": Stale,
    "needs.agree": Stale,
    "activities.edit": Stale,
    "activities.cancel": Stale,
    "activities.link_needs": Problem,
    "activities.add_offer": Problem,
    "activities.retire_offer": Problem,
    "evaluation.add_strategy": EvidenceRefused,
}


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_the_same_act_twice_at_once(name, cast):
    call = example(name, cast)

    first, second = race(call, call)

    assert not isinstance(first, Exception), first
    if name in REFUSALS:
        assert isinstance(second, REFUSALS[name]), second
    else:
        assert not isinstance(second, Exception), second


@pytest.mark.parametrize("is_staff_first", [True, False])
def test_nobody_becomes_a_member_and_a_lead_at_once(is_staff_first, partnership, link, manager):
    person = {"email": ADDRESS, "name": "Noor Both", "by": manager}
    acts = [
        partial(partnerships.add_person, partnership, role=Role.OFFICER, **person),
        partial(partnerships.admit_lead, link, **person),
    ]

    gave = race(*(acts if is_staff_first else reversed(acts)))

    assert isinstance(gave[1], Refused)
    both = [
        model.objects.filter(user__email=ADDRESS).count() for model in (Membership, SchoolAccess)
    ]
    assert both == [is_staff_first, not is_staff_first]


def test_two_partnerships_that_add_one_new_person_share_the_person(
    partnership, other_partnership, manager, outsider
):
    person = {"email": ADDRESS, "name": "Noor New", "role": Role.OFFICER}
    acts = [
        partial(partnerships.add_person, where, by=by, **person)
        for where, by in ((partnership, manager), (other_partnership, outsider))
    ]

    gave = race(*acts)

    assert {membership.user for membership in gave} == {User.objects.get(email=ADDRESS)}


def test_of_two_managers_who_leave_at_once_one_stays(partnership, manager):
    other = make_member(partnership, Role.MANAGER)
    mine = Membership.objects.get(user=manager)

    gave = race(*(partial(partnerships.end_person, each, by=manager) for each in (mine, other)))

    assert isinstance(gave[1], Refused)
    assert Membership.objects.live().get(role=Role.MANAGER) == other


def test_a_lead_is_not_admitted_to_a_school_that_is_being_left(cast):
    link = make_link(cast.partnership)
    lead = {"email": ADDRESS, "name": "Late Lead"}

    gave = race(
        partial(partnerships.end_school, link, on=cast.yesterday, by=cast.manager),
        partial(partnerships.admit_lead, link, by=cast.manager, **lead),
    )

    assert isinstance(gave[1], Refused)
    assert not SchoolAccess.objects.filter(school_link=link).exists()


def test_both_sides_that_rate_at_once_are_both_kept(link, officer, school_lead):
    def side(side, by, value):
        return partial(
            needs.rate, link, school_year=2026, side=side, values={area(): {"value": value}}, by=by
        )

    race(side(Side.PARTNER, officer, "red"), side(Side.SCHOOL, school_lead, "amber"))

    rating = Rating.objects.get()
    assert (rating.partner_value, rating.school_value) == ("red", "amber")
    assert Assessment.objects.get().status == Assessment.Status.SHARED
    assert Need.objects.get().status == Need.Status.CONFIRMED


def test_of_two_who_agree_for_one_side_at_once_one_is_told_to_look_again(cast):
    acts = [
        partial(needs.agree, cast.assessment, side=Side.PARTNER, by=by)
        for by in (cast.officer, cast.manager)
    ]

    gave = race(*acts)

    assert isinstance(gave[1], Stale)
    assert Assessment.objects.get().partner_agreed_by == cast.officer
    assert AuditEvent.objects.filter(action="assessment.agreed").count() == 1


def test_a_form_sent_twice_at_once_with_a_correction_keeps_the_correction(cast):
    form = partial(log, cast, cast.officer, client_uuid=uuid4())

    gave = race(partial(form, "Campus vist"), partial(form, "Campus visit"))

    assert gave[0] == gave[1] == Activity.objects.get(summary="Campus visit")
    assert not Activity.objects.filter(summary="Campus vist").exists()


def test_two_jobs_of_one_key_at_once_are_one(officer, manager):
    acts = [
        partial(jobs.enqueue, nothing, title="Count", by=by, unique_key="count:1")
        for by in (officer, manager)
    ]

    gave = race(*acts)

    assert gave == [Job.objects.get()] * 2
    assert AuditEvent.objects.filter(action="job.queued").count() == 1


@pytest.mark.parametrize("is_first_time", [True, False])
def test_figures_counted_twice_at_once_are_there_once(is_first_time, world):
    count = partial(summaries.recompute_all, world.partnership.pk, world.year)
    if not is_first_time:
        count()

    gave = race(count, count)

    assert gave == [2, 2]
    assert NeedsSummary.objects.filter(area=world.area, hub=None, side="school").count() == 1
