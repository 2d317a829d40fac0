"""What is measured of small areas, and of the area in which a school's site lies."""

import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from schools.areas import (
    Refused,
    facts_of,
    load_measure,
    load_postcodes,
    recompute,
    remove_measure,
    ward_of,
)
from schools.models import AreaEdition, AreaValue, School, SchoolArea
from schools.tests.areas import ofs_file, ofs_row, ons_file, ons_row
from schools.tests.factories import make_school

pytestmark = pytest.mark.django_db
IMD = {"measure": "imd", "edition": "2025", "geography": "lsoa21"}
TEN = "LSOA code (2021),Name,IMD Rank,IMD Score\n" + "".join(
    f"E010000{rank:02d},Area {rank},{rank},{100 - rank}.5\n" for rank in range(1, 11)
)


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a measure from text."""

    def load(text=TEN, name="areas.csv", **options):
        path = tmp_path / name
        path.write_text(text)
        return load_measure(path, **{**IMD, **options})

    return load


def values(*fields):
    return list(AreaValue.objects.order_by("area").values_list("area", *fields))


def test_ranks_become_tenths_and_fifths(load):
    result = load()

    assert values("rank", "decile", "quintile")[:3] == [
        ("E01000001", 1, 1, 1),
        ("E01000002", 2, 2, 1),
        ("E01000003", 3, 3, 2),
    ]
    assert values("rank", "decile", "quintile", "value")[-1] == ("E01000010", 10, 10, 5, 90.5)
    assert (result.edition.rows, str(result.edition)) == (10, "Index of Multiple Deprivation 2025")
    assert result.columns["area"] == "LSOA code (2021)"


def test_another_load_of_an_edition_replaces_it_and_other_editions_stay(load):
    load()
    load(TEN.replace("2021", "2011"), edition="2019", geography="lsoa11")

    same = load()
    load("lsoa21cd,imd_decile\nE01000001,4\n")

    assert same.same_file
    assert AreaEdition.objects.count() == 2
    newest = AreaEdition.objects.newest("imd")
    assert [(v.area, v.rank, v.decile, v.quintile) for v in newest.values.all()] == [
        ("E01000001", None, 4, 2)
    ]


def test_notes_before_and_beneath_the_table_and_marks_in_it_are_passed_over(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Indices of deprivation"])
    book.active.append(["Notes on this file"])
    sheet = book.create_sheet("IMD25")
    for line in (TEN.replace(",7,", ",z,") + "Source: the ministry,,,").splitlines():
        sheet.append(line.split(","))
    book.save(tmp_path / "areas.xlsx")

    load_measure(tmp_path / "areas.xlsx", **IMD)

    assert values("rank")[5:8] == [("E01000006", 6), ("E01000007", None), ("E01000008", 8)]
    assert len(values()) == 10


def test_columns_are_named_where_headings_do_not_tell(load, tmp_path):
    text = "area,one,two\nE02000001,1,5\nE02000001,1,5\nE02000002,,\n"
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "areas.xlsx")
    out = io.StringIO()

    call_command(
        *("import_area_measures", tmp_path / "areas.xlsx", "--measure", "tundra_msoa"),
        *("--edition", "2021", "--geography", "msoa11", "--columns", "quintile=two", "value=one"),
        stdout=out,
    )

    assert values("quintile", "value") == [("E02000001", 5, 1.0), ("E02000002", None, None)]
    assert "2 areas, 1 of them with a fifth" in out.getvalue()


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (TEN, {"measure": "wealth"}, "There is no measure “wealth”. Known are"),
        (TEN, {"geography": "ward01"}, "is none of lsoa21, lsoa11, msoa11"),
        (TEN, {"geography": "msoa11"}, "no column with codes of MSOA 2011 areas"),
        (TEN, {"measure": "idaci"}, "has no rank, decile or quintile of IDACI"),
        (TEN, {"columns": {"rank": "Place"}}, "has no column “Place”"),
        (TEN + "E01000001,Again,9,1\n", {}, "Row 12 of areas.csv says something else"),
        (TEN.replace(",7,", ",one,"), {}, "Row 8 of areas.csv: “one” is no number"),
        ("lsoa,IMD quintile\nE01000001,7\n", {}, "Row 2 of areas.csv: “7” is no quintile"),
        (TEN, {"geography": "lsoa11"}, "has its areas under “LSOA code (2021)”, but --geography"),
        (TEN.replace("E01000004", "E0100"), {}, "is no code of an area"),
        ("a,IMD rank,imd2019 rank\nE01000001,1,1\n", {}, "several columns that may be the rank"),
        ("%PDF", {}, "This is a PDF"),
    ],
)
def test_what_cannot_be_loaded_is_refused_and_nothing_changes(text, options, said, load):
    load("lsoa21cd,imd_decile\nE01000001,4\n", name="before.csv")
    before = values("quintile")

    with pytest.raises(Refused) as refused:
        load(text, **options)

    assert said in str(refused.value)
    assert values("quintile") == before


def test_the_command_says_what_was_wrong(tmp_path):
    options = ("--measure", "imd", "--edition", "2025", "--geography", "lsoa21")

    with pytest.raises(CommandError, match=r"cannot be read.*Nothing was changed"):
        call_command("import_area_measures", tmp_path / "nowhere.csv", *options)
    with pytest.raises(CommandError, match="is not KIND=HEADING"):
        call_command("import_area_measures", "x.csv", *options, "--columns", "rank")


def facts(school):
    return [
        (str(fact.edition), fact.area, fact.quintile, fact.by_postcode) for fact in facts_of(school)
    ]


def test_a_schools_area_is_that_of_its_postcode_else_of_the_register(load, tmp_path):
    located = make_school("By postcode", postcode="KT1 2AB", lsoa="E01000009")
    by_code = make_school("By the register", postcode="KT9 9ZZ", lsoa="E01000010")
    make_school("Nowhere", lsoa="W01000001")
    load()
    by_register = facts(located)

    load_postcodes(ons_file(tmp_path, ons_row("KT1 2AB", lsoa21cd="E01000001")))
    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AB", TUNDRA_MSOA_quintile="")))

    name = "Index of Multiple Deprivation 2025"
    assert by_register == [(name, "E01000009", 5, False)]
    assert facts(located) == [
        ("TUNDRA, small areas 2025-11", "E01000001", 1, True),
        (name, "E01000001", 1, True),
    ]
    assert facts(by_code) == [(name, "E01000010", 5, False)]
    assert SchoolArea.objects.count() == 3


def test_whether_a_schools_site_is_in_a_target_ward_may_not_be_known(tmp_path):
    inside, outside = make_school("In", postcode="KT1 2AB"), make_school("Out", postcode="KT1 2AC")
    nowhere = make_school("Nowhere", postcode="KT9 9ZZ")
    schools = (inside, outside, nowhere)
    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AB"), ofs_row("KT1 2AC")))
    before = [ward_of(school).in_words for school in schools]

    marked = ofs_row("KT1 2AB", Uni_Connect_target_ward="1*")
    load_postcodes(ofs_file(tmp_path, marked, ofs_row("KT1 2AC"), name="ofs_2026-09.csv"))

    assert before == ["Not known"] * 3
    assert [ward_of(school).in_words for school in schools] == ["Yes", "No", "Not known"]


def test_an_edition_is_removed_with_its_values_and_the_schools_facts(load, reader, capsys):
    school = make_school("Found", lsoa="E01000001")
    load()
    load(TEN.replace("2021", "2011"), edition="2019", geography="lsoa11")
    wrong = ("--measure", "imd", "--edition", "2019", "--geography", "lsoa11", "--remove")

    call_command("import_area_measures", *wrong, "--by", reader.email)

    assert capsys.readouterr().out == (
        "Index of Multiple Deprivation 2019 (LSOA 2011) is removed\n"
        "       10 areas\n"
        "        1 facts about schools' sites\n"
    )
    assert (facts(school), AreaValue.objects.count()) == (
        [("Index of Multiple Deprivation 2025", "E01000001", 1, False)],
        10,
    )
    event = AuditEvent.objects.get(action="area_measure.removed")
    assert (event.actor_id, event.changes) == (reader.pk, {"areas": 10, "schools": 1})
    with pytest.raises(CommandError, match=r"imd 2019 on lsoa11 is not loaded\. Loaded are: Ind"):
        call_command("import_area_measures", *wrong)
    with pytest.raises(CommandError, match="Name the file to load"):
        call_command("import_area_measures", *wrong[:-1])


def test_an_edition_of_a_postcode_file_is_not_removed_by_itself(tmp_path):
    load_postcodes(ofs_file(tmp_path, ofs_row("KT1 2AB")))

    with pytest.raises(Refused, match=r"came with postcodes_2025-11\.csv"):
        remove_measure(measure="tundra_lsoa", edition="2025-11", geography="lsoa11")


def test_schools_are_found_by_the_fifth_of_the_newest_edition(load):
    school = make_school("Found", lsoa="E01000001")
    make_school("Other", lsoa="E01000010")
    load()
    load(TEN.replace("E01000001", "E01000099"), edition="2019")

    assert list(School.objects.open().in_quintile("imd", 1)) == [school]
    assert not School.objects.in_quintile("idaci", 1).exists()


def test_recompute_of_some_schools_equals_that_of_all(load):
    moved, other = make_school("Moved", lsoa="E01000001"), make_school("Other", lsoa="E01000002")
    load()
    for school, lsoa in ((moved, "E01000009"), (other, "")):
        school.current.lsoa = lsoa
        school.current.save()

    some = recompute("SELECT %s::bigint", [moved.pk])
    seen = facts(moved), facts(other)
    rest = recompute()

    assert (some, rest, recompute()) == (1, 1, 0)
    assert seen == (facts(moved), [("Index of Multiple Deprivation 2025", "E01000002", 1, False)])
    assert (facts(moved)[0][2], facts(other)) == (5, [])
