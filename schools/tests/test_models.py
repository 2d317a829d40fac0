"""What a register row can say about itself."""

import pytest

from schools.models import Establishment, School
from schools.register import refresh_schools
from schools.tests.factories import make_school


@pytest.mark.parametrize(
    ("low", "high", "years"),
    [
        (11, 16, [7, 8, 9, 10, 11]),
        (14, 19, [10, 11, 12, 13]),
        (16, 19, [12, 13]),
        (4, 11, [0, 1, 2, 3, 4, 5, 6]),
        (3, 18, list(range(14))),
        (9, 13, [5, 6, 7, 8]),
        (None, 16, []),
        (11, None, []),
        (2, 4, []),
    ],
)
def test_years_served_follow_from_the_ages(low, high, years):
    assert Establishment(low_age=low, high_age=high).year_groups() == years


@pytest.mark.parametrize(
    ("pupils", "low", "estimate"), [(1050, 11, 150), (None, 11, None), (900, None, None)]
)
def test_pupils_in_a_year_are_an_estimate(pupils, low, estimate):
    assert Establishment(pupils=pupils, low_age=low, high_age=18).pupils_per_year() == estimate


@pytest.mark.parametrize(
    ("website", "address"),
    [
        ("www.saltmere.example", "http://www.saltmere.example"),
        ("https://saltmere.example/a", "https://saltmere.example/a"),
        ("javascript://alert(1)", ""),
        ("none yet", ""),
        ("", ""),
    ],
)
def test_only_safe_websites_become_addresses(website, address):
    assert Establishment(website=website).website_url == address


def test_an_address_has_only_the_lines_that_are_filled_in():
    row = Establishment(street="1 Quay", town="Ketterby", postcode="KT1 2AB")

    assert row.address() == ["1 Quay", "Ketterby", "KT1 2AB"]


@pytest.mark.django_db
def test_schools_sort_by_plain_letters():
    names = ["Zed School", "Éclair School", "azure school", "Ångström School"]
    for name in names:
        make_school(name)

    found = list(School.objects.values_list("name", flat=True))

    assert found == ["Ångström School", "azure school", "Éclair School", "Zed School"]


@pytest.mark.django_db
def test_the_newest_row_speaks_for_a_school_without_an_open_one():
    school = make_school("First School", standing="closed", opened_on="1990-09-01")
    make_school("Second School", school=school, standing="closed", opened_on="2001-09-01")

    refresh_schools("SELECT %s::bigint", [school.pk])

    school.refresh_from_db()
    assert (school.name, school.is_open) == ("Second School", False)
    assert School.objects.open().count() == 0
