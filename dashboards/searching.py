"""The search of the top bar: schools, activities and people, as far as their rooms allow."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse

from activities.models import Activity
from activities.rules import READ, partnership_ids_where
from dashboards.finding import ours
from partnerships.models import Membership, SchoolAccess, SchoolLink
from partnerships.rules import MANAGE, works_anywhere
from schools import search as register
from schools.lineage import now_in_words, successors_of_closed
from schools.models import School

MOST = 8
# A look through texts behind the row policies reads each row: so it is through the newest alone.
NEWEST = 2_000
MOST_WORDS = 8


@dataclass
class Hit:
    """One line that was found: where it leads ("" for nowhere), and what it is."""

    title: str
    url: str
    detail: str
    is_ours: bool = False


@dataclass
class Group:
    """What was found of one kind, and where all of it stands, if there is such a list."""

    title: str
    hits: list
    see_all: str = ""
    see_all_label: str = ""


def school_of_number(words):
    """The school whose URN, LAESTAB or UKPRN the words are, or None."""
    key = register.key_of(words)
    if not (key.isdigit() and len(key) >= register.SHORTEST_NUMBER):
        return None
    held = School.objects.holding(key)[:2]
    return held[0] if len(held) == 1 else None


def search(words, user):
    """What the words find, as Groups; one that the person's rooms do not hold is left out."""
    groups = [_schools(words, user)]
    if works_anywhere(user):
        groups += [_activities(words, user), _people(words, user)]
    return groups


def _schools(words, user):
    visible = School.objects.visible_to(user).select_related("current")
    mine = ours(user).values("school")
    first = list(visible.filter(pk__in=mine).search(words)[:MOST])
    known = {school.pk for school in first}
    others = [s for s in visible.suggested(words, most=2 * MOST) if s.pk not in known]
    shown = [*first, *others][:MOST]
    followed = successors_of_closed(shown)
    hits = [_school(one, one.pk in known, followed.get(one.pk, ())) for one in shown]
    see_all = f"{reverse('dashboards:schools')}?{urlencode({'q': words, 'standing': 'all'})}"
    return Group("Schools", hits, see_all, "See all schools that match")


def _school(school, is_ours, successors):
    row = school.current
    place = " ".join(part for part in (row.town, row.postcode) if part) if row else ""
    number = f"{row.scheme} {row.code}" if row else ""
    now = now_in_words(school, successors)
    detail = " · ".join(part for part in (place, number, now) if part)
    return Hit(school.name, school.get_absolute_url(), detail, is_ours)


def _activities(words, user):
    ids = partnership_ids_where(user, READ)
    rows = Activity.objects.visible_to(user).filter(partnership__in=ids)
    newest = rows.newest_first().values("pk")[:NEWEST]
    few = " ".join(words.split()[:MOST_WORDS])
    links = SchoolLink.objects.visible_to(user)
    found = rows.filter(pk__in=newest).matching(few, links).for_list().newest_first()[:MOST]
    hits = [
        Hit(
            activity.summary or activity.type.name,
            reverse("activities:detail", args=[activity.pk]),
            f"{activity.starts_on:%-d %B %Y} · {activity.school_names or 'No school'}",
        )
        for activity in found
    ]
    see_all = f"{reverse('activities:list')}?{urlencode({'q': words})}"
    return Group("Activities", hits, see_all, "See all activities that match")


def _people(words, user):
    members = _named(Membership.objects.visible_to(user).live(), words)
    leads = _named(SchoolAccess.objects.visible_to(user).filter(ended_on=None), words)
    hits = [
        Hit(row.user.name, _people_page(row.partnership, user), _role(row))
        for row in members.select_related("user", "partnership")[:MOST]
    ]
    hits += [
        Hit(row.user.name, row.school_link.get_absolute_url(), _lead(row))
        for row in leads.select_related("user", "school_link__school")[: MOST - len(hits)]
    ]
    return Group("People", hits)


def _named(rows, words):
    """Rows whose person has names that start with all the words."""
    key = Func(F("user__name"), function="f_search_key", output_field=TextField())
    rows = rows.annotate(name_key=Concat(Value(" "), key, output_field=TextField()))
    for word in register.key_of(words).split()[:MOST_WORDS]:
        rows = rows.filter(name_key__contains=f" {word}")
    return rows.order_by("user__name", "pk")


def _people_page(partnership, user):
    managed = user.has_perm(MANAGE, partnership)
    return reverse("partnerships:people", args=[partnership.pk]) if managed else ""


def _role(membership):
    return f"{membership.get_role_display()}, {membership.partnership}"


def _lead(access):
    job = access.job_title or "School lead"
    return f"{job}, {access.school_link.school.name}"
