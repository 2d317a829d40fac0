"""Count the ratings of a partnership's year into NeedsSummary, exactly and hub by hub."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from core.models import Job, ReportingPeriod
from partnerships.models import Hub

KIND = "needs.tasks.summarise_needs"
LOCK = "SELECT FROM partnerships_partnership WHERE id = %(partnership)s FOR NO KEY UPDATE"
DELETE = """
DELETE FROM needs_needssummary
WHERE partnership_id = %(partnership)s AND school_year = %(year)s
  AND hub_id IS NOT DISTINCT FROM %(hub)s
"""
IN_HUB = """
  AND EXISTS (
    SELECT FROM partnerships_schoollinkstatus s
    WHERE s.partnership_id = a.partnership_id AND s.school_link_id = a.school_link_id
      AND s.hub_id = %(hub)s AND s.starts_on <= %(day)s
      AND (s.ends_on IS NULL OR s.ends_on >= %(day)s))
"""
INSERT = """
INSERT INTO needs_needssummary (
  partnership_id, school_year, hub_id, area_id, side,
  red, amber, green, unknown, rated, score, as_at, created_at, updated_at)
SELECT %(partnership)s, %(year)s, %(hub)s, r.area_id, v.side,
  count(*) FILTER (WHERE v.value = 'red'),
  count(*) FILTER (WHERE v.value = 'amber'),
  count(*) FILTER (WHERE v.value = 'green'),
  count(*) FILTER (WHERE v.value = 'unknown'),
  count(*) FILTER (WHERE v.value <> 'unknown'),
  coalesce(sum(CASE v.value WHEN 'red' THEN 2 WHEN 'amber' THEN 1 ELSE 0 END
    * (4 - coalesce(r.priority, 2))), 0),
  %(as_at)s, %(as_at)s, %(as_at)s
FROM needs_assessment a
JOIN needs_rating r ON r.partnership_id = a.partnership_id AND r.assessment_id = a.id
CROSS JOIN LATERAL (
  VALUES ('school', r.school_value), ('partner', r.partner_value)) v (side, value)
WHERE a.partnership_id = %(partnership)s AND a.school_year = %(year)s AND v.value <> ''
{in_hub}
GROUP BY r.area_id, v.side
RETURNING red + amber + green + unknown
"""


def hubs_of(partnership_id):
    """The partnership's hubs, in their order."""
    return list(Hub.objects.filter(partnership=partnership_id))


def day_of(school_year):
    """The day whose hubs count for a school year: today, or its last day once it is over."""
    ends_on = (
        ReportingPeriod.objects.filter(
            kind=ReportingPeriod.Kind.SCHOOL_YEAR, starts_on__year=school_year
        )
        .values_list("ends_on", flat=True)
        .first()
    )
    return min(timezone.localdate(), ends_on or date(school_year + 1, 8, 31))


def recompute_hub(partnership_id, school_year, hub_id):
    """Swap one hub's figures for new ones; returns how many ratings were counted."""
    return _swap(partnership_id, school_year, hub_id, IN_HUB)


def recompute_all(partnership_id, school_year):
    """Swap the whole partnership's figures for new ones; returns how many ratings were counted."""
    return _swap(partnership_id, school_year, None, "")


def latest_job(partnership_id, school_year):
    """The newest job that recalculates a partnership's year, or None; anyone may have asked."""
    return (
        Job.objects.filter(kind=KIND, partnership_id=partnership_id)
        .filter(params__school_year=school_year)
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def _swap(partnership_id, school_year, hub_id, in_hub):
    values = {
        "partnership": partnership_id,
        "year": school_year,
        "hub": hub_id,
        "day": day_of(school_year),
        "as_at": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK, values)
        cursor.execute(DELETE, values)
        cursor.execute(INSERT.format(in_hub=in_hub), values)
        return sum(count for (count,) in cursor.fetchall())
