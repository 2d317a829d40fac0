"""One of everything in one partnership, made by its own people through the actions."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.utils import timezone

from activities import actions as activity_actions
from activities.models import ActivityType
from core.models import Job, ReportingPeriod
from evaluation import actions as evaluation_actions
from needs import actions as need_actions
from needs.models import Need, NeedArea
from partnerships import actions as partnership_actions
from partnerships.models import Membership
from partnerships.tests.factories import make_lead, make_link, make_member, make_school, make_user
from schools.models import EstablishmentLink, Group, GroupMembership, Result, ResultMeasure
from schools.tests.areas import measure_area
from schools.tests.factories import make_change, make_run

WEIGHTS = {"need": 4, "supply": 3, "size": 2, "distance": 1, "relationship": 1}


@dataclass
class Page:
    """How a URL answers: who gets it, by which method, with what in the address."""

    ok: str
    kwargs: dict
    method: str = "get"
    status: int = 200
    query: str = ""
    is_list: bool = False
    is_own: bool = False
    seen_by_lead: bool = False
    open_door: bool = False
    data: dict = field(default_factory=dict)


def year_of(kind, day):
    return ReportingPeriod.objects.year_of(kind, day)


def make_world(players):
    """A SimpleNamespace with a row of every kind, canary words in each text of them."""
    made = SimpleNamespace(
        partnership=players.partnership,
        provider=players.provider,
        hub=players.hub,
        link=players.link,
        hub_officer=players.hub_officer,
    )
    made.second = make_school("Second school of the register")
    made.unlinked = make_school("Unlinked High School")
    made.extras = [make_user("Spare Canary"), make_user("Robin Calloway")]
    publish(made)
    furnish(made, players.officer, players.manager, players.school_lead)
    return made


def publish(made):
    """What everybody may know of the register: a trust, a school that closed, files, a result."""
    made.trust = Group.objects.create(uid="5143", name="Saltmere Trust")
    made.parted, made.followers = part_school()
    made.unanswered, _ = part_school()
    for school in made.followers:
        GroupMembership.objects.create(group=made.trust, code=school.current.code, name=school.name)
    made.run, made.applied = make_run("previewed"), make_run()
    made.change = make_change(made.applied, made.unlinked, "town", new="Holm")
    measure = ResultMeasure.objects.create(
        kind="census", code="pupils", name="Pupils on roll", unit="number", order=1
    )
    made.result = Result.objects.create(
        code=made.unlinked.current.code, measure=measure, school_year=2024, value=900
    )
    made.area_of_school = measure_area(made.unlinked)


def furnish(made, officer, manager, school_lead):
    """Let the people of a partnership do one of everything.

    `made.second` is its other school, `made.parted` and `made.unanswered` closed; `made.extras`
    become a member and the second school's lead.
    """
    made.today = timezone.localdate()
    made.year = year_of("school_year", made.today)
    made.area = NeedArea.objects.get(framework__retired_on=None, code="he-knowledge")
    _rate(made, officer, school_lead)
    made.need = Need.objects.get(partnership=made.partnership)
    _work(made, officer, manager)
    _prove(made, manager)
    made.weights = partnership_actions.weigh_priorities(
        made.partnership, weights=WEIGHTS, version=0, by=manager
    )
    made.membership = Membership.objects.get(user=officer)
    made.spare = make_member(made.partnership, user=made.extras[0])
    made.token, made.secret = partnership_actions.issue_token(
        made.spare,
        name="Canary token",
        expires_on=made.today + timedelta(days=365),
        by=made.spare.user,
    )
    made.access = make_lead(make_link(made.partnership, made.second), user=made.extras[1])
    made.asked = make_link(made.partnership, made.unanswered)
    made.closed = make_link(made.partnership, made.parted)
    (made.continuation,) = partnership_actions.decide_continuation(
        made.closed, successors=[], on=made.today, note="Canary end", by=manager
    )


def part_school(**fields):
    """A school of the register that closed, and the two that the register says follow it."""
    old = make_school("Parted School", standing="closed", closed_on=date(2026, 3, 31))
    followers = [make_school(f"{part} Part School", **fields) for part in ("North", "South")]
    for school in followers:
        EstablishmentLink.objects.create(
            code=old.current.code,
            linked_code=school.current.code,
            type="Successor - Split School",
            name=school.name,
        )
    return old, followers


def _work(made, officer, manager):
    made.conversation = partnership_actions.record_conversation(
        made.link, held_on=made.today, summary="Canary talk", by=officer
    )
    visit = ActivityType.objects.get(code="campus-visit")
    made.offer = activity_actions.add_offer(
        made.partnership, title="Canary campus day", type=visit, by=manager
    )
    made.activity = log(made, officer, "Canary campus visit", needs=[made.need])
    made.lone = log(made, officer, "Canary without need")
    made.planned = log(made, officer, "Canary ahead", starts_on=made.today + timedelta(days=3))


def _prove(made, manager):
    made.plan, made.strategy = make_plan(made, manager)
    year = year_of("ofs_year", made.today)
    period = ReportingPeriod.objects.ofs_years().get(starts_on__year=year)
    made.pack = evaluation_actions.make_pack(made.plan, period=period, policy="inside", by=manager)
    made.job = Job.objects.get(pk=made.pack.job_id)


def _rate(made, officer, school_lead):
    values = {made.area: {"value": "red", "note": "Canary note"}}
    rate = need_actions.rate
    rate(made.link, school_year=made.year, side="partner", values=values, by=officer)
    made.assessment = rate(
        made.link, school_year=made.year, side="school", values=values, by=school_lead
    )


def log(made, by, summary, *, starts_on=None, **details):
    """Log a campus visit of two hours with 30 learners of Year 10 at the world's school."""
    return activity_actions.log(
        made.link,
        type=ActivityType.objects.get(code="campus-visit"),
        starts_on=starts_on or made.today,
        summary=summary,
        hours="2",
        headcounts=[{"audience": "learners", "year_group": 10, "actual": 30}],
        by=by,
        **details,
    )


def make_plan(made, by):
    """A plan of the world's provider whose one strategy takes all campus visits."""
    year = year_of("ofs_year", made.today)
    plan = evaluation_actions.add_plan(
        made.partnership,
        provider=made.provider,
        title="Canary access plan",
        starts_on=date(year - 1, 8, 1),
        ends_on=date(year + 3, 7, 31),
        by=by,
    )
    strategy = evaluation_actions.add_strategy(plan, code="IS1", title="Canary strategy", by=by)
    evaluation_actions.allocate_type(
        strategy, type=ActivityType.objects.get(code="campus-visit"), share_bp=10_000, by=by
    )
    return plan, strategy


def finish(job, text=b"canary"):
    """End a job with a file, as its worker would."""
    job.state = Job.State.DONE
    job.file.save("canary.csv", ContentFile(text), save=False)
    job.file_name = "canary.csv"
    job.save()
    return job


def freeze(pack):
    """Give a pack its file, as its worker would."""
    pack.file.save("canary.xlsx", ContentFile(b"canary"), save=False)
    pack.sha256 = "0" * 64
    pack.frozen_at = timezone.now()
    pack.save()
    return pack
