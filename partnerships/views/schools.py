"""Pages of a partnership's schools: the list, finding one, and what each is over time."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.templatetags.components import year_groups
from partnerships import actions
from partnerships.forms import (
    EndSchoolForm,
    FindSchoolForm,
    SchoolFilterForm,
    StatusForm,
    YearGroupsForm,
)
from partnerships.models import Membership, Partnership, SchoolLink
from partnerships.rules import CONVERSE, MANAGE, is_member
from partnerships.views.asking import ask
from schools import lineage
from schools.models import School

PER_PAGE = 25
MOST_FOUND = 20


@require_GET
def schools(request, pk):
    """List a partnership's schools by name, filtered."""
    partnership = _find(request.user, pk)
    today = timezone.localdate()
    form = SchoolFilterForm(request.GET, user=request.user, partnership=partnership)
    rows = SchoolLink.objects.visible_to(request.user).filter(partnership=partnership)
    rows = form.apply(rows, today)
    page = rows.select_related("school__current").with_status(today)
    return render(
        request,
        "partnerships/schools.html",
        {
            "nav": "schools",
            "partnership": partnership,
            "form": form,
            "tags": [
                (label, value, _without(request.GET, name)) for name, label, value in form.tags()
            ],
            "count": rows.count(),
            "can_manage": request.user.has_perm(MANAGE, partnership),
            "today": today,
            **_page(page, request.GET),
        },
    )


def _page(rows, asked):
    """Cut 25 links after or before the one named in the address."""
    after, before = _place(rows, asked.get("after")), _place(rows, asked.get("before"))
    if before:
        cut = list(rows.before(before).order_by("-school__sort_key", "-pk")[: PER_PAGE + 1])
        more_back, more_on = len(cut) > PER_PAGE, True
        cut = cut[:PER_PAGE][::-1]
    else:
        cut = list((rows.after(after) if after else rows)[: PER_PAGE + 1])
        more_back, more_on = after is not None, len(cut) > PER_PAGE
        cut = cut[:PER_PAGE]
    return {
        "links": cut,
        "previous": _with(asked, before=cut[0].pk) if cut and more_back else "",
        "next": _with(asked, after=cut[-1].pk) if cut and more_on else "",
    }


def _place(rows, pk):
    return rows.filter(pk=int(pk[:18])).first() if pk and pk.isdecimal() else None


def _with(asked, **place):
    query = asked.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(place)
    return f"?{query.urlencode()}"


def _without(asked, name):
    query = asked.copy()
    for gone in (name, "after", "before"):
        query.pop(gone, None)
    return f"?{query.urlencode()}"


@require_GET
def my_schools(request):
    """Answer a picker with the schools that a person works with or leads."""
    links = SchoolLink.objects.visible_to(request.user).matching(request.GET.get("q", ""))
    rows = links.select_related("school__current", "partnership").with_status(timezone.localdate())
    several = len(Partnership.objects.visible_to(request.user)[:2]) > 1
    return JsonResponse({"results": [_as_option(row, several) for row in rows[:MOST_FOUND]]})


def _as_option(row, several):
    town = row.school.current.town if row.school.current else ""
    name = ", ".join(filter(None, [row.school.name, town]))
    if row.status and row.status.hub:
        name = f"{name} ({row.status.hub})"
    detail = {"detail": row.partnership.name} if several else {}
    return {"id": row.pk, "name": name, **detail}


@require_GET
def find_school(request, pk):
    """Search the register for a school to add."""
    partnership = _find_to_manage(request.user, pk)
    chosen = request.GET.get("school", "")
    if chosen.isdecimal():
        return redirect("partnerships:link_school", pk=partnership.pk, school_pk=int(chosen[:18]))
    form = FindSchoolForm(request.GET or None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    if "school" in request.GET:
        form.add_error(None, "Choose a school from the list, or search the register for it.")
    found = _found_schools(request.user, words) if words else []
    links = SchoolLink.objects.visible_to(request.user).filter(partnership=partnership)
    linked = dict(links.filter(school__in=found).values_list("school", "pk"))
    return render(
        request,
        "partnerships/find_school.html",
        {
            "nav": "schools",
            "partnership": partnership,
            "form": form,
            "words": words,
            "found": _lines(found, linked),
        },
    )


def _found_schools(user, words):
    found = School.objects.visible_to(user).search(words)
    return list(found.select_related("current")[:MOST_FOUND])


def _lines(schools, linked):
    """Each school with the link that we have to it, and what it is if it is not open."""
    followed = lineage.successors_of_closed(schools)
    return [
        (one, linked.get(one.pk), lineage.now_in_words(one, followed.get(one.pk, ())))
        for one in schools
    ]


@require_http_methods(["GET", "POST"])
def link_school(request, pk, school_pk):
    """Take a school of the register among the partnership's schools."""
    partnership = _find_to_manage(request.user, pk)
    school = get_object_or_404(School.objects.visible_to(request.user), pk=school_pk)
    schools_url = reverse("partnerships:schools", args=[partnership.pk])
    return ask(
        request,
        StatusForm(request.POST or None, user=request.user, partnership_id=partnership.pk),
        lambda data: actions.link_school(partnership, school, by=request.user, **data),
        said=f"{school} added to your schools.",
        to=schools_url,
        title=f"Add {school}",
        lede="Say what the school is to you from the first day. You can change it later.",
        button="Add this school",
        back=reverse("partnerships:find_school", args=[partnership.pk]),
        nav="schools",
        partnership=partnership,
        crumb=("Schools", schools_url),
    )


@require_GET
def link(request, pk):
    """Show what a school is to the partnership, what it was, and who leads there."""
    row = _find_link(request.user, pk)
    if not is_member(request.user, row):
        raise PermissionDenied
    today = timezone.localdate()
    statuses = list(row.statuses.select_related("hub", "owner"))
    accesses = list(row.accesses.select_related("user"))
    return render(
        request,
        "partnerships/link.html",
        {
            "nav": "schools",
            "link": row,
            "partnership": row.partnership,
            "statuses": statuses,
            "present": next((status for status in statuses if _holds(status, today)), None),
            "leads": [access for access in accesses if access.ended_on is None],
            "former": [access for access in accesses if access.ended_on is not None],
            "conversations": row.conversations.select_related("held_by")[:5],
            "can_manage": request.user.has_perm(MANAGE, row),
            "can_converse": request.user.has_perm(CONVERSE, row),
        },
    )


def _holds(status, day):
    return status.starts_on <= day and (status.ends_on is None or status.ends_on >= day)


@require_http_methods(["GET", "POST"])
def change_status(request, pk):
    """Say what a school is from a day on."""
    row = _find_link_to_manage(request.user, pk)
    form = StatusForm(
        request.POST or None,
        initial=_facts(request.user, row),
        user=request.user,
        partnership_id=row.partnership_id,
    )
    return ask(
        request,
        form,
        lambda data: actions.change_status(row, by=request.user, **data),
        said="Saved. What it was until the day before is kept.",
        title=f"Change what {row} is",
        lede="From the day you choose. What the school was until then stays on record.",
        button="Save the change",
        **_frame(row),
    )


def _facts(user, row):
    status = row.statuses.first()
    if status is None:
        return {}
    people = Membership.objects.visible_to(user).filter(partnership=row.partnership_id).live()
    return {
        "starts_on": max(status.starts_on, timezone.localdate()),
        "hub": status.hub_id,
        "hub_school": status.hub_school,
        "targeted": status.targeted,
        "level": status.level,
        "owner": people.filter(user=status.owner_id).first() if status.owner_id else None,
    }


@require_http_methods(["GET", "POST"])
def end_school(request, pk):
    """Stop working with a school after a day."""
    row = _find_link_to_manage(request.user, pk)
    return ask(
        request,
        EndSchoolForm(request.POST or None),
        lambda data: actions.end_school(row, by=request.user, **data),
        said=f"Work with {row} ends. Everything done there stays.",
        title=f"Stop working with {row}",
        lede="Activities, needs and conversations stay. You can add the school again later.",
        button="Stop working with this school",
        danger=True,
        **_frame(row),
    )


@require_http_methods(["GET", "POST"])
def correct_year_groups(request, pk):
    """Say which year groups a school teaches, where the ages in the register mislead."""
    row = _find_link_to_manage(request.user, pk)
    derived = year_groups(row.derived_years())
    return ask(
        request,
        YearGroupsForm(
            request.POST or None,
            initial={"year_groups": row.taught_years(), "reason": row.year_groups_reason},
        ),
        lambda data: actions.correct_year_groups(row, by=request.user, **data),
        said="Saved.",
        title=f"Year groups of {row}",
        lede=f"As derived from the ages in the register: {derived}. Say what is right; it holds "
        "for your partnership alone.",
        button="Save the year groups",
        **_frame(row),
    )


def _find(user, pk):
    return get_object_or_404(Partnership.objects.visible_to(user), pk=pk)


def _find_to_manage(user, pk):
    partnership = _find(user, pk)
    if not user.has_perm(MANAGE, partnership):
        raise PermissionDenied
    return partnership


def _find_link(user, pk):
    rows = SchoolLink.objects.visible_to(user).select_related("school__current", "partnership")
    return get_object_or_404(rows, pk=pk)


def _find_link_to_manage(user, pk):
    row = _find_link(user, pk)
    if not user.has_perm(MANAGE, row):
        raise PermissionDenied
    return row


def _frame(row):
    url = reverse("partnerships:link", args=[row.pk])
    return {
        "nav": "schools",
        "partnership": row.partnership,
        "to": url,
        "back": url,
        "crumb": (row.school.name, url),
    }
