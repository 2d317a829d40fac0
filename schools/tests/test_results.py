"""Published results: every row of a file is accounted for, and what is withheld says why."""

import gzip
import io
import zipfile
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEvent
from schools.models import Result, ResultFile, ResultMeasure
from schools.register import Refused
from schools.results import as_label, import_results, measures, read_year, results_of
from schools.tests.extract import Extract
from schools.tests.factories import make_school

HEADER = "URN,LA,NOR,NUMFSM,PNUMFSMEVER,PNUMEAL,PSENELK,PSENELSE"
SALTMERE = "900001,201,1000,250,46.90%,NA,SUPP,NE"
NATION = "NAT,,3630171,823749,27.1%,18.1%,12.4%,2.4%"


def census(*rows, header=HEADER, name="2022-2023_england_census.csv"):
    return Extract("\ufeff".encode() + "\n".join([header, *rows]).encode(), name)


def figures(code="900001", year=2022):
    rows = Result.objects.filter(code=code, school_year=year).select_related("measure")
    return {row.measure.code: row.value if row.reason == "" else row.reason for row in rows}


def test_a_file_becomes_figures_and_reasons(db):
    make_school(code="900001")

    result = import_results(census(SALTMERE, NATION))

    assert figures() == {
        "pupils": 1000,
        "fsm": 25,
        "fsm-number": 250,
        "fsm-ever-6": Decimal("46.90"),
        "eal": "not-applicable",
        "sen-support": "suppressed",
        "ehc-plan": "no-entries",
    }
    assert (result.file.kind, result.file.school_year) == ("census", 2022)
    assert (result.file.rows, result.file.kept, result.file.left_out) == (2, 1, {"national": 1})
    assert AuditEvent.objects.get(action="results.imported").changes["rows"] == 2


def test_every_row_is_kept_or_left_out_for_a_reason(db):
    rows = (SALTMERE, SALTMERE, "900002", ",202,1,1,1%,,,", "9000x3,,,", "", NATION)

    result = import_results(census(*rows))

    left_out = {"national": 1, "no-urn": 1, "unreadable": 1, "repeated": 1}
    assert (result.file.rows, result.file.kept, result.file.left_out) == (6, 2, left_out)
    assert result.file.rows == result.file.kept + sum(left_out.values())
    assert result.file.not_in_register == 2
    assert set(figures("900002").values()) == {"blank"}
    assert "2 rows are shorter than the header; what they lack is kept as blank." in result.notices


def test_the_same_file_again_changes_nothing_and_another_replaces_it(db):
    import_results(census(SALTMERE, SALTMERE.replace("900001", "900002")))
    before = list(Result.objects.order_by("pk").values_list())

    same = import_results(census(SALTMERE, SALTMERE.replace("900001", "900002")))
    unchanged = list(Result.objects.order_by("pk").values_list())
    other = import_results(census(SALTMERE.replace("46.90%", "47%")))

    assert (same.same_file, unchanged) == (True, before)
    assert (other.written, other.removed) == (1, 7)
    assert figures()["fsm-ever-6"] == 47
    assert ResultFile.objects.count() == 1


def test_the_one_csv_of_an_archive_is_read(db):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("notes.txt", "x")
        archive.writestr("2022-2023/2022-2023_england_census.csv", census(SALTMERE).read())

    result = import_results(Extract(packed.getvalue(), "extract.zip"))

    assert (result.file.file_name, result.file.kept) == ("2022-2023_england_census.csv", 1)


def test_years_stand_side_by_side(db):
    import_results(census(SALTMERE))

    import_results(census(SALTMERE.replace("46.90%", "40%"), name="census.csv"), year=2021)

    assert (figures()["fsm-ever-6"], figures(year=2021)["fsm-ever-6"]) == (Decimal("46.90"), 40)


@pytest.mark.parametrize(
    ("file", "options", "says"),
    [
        (census(SALTMERE, name="census.csv"), {}, "Say it with --year"),
        (census(SALTMERE, name="2090-91.csv"), {}, "cannot be right"),
        (census(SALTMERE, header=HEADER.replace("URN", "School")), {}, "no column URN"),
        (census("900001,5", header="URN,Other"), {}, "Say so with --kind"),
        (census("900001,5", header="URN,Other"), {"kind": "census"}, "no column of census"),
        (census(SALTMERE), {"kind": "sats"}, "There is no kind sats"),
        (census(SALTMERE, SALTMERE.replace("250", "251")), {}, "on two lines, 2 and 3, that"),
        (census(NATION), {}, "no row of a school"),
        (census('900001,"201'), {}, "cannot be read as CSV"),
        (Extract(b"URN,\0", "2022-23.csv"), {}, "not a CSV file"),
    ],
)
def test_a_file_that_will_not_do_is_refused_in_words_and_leaves_nothing(db, file, options, says):
    with pytest.raises(Refused, match=says):
        import_results(file, **options)

    assert (Result.objects.count(), ResultFile.objects.count()) == (0, 0)
    assert ResultMeasure.objects.count() == 0


def test_percentages_written_as_parts_of_one_are_read_as_per_cent(db):
    rows = [f"9000{n},201,1000,250,0.{n},0,1,SUPP" for n in range(10, 40)]

    result = import_results(census(*rows))

    assert figures("900025")["fsm-ever-6"] == 25
    assert figures("900025")["sen-support"] == 100
    assert [said for said in result.notices if said.startswith("Written as parts of one")]


def test_a_measure_that_the_file_lacks_is_said_and_a_column_not_known_is_passed_over(db):
    header = HEADER.replace("PSENELSE", "NEWPCT")

    result = import_results(census(SALTMERE, header=header))

    assert result.missing == ["Education, health and care plan"]
    assert "ehc-plan" not in figures()


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("46.90%", (Decimal("46.90"), "")),
        (" 1,204 ", (Decimal(1204), "")),
        ("26.799999999999997", (Decimal("26.799999999999997"), "")),
        ("-0.31", (Decimal("-0.31"), "")),
        ("SUPP", (None, "suppressed")),
        ("supp", (None, "suppressed")),
        ("c", (None, "suppressed")),
        ("z", (None, "not-applicable")),
        ("LOWCOV", (None, "low-coverage")),
        ("SP", (None, "small")),
        ("low", (None, "rounds-to-none")),
        ("", (None, "blank")),
        ("C+", (None, "other")),
        ("99999999999", (None, "other")),
        ("٤", (None, "other")),
    ],
)
def test_cells_are_numbers_or_reasons(cell, read):
    assert measures.read_cell(cell) == read


@given(st.text(max_size=20))
def test_any_cell_is_one_or_the_other(cell):
    value, reason = measures.read_cell(cell)

    assert (value is None) == bool(reason)
    assert measures.reason_in_words(reason or "other")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022-23", 2022),
        ("2022-2023_england_census", 2022),
        ("performance-202324.csv", 2023),
        ("1999-2000", None),
        ("2022-24", None),
        ("2099-00", 2099),
        ("ks4 2023", None),
    ],
)
def test_school_years_are_read_as_files_name_them(text, year):
    assert read_year(text) == year


@given(st.integers(2000, 2098))
def test_a_label_is_read_as_its_year(year):
    assert read_year(as_label(year)) == year


def test_results_of_a_school_are_the_newest_first_with_its_numbers_of_before(
    db, django_assert_num_queries
):
    school = make_school(code="900001")
    make_school("Saltmere School", school=school, code="900009", standing="closed")
    import_results(census(SALTMERE))
    import_results(census("900009,201,900,180,31%,1,2,3", name="2021-22.csv"))
    school.refresh_from_db()

    with django_assert_num_queries(3):
        (kind,) = results_of(school)

    by_code = {row.measure.code: [str(figure) for figure in row.figures] for row in kind.rows}
    assert (kind.name, kind.labels) == ("School census", ["2022-23", "2021-22"])
    assert kind.stamp.startswith("DfE, school census, 2022-23, read on ")
    assert by_code["pupils"] == ["1,000", "900"]
    assert by_code["fsm-ever-6"] == ["46.9%", "31%"]
    assert by_code["sen-support"] == ["Hidden: too few pupils", "2%"]


def test_a_page_says_what_is_withheld_and_from_where(db):
    school = make_school(code="900001")
    import_results(census(SALTMERE))

    shown = render_to_string("schools/_results.html", {"results": results_of(school)})
    other = render_to_string("schools/_results.html", {"results": results_of(make_school())})

    assert "2022-23 · Eligible for free school meals: 25%" in shown
    assert "Hidden: too few pupils" in shown
    assert "DfE, school census, 2022-23, read on" in shown
    assert "No published results are held for this school." in other


def test_results_are_for_machines_too_and_narrowed(db, client):
    school = make_school(code="900001")
    import_results(census(SALTMERE, SALTMERE.replace("900001", "900002")))

    rows = client.get("/api/v1/results/", {"school": school.pk, "measure": "sen-support"}).json()

    (row,) = rows["results"]
    assert (row["urn"], row["school_year_name"], row["value"]) == ("900001", "2022-23", None)
    assert row["reason_in_words"] == "Hidden: too few pupils"
    assert client.get(f"/api/v1/results/{row['id']}/").json() == row
    assert len(client.get("/api/v1/results/?kind=census").json()["results"]) == 14


def test_the_command_says_what_came_of_a_file(db, tmp_path, capsys):
    path = tmp_path / "2022-23_census.csv.gz"
    path.write_bytes(gzip.compress(census(SALTMERE, NATION).read()))

    call_command("import_results", str(path))
    with pytest.raises(CommandError, match="no school year"):
        call_command("import_results", str(path), year="22")

    said = capsys.readouterr().out
    assert "School census, 2022-23: 2022-23_census.csv" in said
    assert "1 left out: of the whole country" in said
    assert "1 kept by number, not in the register today" in said
