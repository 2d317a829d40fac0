"""The whole register of November 2023, where it is at hand, and a release that follows it."""

import csv
import io
import lzma
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count

from schools.models import Establishment, RegisterChange, RegisterCode, School
from schools.register import apply_run, import_file, preview_file, undo_run
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


def checksum():
    """Of every column of every row of the register, but for the hashes of the lines read."""
    columns = ", ".join(
        field.column for field in Establishment._meta.concrete_fields if field.name != "line_hash"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sum(hashtextextended(ROW({columns})::text, 0)), count(*) "
            "FROM schools_establishment e UNION ALL "
            "SELECT sum(hashtextextended(s::text, 0)), count(*) FROM schools_school s UNION ALL "
            "SELECT sum(hashtextextended(k::text, 0)), count(*) FROM schools_registercode k"
        )
        return cursor.fetchall()


class NextRelease:
    """A release that follows the real one, and the number of rows of each kind of change in it."""

    STEP = 97

    def __init__(self, data):
        self.start, *lines = data.rstrip().split(b"\r\n")
        rows = csv.reader(line.decode("latin-1") for line in lines)
        self.header, self.rows = next(csv.reader([self.start.decode()])), list(rows)
        self.untouched = {id(row): line for row, line in zip(self.rows, lines, strict=True)}
        self.place = {name: place for place, name in enumerate(self.header)}
        self.shares = iter([self.rows[turn :: self.STEP] for turn in range(self.STEP)])
        self.counts = Counter()

    def where(self, **wanted):
        """Rows of this kind out of every 97th that no other change has touched."""
        places = {self.place[column]: value for column, value in wanted.items()}
        return [row for row in next(self.shares) if all(row[p] == v for p, v in places.items())]

    def change(self, kind, wanted, **values):
        for row in self.where(**wanted):
            self._set(row, values)
            self.counts[kind] += 1

    def _set(self, row, values):
        self.untouched.pop(id(row), None)
        for column, value in values.items():
            row[self.place[column]] = value(row) if callable(value) else value

    def made(self):
        """Every kind of change once in 97 rows; returns the file."""
        is_open = {STATUS: "1"}
        self.change("closed", is_open, **{STATUS: "2", STATUS_NAME: "Closed", "CloseDate": DAY})
        self.change(
            "opened",
            {STATUS: "4"},
            **{STATUS: "1", STATUS_NAME: "Open", "OpenDate": DAY},
        )
        self.change("renamed", is_open, EstablishmentName=lambda row: f"{row[4].strip()} of Weir")
        self.change("moved", is_open, **{"LA (code)": "999", "LA (name)": "Weirshire"})
        phase = {"PhaseOfEducation (code)": "7", "PhaseOfEducation (name)": "All-through"}
        self.change("phase", is_open | {"PhaseOfEducation (code)": "4"}, **phase)
        self._convert()
        gone = {id(row) for row in self.where(**{STATUS: "2"})}
        self.counts["vanished"] = len(gone)
        self.rows = [row for row in self.rows if id(row) not in gone]
        self._add(40)
        return self._written()

    def _convert(self):
        """Close some schools, and open each again as an academy with another URN."""
        olds = self.where(**{STATUS: "1", TYPE: "01"})
        news = [list(row) for row in olds]
        for number, (old, new) in enumerate(zip(olds, news, strict=True)):
            self._set(old, {STATUS: "2", STATUS_NAME: "Closed", "CloseDate": DAY})
            academy = {TYPE: "34", "TypeOfEstablishment (name)": "Academy converter"}
            self._set(new, {"URN": str(900_000 + number), "OpenDate": DAY, **academy})
        self.counts["converted"] = len(olds)
        self.rows += news

    def _add(self, number):
        for place in range(number):
            self.rows.append([str(950_000 + place), *self.rows[place][1:]])
        self.counts["new"] = number

    def _written(self):
        lines = [self.start]
        for row in self.rows:
            cells = (f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row)
            lines.append(self.untouched.get(id(row)) or ",".join(cells).encode("latin-1"))
        return Extract(b"\r\n".join(lines) + b"\r\n", "edubasealldata20240116.csv")


DAY = "31-12-2023"
STATUS, STATUS_NAME = "EstablishmentStatus (code)", "EstablishmentStatus (name)"
TYPE = "TypeOfEstablishment (code)"


def test_a_second_release_changes_what_it_was_derived_to_and_can_be_undone(real_data):
    data = lzma.decompress((real_data / WHOLE).read_bytes())
    import_file(Extract(data))
    before, release = checksum(), NextRelease(data)
    file = release.made()
    counts = release.counts

    looked = preview_file(file)
    untouched = checksum()
    run = apply_run(looked, by=None).run
    after = checksum()
    _check_counts(run, counts)
    undo_run(run, by=None)

    assert untouched == before
    assert after != before
    assert checksum() == before
    assert min(counts.values()) > 0
    again = import_file(Extract(file.getvalue(), file.name)).run
    assert (again.new, again.changed, again.missing) == (run.new, run.changed, run.missing)


def _check_counts(run, counts):
    fields = dict(run.changes.values_list("field").annotate(number=Count("pk")).order_by())
    to_closed = run.changes.filter(field="status", new="Closed").count()
    assert run.new == counts["new"] + counts["converted"]
    assert run.missing == counts["vanished"]
    assert run.closed == to_closed == counts["closed"] + counts["converted"]
    assert run.changes.filter(field="status", new="Open").count() == counts["opened"]
    assert fields["name"] == counts["renamed"]
    assert fields["authority"] == counts["moved"]
    assert fields["phase"] == counts["phase"]
    kinds = ("closed", "opened", "renamed", "moved", "phase", "converted")
    assert run.changed == sum(counts[kind] for kind in kinds)
    assert run.rows == 50_515 - counts["vanished"] + run.new
    assert run.unchanged == run.rows - run.new - run.changed
