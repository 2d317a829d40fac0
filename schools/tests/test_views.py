"""The pages of the register."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schools.models import School
from schools.register import import_file
from schools.tests import extract
from schools.tests.extract import CLOSED, row
from schools.tests.factories import make_code, make_school

pytestmark = pytest.mark.django_db
LIST = "/schools/"


def listed(response):
    return [school.name for school in response.context["page"].rows]


@pytest.mark.parametrize("name", ["list", "typeahead", "register"])
def test_strangers_are_asked_to_sign_in(name):
    response = Client().get(reverse(f"schools:{name}"))

    assert response.status_code == 302
    assert "/accounts/login/" in response.url


def test_the_list_shows_open_schools_in_the_order_of_their_names(client):
    for name, standing in [("Weir", "open"), ("Abbey", "open"), ("Old", "closed")]:
        make_school(name, standing=standing)

    response = client.get(LIST)

    assert listed(response) == ["Abbey", "Weir"]
    assert response.context["total"] == "2"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"standing": "closed"}, ["Old"]),
        ({"standing": "all"}, ["Abbey", "Old", "Weir"]),
        ({"standing": "proposed"}, []),
        ({"phase": "4"}, ["Abbey"]),
        ({"q": "weir", "standing": ""}, ["Weir"]),
        ({"q": "old"}, []),
        ({"after": "nonsense"}, ["Abbey", "Weir"]),
        ({"after": "99999999"}, ["Abbey", "Weir"]),
    ],
)
def test_filters(client, query, expected):
    make_school("Weir")
    make_school("Abbey", phase=make_code("phase", "4", "Secondary"))
    make_school("Old", standing="closed")

    assert listed(client.get(LIST, query)) == expected


def test_a_wrong_choice_is_said_and_shows_nothing(client):
    make_school("Weir")

    response = client.get(LIST, {"standing": "asleep"})

    assert listed(response) == []
    assert "Error: Schools" in response.content.decode()


def test_chips_take_one_filter_away(client):
    make_code("phase", "4", "Secondary")

    response = client.get(LIST, {"q": "weir", "standing": "all", "phase": "4", "after": "3"})

    assert [(chip["label"], chip["value"], chip["url"]) for chip in response.context["chips"]] == [
        ("Words", "weir", "?standing=all&phase=4"),
        ("Status", "Any status", "?q=weir&phase=4"),
        ("Phase", "Secondary", "?q=weir&standing=all"),
    ]


def test_a_line_shows_the_facts_and_a_closed_school_says_so(client):
    import_file(extract.extract(row(), row("900002", "Old", CloseDate="31-08-2020", **CLOSED)))

    page = client.get(LIST, {"standing": "all"}).content.decode()

    for fact in ["Ketterby", "KT1 2AB", "Academy converter", "Secondary", "11 to 18", "900001"]:
        assert fact in page
    assert "Closed" in page
    assert "31 August 2020" in page
    assert School.objects.get(name="Old").get_absolute_url() in page
    assert "Get Information about Schools, 18 November 2026" in page


def test_pages_follow_one_another(client):
    for number in range(30):
        make_school(f"School {number:02}")

    first = client.get(LIST)
    second = client.get(LIST, {"after": first.context["page"].after})
    back = client.get(LIST, {"before": second.context["page"].before})

    assert listed(second) == [f"School {number:02}" for number in range(25, 30)]
    assert listed(back) == listed(first)
    assert 'rel="next">Next</a>' in first.content.decode()
    assert 'rel="prev">Previous</a>' in second.content.decode()


def test_the_list_asks_as_often_for_many_rows_as_for_one(client):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        return len(queries)

    make_school("One")
    client.get(LIST)
    one = asked()
    for number in range(3):
        make_school(f"School {number}")

    assert asked() == one


def test_a_misspelling_is_said(client):
    make_school("Saltmere Academy")

    page = client.get(LIST, {"q": "saltmeer academy"}).content.decode()

    assert "No school has exactly these words." in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "The register is empty."),
        ({"q": "nowhere"}, "No school of this status matches."),
        ({"q": "nowhere", "standing": "all"}, "No school matches."),
    ],
)
def test_an_empty_list_offers_the_next_step(client, query, words):
    if query:
        import_file(extract.extract(row()))

    assert words in client.get(LIST, query).content.decode()


def test_typing_suggests_schools(client):
    open_ = make_school("Weir Academy", town="Holm", postcode="HO1 1AA", code="900001")
    old = make_school("Weir School", standing="closed", code="900002")

    response = client.get("/schools/typeahead/", {"q": "weir"})

    assert response.json() == {
        "results": [
            {
                "id": open_.pk,
                "name": "Weir Academy, Holm",
                "text": "Holm HO1 1AA · URN 900001",
                "url": open_.get_absolute_url(),
            },
            {
                "id": old.pk,
                "name": "Weir School (closed)",
                "text": "URN 900002 · Closed",
                "url": old.get_absolute_url(),
            },
        ]
    }


@pytest.mark.parametrize("query", ["", "   ", "zzzz", "\0q"])
def test_typing_nothing_suggests_nothing(client, query):
    make_school("Weir Academy")

    assert client.get("/schools/typeahead/", {"q": query}).json() == {"results": []}


def test_at_most_ten_are_suggested(client):
    for number in range(12):
        make_school(f"Weir {number}")

    assert len(client.get("/schools/typeahead/", {"q": "weir"}).json()["results"]) == 10


def test_the_register_page_says_how_fresh_it_is(client):
    import_file(extract.extract(row()))

    page = client.get("/schools/register/").content.decode()

    assert "edubasealldata20261118.csv" in page
    assert "Get Information about Schools, 18 November 2026" in page


def test_the_register_page_before_the_first_file(client):
    assert "No file has been loaded yet." in client.get("/schools/register/").content.decode()


def test_writing_is_not_for_these_pages(client):
    assert client.post(LIST).status_code == 405
