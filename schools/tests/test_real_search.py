"""Of 200 seeded queries about the real register, how many find the school that is meant."""

import sys

import pytest

from schools.models import School
from schools.register import import_file
from schools.tests.noise import queries
from schools.tests.test_real_register import WHOLE

pytestmark = pytest.mark.django_db
NUMBER, ENOUGH = 200, 190


def is_found(query, found):
    """The school, or one that bears the same name in the same town, is among these."""
    meant = (query.school.name.lower(), query.school.current.town.lower())
    return any(
        school == query.school or (school.name.lower(), school.current.town.lower()) == meant
        for school in found
    )


def test_the_right_school_is_among_the_first_five(real_data):
    import_file(real_data / WHOLE)
    schools = School.objects.select_related("current")
    asked = queries(NUMBER)

    typed = [
        query for query in asked if not is_found(query, schools.suggested(query.words, most=5))
    ]
    searched = [query for query in asked if not is_found(query, schools.search(query.words)[:5])]

    missed = [f"({one.kind}) {one.words!r} for {one.school}" for one in [*typed, *searched]]
    sys.stdout.write("".join(f"missed {line}\n" for line in missed))
    assert NUMBER - len(typed) >= ENOUGH
    assert NUMBER - len(searched) >= ENOUGH
