"""The indexes and keys of the register, before and after its first load."""

import pytest
from django.db import connection

from schools.models import Establishment, School
from schools.register import first_load, import_file
from schools.search import suggest
from schools.tests.extract import extract, row, rows

pytestmark = pytest.mark.django_db
DEFINITIONS = """
    SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = ANY(%s::regclass[])
    UNION ALL
    SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[])
"""
INDEX_OF_NAMES = "SELECT 'school_order'::regclass::oid"


@pytest.fixture(scope="module")
def many():
    return rows(first_load.WORTH_IT)


def definitions():
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS, [first_load.TABLES, first_load.TABLES])
        return sorted(text for (text,) in cursor.fetchall())


def built():
    """The number of one index; another one after it was built again."""
    with connection.cursor() as cursor:
        cursor.execute(INDEX_OF_NAMES)
        return cursor.fetchone()[0]


def test_a_first_load_leaves_every_index_and_key_as_it_was(many):
    before, number = definitions(), built()

    import_file(extract(*many))

    assert definitions() == before
    assert built() != number
    assert School.objects.count() == Establishment.objects.count() == len(many)
    assert [school.name for school in suggest(School.objects, "School 4999", most=2)] == [
        "School 4999"
    ]


def test_a_trial_of_a_first_load_leaves_the_indexes_alone(many):
    number = built()

    import_file(extract(*many), dry_run=True)

    assert built() == number
    assert not School.objects.exists()


def test_a_register_with_a_school_keeps_its_indexes(many):
    import_file(extract(row("800001", "Ketterby High School")))
    number = built()

    import_file(extract(*many))

    assert built() == number
    assert School.objects.count() == len(many) + 1


def test_a_reader_is_not_made_to_wait_and_the_load_goes_on(many):
    number, reader = built(), connection.copy()

    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE schools_school IN ACCESS SHARE MODE")
        import_file(extract(*many))
    finally:
        reader.close()

    assert built() == number
    assert School.objects.count() == len(many)
