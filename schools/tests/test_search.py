"""Finding schools by what people type."""

import pytest
from django.contrib.auth.models import AnonymousUser

from schools import search
from schools.models import School
from schools.tests.factories import make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools():
    return {
        "saint": make_school(
            "St Joseph's Catholic Primary School",
            town="Ketterby",
            postcode="KT1 2AB",
            code="900001",
            laestab="2013614",
            ukprn="10090001",
        ),
        "weir": make_school("The Weir Academy", town="Stoke-on-Trent", code="900002"),
        "cafe": make_school("Café & Kitchen College", town="Holm", code="900012"),
        "closed": make_school("Saint Joseph’s School", town="Holm", standing="closed", code="9002"),
    }


def names(schools, words):
    found = School.objects.search(words)
    keys = {school.pk: key for key, school in schools.items()}
    return sorted(keys[school.pk] for school in found)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("st josephs", ["closed", "saint"]),
        ("Saint Joseph's", ["closed", "saint"]),
        ("St. Joseph’s Ketterby", ["saint"]),
        ("ketterby catholic joseph", ["saint"]),
        ("KT1 2AB", ["saint"]),
        ("kt12ab", ["saint"]),
        ("kt1", ["saint"]),
        ("900001", ["saint"]),
        ("90000", ["saint", "weir"]),
        ("2013614", ["saint"]),
        ("201/3614", ["saint"]),
        ("201-3614 catholic", ["saint"]),
        ("201/3614 weir", []),
        ("10090001", ["saint"]),
        ("stoke on trent", ["weir"]),
        ("CAFE and kitchen", ["cafe"]),
        ("Café &", ["cafe"]),
        ("wier academy", ["weir"]),
        ("jospehs catholic", ["saint"]),
        ("xylophone", []),
        ("Школа", []),
        ("%", []),
        ("wei\0r", ["weir"]),
        ("  ", ["cafe", "closed", "saint", "weir"]),
    ],
)
def test_words_find_schools(schools, words, expected):
    assert names(schools, words) == expected


def test_it_says_when_schools_are_only_spelt_alike(schools):
    every = School.objects.all()

    assert search.find(every, "weir")[1] is False
    assert search.find(every, "wier academy")[1] is True


def test_a_filter_that_hides_the_match_is_no_misspelling(schools):
    found, spelt_like = search.find(School.objects.open(), "joseph holm")

    assert (list(found), spelt_like) == ([], False)


def test_suggestions_put_open_schools_and_beginnings_first():
    for name, standing in [
        ("A School at Weir", "open"),
        ("Weir Old School", "closed"),
        ("Weir Academy", "open"),
        ("Weir Bank School", "open"),
    ]:
        make_school(name, standing=standing)

    found = search.suggest(School.objects.all(), "weir", most=3)

    assert [school.name for school in found] == [
        "Weir Academy",
        "Weir Bank School",
        "Weir Old School",
    ]


def test_suggestions_for_a_misspelling_put_the_likest_first():
    for name in ["Alcester Grammar School", "Manchester Grammar School", "Doncaster Grammar"]:
        make_school(name)

    found = search.suggest(School.objects.all(), "manchster grammar", most=1)

    assert [school.name for school in found] == ["Manchester Grammar School"]


def test_one_or_two_letters_are_a_beginning(schools):
    found = search.suggest(School.objects.all(), "th", most=5)

    assert list(found) == [schools["weir"]]


def test_nobody_sees_schools_without_signing_in(schools):
    assert School.objects.visible_to(AnonymousUser()).count() == 0


def walk(direction, start=None, size=3):
    pages, key = [], start
    while True:
        page = search.page_of(School.objects.all(), size=size, **{direction: key} if key else {})
        pages.append([school.name for school in page.rows])
        key = getattr(page, direction)
        if key is None:
            return pages, page


def test_pages_forward_show_every_school_once_though_names_repeat():
    for name in ["Alder", "Beech", "Beech", "Beech", "Beech", "Cedar", "Dogwood"]:
        make_school(name)

    pages, last = walk("after")

    assert pages == [["Alder", "Beech", "Beech"], ["Beech", "Beech", "Cedar"], ["Dogwood"]]
    back, _ = walk("before", last.before)
    assert back == [["Beech", "Beech", "Cedar"], ["Alder", "Beech", "Beech"]]


def test_an_empty_list_has_no_neighbours():
    page = search.page_of(School.objects.all())

    assert (page.rows, page.before, page.after) == ([], None, None)
