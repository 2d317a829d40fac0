"""The list of needs, a single need with its years, closing it, and asking for new figures."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from core.models import Job
from core.versions import Stale
from needs import actions, answers, summaries, years
from needs.forms import CloseForm, NeedFilterForm
from needs.models import Need, Rating
from needs.rules import CLOSE, RATE, RECOMPUTE
from partnerships.models import Partnership
from partnerships.rules import is_member, leads_school, works_anywhere

PER_PAGE = 25


@require_GET
def need_list(request):
    """List needs for staff, newest first, by the filters of the address."""
    if not works_anywhere(request.user):
        raise PermissionDenied
    year = years.read_year(request.GET.get("year"))
    asked = request.GET.copy()
    asked["year"] = year
    form = NeedFilterForm(asked, user=request.user, years=years.choices(year))
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = filtered(Need.objects.visible_to(request.user), request.user, year, chosen)
    page, older = _page(rows.with_names().annotate(in_all=rows.as_count()), request.GET)
    return render(
        request,
        "needs/list.html",
        {
            "nav": "needs",
            "form": form,
            "total": page[0].in_all if page else rows.count() * ("before" in request.GET),
            "year": year,
            "status": chosen.get("status") or "open",
            "needs": _with_ratings(page, request.user, year),
            "chips": _chips(request, form, chosen),
            "older": older,
            "is_later_page": "before" in request.GET,
        },
    )


def filtered(rows, user, year, chosen):
    """The needs that the filters keep; open ones unless the status says otherwise."""
    status = chosen.get("status") or "open"
    if status != "any":
        rows = rows.open() if status == "open" else rows.closed()
    if chosen.get("school"):
        rows = rows.filter(school_link=chosen["school"])
    if chosen.get("area"):
        rows = rows.filter(area=chosen["area"])
    if chosen.get("hub"):
        rows = rows.of_hub(chosen["hub"], summaries.day_of(year))
    if chosen.get("no_activity"):
        rows = answers.unanswered(rows, user=user, school_year=year)
    if chosen.get("differ"):
        rows = rows.differing_in(year)
    return rows


def _page(rows, query):
    """Return (25 needs, the key of the next page or None); a key is a date and an id."""
    day, _, pk = query.get("before", "").partition("_")
    try:
        day = parse_date(day)
    except ValueError:
        day = None
    if day and pk.isdecimal():
        last = int(pk[:18])
        rows = rows.filter(raised_on__lte=day).exclude(raised_on=day, pk__gte=last)
    page = list(rows.order_by("-raised_on", "-pk")[: PER_PAGE + 1])
    if len(page) <= PER_PAGE:
        return page, None
    page.pop()
    return page, f"{page[-1].raised_on}_{page[-1].pk}"


def _with_ratings(needs, user, year):
    """Pair each need with its rating of the year, read at once."""
    ratings = Rating.objects.visible_to(user).in_year(year)
    ratings = ratings.filter(
        assessment__school_link__in=[need.school_link_id for need in needs],
        area__in=[need.area_id for need in needs],
    ).select_related("assessment", "school_by")
    found = {(rating.assessment.school_link_id, rating.area_id): rating for rating in ratings}
    return [(need, found.get((need.school_link_id, need.area_id))) for need in needs]


def _chips(request, form, chosen):
    """The filters in use, each with the address without it."""
    chips = []
    for name, value in chosen.items():
        if not value or name == "year" or (name, value) == ("status", "open"):
            continue
        query = request.GET.copy()
        query.pop(name, None)
        query.pop("before", None)
        said = "Yes" if value is True else str(value)
        said = dict(NeedFilterForm.STATUSES)[value] if name == "status" else said
        chips.append((form.fields[name].label or name.capitalize(), said, f"?{query.urlencode()}"))
    return chips


def _find(request, pk):
    needs = Need.objects.visible_to(request.user)
    return get_object_or_404(needs.select_related("school_link__school", "area"), pk=pk)


@require_GET
def need_detail(request, pk):
    """Show one need: how it was raised, both sides' ratings over the years, how it ended."""
    need = _find(request, pk)
    return _show(request, need, CloseForm(initial={"version": need.version}))


def _show(request, need, form, **more):
    link = need.school_link
    is_staff_side = is_member(request.user, link)
    ratings = (
        Rating.objects.visible_to(request.user)
        .filter(assessment__school_link=link, area=need.area)
        .select_related("assessment", "school_by", "partner_by")
        .order_by("-assessment__school_year")
    )
    return render(
        request,
        "needs/detail.html",
        {
            "nav": "needs",
            "need": need,
            "link": link,
            "is_staff_side": is_staff_side,
            "ratings": ratings if is_staff_side else [r.as_the_school_sees() for r in ratings],
            "may_close": request.user.has_perm(CLOSE, need),
            "may_rate": request.user.has_perm(RATE, need) or leads_school(request.user, link),
            "form": form,
            **more,
        },
    )


@require_POST
def close(request, pk):
    """Close a need as met, parked or not agreed."""
    need = _find(request, pk)
    if not request.user.has_perm(CLOSE, need):
        raise PermissionDenied
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _show(request, need, form)
    values = form.cleaned_data
    try:
        actions.close_need(need, **values, by=request.user)
    except actions.AlreadyClosed as refusal:
        messages.warning(request, str(refusal))
    except Stale as stale:
        now = stale.current
        form = CloseForm({**request.POST.dict(), "version": now.version})
        return _show(request, _find(request, pk), form, stale=True)
    else:
        messages.success(request, f"Need closed: {Need.Status(values['status']).label.lower()}.")
    return redirect(need)


@require_POST
def recompute(request, pk):
    """Ask for the figures of a partnership's year to be calculated again."""
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm(RECOMPUTE, partnership):
        raise PermissionDenied
    if not request.POST.get("year", "").isdecimal():
        raise Http404
    year = years.read_year(request.POST["year"])
    job = actions.recompute(partnership, school_year=year, by=request.user)
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(back)
    is_theirs = Job.objects.visible_to(request.user).filter(pk=job.pk).exists()
    return redirect(job if is_theirs else "dashboards:needs")
