"""When a school was last in contact: the newest delivered activity or conversation."""

from datetime import timedelta

from django.db.models import (
    CharField,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from activities.models import Activity, ActivitySchool
from needs.models import Need
from partnerships.models import Conversation

LONG_AGO = "0001-01-01"


def _latest(rows, field):
    return Subquery(rows.order_by(f"-{field}").values(field)[:1], output_field=DateField())


def with_last_contact(links, user):
    """Annotate SchoolLinks with `last_contact` (a date, or None where there was none)."""
    delivered = ActivitySchool.objects.visible_to(user).filter(
        partnership=OuterRef("partnership"),
        school_link=OuterRef("pk"),
        activity__status=Activity.Status.DELIVERED,
    )
    held = Conversation.objects.visible_to(user).filter(
        partnership=OuterRef("partnership"), school_link=OuterRef("pk")
    )
    return links.annotate(
        last_contact=Greatest(_latest(delivered, "starts_on"), _latest(held, "held_on"))
    )


def without_recent_contact(links, user, today):
    """Links with no contact for as many days as their partnership counts as recent."""
    days = ExpressionWrapper(
        F("partnership__recent_contact_days") * Value(timedelta(days=1)),
        output_field=DurationField(),
    )
    never = Cast(Value(LONG_AGO, output_field=CharField()), DateField())
    return (
        with_last_contact(links, user)
        .annotate(
            silent_for=ExpressionWrapper(
                Cast(Value(today.isoformat(), output_field=CharField()), DateField())
                - Coalesce("last_contact", never),
                output_field=DurationField(),
            )
        )
        .filter(silent_for__gte=days)
        .order_by(F("last_contact").asc(nulls_first=True), "school__sort_key", "pk")
    )


def open_needs_of(links, user):
    """Return {link id: number of open needs} for the links given."""
    rows = (
        Need.objects.visible_to(user)
        .open()
        .filter(school_link__in=links)
        .values("school_link")
        .annotate(n=Count("pk"))
    )
    return {row["school_link"]: row["n"] for row in rows}
