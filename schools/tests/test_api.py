"""The register for machines."""

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from schools.api import SchoolViewSet
from schools.register import import_file
from schools.tests import extract
from schools.tests.extract import CLOSED, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    import_file(
        extract.extract(
            row(),
            row("900002", "Weir College", **{"PhaseOfEducation (code)": "6", "LA (code)": "202"}),
            row("900003", "Old School", **CLOSED),
        )
    )


@pytest.fixture
def ask(reader):
    def get(action, **query):
        kwargs = {"pk": query.pop("pk")} if "pk" in query else {}
        request = APIRequestFactory().get("/", query)
        force_authenticate(request, reader)
        return SchoolViewSet.as_view({"get": action})(request, **kwargs)

    return get


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Old School", "Saltmere Academy", "Weir College"]),
        ({"q": "weir"}, ["Weir College"]),
        ({"urn": "900003"}, ["Old School"]),
        ({"status": "open"}, ["Saltmere Academy", "Weir College"]),
        ({"phase": "6"}, ["Weir College"]),
        ({"authority": "201"}, ["Old School", "Saltmere Academy"]),
    ],
)
@pytest.mark.usefixtures("register")
def test_schools_are_listed_and_filtered(ask, query, names):
    response = ask("list", **query)

    assert [school["name"] for school in response.data["results"]] == names
    assert (response.data["next"], response.data["previous"]) == (None, None)


@pytest.mark.usefixtures("register")
def test_one_school_has_its_facts(ask):
    found = ask("list", urn="900001").data["results"][0]

    school = ask("retrieve", pk=found["id"]).data

    assert school == found
    assert school["standing"] == "open"
    assert school["current"]["code"] == "900001"
    assert school["current"]["phase"] == {"code": "4", "name": "Secondary"}
    assert school["current"]["year_groups"] == [7, 8, 9, 10, 11, 12, 13]
    assert school["current"]["trust"] is None


@pytest.mark.usefixtures("register")
def test_a_wrong_status_is_said(ask):
    assert ask("list", status="asleep").status_code == 400


@pytest.mark.usefixtures("register")
def test_the_list_asks_twice_at_most(ask, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        ask("list").render()


def test_strangers_get_nothing():
    response = SchoolViewSet.as_view({"get": "list"})(APIRequestFactory().get("/"))

    assert response.status_code == 403
