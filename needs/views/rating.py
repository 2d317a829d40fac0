"""Rate a school's needs and agree them, each side with its own sign-in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.versions import Stale
from needs import actions, years
from needs.forms import RateForm
from needs.models import Assessment, NeedArea, NeedFramework, Rating, Side, Value
from needs.rules import AGREE, AGREE_FOR_SCHOOL, RATE, RATE_FOR_SCHOOL
from partnerships.models import SchoolLink
from partnerships.rules import is_member, leads_school

SHOWN = {"value": "rating", "note": "note", "priority": "priority"}


@require_http_methods(["GET", "POST"])
def rate(request, pk):
    """One side's ratings of a school for a year, as one form."""
    link = get_object_or_404(SchoolLink.objects.visible_to(request.user).with_names(), pk=pk)
    side = _side(request, link)
    if not request.user.has_perm(RATE if side == Side.PARTNER else RATE_FOR_SCHOOL, link):
        raise PermissionDenied
    year = years.read_year(request.GET.get("year"))
    page = _page(request, link, side, year)
    form = page["form"]
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, link, side, year, page)
        except actions.RatedMeanwhile as stale:
            page = _page(request, link, side, year)
            page |= {"differences": _differences(form, stale, page["ratings"])}
            page |= {"form": form.over_newer(page["ratings"])}
    return render(request, "needs/rate.html", page)


def _side(request, link):
    if not is_member(request.user, link) or request.GET.get("side") == Side.SCHOOL:
        return Side.SCHOOL
    return Side.PARTNER


def _page(request, link, side, year):
    """Everything the page shows: the form, both sides as they stand, and the agreement."""
    assessment = (
        Assessment.objects.visible_to(request.user)
        .filter(school_link=link, school_year=year)
        .select_related("framework", "school_agreed_by", "partner_agreed_by")
        .first()
    )
    on_behalf = side == Side.SCHOOL and not leads_school(request.user, link)
    ratings = _ratings(request.user, assessment, for_school=side == Side.SCHOOL and not on_behalf)
    framework = assessment.framework if assessment else NeedFramework.objects.current()
    areas = list(NeedArea.objects.filter(framework=framework))
    return {
        "nav": "needs",
        "link": link,
        "side": side.value,
        "year": year,
        "years": years.choices(year),
        "assessment": assessment,
        "ratings": ratings,
        "on_behalf": on_behalf,
        "is_staff_side": is_member(request.user, link),
        "here": address(link, side, year),
        **_asked(request, areas, ratings, side, on_behalf),
        **_agreement(request.user, link, assessment),
    }


def _asked(request, areas, ratings, side, on_behalf):
    """The form, without the areas that the school answered itself when staff write for it."""
    own = [
        ratings[area.pk]
        for area in areas
        if on_behalf and area.pk in ratings and _is_own_word(ratings[area.pk])
    ]
    answered = {rating.area_id for rating in own}
    open_areas = [area for area in areas if area.pk not in answered]
    values = [getattr(rating, f"{side}_value") for rating in ratings.values()]
    return {
        "form": RateForm(request.POST or None, areas=open_areas, ratings=ratings, side=side),
        "own_words": own,
        "areas_in_all": len(areas),
        "rated": sum(bool(value) for value in values),
        "both": sum(bool(one.school_value and one.partner_value) for one in ratings.values()),
    }


def _is_own_word(rating):
    return bool(rating.school_value) and not rating.school_on_behalf


def _ratings(user, assessment, *, for_school):
    rows = (
        Rating.objects.visible_to(user)
        .filter(assessment=assessment)
        .select_related("area", "school_by", "partner_by")
    )
    if for_school:
        return {rating.area_id: rating.as_the_school_sees() for rating in rows}
    return {rating.area_id: rating for rating in rows}


def _agreement(user, link, assessment):
    if assessment is None:
        return {}
    return {
        "agree_partner": user.has_perm(AGREE, link) and not assessment.partner_agreed_at,
        "agree_school": user.has_perm(AGREE_FOR_SCHOOL, link) and not assessment.school_agreed_at,
    }


def address(link, side, year):
    """The address of one side's form for a year."""
    query = {"year": year} | ({"side": "school"} if side == Side.SCHOOL else {})
    return f"{reverse('needs:rate', args=[link.pk])}?{urlencode(query)}"


def _save(request, link, side, year, page):
    form, assessment = page["form"], page["assessment"]
    changes = form.changes()
    had_agreed = assessment and (assessment.school_agreed_at or assessment.partner_agreed_at)
    saved = actions.rate(
        link,
        school_year=year,
        side=side,
        values=changes,
        by=request.user,
        was=form.beginnings(),
    )
    count = len(changes)
    if not count:
        messages.info(request, "Nothing was changed, so nothing was saved.")
    else:
        areas = "1 area" if count == 1 else f"{count} areas"
        messages.success(request, f"Ratings saved: {areas} changed.")
    if had_agreed and not (saved.school_agreed_at or saved.partner_agreed_at):
        messages.warning(
            request,
            "A rating changed after it was agreed, so both agreements were withdrawn. "
            "Each side agrees again.",
        )
    return redirect(address(link, side, year))


def _differences(form, stale, ratings):
    """What somebody else wrote meanwhile beside what this person wrote, field by field."""
    rows = []
    for row in form.rows():
        if row.area.pk not in stale.areas:
            continue
        rating = ratings.get(row.area.pk) or Rating()
        now = actions.side_now(rating, form.side)
        for name, word in SHOWN.items():
            yours = form.cleaned_data.get(f"{name}_{row.area.pk}")
            if name in now and now[name] != yours:
                by = getattr(rating, f"{form.side}_by")
                rows.append((f"{row.area.name}, {word}", _say(now[name]), _say(yours), by))
    return rows


def _say(value):
    if value in Value.values:
        return Value(value).label
    return value or "None"


@require_POST
def agree(request, pk):
    """Agree a year's ratings for the side whose sign-in this is."""
    assessments = Assessment.objects.visible_to(request.user)
    assessment = get_object_or_404(assessments.select_related("school_link"), pk=pk)
    link = assessment.school_link
    side = Side.SCHOOL if request.POST.get("side") == Side.SCHOOL else Side.PARTNER
    if not request.user.has_perm(AGREE_FOR_SCHOOL if side == Side.SCHOOL else AGREE, link):
        raise PermissionDenied("Only a lead of the school agrees for the school.")
    version = request.POST.get("version", "")
    try:
        agreed = actions.agree(
            assessment,
            side=side,
            by=request.user,
            version=int(version[:18]) if version.isdecimal() else -1,
        )
    except Stale:
        messages.warning(
            request, "The ratings changed while you looked. Look at them again, then agree."
        )
    except actions.NotAgreeable as refusal:
        messages.warning(request, str(refusal))
    else:
        both = agreed.status == Assessment.Status.AGREED
        messages.success(request, "Agreed by both sides." if both else "Agreed for your side.")
    shown = Side.SCHOOL if not is_member(request.user, link) else Side.PARTNER
    return redirect(address(link, shown, assessment.school_year))
