"""Finding schools by what people type."""

import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from schools import lookup, search
from schools.models import School
from schools.pages import page_of
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
        ("0201 3614", ["saint"]),
        ("02013614", ["saint"]),
        ("201–3614", ["saint"]),
        ("URN: 900001", ["saint"]),
        ("KT1 2ZZ", ["saint"]),
        ("kt12zz", ["saint"]),
        ("KT1 9ZZ", ["saint"]),
        ("KT9 2AB", []),
        ("201/3614 weir", []),
        ("10090001", ["saint"]),
        ("stoke on trent", ["weir"]),
        ("CAFE and kitchen", ["cafe"]),
        ("Café &", ["cafe"]),
        ("wier academy", ["weir"]),
        ("jospehs catholic", ["saint"]),
        ("ketterby rc primary", ["saint"]),
        ("sain jos", ["closed", "saint"]),
        ("201 3614", ["saint"]),
        ("jozephs primary", ["saint"]),
        ("josephs weir", ["closed", "saint", "weir"]),
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

    assert search.find(every, "weir").spelt_like is False
    assert search.find(every, "wier academy").spelt_like is True


def test_a_filter_that_hides_the_match_is_no_misspelling(schools):
    found = search.find(School.objects.open(), "joseph holm")

    assert (list(found.schools), found.spelt_like) == ([], False)


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
        "A School at Weir",
    ]


def test_suggestions_for_a_misspelling_put_the_likest_first():
    for name in ["Alcester Grammar School", "Manchester Grammar School", "Doncaster Grammar"]:
        make_school(name)

    found = search.suggest(School.objects.all(), "manchster grammar", most=1)

    assert [school.name for school in found] == ["Manchester Grammar School"]


def test_a_postcode_that_no_school_has_suggests_those_of_its_sector_else_its_district():
    sector = make_school("Sector School", postcode="KT1 2AB")
    district = make_school("District School", postcode="KT1 7AB", pupils=900)
    make_school("Neighbour School", postcode="KT11 2ZX")
    make_school("Other School", postcode="ZZ9 2ZZ")

    assert School.objects.suggested("KT1 2ZX", most=5) == [sector]
    assert School.objects.suggested("kt1 9z", most=5) == [district, sector]
    assert School.objects.suggested("KT3 2ZZ", most=5) == []
    assert search.find(School.objects.all(), "kt12zx").spelt_like is True


def test_one_or_two_letters_are_a_beginning(schools):
    found = search.suggest(School.objects.all(), "th", most=5)

    assert list(found) == [schools["weir"]]


def test_nobody_sees_schools_without_signing_in(schools):
    assert School.objects.visible_to(AnonymousUser()).count() == 0


def walk(direction, start=None, size=3):
    pages, key = [], start
    while True:
        page = page_of(School.objects.all(), size=size, **{direction: key} if key else {})
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
    page = page_of(School.objects.all())

    assert (page.rows, page.before, page.after) == ([], None, None)


def test_what_people_write_instead_is_found():
    made = make_school("St Mary & St Anne's C.E. Junior School", town="Holm")

    for words in [
        "ss mary and anne",
        "saints marys",
        "cofe jnr",
        "church of eng holm",
        "c of e junior",
        "mary anne's",
    ]:
        assert made in School.objects.search(words), words


def test_a_former_name_finds_the_school():
    school = make_school("Old Mill School", standing="closed")
    make_school("Saltmere Academy", school=school)

    found = School.objects.suggested("old mill", most=5)

    assert [found.name for found in found] == ["Saltmere Academy"]


def test_the_larger_and_older_pupils_come_first_and_the_exact_name_before_all():
    small = make_school("Weir School Holm", low_age=11, high_age=16, pupils=90)
    large = make_school("Weir School Garth", low_age=11, high_age=18, pupils=900)
    infants = make_school("Weir School", low_age=4, high_age=7, pupils=999)

    assert School.objects.suggested("weir sch", most=5) == [large, small, infants]
    assert School.objects.suggested("weir school", most=5) == [infants, large, small]


def test_whole_words_come_before_the_beginnings_of_others():
    whole = make_school("Primary School North")
    make_school("Primary School Northwood", pupils=900)

    assert School.objects.suggested("north primary", most=1) == [whole]


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_a_key_is_the_same_in_python_as_in_the_database(words):
    [(key,)] = lookup.ask("SELECT f_search_key(%s)", [words.replace("\0", "")])

    assert search._plain_key(words.replace("\0", "")) == key


def test_pages_of_the_best_matches_show_each_school_once():
    for number in range(4):
        make_school(f"Weir {number}", pupils=number)
        make_school(f"The {number} Weir", pupils=number)
    found = search.find(School.objects.all(), "weir")

    first = page_of(found.schools, order=found.order, size=3)
    second = page_of(found.schools, order=found.order, after=first.after, size=3)
    third = page_of(found.schools, order=found.order, after=second.after, size=3)
    back = page_of(found.schools, order=found.order, before=third.before, size=3)

    names = [school.name for page in (first, second, third) for school in page.rows]
    assert names == [f"Weir {n}" for n in (3, 2, 1, 0)] + [f"The {n} Weir" for n in (3, 2, 1, 0)]
    assert back.rows == second.rows
    assert third.after is None
