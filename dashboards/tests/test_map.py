"""The map of schools: every open school is a dot, ours stand out, and nobody else's do."""

import json

import pytest
from django.urls import reverse

from dashboards import map as places
from partnerships.tests.factories import make_link, make_partnership, make_school
from schools.models import School
from schools.register import refresh_schools

pytestmark = pytest.mark.django_db


def put(school, easting, northing):
    """Give a school its place on the National Grid."""
    row = school.current
    row.easting, row.northing = easting, northing
    row.save()
    refresh_schools("SELECT %s::bigint", [school.pk])
    school.refresh_from_db()
    return school


def listed(page, name):
    return [school for school, *_ in page.context[name]]


@pytest.fixture
def near(link):
    return put(link.school, 451_000, 512_345)


@pytest.fixture
def far():
    return put(make_school("Farland High School"), 180_070, 40_000)


def test_places_stand_side_by_side_from_the_west_in_tens_of_metres(near, far):
    make_school("Nowhere School")

    found = places.places_of(School.objects.all())

    assert found == {"ids": [far.pk, near.pk], "e": [18_007, 45_100], "n": [4_000, 51_234]}


def test_no_school_at_all_is_an_empty_map(db):
    assert places.places_of(School.objects.all()) == {"ids": [], "e": [], "n": []}


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("1,2,3,4", (1, 2, 3, 4)),
        ("-9,0,9,7", (-9, 0, 9, 7)),
        ("3,2,1,4", None),
        ("1,2,3", None),
        ("a,b,c,d", None),
        ("0,0,99999999999999999999,5", None),
        ("", None),
    ],
)
def test_a_box_is_four_edges_in_order(text, box):
    assert places.box_of(text) == box


def test_ours_are_those_of_my_partnerships_alone(link, near, far, officer, outsider):
    make_link(make_partnership("Another"), far)

    mine, others = places.ours_of(officer), places.ours_of(outsider)

    assert [(one.id, one.as_mark()[1:3]) for one in mine.values()] == [
        (near.pk, [451_000, 512_345])
    ]
    assert near.pk not in others


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ({"hub_school": True, "targeted": True}, "both"),
        ({"hub_school": True}, "hub"),
        ({"targeted": True}, "targeted"),
        ({}, "other"),
    ],
)
def test_a_mark_tells_what_the_school_is_to_us(partnership, officer, far, status, kind):
    make_link(partnership, far, **status)

    assert places.ours_of(officer)[far.pk].kind == kind


def test_the_list_says_what_the_map_shows(as_user, officer, near, far):
    client = as_user(officer)

    whole = client.get(reverse("dashboards:map"))
    part = client.get(
        reverse("dashboards:map"), {"box": "400000,500000,500000,600000"}, HTTP_HX_REQUEST="true"
    )

    assert (listed(whole, "ours"), listed(whole, "others")) == ([near], [far])
    assert (listed(part, "ours"), listed(part, "others")) == ([near], [])
    assert part.templates[0].name == "dashboards/_map_list.html"


def test_the_filter_leaves_the_same_schools_in_the_list_and_on_the_map(as_user, officer, near, far):
    client = as_user(officer)

    page = client.get(reverse("dashboards:map"), {"q": "farland"})
    drawing = page.context["drawing"]
    matches = client.get(drawing["matches"]).json()

    assert (listed(page, "ours"), listed(page, "others")) == ([], [far])
    assert matches == {"ids": [far.pk]}
    assert client.get(reverse("dashboards:map")).context["drawing"]["matches"] == ""


def test_the_nearest_come_first_with_their_miles(as_user, officer, near, far):
    page = as_user(officer).get(reverse("dashboards:map"), {"place": "Farland High School"})

    assert [(row[0], row[2]) for row in page.context["others"]] == [(far, 0.0)]
    assert [round(row[2]) for row in page.context["ours"]] == [338]
    assert page.context["drawing"]["near"] == [180_070, 40_000, 0]


def test_the_places_may_be_kept_until_the_register_changes(as_user, officer, near):
    client = as_user(officer)

    answer = client.get(reverse("dashboards:map_places"))

    assert "max-age" in answer["Cache-Control"]
    assert json.loads(answer.content)["ids"] == [near.pk]
    assert "edition=" in client.get(reverse("dashboards:map")).context["drawing"]["places"]


def test_the_picture_draws_the_country_without_a_script(as_user, officer, near, far):
    picture = as_user(officer).get(reverse("dashboards:map_picture")).content.decode()

    assert 'd="M180 660h0M451 188h0"' in picture or 'd="M451 188h0M180 660h0"' in picture
    assert picture.count("<circle") == 1


def test_a_card_tells_of_a_school_and_what_it_is_to_us(as_user, officer, near, far):
    client = as_user(officer)

    urls = [reverse("dashboards:map_card", args=[school.pk]) for school in (near, far)]
    ours, another = (client.get(url).json() for url in urls)

    assert ours["facts"][0] == "Hub school, targeted outreach"
    assert another == {
        "name": "Farland High School",
        "url": far.get_absolute_url(),
        "facts": [f"URN {far.current.code}"],
    }


def test_more_schools_take_no_more_queries(
    as_user, officer, partnership, near, django_assert_max_num_queries
):
    client = as_user(officer)
    client.get(reverse("dashboards:map"))
    for number in range(3):
        make_link(partnership, put(make_school(f"School {number}"), 400_000, 300_000 + number))

    with django_assert_max_num_queries(13):
        client.get(reverse("dashboards:map"))


def test_a_school_lead_is_not_told_what_their_school_is_to_the_partnership(near, school_lead):
    assert places.ours_of(school_lead) == {}
