"""The search of the top bar: what it finds, and for whom."""

import pytest

from activities.tests.factories import make_activity
from partnerships.tests.factories import make_link, make_school
from schools.models import EstablishmentLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(as_user):
    def hits(user, words):
        response = as_user(user).get("/search/", {"q": words})
        groups = response.context["results"]
        return {group.title: [hit.title for hit in group.hits] for group in groups}

    return hits


def test_our_schools_come_before_the_rest_of_the_register(ask, officer, partnership):
    make_school("Weir Academy", town="Holm")
    ours = make_school("Upper Weir School", town="Garth")
    make_link(partnership, ours)

    assert ask(officer, "weir")["Schools"] == ["Upper Weir School", "Weir Academy"]


@pytest.mark.parametrize("number", ["900001", "201/3614", "10090001"])
def test_a_number_leads_straight_to_the_school(as_user, officer, number):
    school = make_school(code="900001", laestab="2013614", ukprn="10090001")

    response = as_user(officer).get("/search/", {"q": f" {number} "})

    assert response.url == school.get_absolute_url()


def test_a_number_of_nobody_is_searched_for(as_user, officer):
    response = as_user(officer).get("/search/", {"q": "999999"})

    assert response.status_code == 200


def test_activities_and_people_are_found(ask, officer, manager, link, school_lead):
    make_activity(link, officer, summary="A day on the Zephyr campus")

    found = ask(manager, "zephyr")

    assert found["Activities"] == ["A day on the Zephyr campus"]
    assert ask(manager, officer.name.split()[1])["People"] == [officer.name]
    assert ask(manager, school_lead.name)["People"] == [school_lead.name]


def test_nothing_of_another_partnership_is_found(ask, officer, outsider, link, school_lead):
    make_activity(link, officer, summary="Zephyr")

    for words in ("zephyr", officer.name, school_lead.name):
        found = ask(outsider, words)
        assert (found["Activities"], found["People"]) == ([], [])


def test_a_school_lead_finds_schools_alone(ask, school_lead, link):
    assert ask(school_lead, link.school.name) == {"Schools": [link.school.name]}


def test_without_words_the_page_asks_for_some(as_user, officer):
    response = as_user(officer).get("/search/", {"q": " \0 "})

    assert response.context["results"] is None
    assert "School, activity, person or URN" in response.content.decode()


@pytest.fixture
def suggested(as_user):
    def rows(user, words):
        return as_user(user).get("/search/suggestions/", {"q": words}).json()["results"]

    return rows


def test_suggestions_are_schools_first_then_activities_and_people(
    suggested, manager, officer, link, school_lead
):
    activity = make_activity(link, officer, summary="Revision at Saltmere")

    rows = suggested(manager, "saltmere")

    assert [(row["group"], row["name"], row["url"]) for row in rows] == [
        ("Schools", link.school.name, link.school.get_absolute_url()),
        ("Activities", activity.summary, activity.get_absolute_url()),
    ]
    assert rows[0]["mark"] == "With us"
    assert [row["group"] for row in suggested(manager, school_lead.name)] == ["People"]


def test_a_closed_school_is_suggested_last_with_what_followed_it(suggested, officer, partnership):
    closed = make_school("Weir High School", code="900101", standing="closed")
    make_link(partnership, closed)
    next_ = make_school("Weir Academy", code="900102")
    EstablishmentLink.objects.create(
        code="900101", linked_code="900102", type="Successor - Split School"
    )

    rows = suggested(officer, "weir")

    assert [row["name"] for row in rows] == [next_.name, closed.name]
    assert rows[1]["detail"].endswith("Closed · now Weir Academy")


@pytest.mark.parametrize("words", ["zephyr", "weir"])
def test_nothing_of_another_partnership_is_suggested(suggested, officer, outsider, link, words):
    make_activity(link, officer, summary="Zephyr at the weir")

    assert len(suggested(officer, words)) == 1
    assert suggested(outsider, words) == suggested(outsider, officer.name) == []


@pytest.mark.parametrize("words", ["", " \0 ", "'", "%_", "x" * 300])
def test_words_that_find_nothing_suggest_nothing(suggested, officer, words):
    assert suggested(officer, words) == []
