"""Activities by API: the same rows, the same rights, the same action."""

from uuid import uuid4

import pytest

from activities.models import Activity
from activities.tests.factories import YEAR_10, make_activity, make_need
from partnerships.tests.factories import make_link, make_provider

API = "/api/v1/activities/"


def wanted(link, **more):
    return {
        "school_link": link.pk,
        "type": "campus-visit",
        "starts_on": "2026-10-06",
        "summary": "Year 10 campus day",
        **more,
    }


def send(client, body):
    return client.post(API, body, content_type="application/json")


def test_create_logs_through_the_action(link, officer, as_user):
    need, college = make_need(link), make_provider(link.partnership, "Wexborough College")
    more = {"hours": "1.5", "headcounts": [YEAR_10], "needs": [need.pk], "provider": college.pk}

    response = send(as_user(officer), wanted(link, **more))

    found = response.json()
    assert response.status_code == 201
    assert {name: found[name] for name in ("id", "school_link", "type", "strand", "status")} == {
        "id": Activity.objects.get().pk,
        "school_link": link.pk,
        "type": "campus-visit",
        "strand": "targeted",
        "status": "delivered",
    }
    assert (found["hours"], found["headcounts"], found["needs"]) == ("1.50", [YEAR_10], [need.pk])
    assert (found["owner"], found["school_name"]) == ("Jo Ferris", "Saltmere Academy")
    assert found["providers"] == {str(college.pk): 10_000}


def test_create_twice_with_one_key_is_one_activity(link, officer, as_user):
    body, client = wanted(link, client_uuid=str(uuid4())), as_user(officer)

    first, second = send(client, body), send(client, body)

    assert first.json() == second.json()
    assert first.json()["client_uuid"] == body["client_uuid"]
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("strand", "code"), [({}, "targeted"), ({"strand": None}, None), ({"strand": "other"}, "other")]
)
def test_create_with_a_strand_or_without(link, officer, as_user, strand, code):
    assert send(as_user(officer), wanted(link, **strand)).json()["strand"] == code


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"type": "dance"}, "type"),
        ({"type": "meeting"}, "type"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_on": "1926-10-06"}, "starts_on"),
        ({"hours": "-1"}, "hours"),
        ({"headcounts": [{"year_group": 10, "actual": 20_000}]}, "headcounts"),
        ({"headcounts": [{"year_group": "10"}]}, "headcounts.0.year_group"),
        ({"headcounts": [YEAR_10, {"actual": "many"}]}, "headcounts.1.actual"),
        ({"summary": 5}, "summary"),
        ({"needs": ["1"]}, "needs"),
        ({"school_link": 0}, "school_link"),
        ({"needs": [0]}, "needs"),
        ({"strand": "unheard"}, "strand"),
    ],
)
def test_create_names_the_field_that_is_wrong(link, officer, as_user, wrong, field):
    response = send(as_user(officer), wanted(link, **wrong))

    assert (response.status_code, list(response.json()["fields"])) == (400, [field])
    assert Activity.objects.count() == 0


def test_create_with_rows_of_others_is_refused(link, officer, other_partnership, as_user):
    theirs = make_link(other_partnership)
    client = as_user(officer)

    for field, value in (
        ("school_link", theirs.pk),
        ("needs", [make_need(theirs).pk]),
        ("provider", make_provider(other_partnership).pk),
    ):
        response = send(client, wanted(link, **{field: value}))
        assert (response.status_code, list(response.json()["fields"])) == (400, [field])


@pytest.mark.parametrize("person", ["viewer", "evaluator", "school_lead"])
def test_create_is_forbidden_for_others(link, as_user, request, person):
    response = send(as_user(request.getfixturevalue(person)), wanted(link))

    assert response.status_code == 403
    assert Activity.objects.count() == 0


def test_rows_are_those_of_the_pages(link, officer, viewer, school_lead, outsider, as_user):
    activity = make_activity(link, officer)

    for user, status, rows in (
        (viewer, 200, 1),
        (school_lead, 404, 0),
        (outsider, 404, 0),
    ):
        client = as_user(user)
        assert client.get(f"{API}{activity.pk}/").status_code == status
        assert len(client.get(API).json()["results"]) == rows


def test_a_stranger_is_asked_to_sign_in(as_user, db):
    assert as_user().get(API).status_code == 401


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(
    link, officer, as_user, django_assert_max_num_queries, n
):
    for _ in range(n):
        make_activity(link, officer, headcounts=[YEAR_10])
    client = as_user(officer)

    with django_assert_max_num_queries(10):
        response = client.get(API)

    assert len(response.json()["results"]) == n


def test_pages_go_on_by_cursor(link, officer, as_user):
    for _ in range(51):
        make_activity(link, officer)
    client = as_user(officer)

    first = client.get(API).json()
    second = client.get(first["next"]).json()

    assert [len(page["results"]) for page in (first, second)] == [50, 1]
