"""What the needs boards show: ranked needs, schools by area, needs and activities left alone."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count, Max

from activities.models import Activity, ActivityNeed
from needs import answers, ranking, summaries
from needs.models import Need, NeedArea, NeedsSummary, Rating, Value
from partnerships.models import Hub, Partnership, SchoolLink, SchoolLinkStatus

MOST_SCHOOLS = 100
SHOWN = 5
SEVERITY = {"red": 0, "amber": 1}
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

    def ratings(self):
        rows = Rating.objects.visible_to(self.user).in_year(self.school_year)
        rows = rows.filter(partnership=self.partnership).order_by()
        return self.within(rows, "assessment__school_link")

    def needs(self):
        rows = Need.objects.visible_to(self.user).open().filter(partnership=self.partnership)
        return self.within(rows, "school_link")

    def activities(self):
        rows = Activity.objects.visible_to(self.user).not_cancelled()
        rows = rows.filter(partnership=self.partnership, school_year=self.school_year)
        return rows.at(hub=self.hub) if self.hub else rows

    def answers(self):
        return (
            ActivityNeed.objects.visible_to(self.user)
            .filter(partnership=self.partnership)
            .filter(activity_school__activity__school_year=self.school_year)
            .exclude(activity_school__activity__status=Activity.Status.CANCELLED)
            .order_by()
        )

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
    differ = dict(scope.ratings().differing().values_list("area").annotate(n=Count("pk")))
    done = scope.answers()
    if scope.hub:
        done = done.filter(activity_school__hub=scope.hub)
    activities = dict(
        done.values_list("need__area").annotate(n=Count("activity_school__activity", distinct=True))
    )
    ranked = ranking.rank((row.area, row.side, row) for row in rows)
    for row in ranked:
        row.differ = differ.get(row.area.pk, 0)
        row.activities = activities.get(row.area.pk, 0)
    return ranked, min((row.as_at for row in rows), default=None)


def last_rated(scope):
    """When a rating of these schools was last written, or None."""
    return scope.ratings().aggregate(at=Max("updated_at"))["at"]


def cells_of(scope):
    """What the grid holds: ratings, activity counts and open needs, each by (link, area)."""
    ratings = {
        (link, area): (school, partner)
        for link, area, school, partner in scope.ratings().values_list(
            "assessment__school_link", "area", "school_value", "partner_value"
        )
    }
    counts = {
        (link, area): n
        for link, area, n in scope.within(scope.answers(), "school_link")
        .values_list("school_link", "need__area")
        .annotate(n=Count("activity_school__activity", distinct=True))
    }
    needs = {
        (link, area): need
        for link, area, need in scope.needs().values_list("school_link", "area", "pk")
    }
    return ratings, counts, needs


def unanswered_of(scope, ratings):
    """Return (the first needs that no activity answers this year, how many in all).

    Worst first: what either side calls red, then the longest open.
    """
    rows = answers.unanswered(scope.needs(), user=scope.user, school_year=scope.school_year)
    keys = list(rows.order_by("raised_on", "pk").values_list("pk", "school_link", "area"))
    sides = {pk: ratings.get((link, area), ("", "")) for pk, link, area in keys}
    worst = sorted(sides, key=lambda pk: min(SEVERITY.get(side, 2) for side in sides[pk]))
    needs = Need.objects.visible_to(scope.user).with_names().in_bulk(worst[:SHOWN])
    shown = [needs[pk] for pk in worst[:SHOWN]]
    for need in shown:
        need.said = [WORDS.get(side, "nothing yet") for side in sides[need.pk]]
    return shown, len(keys)


def unlinked_of(scope):
    """Return (the newest activities that answer no need, how many of them, of how many)."""
    rows = scope.activities()
    alone = rows.without_need()
    total, without = rows.count(), alone.count()
    shown = alone.for_list().newest_first()[:SHOWN] if without else []
    return list(shown), without, total


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
    for hub in Hub.objects.visible_to(user):
        hubs.setdefault(hub.partnership_id, []).append((f"hub-{hub.pk}", hub.name))
    found = []
    for partnership in Partnership.objects.visible_to(user):
        found.append((f"partnership-{partnership.pk}", f"{partnership.name}, all hubs"))
        found += hubs.get(partnership.pk, [])
    return found
