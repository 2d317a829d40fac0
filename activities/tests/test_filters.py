"""One filter, four doors: the list, the CSV, the workbook and the API hold the same rows."""

import csv
import io
import re
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities import actions
from activities.tests.factories import ON, YEAR_10, make_activity, make_need
from core.models import AuditEvent
from partnerships.tests.factories import make_link, make_provider, make_school

LIST, EXPORT, API = "/activities/", "/activities/export/", "/api/v1/activities/"


@pytest.fixture
def work(partnership, link, officer, manager, other_partnership, outsider):
    """A few activities that differ in everything a filter knows."""
    elsewhere = make_link(partnership, make_school("Holm Park School"), hub_school=True)
    need, far = make_need(link), make_need(elsewhere, "parents")
    college = make_provider(partnership, "Wexborough College")
    make_activity(make_link(other_partnership), outsider, summary="Not yours")
    rows = _rows_of(link, elsewhere, (need, far), (officer, manager), college)
    values = {
        **_ALWAYS,
        "school": [link.pk, elsewhere.pk],
        "area": [need.area_id, far.area_id],
        "need": [need.pk, far.pk],
        "hub": [link.status_on(ON).hub_id],
        "provider": [college.pk],
    }
    return {"rows": rows, "values": values, "link": link, "need": need, "college": college}


_ALWAYS = {
    "strand": ["targeted", "proactive", "none", "signposting"],
    "type": ["campus-visit", "talk", "workshop"],
    "year_group": [10, 11],
    "no_need": ["true"],
    "status": ["planned", "delivered", "cancelled"],
    "year": [2025, 2026, 2027],
    "mine": ["true"],
    "q": ["campus", "holm park", "évening talk", "talk"],
    "from": ["2026-10-06", "2026-10-07"],
    "to": ["2026-10-06", "2026-01-31"],
}


def _rows_of(link, elsewhere, needs, people, college):
    (need, far), (officer, manager) = needs, people
    rows = [
        make_activity(link, officer, headcounts=[YEAR_10], needs=[need], summary="Campus day"),
        make_activity(link, manager, code="talk", starts_on=ON + timedelta(days=7)),
        make_activity(elsewhere, officer, needs=[far], provider=college, summary="Évening"),
        make_activity(elsewhere, officer, code="workshop", status="planned"),
        make_activity(link, officer, starts_on=date(2026, 1, 15), headcounts=[{"year_group": 11}]),
    ]
    actions.cancel(rows[1], reason="school", version=1, by=manager)
    return rows


def by_list(client, query):
    return [row["pk"] for row in client.get(LIST, query).context["rows"]]


def _export(client, query, format):
    url = f"{EXPORT}?{client.get(LIST, query).wsgi_request.GET.urlencode()}"
    return b"".join(client.post(url, {"format": format}).streaming_content)


def by_csv(client, query):
    text = _export(client, query, "csv").decode("utf-8-sig")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [int(row["Number"]) for row in csv.DictReader(lines)]


def by_workbook(client, query):
    with ZipFile(io.BytesIO(_export(client, query, "xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    rows = re.findall(r'<row r="(\d+)">(.*?)</row>', sheet)
    return [int(re.findall(r"<v>([^<]*)</v></c>$", cells)[0]) for _, cells in rows[1:]]


def by_api(client, query):
    return [row["id"] for row in client.get(API, query).json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [1, 3, 2, 0, 4]),
        ({"q": "évening"}, [2]),
        ({"q": "holm évening"}, [2]),
        ({"strand": "targeted"}, [1, 0, 4]),
        ({"strand": ["proactive", "none"]}, [3, 2]),
        ({"type": "talk"}, [1]),
        ({"year_group": "10"}, [0]),
        ({"no_need": "1"}, [1, 3, 4]),
        ({"status": "cancelled"}, [1]),
        ({"year": "2025"}, [4]),
        ({"from": "2026-10-06", "to": "2026-10-06"}, [3, 2, 0]),
        ({"from": "6/10/2026", "to": "12 October 2026"}, [3, 2, 0]),
    ],
)
def test_each_part_of_the_filter(work, officer, as_user, query, found):
    rows = [work["rows"][number].pk for number in found]

    assert by_list(as_user(officer), query) == rows


def test_the_filter_works_after_the_api_was_described(work, officer, as_user):
    call_command("spectacular", stdout=io.StringIO())

    assert by_list(as_user(officer), {"type": "talk"}) == [work["rows"][1].pk]


def test_each_part_that_names_a_row(work, officer, manager, as_user):
    rows, client = [row.pk for row in work["rows"]], as_user(officer)

    assert by_list(client, {"school": work["link"].pk}) == [rows[1], rows[0], rows[4]]
    assert by_list(client, {"need": work["need"].pk}) == [rows[0]]
    assert by_list(client, {"area": work["need"].area_id}) == [rows[0]]
    assert by_list(client, {"provider": work["college"].pk}) == [rows[2]]
    assert by_list(client, {"hub": work["values"]["hub"][0]}) == [rows[1], rows[0], rows[4]]
    assert by_list(as_user(manager), {"mine": "1"}) == [rows[1]]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_door_holds_the_same_rows(work, officer, as_user, data):
    names = data.draw(st.sets(st.sampled_from(sorted(work["values"])), max_size=3))
    query = {name: data.draw(st.sampled_from(work["values"][name]), name) for name in names}
    client = as_user(officer)

    found = by_list(client, query)

    assert by_csv(client, query) == found
    assert by_workbook(client, query) == found
    assert by_api(client, query) == found


def test_a_filter_by_rows_of_another_partnership_is_wrong(work, outsider, as_user):
    client = as_user(outsider)

    for name in ("school", "need", "hub", "provider"):
        response = client.get(LIST, {name: work["values"][name][0]})
        assert list(response.context["filter"].form.errors) == [name]
        assert response.context["count"] == 0
        assert client.get(API, {name: work["values"][name][0]}).status_code == 400


def test_the_file_bears_a_cover_and_the_trail_an_event(work, officer, partnership, as_user):
    text = _export(as_user(officer), {"status": "planned"}, "csv").decode("utf-8-sig")

    event = AuditEvent.objects.get(action="activities.exported")
    assert "# Title: Activities: 1 row" in text
    assert "# Made by: Jo Ferris" in text
    assert "# Filter: Status: Planned" in text
    assert "# Disclosure policy: Inside the partnership." in text
    assert (event.actor_id, event.partnership_id) == (officer.pk, partnership.pk)
    assert event.changes == {"filter": {"status": ["planned"]}, "rows": 1, "format": "csv"}


def test_the_file_tells_all_columns_of_a_row(work, officer, as_user):
    text = _export(as_user(officer), {"need": work["need"].pk}, "csv").decode("utf-8-sig")

    row = next(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert {
        "Date": "2026-10-06",
        "School": "Saltmere Academy",
        "Kind of activity": "Campus visit",
        "Status": "Delivered",
        "Strand": "Targeted outreach",
        "Needs answered": "HE knowledge",
        "Year groups": "10",
        "Learners": "48",
        "Learners expected": "50",
        "Where or how": "On campus",
        "Delivered by": "University of Wexborough",
        "Hub on the day": "Coast hub",
        "Hub school on the day": "Yes",
        "Targeted outreach school on the day": "Yes",
        "School year": "2026 to 2027",
        "Logged by": "Jo Ferris",
        "Partnership": "Three Rivers",
    }.items() <= row.items()


@pytest.mark.parametrize("query", ["status=lost", "school=0"])
def test_a_wrong_filter_or_format_exports_nothing(work, officer, as_user, query):
    client = as_user(officer)

    wrong = client.post(f"{EXPORT}?{query}", {"format": "csv"})
    unknown = client.post(EXPORT, {"format": "pdf"})

    assert (wrong.url, unknown.url) == (f"{LIST}?{query}", f"{LIST}?")
    assert not AuditEvent.objects.filter(action="activities.exported").exists()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("officer", 200),
        ("hub_officer", 200),
        ("evaluator", 200),
        ("manager", 200),
        ("viewer", 403),
        ("school_lead", 403),
        ("site_admin", 403),
    ],
)
def test_who_may_export(link, as_user, request, person, status):
    client = as_user(request.getfixturevalue(person))

    assert client.post(EXPORT, {"format": "csv"}).status_code == status


def test_the_list_offers_the_file_to_those_who_may(work, officer, viewer, as_user):
    mine, theirs = (as_user(user).get(LIST).content.decode() for user in (officer, viewer))

    assert "Export these 5 activities" in mine
    assert "Export these" not in theirs


def test_nothing_leaves_when_auditing_fails(work, officer, as_user, monkeypatch):
    from activities.tests.factories import break_audit

    client = as_user(officer)
    client.raise_request_exception = False
    break_audit(monkeypatch)

    assert client.post(EXPORT, {"format": "csv"}).status_code == 500


def test_the_trail_holds_no_word_that_was_typed(work, officer, as_user):
    query = {"q": "Jane Doe", "status": "planned", "from": "2026-09-01", "unknown": "Jane Doe"}

    _export(as_user(officer), query, "csv")

    event = AuditEvent.objects.get(action="activities.exported")
    assert event.changes["filter"] == {
        "q": ["typed"],
        "status": ["planned"],
        "from": ["2026-09-01"],
    }
