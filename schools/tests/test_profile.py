"""Profiling postcodes by page and API: counts, reasons, repairs offered, and nothing kept."""

import csv
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.models import AuditEvent, Job
from schools.areas import load_measure, load_postcodes
from schools.areas.profiling import profile
from schools.models import Postcode
from schools.tests.areas import load_postcode, ofs_file, ofs_row, ons_file, ons_row

pytestmark = pytest.mark.django_db
URL, API = "/schools/postcodes/", "/api/v1/postcodes/profile/"
LIST = "Postcode\nKT1 2AB\nkt12ab\nKT1 2AE\nCF1 1AA\nKT1 2AD\nKTI 2AB\nrubbish\n\nBF1 2AA\nJE2 3AB"


@pytest.fixture
def loaded(tmp_path):
    """Four postcodes: one in fifth 1, one ended and suppressed, one Welsh, one of the ONS alone."""
    hidden = {"TUNDRA_LSOA_quintile": "", "Reason_removed_TUNDRA_LSOA": "Suppressed"}
    nowhere = {"Country": "Wales", "LSOA_TUNDRA": "", "TUNDRA_LSOA_quintile": ""}
    rows = [
        ofs_row("KT1 2AB", TUNDRA_MSOA_quintile=""),
        ofs_row("KT1 2AE", TUNDRA_MSOA_quintile="", Postcode_status="Terminated", **hidden),
        ofs_row("CF1 1AA", TUNDRA_MSOA_quintile="", **nowhere),
    ]
    load_postcodes(ofs_file(tmp_path, *rows))
    load_postcodes(ons_file(tmp_path, ons_row("KT1 2AD", lsoa21cd="E01000077")))
    areas = tmp_path / "imd.csv"
    areas.write_text("lsoa11cd,imd_quintile\nE01000001,2\n")
    load_measure(areas, measure="imd", edition="2019", geography="lsoa11")


def kept():
    """How many rows each table of the site has, the trail of what was done left out."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    del counts["core_auditevent"]
    return counts


def profiled(*texts, **options):
    return profile(list(enumerate(texts, start=1)), **options)


def test_each_row_has_an_outcome_and_each_edition_its_counts(loaded):
    made = profiled("KT1 2AB", "kt12ab", "KT1 2AE", "CF1 1AA", "KT1 2AD", "KT7 7ZZ", "x?", "")

    assert {name: number for name, number in made.outcomes.items() if number} == {
        "live": 4,
        "terminated": 1,
        "not_found": 1,
        "missing": 2,
    }
    assert (made.total, made.matched, made.match_rate, made.respelt) == (8, 5, 62.5, 1)
    tundra, imd = made.tables
    assert (tundra.fifths[1], tundra.unclassified) == (
        2,
        {
            "Postcode not matched": 3,
            "No figure published": 1,
            "Outside England": 1,
            "Suppressed": 1,
        },
    )
    assert (imd.fifths, imd.unclassified) == (
        {1: 0, 2: 4, 3: 0, 4: 0, 5: 0},
        {"Outside England": 1, "Postcode not matched": 3},
    )
    assert sum(imd.fifths.values()) + sum(imd.unclassified.values()) == made.total


def test_repairs_are_offered_and_only_taken_when_accepted(loaded):
    texts = ["KTI 2AB", "KT1 2AB, Ketterby", "KT1 2AX"]

    offered = profiled(*texts)
    taken = profiled(*texts, accepted={1})

    assert [(one.row, one.suggested, one.is_found) for one in offered.repairs] == [
        (1, "KT1 2AB", True),
        (2, "KT1 2AB", True),
    ]
    assert (offered.matched, taken.matched, taken.taken) == (0, 1, 1)
    assert [one.row for one in taken.repairs] == [2]


def test_a_postcode_that_may_be_right_is_only_offered_one_that_is_there(loaded):
    load_postcode("SO12AB")

    made = profiled("S01 2AB", "S01 2AD")

    assert [(one.row, one.suggested) for one in made.repairs] == [(1, "SO1 2AB")]
    assert made.outcomes["not_found"] == 2


def test_target_wards_are_counted_beside_the_quintiles(loaded, client, tmp_path):
    marked = ofs_row("KT1 2AE", Uni_Connect_target_ward="1*")
    rows = [ofs_row("KT1 2AB", Uni_Connect_target_ward="1"), marked, ofs_row("KT1 2AF")]
    result = load_postcodes(ofs_file(tmp_path, *rows, name="ofs_2026-09.csv"))
    sent = {"postcodes": ["KT1 2AB", "kt12ae", "KT1 2AF", "KT1 2AD", "KT7 7ZZ"], "rows": True}
    texts = "\n".join(sent["postcodes"])

    answer = client.post(API, json.dumps(sent), "application/json").json()
    page = client.post(URL, {"postcodes": texts, "format": "page"}).content.decode()
    file = b"".join(client.post(URL, {"postcodes": texts, "format": "csv"}).streaming_content)

    assert "          2 in a target ward of Uni Connect" in list(result.in_words())
    assert answer["target_wards"] == {"yes": 2, "no": 1, "not_known": 2}
    assert [row["in_target_ward"] for row in answer["rows"]] == [True, True, False, None, None]
    assert "Uni Connect target wards" in page
    assert "66.7%" in page
    wards = [row[-1] for row in csv.reader(io.StringIO(file.decode()))]
    assert wards[-6:-3] == ["Uni Connect target ward", "In a target ward", "In a target ward"]
    assert wards[-3:] == ["In no target ward", "Not known", "Not known"]


def test_no_row_costs_a_query_of_its_own(loaded, django_assert_num_queries):
    with django_assert_num_queries(8):
        profiled("KT1 2AB")
    with django_assert_num_queries(8):
        profiled("KT1 2AB", "KT1 2AE", "CF1 1AA")


def test_the_page_shows_the_profile_and_keeps_nothing(loaded, client, reader):
    before = kept()

    page = client.post(URL, {"postcodes": LIST, "format": "page"}).content.decode()

    assert "50.0%" in page
    assert "Quintile 1, lowest participation" in page
    assert "No quintile: Suppressed" in page
    assert '<textarea class="d-none" name="rows"' in page
    assert kept() == before
    event = AuditEvent.objects.get(action="postcodes.profiled")
    assert (event.changes, event.actor_id) == ({"rows": 10}, reader.pk)
    assert not Job.objects.exists()


def test_what_is_ticked_is_taken_from_the_page_before(loaded, client):
    sent = {"rows": "7\tKTI 2AB\n8\tKTI 2AE", "accept": ["7"], "format": "page"}

    page = client.post(URL, sent).content.decode()

    assert "1 row repaired as you asked." in page
    assert 'value="8"' in page
    assert 'value="7"' not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_rows_leave_as_a_file_in_the_same_answer(kind, loaded, client):
    file = SimpleUploadedFile("list.csv", b"Name,Home\nA,KT1 2AB\nB,=1+1\n")

    answer = client.post(URL, {"file": file, "column": "home", "format": kind})

    data = b"".join(answer.streaming_content)
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        rows = [row for row in rows if not row[0].startswith("#")]
    else:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        rows = [[str(cell or "") for cell in row] for row in book["Rows"].values]
    assert rows[0][:4] == ["Row", "As handed in", "Read as", "Outcome"]
    assert rows[1][:6] == ["2", "KT1 2AB", "KT1 2AB", "Found, in use", "1", "2"]
    assert rows[2][1] in ("'=1+1", "=1+1")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Paste postcodes, or choose a file."),
        ({"postcodes": "KT1 2AB", "file": b"a\nKT1 2AB\n"}, "not both"),
        ({"file": b"Home,Away\nKT1 2AB,KT1 2AE\n"}, "Which column holds the postcodes?"),
        ({"file": b"Home,Away\nKT1 2AB,x\n", "column": "Here"}, "no column “Here”"),
        ({"file": b"%PDF-1.7"}, "This is a PDF."),
    ],
)
def test_what_cannot_be_read_is_said(sent, said, loaded, client):
    if "file" in sent:
        sent = sent | {"file": SimpleUploadedFile("list.csv", sent["file"])}

    page = client.post(URL, sent | {"format": "page"}).content.decode()

    assert said in page
    assert "<title>Error:" in page


def test_without_a_file_of_postcodes_the_page_says_so(client):
    page = client.post(URL, {"postcodes": "KT1 2AB"}).content.decode()
    api = client.post(API, json.dumps({"postcodes": ["KT1 2AB"]}), "application/json")

    assert "No file of postcodes has been loaded yet." in page
    assert (api.status_code, api.json()["detail"][:30]) == (400, "No file of postcodes has been ")


def test_the_api_answers_the_same(loaded, client):
    sent = {"postcodes": ["KT1 2AB", "KTI 2AB", "KTI 2AE"], "accept": [3], "rows": True}

    answer = client.post(API, json.dumps(sent), "application/json").json()

    assert (answer["total"], answer["matched"], answer["repairs_taken"]) == (3, 2, 1)
    assert answer["repairs"] == [
        {"row": 2, "text": "KTI 2AB", "suggested": "KT1 2AB", "is_found": True}
    ]
    assert answer["rows"][2] == {
        "row": 3,
        "outcome": "terminated",
        "postcode": "KT1 2AE",
        "quintiles": [None, 2],
        "in_target_ward": None,
    }
    assert answer["target_wards"] is None
    assert answer["measures"][0]["edition"] == "2025-11"
    assert answer["measures"][0]["match_rate"] == answer["match_rate"] == 66.7


@pytest.mark.parametrize(
    "sent", [{}, {"postcodes": []}, {"postcodes": [1]}, {"postcodes": "KT1 2AB"}]
)
def test_the_api_says_what_is_wrong_with_what_was_sent(sent, loaded, client):
    answer = client.post(API, json.dumps(sent), "application/json")

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["postcodes"]


def test_a_postcode_in_an_address_is_not_read(loaded, client):
    page = client.get(URL, {"postcodes": "KT1 2AB"}).content.decode()

    assert "KT1 2AB" not in page
    assert Postcode.objects.count() == 4
