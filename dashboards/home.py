"""What the home page shows a person: their week, what waits for them, who has gone quiet."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityNeed, ActivitySchool
from core.models import ReportingPeriod
from dashboards.contact import open_needs_of, without_recent_contact
from needs.models import Assessment, Need
from partnerships.models import Conversation, Hub, SchoolLink, SchoolLinkStatus
from partnerships.rules import memberships_of, works_with_schools

MOST = 5
UNLINKED_FOR = timedelta(days=60)


@dataclass
class Task:
    """Something that waits for a person: what, why, and the one verb that deals with it."""

    what: str
    why: str
    url: str
    verb: str
    since: object


def my_links(user, today):
    """The schools a person looks after, owned or in their hubs; all where there are none."""
    served = SchoolLink.objects.visible_to(user).served_on(today)
    mine = SchoolLinkStatus.objects.visible_to(user).on(today)
    mine = mine.filter(Q(owner=user.pk) | Q(hub__in=_my_hubs(user)))
    own = served.filter(pk__in=mine.values("school_link"))
    return own if own.exists() else served


def _my_hubs(user):
    return Hub.objects.visible_to(user).filter(memberships__in=memberships_of(user))


def week_of(user, today):
    """Return the five working days with the person's activities and conversations on each."""
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=n) for n in range(5)]
    span = (days[0], days[-1])
    activities = (
        Activity.objects.visible_to(user).filter(owner=user, starts_on__range=span).for_list()
    )
    talks = Conversation.objects.visible_to(user).filter(held_by=user, held_on__range=span)
    talks = talks.with_names()
    return [
        {
            "day": day,
            "is_today": day == today,
            "activities": [row for row in activities if row.starts_on == day],
            "conversations": [row for row in talks if row.held_on == day],
        }
        for day in days
    ]


def tasks_for(user, links, today):
    """Return (a few tasks, the oldest of each kind in turn; the number of all).

    Only where the person works with schools: a viewer elsewhere is asked for nothing there.
    """
    working = [row for row in memberships_of(user) if works_with_schools(user, row.partnership)]
    mine = [row.partnership_id for row in working]
    links = links.filter(partnership__in=mine)
    kinds = [
        _not_logged(user, mine, today),
        _to_agree(user, links),
        _no_need(user, mine, today),
        _no_activity(user, links, today),
    ]
    in_turn = zip_longest(*(sorted(kind, key=lambda task: task.since) for kind in kinds))
    found = [task for turn in in_turn for task in turn if task is not None]
    return found[:MOST], len(found)


def _not_logged(user, mine, today):
    rows = Activity.objects.visible_to(user).filter(
        partnership__in=mine, owner=user, status=Activity.Status.PLANNED, starts_on__lt=today
    )
    for activity in rows.for_list()[:20]:
        yield Task(
            f"Say how “{activity.summary}” went",
            f"Planned for {activity.starts_on:%-d %B} at {activity.school_names}, not logged yet.",
            reverse("activities:edit", args=[activity.pk]),
            "Log",
            activity.starts_on,
        )


def _to_agree(user, links):
    rows = Assessment.objects.visible_to(user).filter(
        school_link__in=links, school_agreed_at__isnull=False, partner_agreed_at__isnull=True
    )
    for assessment in rows.select_related("school_link__school")[:20]:
        agreed_on = timezone.localdate(assessment.school_agreed_at)
        url = reverse("needs:rate", args=[assessment.school_link_id])
        yield Task(
            f"Agree {assessment.school_link.school.name}’s ratings",
            f"The school agreed its side on {agreed_on:%-d %B}.",
            f"{url}?year={assessment.school_year}",
            "Review",
            agreed_on,
        )


def _no_need(user, mine, today):
    answers = ActivityNeed.objects.visible_to(user).filter(activity_school__activity=OuterRef("pk"))
    rows = (
        Activity.objects.visible_to(user)
        .filter(partnership__in=mine, owner=user, status=Activity.Status.DELIVERED)
        .filter(~Exists(answers), starts_on__gte=today - UNLINKED_FOR)
    )
    for activity in rows.for_list()[:20]:
        yield Task(
            f"Say which need “{activity.summary}” answers",
            f"Logged {activity.starts_on:%-d %B} at {activity.school_names}, no need linked.",
            reverse("activities:link_needs", args=[activity.pk]),
            "Link",
            activity.starts_on,
        )


def _no_activity(user, links, today):
    year = ReportingPeriod.objects.year_of(ReportingPeriod.Kind.SCHOOL_YEAR, today)
    answered = (
        ActivityNeed.objects.visible_to(user)
        .filter(need=OuterRef("pk"), activity_school__activity__school_year=year)
        .exclude(activity_school__activity__status=Activity.Status.CANCELLED)
    )
    rows = (
        Need.objects.visible_to(user)
        .open()
        .filter(school_link__in=links, status=Need.Status.CONFIRMED)
        .filter(~Exists(answered))
    )
    for need in rows.with_names().order_by("raised_on", "pk")[:20]:
        yield Task(
            f"Plan for {need.area.name}, {need.school_link.school.name}",
            f"Raised by both sides on {need.raised_on:%-d %B %Y}, no activity this year.",
            f"{reverse('activities:log')}?need={need.pk}",
            "Plan",
            need.raised_on,
        )


def quiet_schools(user, links, today):
    """Return (rows of the longest silent schools, the number of all)."""
    quiet = without_recent_contact(links, user, today)
    rows = list(quiet.with_names()[:MOST])
    needs = open_needs_of([link.pk for link in rows], user)
    return [
        {
            "link": link,
            "days": (today - link.last_contact).days if link.last_contact else None,
            "needs": needs.get(link.pk, 0),
        }
        for link in rows
    ], quiet.count()


def recent_activity(user, links):
    """Return the newest delivered activities at these schools."""
    at_mine = ActivitySchool.objects.visible_to(user).filter(school_link__in=links)
    rows = Activity.objects.visible_to(user).filter(
        pk__in=at_mine.values("activity"),
        status=Activity.Status.DELIVERED,
        starts_on__lte=timezone.localdate(),
    )
    return rows.for_list()[:MOST]
