"""A little work in the second partnership, so that there is something to keep apart."""

from datetime import datetime, time, timedelta

from activities import actions as activity_actions
from activities.models import ActivityType
from dashboards.demo.year import LONDON, school_year
from needs import actions as need_actions
from needs.models import NeedArea


def tell(outsider, links, as_at):
    """Rate and visit the schools of Northern Dales."""
    area = NeedArea.objects.get(framework__retired_on=None, code="he-knowledge")
    talk = ActivityType.objects.get(code="talk")
    for number, link in enumerate(links):
        on = as_at - timedelta(days=30 + number)
        need_actions.rate(
            link,
            school_year=school_year(on),
            side="partner",
            values={area: {"value": "red" if number % 2 else "amber"}},
            by=outsider,
            at=datetime.combine(on, time(9, 0), LONDON),
        )
        activity_actions.log(
            link,
            type=talk,
            starts_on=as_at - timedelta(days=7 + number),
            summary="Dales talk on routes",
            hours="1",
            headcounts=[{"audience": "learners", "year_group": 10, "actual": 30}],
            by=outsider,
        )
