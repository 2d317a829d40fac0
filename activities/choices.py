"""What the forms offer: kinds of activity, and the needs, offers and providers of a school."""

from django.db.models import Q

from activities.models import ActivityType, Offer
from activities.rules import LOG, partnership_ids_where
from needs.models import Need, Rating
from partnerships.models import Provider, SchoolLink


def types():
    """The kinds in use, commonest first."""
    return list(ActivityType.objects.in_use().select_related("default_strand"))


def links(user):
    """The schools for which a person may log."""
    return SchoolLink.objects.visible_to(user).filter(
        partnership__in=partnership_ids_where(user, LOG)
    )


def needs(user, link):
    """A school's needs; closed ones too, for an activity that answered them."""
    rows = Need.objects.visible_to(user).select_related("area")
    return rows.filter(school_link=link.pk) if link else rows.none()


def needs_of(user, link, also=()):
    """Return [(Need, its newest Rating or None)]: the open ones, and those with ids in `also`."""
    if link is None:
        return []
    found = needs(user, link).filter(Q(closed_on=None) | Q(pk__in=also))
    found = found.order_by("area__order", "pk")
    ratings = Rating.objects.visible_to(user).filter(assessment__school_link=link.pk)
    ratings = ratings.order_by("assessment__school_year")
    by_area = {rating.area_id: rating for rating in ratings}
    return [(need, by_area.get(need.area_id)) for need in found]


def _of(rows, user, link):
    if link:
        return rows.filter(partnership=link.partnership_id)
    return rows.filter(partnership__in=partnership_ids_where(user, LOG))


def providers(user, link):
    return _of(Provider.objects.visible_to(user), user, link)


def offers(user, link, also=None):
    """What is on the menu, and the offer with the id `also`, which may be off it by now."""
    on_menu = Q(retired_on=None) | Q(pk=also)
    return _of(Offer.objects.visible_to(user).filter(on_menu), user, link)


def said(bound):
    """What a field holds, in words; nothing where it holds nothing."""
    value = bound.value()
    if value in (None, ""):
        return ""
    options = getattr(bound.field, "choices", None)
    if options is None:
        text = f"{value:%H:%M}" if hasattr(value, "hour") else str(value)[:60]
        return f"{text} hours" if bound.name == "hours" else text
    return next((str(label) for key, label in options if str(key) == str(value)), "")
