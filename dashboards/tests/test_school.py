"""The school page: both sides' needs, one timeline, and the school's own page."""

from datetime import date, timedelta

import pytest

from activities.tests.factories import make_activity
from dashboards import school as reading
from dashboards.views.school import _key, _word
from needs import actions as need_actions
from needs.models import NeedArea
from partnerships.models import Continuation
from partnerships.tests.factories import make_link, make_partnership, make_school
from schools.models import School


def rows_of(world, user):
    assessment = reading.assessment_of(world.link, user, world.year)
    return reading.areas_of(world.link, user, assessment, world.year)


def test_the_school_page_sets_both_ratings_side_by_side(world, officer):
    [row] = rows_of(world, officer)

    assert (row.rating.school_value, row.rating.partner_value) == ("red", "red")
    assert (row.need, row.activities, row.differs) == (world.need, 1, False)


def test_the_timeline_merges_visits_and_talks_newest_first(world, officer):
    entries, older = reading.timeline_of(world.link, officer)

    assert [entry.title for entry in entries] == [
        "Planned: Canary ahead",
        "Canary talk",
        "Canary without need",
        "Canary campus visit",
    ]
    assert older is None


def test_the_timeline_pages_without_losing_or_repeating(world, officer):
    for number in range(30):
        make_activity(world.link, starts_on=world.today - timedelta(days=number // 3), by=officer)
    seen, before = [], None

    while True:
        entries, before = reading.timeline_of(world.link, officer, before=before)
        seen += [entry.key for entry in entries]
        if before is None:
            break

    assert len(seen) == len(set(seen)) == 34
    assert seen == sorted(seen, reverse=True)


def test_a_page_key_survives_the_address():
    key = (date(2026, 11, 17), "activity", 42)

    assert _key(_word(key)) == key
    assert _key("zzz") is None
    assert _key(None) is None


def test_hours_by_provider_are_split_by_shares_not_by_learners(world, officer):
    groups, providers, totals = reading.load_of(world.link, officer, world.year)

    assert groups == [10]
    assert providers == [("University of Wexborough", [(4, 1)])]
    assert totals == [(4, 1)]


def test_the_lead_gets_the_school_s_own_page(world, school_lead, as_user):
    body = as_user(school_lead).get(world.link.get_absolute_url()).content.decode()

    assert "Saltmere Academy and Three Rivers" in body
    assert "Canary campus visit" in body
    assert "Jo Ferris" not in body.split("What we did together")[0]
    assert "/activities/" not in body


def test_a_school_of_two_partnerships_shows_each_member_their_own(world, officer, as_user):
    other = make_link(make_partnership("Elsewhere"), world.link.school)
    client = as_user(officer)

    assert "Elsewhere" not in client.get(world.link.get_absolute_url()).content.decode()
    assert client.get(other.get_absolute_url()).status_code == 404


def test_a_school_of_nobody_offers_a_manager_to_add_it(world, manager, as_user):
    body = as_user(manager).get(f"/schools/{world.unlinked.pk}/").content.decode()

    assert f"/partnerships/{world.partnership.pk}/schools/{world.unlinked.pk}/add/" in body


PAGE_QUERIES = 19


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_asks_the_database_as_often_with_more_work(
    more, world, officer, as_user, django_assert_num_queries
):
    for _ in range(more):
        make_activity(world.link, starts_on=world.today, by=officer)
    client = as_user(officer)
    url = world.link.get_absolute_url()
    client.get(url)

    with django_assert_num_queries(PAGE_QUERIES):
        client.get(url)


def test_a_lead_does_not_read_in_the_timeline_of_a_need_that_is_kept_from_them(
    world, officer, school_lead, as_user
):
    area = NeedArea.objects.get(framework__retired_on=None, code="attainment-english")
    need = need_actions.raise_need(world.link, area=area, by=officer)
    make_activity(
        world.link, officer, summary="Reading morning", starts_on=world.today, needs=[need]
    )

    page = as_user(school_lead).get(f"/schools/{world.link.school_id}/").content.decode()

    assert "Reading morning" in page
    assert area.name not in page


def test_the_address_of_a_joined_school_leads_to_the_one_it_goes_on_as(as_user, officer, link):
    emptied = make_school("Old number", standing="")
    School.objects.filter(pk=emptied.pk).update(joined_to=link.school)

    answer = as_user(officer).get(emptied.get_absolute_url())

    assert answer.headers["Location"] == link.school.get_absolute_url()


def test_the_timeline_holds_the_work_at_the_schools_that_go_on_as_this_one(world, officer):
    day = date(2026, 2, 3)
    make_activity(world.closed, starts_on=day, by=officer, summary="Before it closed")
    Continuation.objects.create(
        partnership=world.partnership,
        from_link=world.closed,
        to_link=world.link,
        starts_on=world.today,
        owner=officer,
    )

    entries, _ = reading.timeline_of(world.link, officer)

    assert "Before it closed" in [entry.title for entry in entries]
