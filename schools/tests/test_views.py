"""The pages of the register."""

import pytest
from django.test import Client
from django.urls import reverse

from schools.register import import_file
from schools.tests import extract
from schools.tests.extract import row
from schools.tests.factories import make_school

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["typeahead", "register"])
def test_strangers_are_asked_to_sign_in(name):
    response = Client().get(reverse(f"schools:{name}"))

    assert response.status_code == 302
    assert "/accounts/login/" in response.url


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
    assert client.post("/schools/typeahead/").status_code == 405
