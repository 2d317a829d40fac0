"""What the needs boards show: ranked needs, schools by area, needs and activities left alone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count, Q

from activities.models import Activity, ActivityNeed
from needs import answers, ranking, summaries
from needs.models import Need, NeedArea, NeedsSummary, Rating, Value, differ
from partnerships.models import Hub, Partnership, SchoolLink, SchoolLinkStatus
from partnerships.models.reach import memberships_of

MOST_SCHOOLS = 100
SHOWN = 5
SEVERITY = {"red": 0, "amber": 1}
RATED = ("assessment__school_link", "area", "school_value", "partner_value", "updated_at")
ANSWERED = ("activity_school__activity", "school_link", "activity_school__hub", "need__area")
NAMED = ("raised_on", "school_link__school__name", "area__name")
WORDS = {value: label.lower() for value, label in Value.choices}


@dataclass
class Scope:
    """Whose schools a board is about: one hub's or all of a partnership's, in a school year."""

    user: object
    partnership: Partnership
    school_year: int
    hub: Hub | None = None
    day: date = field(init=False)

    def __post_init__(self):
        self.day = summaries.day_of(self.school_year)

    @cached_property
    def schools(self):
        """The schools of the day as (link id, school id, name), by name."""
        rows = SchoolLink.objects.visible_to(self.user).filter(partnership=self.partnership)
        rows = rows.of_hub(self.hub, self.day) if self.hub else rows.served_on(self.day)
        rows = rows.order_by("school__sort_key", "pk")
        return list(rows.values_list("pk", "school_id", "school__name"))

    def within(self, rows, path):
        """Keep the rows of the hub's schools; a whole partnership needs no such list."""
        if not self.hub:
            return rows
        return rows.filter(**{f"{path}__in": [link for link, _, _ in self.schools]})

    @cached_property
    def ratings(self):
        """The year's ratings as (link id, area id, school's value, ours, when last written)."""
        rows = Rating.objects.visible_to(self.user).in_year(self.school_year)
        rows = rows.filter(partnership=self.partnership).order_by()
        return list(self.within(rows, "assessment__school_link").values_list(*RATED))

    @cached_property
    def both_sides(self):
        """What both sides say, by (link, area)."""
        return {(link, area): (school, ours) for link, area, school, ours, _ in self.ratings}

    @cached_property
    def open_needs(self):
        """The open needs as (id, link id, area id, whether nothing answers it), oldest first."""
        alone = answers.is_unanswered(user=self.user, school_year=self.school_year)
        rows = self.needs().annotate(alone=alone).order_by("raised_on", "pk")
        return list(rows.values_list("pk", "school_link", "area", "alone"))

    def needs(self):
        rows = Need.objects.visible_to(self.user).open().filter(partnership=self.partnership)
        return self.within(rows, "school_link")

    def activities(self):
        rows = Activity.objects.visible_to(self.user).not_cancelled()
        rows = rows.filter(partnership=self.partnership, school_year=self.school_year)
        return rows.at(hub=self.hub) if self.hub else rows

    @cached_property
    def answers(self):
        """What activities of the year answer, as (activity id, link id, hub id, area id).

        With a hub: at schools that were its own on the day, and at those it looks after now.
        """
        rows = (
            ActivityNeed.objects.visible_to(self.user)
            .filter(partnership=self.partnership)
            .filter(activity_school__activity__school_year=self.school_year)
            .exclude(activity_school__activity__status=Activity.Status.CANCELLED)
        )
        if self.hub:
            links = [link for link, _, _ in self.schools]
            rows = rows.filter(Q(activity_school__hub=self.hub) | Q(school_link__in=links))
        return list(rows.order_by().values_list(*ANSWERED).distinct())

    def figures(self):
        return (
            NeedsSummary.objects.visible_to(self.user)
            .filter(partnership=self.partnership, school_year=self.school_year)
            .select_related("area")
        )


def areas_in_use():
    """The areas of the framework in use, in its order."""
    return list(NeedArea.objects.in_use())


def ranked_of(scope):
    """Return (RankedRow in order of urgency, as at when or None)."""
    rows = list(scope.figures().filter(hub=scope.hub))
    apart = Counter(area for (_, area), sides in scope.both_sides.items() if differ(*sides))
    done = {
        (area, activity)
        for activity, _, hub, area in scope.answers
        if not scope.hub or hub == scope.hub.pk
    }
    activities = Counter(area for area, _ in done)
    ranked = ranking.rank((row.area, row.side, row) for row in rows)
    for row in ranked:
        row.differ = apart[row.area.pk]
        row.activities = activities[row.area.pk]
    return ranked, min((row.as_at for row in rows), default=None)


def last_rated(scope):
    """When a rating of these schools was last written, or None."""
    return max((at for *_, at in scope.ratings), default=None)


def cells_of(scope):
    """What the grid holds: ratings, activity counts and open needs, each by (link, area)."""
    done = {(link, area, activity) for activity, link, _, area in scope.answers}
    counts = Counter((link, area) for link, area, _ in done)
    needs = {(link, area): need for need, link, area, _ in scope.open_needs}
    return scope.both_sides, counts, needs


def unanswered_of(scope):
    """Return (the first needs that no activity answers this year, how many in all).

    Worst first: what either side calls red, then the longest open.
    """
    sides = {
        need: scope.both_sides.get((link, area), ("", ""))
        for need, link, area, alone in scope.open_needs
        if alone
    }
    worst = sorted(sides, key=lambda pk: min(SEVERITY.get(side, 2) for side in sides[pk]))
    needs = Need.objects.visible_to(scope.user).with_names().only(*NAMED)
    needs = needs.order_by().in_bulk(worst[:SHOWN])
    shown = [needs[pk] for pk in worst[:SHOWN]]
    for need in shown:
        need.said = [WORDS.get(side, "nothing yet") for side in sides[need.pk]]
    return shown, len(sides)


def unlinked_of(scope):
    """Return (the newest activities that answer no need, how many of them, of how many)."""
    rows = scope.activities()
    in_all, without = rows.in_all_and_without_need()
    shown = rows.without_need().for_line().only("summary", "starts_on").newest_first()[:SHOWN]
    return list(shown) if without else [], without, in_all


def hubs_of(scope):
    """Each hub of the partnership by name, with its schools of the day and its ranked needs."""
    figures = {}
    for row in scope.figures().filter(hub__isnull=False):
        figures.setdefault(row.hub_id, []).append((row.area, row.side, row))
    statuses = SchoolLinkStatus.objects.visible_to(scope.user).on(scope.day).order_by()
    schools = dict(
        statuses.filter(partnership=scope.partnership)
        .values_list("hub")
        .annotate(n=Count("school_link"))
    )
    hubs = Hub.objects.visible_to(scope.user).filter(partnership=scope.partnership)
    return [
        {
            "hub": hub,
            "schools": schools.get(hub.pk, 0),
            "ranked": ranking.rank(figures.get(hub.pk, [])),
        }
        for hub in hubs
    ]


def table_of(scope):
    """The grid as rows of a file: school, area, both sides in words, activities."""
    ratings, counts, _ = cells_of(scope)
    words = dict(Value.choices)
    areas = areas_in_use()
    for link, _, name in scope.schools:
        for area in areas:
            school, partner = ratings.get((link, area.pk), ("", ""))
            yield (
                name,
                area.name,
                words.get(school, "Not rated"),
                words.get(partner, "Not rated"),
                counts.get((link, area.pk), 0),
            )


def boards_of(user):
    """The boards a person may choose: [(value, label)], partnerships first, each with its hubs."""
    hubs = {}
    rows = Hub.objects.visible_to(user).values_list("pk", "name", "partnership")
    for pk, name, partnership in rows:
        hubs.setdefault(partnership, []).append((f"hub-{pk}", name))
    found = []
    for partnership in [membership.partnership for membership in memberships_of(user)]:
        found.append((f"partnership-{partnership.pk}", f"{partnership.name}, all hubs"))
        found += hubs.get(partnership.pk, [])
    return found
