"""Tells the needs room which needs activities answered."""

from activities.models import ActivityNeed
from needs.answers import told_by


@told_by
def answered_needs(user, school_year):
    """The ids of the needs that an activity, planned or delivered, answered in a school year."""
    return (
        ActivityNeed.objects.visible_to(user)
        .filter(activity_school__activity__school_year=school_year)
        .exclude(activity_school__activity__status="cancelled")
        .values("need")
    )
