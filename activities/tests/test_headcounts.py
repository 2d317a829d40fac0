"""Which year groups the log page offers: those that the school teaches, the others behind them."""

import pytest

from activities.headcounts import years_offered
from activities.models import Activity
from activities.tests.test_views_log import ABOUT, LOG, answers, page
from partnerships.tests.factories import make_link, make_school

pytestmark = pytest.mark.django_db


def years_first(form):
    """The years that stand before the fold, without "mixed"."""
    return [row.year for row in form.common_rows if row.year]


def test_log_offers_the_years_that_the_school_teaches(partnership, officer, as_user):
    link = make_link(partnership, make_school("Holm Infant School", low_age=4, high_age=7))
    client = as_user(officer)

    known = client.get(f"{LOG}?school={link.pk}").context["form"]
    chosen = client.post(ABOUT, {"school": link.pk}).context["form"]
    unknown = client.get(LOG).context["form"]

    assert years_first(known) == years_first(chosen) == [1, 2]
    assert years_first(unknown) == list(range(7, 14))
    assert {row.year for row in known.other_rows} >= set(range(3, 14))


def test_log_of_a_year_that_is_not_taught_is_saved_and_asks(partnership, officer, as_user):
    link = make_link(partnership, make_school(low_age=11, high_age=16))
    client = as_user(officer)

    client.post(LOG, answers(link, learners_12_actual="9", learners_7_actual="20"))
    first = page(client.get(LOG))
    client.post(LOG, answers(link, learners_7_actual="20"))
    second = page(client.get(LOG))

    saved = Activity.objects.order_by("pk").first().at_schools.get()
    assert saved.headcounts.count() == 2
    assert "You counted Year 12 at Saltmere Academy, which teaches Years 7 to 11" in first
    assert "Is the year right?" not in second


@pytest.mark.parametrize(
    ("ages", "years"),
    [
        ([(11, 16)], {7, 8, 9, 10, 11}),
        ([(4, 11), (16, 99)], {0, 1, 2, 3, 4, 5, 6, 12, 13, 14, 19}),
        ([(11, 16), ()], set(range(7, 14))),
        ([], set(range(7, 14))),
    ],
)
def test_years_offered_are_those_of_any_of_the_schools(partnership, ages, years):
    known = [dict(zip(("low_age", "high_age"), pair, strict=False)) for pair in ages]
    schools = [make_school(**fields) for fields in known]

    assert years_offered([make_link(partnership, school) for school in schools]) == years
