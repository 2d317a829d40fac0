"""The register for machines."""

import pytest

from schools.models import EstablishmentLink, Result, ResultMeasure
from schools.register import import_file, preview_file
from schools.tests import extract
from schools.tests.areas import measure_area
from schools.tests.extract import CLOSED, row
from schools.tests.factories import make_school

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
def ask(reader, as_user):
    client = as_user(reader)

    def get(pk=None, **query):
        return client.get(f"/api/v1/register/{pk}/" if pk else "/api/v1/register/", query)

    return get


@pytest.fixture
def ask_any(reader, as_user):
    client = as_user(reader)
    return lambda noun, **query: client.get(f"/api/v1/{noun}/", query)


@pytest.mark.usefixtures("register")
def test_schools_are_found_by_the_file_that_brought_or_lacked_them(ask):
    run = import_file(
        extract.extract(row(), row("900002", "Weir College"), row("900004", "New School")),
    ).run
    looked = preview_file(extract.extract(row(), row("900005"), row("900002")))

    asked = [{"added_by": run.pk}, {"missing_from": run.pk}, {"missing_from": looked.pk}]
    names = [[one["name"] for one in ask(**query).json()["results"]] for query in asked]

    assert names == [["New School"], ["Old School"], []]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Old School", "Saltmere Academy", "Weir College"]),
        ({"q": "weir"}, ["Weir College"]),
        ({"urn": "900003"}, ["Old School"]),
        ({"status": "open"}, ["Saltmere Academy", "Weir College"]),
        ({"phase": "6"}, ["Weir College"]),
        ({"phase": ["6", "4"], "status": "open"}, ["Saltmere Academy", "Weir College"]),
        ({"authority": "201"}, ["Old School", "Saltmere Academy"]),
        ({"sixth_form": "true", "phase": "6"}, ["Weir College"]),
        ({"sixth_form": "false"}, []),
        ({"fsm": ["40", "unknown"], "phase": "6"}, []),
        ({"near": "KT1 2AB", "miles": "1", "q": "weir"}, ["Weir College"]),
        ({"trust": "nothing of the kind"}, []),
    ],
)
@pytest.mark.usefixtures("register")
def test_schools_are_listed_and_filtered(ask, query, names):
    response = ask(**query)

    assert [school["name"] for school in response.json()["results"]] == names
    assert (response.json()["next"], response.json()["previous"]) == (None, None)


@pytest.mark.usefixtures("register")
def test_one_school_has_its_facts(ask):
    found = ask(urn="900001").json()["results"][0]

    school = ask(pk=found["id"]).json()

    assert school["current"].items() >= found["current"].items()
    assert [row["code"] for row in school["establishments"]] == ["900001"]
    assert school["areas"] == []
    assert school["standing"] == "open"
    assert school["current"]["code"] == "900001"
    assert school["current"]["phase"] == {"code": "4", "name": "Secondary"}
    assert school["current"]["year_groups"] == [7, 8, 9, 10, 11, 12, 13]
    assert school["current"]["trust"] is None


@pytest.mark.usefixtures("register")
def test_a_wrong_status_is_said(ask):
    assert ask(status="asleep").status_code == 400


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"near": "Nowhere at all"}, "near"),
        ({"quintile": "1"}, "measure"),
        ({"phase": "none"}, "phase"),
        ({"miles": "-1"}, "miles"),
    ],
)
@pytest.mark.usefixtures("register")
def test_a_wrong_filter_is_said(ask, query, name):
    response = ask(**query)

    assert (response.status_code, list(response.json()["fields"])) == (400, [name])


@pytest.mark.usefixtures("register")
def test_the_list_asks_twice_at_most(ask, django_assert_max_num_queries):
    ask()

    with django_assert_max_num_queries(6):
        ask()


def test_strangers_get_nothing(as_user):
    assert as_user().get("/api/v1/register/").status_code == 401


def test_links_are_found_from_either_end(client):
    old, new = make_school("Old School"), make_school("New School")
    for code, linked, kind in (
        (old.current.code, new.current.code, "Successor"),
        ("999998", "999999", "Other"),
    ):
        EstablishmentLink.objects.create(code=code, linked_code=linked, type=kind)

    def found(**asked):
        rows = client.get("/api/v1/links/", asked).json()["results"]
        return [(row["urn"], row["linked_urn"], row["type"]) for row in rows]

    expected = [(old.current.code, new.current.code, "Successor")]
    assert found(school=old.pk) == found(urn=new.current.code) == expected
    assert len(found()) == 2


@pytest.mark.parametrize("noun", ["areas", "results", "links"])
def test_what_is_published_of_several_schools_is_read_at_once(
    noun, ask_any, django_assert_max_num_queries
):
    schools = [make_school(f"School {number}") for number in range(3)]
    pupils = ResultMeasure.objects.create(
        kind="census", code="pupils", name="Pupils", unit="number", order=1
    )
    for school in schools:
        code = school.current.code
        measure_area(school)
        Result.objects.create(code=code, measure=pupils, school_year=2022, value=900)
        EstablishmentLink.objects.create(code=code, linked_code="999999", type="Successor")
    ids = [school.pk for school in schools[:2]]
    numbers = [school.current.code for school in schools[:2]]

    with django_assert_max_num_queries(6):
        by_id, by_number = ask_any(noun, school=ids), ask_any(noun, urn=numbers)

    assert by_id.json() == by_number.json()
    assert [row["urn"] for row in by_id.json()["results"]] == numbers
    assert ask_any(noun, school=[0]).json()["results"] == []
    assert ask_any(noun, school=["x"]).status_code == 400
    assert ask_any(noun, urn=["1"] * 101).status_code == 400


def test_an_area_has_its_edition_and_value(ask_any):
    school = make_school()
    measure_area(school)

    [row] = ask_any("areas", measure="imd", edition="2025", quintile="1").json()["results"]

    assert (row["school"], row["geography"], row["area"]) == (school.pk, "lsoa21", "E01000001")
    assert (row["value"], row["quintile"], row["reason"]) == (61.5, 1, None)
    assert ask_any("areas", quintile="2").json()["results"] == []
