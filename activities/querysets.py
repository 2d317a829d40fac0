"""Reading activities: by person, by school, by what they answer."""

from django.apps import apps
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast

from partnerships.models.owned import OwnedQuerySet, SchoolOwnedQuerySet

ACTUAL, EXPECTED = "actual", "expected"


def _rows(model, path):
    """Rows of `model` that hang below the outer activity, grouped by it."""
    rows = apps.get_model("activities", model).objects.filter(**{path: OuterRef("pk")})
    return rows.order_by().values(path)


def joined(model, path, name, separator="; "):
    """One text of the different names that hang below an activity, in their order."""
    names = Cast(name, CharField())
    listed = StringAgg(names, separator, distinct=True, order_by=names)
    return Subquery(_rows(model, path).annotate(listed=listed).values("listed"))


def schools(name):
    return joined("ActivitySchool", "activity", name)


def at_any_school(**facts):
    """Whether a school of the activity had these facts on the day."""
    rows = apps.get_model("activities", "ActivitySchool").objects
    return Exists(rows.filter(activity=OuterRef("pk"), **facts))


def _having(word, names):
    """The first of each pair (id, name) that has the word in its name."""
    return [pk for pk, name in names if word.casefold() in name.casefold()]


def people(audience, counted):
    """How many people of one audience, over all the schools of an activity."""
    rows = _rows("Headcount", "activity_school__activity").filter(audience=audience)
    return Subquery(rows.annotate(people=Sum(counted)).values("people"))


def year_groups():
    """The learners' year groups as one text, in their order."""
    rows = _rows("Headcount", "activity_school__activity").filter(year_group__isnull=False)
    names = Cast("year_group", CharField())
    listed = StringAgg(names, ", ", order_by="year_group")
    return Subquery(rows.annotate(listed=listed).values("listed"))


def answers():
    return joined("ActivityNeed", "activity_school__activity", "need__area__name")


class ActivityQuerySet(OwnedQuerySet):
    """Activities, seen by the members of their partnership alone."""

    def for_list(self):
        """With what a line about an activity shows: schools, learners, needs, who and what."""
        rows = self.with_schools().select_related("type", "strand", "owner")
        return rows.annotate(
            learners=people("learners", ACTUAL),
            needs_answered=answers(),
        )

    def for_line(self):
        """With what one short line shows: which schools, how many learners."""
        return self.annotate(
            school_names=schools("school__name"), learners=people("learners", ACTUAL)
        )

    def with_schools(self):
        """With the names of the schools and the kind."""
        return self.select_related("type").annotate(school_names=schools("school__name"))

    def with_names(self):
        """With the rows that its own page shows beside it."""
        return self.select_related("type", "strand", "owner", "adapted_from", "partnership")

    def not_cancelled(self):
        return self.exclude(status="cancelled")

    def at(self, **school):
        """Activities at a school row with these facts."""
        return self.filter(self._below("ActivitySchool", "activity", **school))

    def answering(self, **need):
        """Activities that answer a need with these facts."""
        return self.filter(self._below("ActivityNeed", "activity_school__activity", **need))

    def without_need(self):
        return self.filter(self._no_need())

    def in_all_and_without_need(self):
        """Return (how many, how many of them answer no need)."""
        alone = Count("pk", filter=self._no_need())
        numbers = self.aggregate(in_all=Count("pk"), alone=alone)
        return numbers["in_all"], numbers["alone"]

    def _no_need(self):
        return ~self._below("ActivityNeed", "activity_school__activity")

    def counting(self, **headcount):
        """Activities with a headcount of these facts."""
        return self.filter(self._below("Headcount", "activity_school__activity", **headcount))

    def delivered_by(self, provider):
        return self.filter(self._below("ActivityProvider", "activity", provider=provider))

    def _below(self, model, path, *conditions, **facts):
        rows = apps.get_model("activities", model).objects
        return Exists(rows.filter(*conditions, **{path: OuterRef("pk")}, **facts))

    def matching(self, words, links):
        """Activities that have every word in their line, their type or a school's name.

        The names are those of `links`, SchoolLinks that the person sees: few beside the register.
        The name counts that the school has now, and that which it had on the day.
        """
        rows = self
        if not words.split():
            return rows
        names = list(links.order_by().values_list("pk", "school__name"))
        earlier = self._names_on_the_day(links)
        for word in words.split():
            named = Q(school_link__in=_having(word, names))
            then = Q(establishment__in=_having(word, earlier))
            rows = rows.filter(
                Q(summary__icontains=word)
                | Q(type__name__icontains=word)
                | self._below("ActivitySchool", "activity", named | then)
            )
        return rows

    def _names_on_the_day(self, links):
        """Pairs (establishment, its name) where a school was another one on the day than now."""
        rows = apps.get_model("activities", "ActivitySchool").objects.filter(school_link__in=links)
        was = rows.exclude(establishment=F("school_link__school__current")).order_by()
        return list(was.values_list("establishment", "establishment__name").distinct())

    def newest_first(self):
        return self.order_by("-starts_on", "-pk")

    def after(self, day, pk):
        """The older ones in the order of the list."""
        return self.filter(Q(starts_on__lt=day) | Q(pk__lt=pk), starts_on__lte=day)

    def before(self, day, pk):
        """The newer ones in the order of the list."""
        return self.filter(Q(starts_on__gt=day) | Q(pk__gt=pk), starts_on__gte=day)

    def as_count(self):
        """Their number, for use inside another query."""
        one = self.order_by().annotate(one=Value(1)).values("one")
        return Subquery(one.annotate(n=Count("pk")).values("n"))


class ActivitySchoolQuerySet(SchoolOwnedQuerySet):
    """Activities at a school, seen by members and by that school's leads."""

    def latest_at(self, link, n):
        """The newest at one school that were not cancelled."""
        rows = self.filter(school_link=link).exclude(activity__status="cancelled")
        return (
            rows.select_related("activity__type")
            .annotate(learners=Sum("headcounts__actual", filter=Q(headcounts__audience="learners")))
            .order_by("-starts_on", "-pk")[:n]
        )

    def last_visited_by(self, user, n):
        """The links where a person logged last, newest first, each once."""
        rows = (
            self.filter(activity__owner=user.pk)
            .order_by("-pk")
            .values_list("school_link", flat=True)
        )
        return list(dict.fromkeys(rows[: 10 * n]))[:n]
