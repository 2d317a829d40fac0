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
from schools.lineage import successors_of_closed
from schools.models import School

MOST = 8
FEW_SCHOOLS, FEW_OTHERS = 5, 3
# A look through texts behind the row policies reads each row: so it is through the newest alone.
NEWEST = 2_000
MOST_WORDS = 8


@dataclass
class Hit:
    """One line that was found: where it leads ("" for nowhere), and what it is.

    `followed_by` holds the Neighbours that came of a school that closed.
    """

    title: str
    url: str
    detail: str
    is_ours: bool = False
    followed_by: tuple = ()


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


def search(words, user, schools=MOST, others=MOST):
    """What the words find, as Groups; one that the person's rooms do not hold is left out."""
    groups = [_schools(words, user, schools)]
    if works_anywhere(user):
        groups += [_activities(words, user, others), _people(words, user, others)]
    return groups


def suggest(words, user):
    """The first few of each kind for what has been typed so far, as rows of a list to choose from.

    A person who has no page of their own leads to the search.
    """
    return [
        {
            "group": group.title,
            "name": hit.title,
            "detail": " · ".join(part for part in (hit.detail, _followed(hit)) if part),
            "mark": "With us" if hit.is_ours else "",
            "url": hit.url or _search_address(hit.title),
        }
        for group in search(words, user, FEW_SCHOOLS, FEW_OTHERS)
        for hit in group.hits
    ]


def _search_address(words):
    """Where the search shows all that these words find."""
    return f"{reverse('dashboards:search')}?{urlencode({'q': words})}"


def _followed(hit):
    names = " and ".join(str(neighbour) for neighbour in hit.followed_by)
    return f"now {names}" if names else ""


def _schools(words, user, most):
    """Open schools before those that are not; of each, ours before the rest of the register."""
    visible = School.objects.visible_to(user)
    mine = set(ours(user).values_list("school", flat=True))
    first = visible.filter(pk__in=mine).having(words).values_list("pk", flat=True)[:most]
    pks = dict.fromkeys([*first, *register.ranked(words, 2 * most)])
    rows = visible.for_choice().in_bulk(list(pks))
    found = [rows[pk] for pk in pks if pk in rows]
    found = sorted(found, key=lambda s: (not s.is_open, s.pk not in mine))[:most]
    followed = successors_of_closed(found)
    hits = [_school(s, s.pk in mine, tuple(followed.get(s.pk, ()))) for s in found]
    see_all = f"{reverse('dashboards:schools')}?{urlencode({'q': words, 'standing': 'all'})}"
    return Group("Schools", hits, see_all, "See all schools that match")


def _school(school, is_ours, followed_by):
    row = school.current
    place = " ".join(part for part in (row.town, row.postcode) if part) if row else ""
    number = f"{row.scheme} {row.code}" if row else ""
    standing = "" if school.is_open else school.get_standing_display()
    detail = " · ".join(part for part in (place, number, standing) if part)
    return Hit(school.name, school.get_absolute_url(), detail, is_ours, followed_by)


def _activities(words, user, most):
    ids = partnership_ids_where(user, READ)
    rows = Activity.objects.visible_to(user).filter(partnership__in=ids)
    newest = rows.newest_first().values("pk")[:NEWEST]
    few = " ".join(words.split()[:MOST_WORDS])
    links = SchoolLink.objects.visible_to(user)
    found = rows.filter(pk__in=newest).matching(few, links).with_schools().newest_first()[:most]
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


def _people(words, user, most):
    members = _named(Membership.objects.visible_to(user).live(), words)
    leads = _named(SchoolAccess.objects.visible_to(user).filter(ended_on=None), words)
    hits = [
        Hit(row.user.name, _people_page(row.partnership, user), _role(row))
        for row in members.select_related("user", "partnership")[:most]
    ]
    hits += [
        Hit(row.user.name, row.school_link.get_absolute_url(), _lead(row))
        for row in leads.select_related("user", "school_link__school")[: most - len(hits)]
    ]
    return Group("People", hits)


def _named(rows, words):
    """Rows whose person has names that start with all the words."""
    key = Func(F("user__name"), function="f_search_key", output_field=TextField())
    rows = rows.annotate(name_key=Concat(Value(" "), key, output_field=TextField()))
    starts = register.key_of(words).split()[:MOST_WORDS]
    for start in starts:
        rows = rows.filter(name_key__contains=f" {start}")
    rows = rows if starts else rows.none()
    return rows.order_by("user__name", "pk")


def _people_page(partnership, user):
    managed = user.has_perm(MANAGE, partnership)
    return reverse("partnerships:people", args=[partnership.pk]) if managed else ""


def _role(membership):
    return f"{membership.get_role_display()}, {membership.partnership}"


def _lead(access):
    job = access.job_title or "School lead"
    return f"{job}, {access.school_link.school.name}"
