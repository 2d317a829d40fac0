"""Files of what is published about the schools of a filter: their rows, and whose they are."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from dashboards.contents import CONTENTS
from partnerships.tests.factories import make_link, make_partnership
from schools.models import AreaReason, EstablishmentLink, Result, ResultMeasure, School
from schools.tests.areas import measure_area
from schools.tests.factories import make_school

pytestmark = pytest.mark.django_db
IDS = ["School", "URN", "LAESTAB", "UKPRN"]


def measure(code, name, **facts):
    return ResultMeasure.objects.create(
        kind="census", code=code, name=name, **{"unit": "number", "order": 1, **facts}
    )


def publish(school, number=None):
    """Two figures, one area and two links of a school, from both ends."""
    pupils = ResultMeasure.objects.filter(code="pupils").first() or measure("pupils", "Pupils")
    share = ResultMeasure.objects.filter(code="fsm").first() or measure(
        "fsm", "Free meals", unit="percent", order=2
    )
    code = number or school.current.code
    Result.objects.create(code=code, measure=pupils, school_year=2022, value=900)
    Result.objects.create(code=code, measure=share, school_year=2023, reason="suppressed")
    measure_area(school)
    for ends, kind in (((code, "990001"), "Successor"), (("990002", code), "Successor")):
        EstablishmentLink.objects.create(code=ends[0], linked_code=ends[1], type=kind, name="=New")


@pytest.fixture
def export(as_user, officer):
    """Return a function that gives (cover lines, rows as lists) of a file."""
    client = as_user(officer)

    def export(contents, query="?standing=all", format="csv"):
        sent = {"contents": contents, "format": format}
        response = client.post(f"/schools/export/{query}", sent)
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        cover = [line for line in lines if line.startswith("#")]
        return cover, list(csv.reader(line for line in lines if not line.startswith("#")))

    return export


@pytest.fixture
def abbey(db):
    """A school with an earlier number, and another that nobody asks for."""
    school = make_school("Abbey School", code="900001", laestab="2013614", ukprn="10090001")
    make_school("Abbey", school=school, code="900000", standing="closed")
    publish(school)
    publish(make_school("Weir School", code="900002"))
    return school


def test_results_stand_one_a_row_with_the_reason_where_one_is_withheld(export, abbey):
    old = ResultMeasure.objects.get(code="pupils")
    Result.objects.create(code="900000", measure=old, school_year=2020, value=Decimal("812.50"))

    cover, (headings, *rows) = export("results", "?q=abbey")

    ids = ["Abbey School", "900001", "2013614", "10090001"]
    assert headings[:4] == IDS
    assert rows == [
        [*ids, "900000", "2020-21", "School census", "Pupils", "All", "number", "812.5", ""],
        [*ids, "900001", "2022-23", "School census", "Pupils", "All", "number", "900", ""],
        [
            *(*ids, "900001", "2023-24", "School census", "Free meals", "All", "percent", ""),
            "Hidden: too few pupils",
        ],
    ]
    assert "# Title: Results by year: 3 rows" in cover
    event = AuditEvent.objects.get(action="schools.exported")
    assert event.changes == {
        "contents": "results",
        "filter": {"q": ["typed"]},
        "rows": 3,
        "format": "csv",
    }


def test_areas_stand_with_their_edition_and_value(export, abbey):
    reason = AreaReason.objects.create(number=90, words="Too few pupils")
    none = dict.fromkeys(("area", "rank", "decile", "quintile"))
    measure_area(abbey, "tundra_lsoa", by_postcode=False, reason=reason, **none)

    cover, (_, *rows) = export("areas", "?q=abbey")

    assert rows == [
        [
            *("Abbey School", "900001", "2013614", "10090001", "TUNDRA, small areas", "2025"),
            *("LSOA 2021", "", "Code in the register", "", "", "", "", "Too few pupils"),
        ],
        [
            *("Abbey School", "900001", "2013614", "10090001"),
            *("Index of Multiple Deprivation", "2025", "LSOA 2021", "E01000001", "Postcode"),
            *("61.5", "1", "1", "1", ""),
        ],
    ]
    assert "# Data as at: Index of Multiple Deprivation – edition 2025 – LSOA 2021" in cover


def test_links_are_seen_from_the_school_whichever_end_says_so(export, abbey):
    EstablishmentLink.objects.create(
        code="900001",
        linked_code="900000",
        type="Predecessor",
        established_on=date(2021, 9, 1),
    )
    EstablishmentLink.objects.create(code="900000", linked_code="900001", type="Successor")
    EstablishmentLink.objects.create(code="900001", linked_code="900002", type="Sixth form centre")

    _, (_, *rows) = export("links", "?q=abbey")

    both = "Predecessor; Successor"
    assert [row[4:] for row in rows] == [
        ["900000", "Successor", "900001", "Abbey School", "", "2021-09-01", both],
        ["900001", "Predecessor", "900000", "Abbey", "", "2021-09-01", both],
        ["900001", "Linked school", "900002", "Weir School", "", "", "Sixth form centre"],
        ["900001", "Successor", "990001", "'=New", "Not in the register", "", "Successor"],
        ["900001", "Predecessor", "990002", "", "Not in the register", "", "Successor"],
    ]


@pytest.mark.parametrize("contents", ["results", "areas", "links"])
def test_a_file_of_our_hub_schools_tells_of_no_other_partnerships(
    contents, export, abbey, partnership
):
    other = School.objects.get(name="Weir School")
    make_link(partnership, abbey, hub_school=True)
    make_link(partnership, make_school("Quiet School"))
    make_link(make_partnership("Elsewhere"), other, hub_school=True)

    _, (_, *rows) = export(contents, "?with_us=hub")

    assert {row[0] for row in rows} == {"Abbey School"}
    assert AuditEvent.objects.get(action="schools.exported").partnership_id == partnership.pk


@pytest.mark.parametrize("contents", CONTENTS)
def test_the_count_is_that_of_the_rows_and_more_schools_ask_no_more(contents, abbey):
    def asked():
        with CaptureQueriesContext(connection) as context:
            held = CONTENTS[contents]
            schools = School.objects.order_by("sort_key", "pk")
            rows = list(held.rows(schools, held.columns()))
        assert len(rows) == held.count(schools) > 0
        return len(context.captured_queries)

    few = asked()
    for number in range(3):
        publish(make_school(f"School {number}"))

    assert asked() == few


def test_a_choice_that_is_none_leads_back_to_the_list(as_user, officer):
    sent = {"contents": "pupils", "format": "csv"}

    response = as_user(officer).post("/schools/export/?q=abbey", sent)

    assert response.url == "/schools/?q=abbey"
