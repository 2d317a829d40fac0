"""The whole register of November 2023, where it is at hand."""

import csv
import io
import lzma

import pytest
from django.db import connection
from django.db.models import Count

from schools.models import Establishment, RegisterChange, RegisterCode, School
from schools.register import import_file
from schools.search import suggest
from schools.tests.extract import Extract

pytestmark = pytest.mark.django_db
WHOLE = "register/edubasealldata20231116_reconstructed.csv.xz"


def written():
    """How many rows of the register PostgreSQL has written in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables "
            "WHERE relname IN ('schools_establishment', 'schools_school', 'schools_registerchange')"
        )
        return int(cursor.fetchone()[0])


def test_the_whole_register_loads_and_a_second_time_writes_nothing(real_data):
    first = import_file(real_data / WHOLE).run
    before = written()

    same = import_file(real_data / WHOLE)
    again = import_file(Extract(_with_line_feeds(real_data / WHOLE))).run

    assert (first.rows, first.new, first.closed, str(first.extracted_on)) == (
        50_515,
        50_515,
        0,
        "2023-11-16",
    )
    assert same.same_file is True
    assert (again.new, again.changed, again.unchanged) == (0, 0, 50_515)
    assert written() == before
    assert RegisterChange.objects.count() == 0
    _check_facts()
    _check_search()


def _with_line_feeds(path):
    return lzma.decompress(path.read_bytes()).replace(b"\r\n", b"\n")


def _check_facts():
    by_status = dict(
        Establishment.objects.values_list("status__name").annotate(number=Count("pk")).order_by()
    )
    assert by_status == {
        "Open": 26_989,
        "Closed": 23_359,
        "Open, but proposed to close": 86,
        "Proposed to open": 81,
    }
    assert School.objects.open().count() == 26_989 + 86
    assert RegisterCode.objects.filter(list="type").count() == 39
    aldgate = Establishment.objects.get(code="100000")
    assert (aldgate.name, aldgate.laestab, aldgate.ukprn) == (
        "The Aldgate School",
        "2013614",
        "10079319",
    )
    assert aldgate.year_groups() == [0, 1, 2, 3, 4, 5, 6]
    assert Establishment.objects.filter(easting=0).count() == 0


def _check_search():
    aldgate = School.objects.get(current__code="100000")
    for words in ("aldgate", "EC3A 5DE aldgate", "london aldgate", "100000", "201/3614"):
        assert aldgate in School.objects.search(words)[:5]
    found = suggest(School.objects.all(), "manchster grammar", most=1)
    assert [school.name for school in found] == ["The Manchester Grammar School"]


def one_layout(path):
    """The rows of a sample that are as wide as its header; one sample has two releases in it."""
    with path.open(encoding="cp1252", newline="") as file:
        found = list(csv.reader(file))
    written = io.StringIO()
    csv.writer(written).writerows(values for values in found if len(values) == len(found[0]))
    return Extract(written.getvalue().encode("cp1252"), path.name)


@pytest.mark.parametrize(
    ("name", "number"),
    [("sample_raw_dialect_2019.csv", 9), ("sample_2021.csv", 99), ("sample_2025.csv", 8)],
)
def test_other_releases_load(real_data, name, number):
    run = import_file(one_layout(real_data / "register" / name)).run

    assert (run.rows, run.new, run.unknown_columns) == (number, number, [])


def test_releases_follow_one_another(real_data):
    import_file(one_layout(real_data / "register" / "sample_raw_dialect_2019.csv"))

    run = import_file(
        one_layout(real_data / "register" / "sample_2025.csv"), force_reason="a sample"
    ).run

    aldgate = Establishment.objects.get(code="100000")
    assert (run.rows, run.new + run.changed) == (8, 8)
    assert aldgate.name == "The Aldgate School"
    assert list(aldgate.changes.filter(field="name").values_list("old", "new")) == [
        ("Sir John Cass's Foundation Primary School", "The Aldgate School")
    ]
    assert list(aldgate.changes.filter(field__in=["type", "status", "gender"])) == []
