"""More rows of every kind in the world, so that a page can be asked with few and with many."""

from datetime import date, timedelta

from activities import actions as activities
from activities.models import Activity, ActivityType
from config.tests.world import freeze, log, make_plan, part_school, year_of
from core import jobs
from core.models import ReportingPeriod
from core.tests.test_jobs import nothing
from evaluation import actions as evaluation
from needs import actions as needs
from needs import summaries
from needs.models import Need, NeedArea
from partnerships import actions as partnerships
from partnerships.models import Hub, Membership, Role
from partnerships.tests.factories import (
    make_hub,
    make_lead,
    make_link,
    make_member,
    make_partnership,
    make_provider,
    make_school,
)
from schools.models import Group, GroupMembership
from schools.tests.factories import make_code


def more(c):
    """Make one more row of every kind in the world of the cast `c`."""
    number = Hub.objects.filter(partnership=c.partnership).count()
    link = _more_schools(c, number)
    for where in (c.link, link):
        _more_talk(c, where, number)
        _more_work(c, where)
    _more_closed(c)
    _more_people(c, number)
    _more_evidence(c, number)
    summaries.recompute_hub(c.partnership.pk, c.year, c.hub.pk)
    summaries.recompute_all(c.partnership.pk, c.year)


def _more_schools(c, number):
    now = {"hub": c.hub, "hub_school": True, "targeted": True}
    link = make_link(c.partnership, make_school(f"School {number}"), owner=c.officer, **now)
    make_link(c.partnership, make_school(f"School {number} without a hub"))
    make_lead(c.link)
    make_lead(link, user=c.school_lead)
    day = date(2021, 1, 1) + timedelta(days=number)
    partnerships.change_status(
        c.link, starts_on=day, by=c.manager, level="", owner=c.officer, **now
    )
    return link


def _more_closed(c):
    """One more school that closed and is to be decided, one that was, and schools of the trust."""
    trust = make_code("trust", c.trust.uid, c.trust.name)
    make_link(c.partnership, part_school(trust=trust, standing="proposed")[0])
    old, followers = part_school(standing="proposed")
    link = make_link(c.partnership, old)
    partnerships.decide_continuation(link, successors=followers, on=c.today, by=c.manager)
    row = make_school("School of the trust", trust=trust, standing="closed").current
    GroupMembership.objects.create(group=c.trust, code=row.code, name=row.name)
    Group.objects.create(uid=row.code, name="Another trust")


def _more_talk(c, link, number):
    areas = NeedArea.objects.filter(framework__retired_on=None).order_by("-order")
    values = {area: {"value": "red", "note": "Note"} for area in areas[number - 1 : number + 1]}
    for side, by in (("partner", c.officer), ("school", c.school_lead)):
        needs.rate(link, school_year=c.year, side=side, values=values, by=by)
    partnerships.record_conversation(link, held_on=c.today, summary="Call", by=c.officer)


def _more_work(c, link):
    found = list(Need.objects.filter(school_link=link)[:2])
    changed = Activity.objects.get(pk=c.activity.pk)
    activities.edit(changed, version=changed.version, notes=f"{link}", by=c.officer)
    for days in (-2, 0, 5):
        log(c, c.officer, "Visit", starts_on=c.today + timedelta(days=days))
    there = type(c)(**{**vars(c), "link": link})
    log(there, c.officer, "Answer", needs=found, provider=c.provider)
    planned = log(there, c.manager, "Planned", starts_on=c.today + timedelta(days=9))
    activities.cancel(planned, reason="school", version=planned.version, by=c.manager)


def _more_people(c, number):
    hub = make_hub(c.partnership, f"Hub {number}")
    provider = make_provider(c.partnership, f"College {number}")
    make_member(c.partnership, hubs=[hub, c.hub], provider=provider)
    partnerships.end_person(make_member(c.partnership), by=c.manager)
    other = make_partnership(f"Partnership {number}")
    for person in (c.officer, c.manager):
        make_member(other, Role.MANAGER, user=person)
    make_lead(make_link(other), user=c.school_lead)
    _more_tokens(c)
    for person in (c.officer, c.manager, c.school_lead):
        jobs.enqueue(nothing, title="Count", by=person, partnership_id=c.partnership.pk)


def _more_tokens(c):
    for mine in Membership.objects.filter(
        partnership=c.partnership, user__in=[c.officer, c.manager]
    ):
        partnerships.issue_token(
            mine, name="Monthly", expires_on=c.today + timedelta(days=30), by=mine.user
        )


def _more_evidence(c, number):
    talk = ActivityType.objects.get(code="talk")
    activities.add_offer(c.partnership, title=f"Offer {number}", type=talk, by=c.manager)
    year = year_of("ofs_year", c.today)
    period = ReportingPeriod.objects.ofs_years().get(starts_on__year=year)
    strategy = evaluation.add_strategy(c.plan, code=f"S{number}", title="More", by=c.manager)
    evaluation.allocate_type(strategy, type=talk, share_bp=100, by=c.manager)
    for plan in (c.plan, make_plan(c, c.manager)[0]):
        freeze(evaluation.make_pack(plan, period=period, policy="partners", by=c.manager))
