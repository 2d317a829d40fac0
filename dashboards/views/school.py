"""The school page: for staff all of it, for the school's lead their own page."""

from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from core.models import ReportingPeriod
from dashboards import school as reading
from dashboards.contact import with_last_contact
from needs.models import NeedArea, NeedFramework
from partnerships.models import Partnership, SchoolAccess, SchoolLink
from partnerships.rules import MANAGE, is_member, works_with_schools
from schools import lineage
from schools.models import School, Standing


def school_page(request, pk):
    """Show one school: the register's facts to all, the work there to those who share it."""
    try:
        school = _with_facts(School.objects.visible_to(request.user)).get(pk=pk)
    except School.DoesNotExist:
        return _gone_on(request, pk)
    links = list(SchoolLink.objects.visible_to(request.user).with_names().filter(school=school))
    link = _chosen(links, request.GET.get("partnership"))
    if link is None:
        return _register_page(request, school)
    staff = is_member(request.user, link)
    context = {
        "nav": "schools",
        "school": school,
        "link": link,
        "links": links,
        **_lineage_of(school),
        **_work_at(link, request, staff),
    }
    if not staff:
        return render(request, "dashboards/portal.html", context)
    context |= _for_staff(link, request.user, context["year"])
    return render(request, "dashboards/school.html", context)


def _gone_on(request, pk):
    """Lead from the address of a school that was joined to another to that one."""
    school = lineage.now_at(pk) if request.user.is_authenticated else None
    if school is None:
        raise Http404
    query = request.GET.urlencode()
    return redirect(f"{school.get_absolute_url()}{'?' if query else ''}{query}")


CODED = [f"current__{name}" for name in ("type", "phase", "status", "authority", "trust")]
FACTS = ("code", "low_age", "high_age", "pupils", "fsm_percent", "town", "postcode", "closed_on")


def _with_facts(schools):
    """The schools with those of their many facts that the page shows."""
    shown = [f"current__{name}" for name in (*FACTS, "trust__code")]
    names = [f"{path}__name" for path in CODED]
    return schools.select_related(*CODED).only("name", "standing", *shown, *names)


def _chosen(links, wanted):
    """The link to show: the partnership asked for, else the first."""
    if not wanted:
        return links[0] if links else None
    for link in links:
        if str(link.partnership_id) == wanted:
            return link
    raise Http404


def _lineage_of(school):
    """What came before a school and what follows a closed one; of open ones the record tells."""
    return lineage.follows(school) if school.standing == Standing.CLOSED else {}


def _register_page(request, school):
    managed = [
        partnership
        for partnership in Partnership.objects.visible_to(request.user)
        if request.user.has_perm(MANAGE, partnership)
    ]
    return render(
        request,
        "dashboards/register_school.html",
        {"nav": "schools", "school": school, "managed": managed, **_lineage_of(school)},
    )


def _work_at(link, request, staff):
    today = timezone.localdate()
    year = ReportingPeriod.objects.year_of(ReportingPeriod.Kind.SCHOOL_YEAR, today)
    assessment = reading.assessment_of(link, request.user, year)
    rows = reading.areas_of(link, request.user, assessment, year)
    entries, older = reading.timeline_of(
        link, request.user, before=_key(request.GET.get("before")), staff=staff
    )
    return {
        "today": today,
        "year": year,
        "assessment": assessment,
        "rows": rows,
        "differing": sum(row.differs for row in rows),
        "rated_by_school": sum(bool(row.rating and row.rating.school_value) for row in rows),
        "areas_in_all": NeedArea.objects.filter(
            framework=assessment.framework_id if assessment else NeedFramework.objects.current()
        ).count(),
        "entries": entries,
        "older": _word(older),
        "is_later_page": "before" in request.GET,
        "status": link.status_on(today),
    }


def _for_staff(link, user, year):
    groups, providers, totals = reading.load_of(link, user, year)
    leads = SchoolAccess.objects.visible_to(user).filter(school_link=link, ended_on=None)
    contact = with_last_contact(SchoolLink.objects.visible_to(user).filter(pk=link.pk), user)
    return {
        "works": works_with_schools(user, link),
        "manages": user.has_perm(MANAGE, link),
        "leads": leads.select_related("user"),
        "last_contact": contact.values_list("last_contact", flat=True).first(),
        "load_groups": groups,
        "load": providers,
        "load_totals": totals,
    }


def _word(key):
    """Write a timeline key for a URL: 2026-11-17.activity.42."""
    return f"{key[0]:%Y-%m-%d}.{key[1]}.{key[2]}" if key else None


def _key(word):
    """Read it back; anything else starts at the newest."""
    try:
        day, kind, number = word.split(".")
        return date.fromisoformat(day), kind, int(number)
    except (AttributeError, ValueError):
        return None
