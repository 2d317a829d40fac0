"""What the school page shows: needs side by side, one timeline, who delivers here."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Sum
from django.urls import reverse

from activities.models import (
    Activity,
    ActivityNeed,
    ActivityProvider,
    ActivitySchool,
    Headcount,
)
from needs.models import Assessment, Need, NeedArea, Rating, Value
from partnerships.models import Conversation

PER_PAGE = 20
OPENING = (Value.RED, Value.AMBER)
AREA = ("area__name", "area__order")
RATED = ("school_value", "school_on_behalf", "school_by__name", "partner_value", *AREA)
DONE = ("starts_on", *(f"activity__{name}" for name in ("summary", "status", "type__name")))
WHO = ("activity__owner__name", "activity__strand__name")


@dataclass
class AreaRow:
    """One need area at a school: both ratings, the open need, the activities of the year."""

    area: NeedArea
    rating: Rating | None = None
    need: Need | None = None
    activities: int = 0

    @property
    def differs(self):
        return self.rating is not None and self.rating.differs


@dataclass
class Entry:
    """One entry of the timeline: when, what, a line about it, its state and its marks."""

    on: date
    key: tuple
    title: str
    url: str
    about: str
    state: str = ""
    answers: list = field(default_factory=list)
    strand: str = ""


def assessment_of(link, user, year):
    """The assessment of the school year, else the newest before it, or None."""
    return (
        Assessment.objects.visible_to(user)
        .filter(school_link=link, school_year__lte=year)
        .select_related("framework")
        .order_by("-school_year")
        .first()
    )


def areas_of(link, user, assessment, year):
    """Return an AreaRow for each area that is rated or has an open need, in framework order."""
    rows = {}
    if assessment:
        ratings = Rating.objects.visible_to(user).filter(assessment=assessment)
        for rating in ratings.select_related("area", "school_by").only(*RATED):
            rows[rating.area_id] = AreaRow(rating.area, rating=rating)
    needs = Need.objects.visible_to(user).filter(school_link=link).open()
    for need in needs.select_related("area").only("raised_on", *AREA):
        rows.setdefault(need.area_id, AreaRow(need.area)).need = need
    for area, n in _answered(link, user, year):
        if area in rows:
            rows[area].activities = n
    return sorted(rows.values(), key=lambda row: row.area.order)


def _answered(link, user, year):
    answers = ActivityNeed.objects.visible_to(user).filter(
        school_link=link, activity_school__activity__school_year=year
    )
    return (
        answers.exclude(activity_school__activity__status=Activity.Status.CANCELLED)
        .values_list("need__area")
        .annotate(n=Count("activity_school__activity", distinct=True))
    )


def timeline_of(link, user, *, before=None, staff=True):
    """Return (20 entries newest first, the key of the next page or None).

    What was done at the schools that go on as this one is part of its history.

    `before` is the key (date, kind, id) of the last entry shown.
    """
    links = link.with_forerunners()
    rows = _activity_entries(links, user, before, staff) + _talk_entries(links, user, before, staff)
    rows.sort(key=lambda entry: entry.key, reverse=True)
    page = rows[:PER_PAGE]
    return page, page[-1].key if len(rows) > PER_PAGE else None


def _before(before, kind, day_field):
    """The condition that keeps rows after `before` in the merged order (date, kind, id)."""
    if before is None:
        return Q()
    day, last_kind, last_id = before
    same_day = {day_field: day}
    earlier = Q(**{f"{day_field}__lt": day})
    if kind < last_kind:
        return earlier | Q(**same_day)
    if kind == last_kind:
        return earlier | Q(**same_day, pk__lt=last_id)
    return earlier


def _activity_entries(links, user, before, staff):
    rows = (
        ActivitySchool.objects.visible_to(user)
        .filter(_before(before, "activity", "starts_on"), school_link__in=links)
        .select_related("activity__type", "activity__owner", "activity__strand")
        .only(*DONE, *WHO)
        .prefetch_related(_answers_seen(user))
        .annotate(learners=_learners_seen(user))
        .order_by("-starts_on", "-pk")
    )
    return [_activity_entry(row, staff) for row in rows[: PER_PAGE + 1]]


def _learners_seen(user):
    """How many learners came, counted only for the rows that are shown."""
    counts = Headcount.objects.visible_to(user).filter(audience="learners")
    here = counts.filter(activity_school=OuterRef("pk")).order_by().values("activity_school")
    return Subquery(here.annotate(learners=Sum("actual")).values("learners"))


def _answers_seen(user):
    """The answers to needs that the person may see: a lead does not see all of them."""
    seen = ActivityNeed.objects.visible_to(user).filter(need__in=Need.objects.visible_to(user))
    named = seen.select_related("need__area").only("activity_school", "need__area__name")
    return Prefetch("answers", named.order_by("pk"))


def _activity_entry(row, staff):
    activity = row.activity
    about = [activity.type.name]
    if row.learners and activity.status != Activity.Status.CANCELLED:
        about.append(f"{row.learners:,} {'learners' if staff else 'pupils'}")
    if staff:
        about.append(f"logged by {activity.owner.name}")
    words = {"planned": "Planned: ", "cancelled": "Cancelled: "}
    return Entry(
        row.starts_on,
        (row.starts_on, "activity", row.pk),
        words.get(activity.status, "") + activity.summary,
        activity.get_absolute_url() if staff else "",
        " · ".join(about),
        {"planned": "is-plan", "cancelled": "is-off"}.get(activity.status, ""),
        [answer.need.area.name for answer in row.answers.all()],
        activity.strand.name if staff and activity.strand else "",
    )


def _talk_entries(links, user, before, staff):
    rows = (
        Conversation.objects.visible_to(user)
        .filter(_before(before, "talk", "held_on"), school_link__in=links)
        .select_related("held_by")
        .only("held_on", "summary", "channel", "held_by__name")
        .order_by("-held_on", "-pk")
    )
    return [
        Entry(
            talk.held_on,
            (talk.held_on, "talk", talk.pk),
            talk.summary,
            reverse("partnerships:conversation", args=[talk.pk]) if staff else "",
            f"{talk.get_channel_display()} with {talk.held_by.name}",
            strand="Strategic engagement" if staff else "",
        )
        for talk in rows[: PER_PAGE + 1]
    ]


def load_of(link, user, year):
    """Who delivers here this school year: (year groups, [(provider, hours by year group)], totals).

    Hours are those that a year group was offered, split by the providers' shares, not hours ×
    learners.
    """
    found = [
        (name, group, (hours or Decimal(0)) * share / 10_000)
        for name, group, hours, share in _offered(link, user, year)
    ]
    groups = sorted({group for _, group, _ in found})
    providers = [
        (name, _by_group(list(mine), groups))
        for name, mine in groupby(found, key=lambda row: row[0])
    ]
    return groups, providers, _by_group(found, groups)


def _offered(link, user, year):
    """Provider, year group, hours and share of each delivered activity, by provider."""
    shares = ActivityProvider.objects.visible_to(user).filter(
        activity__school_year=year,
        activity__status=Activity.Status.DELIVERED,
        activity__at_schools__school_link=link,
        activity__at_schools__headcounts__audience="learners",
        activity__at_schools__headcounts__year_group__isnull=False,
    )
    year_group = "activity__at_schools__headcounts__year_group"
    return shares.order_by("provider__name", "provider").values_list(
        "provider__name", year_group, "activity__hours", "share_bp"
    )


def _by_group(rows, groups):
    sums = [sum(hours for _, group, hours in rows if group == wanted) for wanted in groups]
    return [(round(total), _strength(total)) for total in sums]


def _strength(total):
    """The step of the load colours, 0 (none) to 4."""
    return sum(total > limit for limit in (0, 4, 8, 16))
