"""The list of schools: what narrows it, what it counts, and the files of it."""

import csv

import pytest
from django.http import QueryDict
from django.urls import reverse

from core.models import AuditEvent
from dashboards import finding
from partnerships.tests.factories import make_link, make_partnership
from schools.lineage import import_links, undo_links
from schools.models import RegisterRun, School
from schools.register import import_file
from schools.tests import extract
from schools.tests.areas import load_postcode
from schools.tests.extract import CLOSED, Extract, row, rows
from schools.tests.factories import make_code, make_school

pytestmark = pytest.mark.django_db
LIST = "/schools/"


@pytest.fixture
def client(as_user, officer):
    return as_user(officer)


def listed(response):
    return [school.name for school in response.context["page"].rows]


def made(name, **facts):
    codes = {field: make_code(field, code, code) for field, code in facts.pop("codes", {}).items()}
    return make_school(name, **codes, **facts)


@pytest.fixture
def some():
    """Three open schools around Holm and a closed one."""
    codes = {"phase": "4", "region": "H", "authority": "201", "type_group": "10", "type": "34"}
    made(
        "Abbey School",
        town="Holm",
        postcode="HO1 1AA",
        easting=400_000,
        northing=300_000,
        fsm_percent=41,
        low_age=11,
        high_age=18,
        code="900001",
        codes=codes | {"trust": "7"},
    )
    made(
        "Weir Primary",
        town="Garth",
        postcode="GA1 1AA",
        easting=408_000,
        northing=300_000,
        fsm_percent=5,
        low_age=4,
        high_age=11,
        codes=codes | {"phase": "2", "region": "J"},
    )
    made("Far School", easting=480_000, northing=300_000, codes={"phase": "4", "region": "J"})
    made("Old School", standing="closed", codes={"phase": "4", "region": "H"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Abbey School", "Far School", "Weir Primary"]),
        ({"standing": "closed"}, ["Old School"]),
        ({"standing": "all"}, ["Abbey School", "Far School", "Old School", "Weir Primary"]),
        ({"standing": "proposed"}, []),
        ({"phase": ["4"]}, ["Abbey School", "Far School"]),
        ({"phase": ["4", "2"], "region": ["H"]}, ["Abbey School"]),
        ({"type_group": ["10"], "type": "34"}, ["Abbey School", "Weir Primary"]),
        ({"authority": "201", "phase": "2"}, ["Weir Primary"]),
        ({"trust": "7"}, ["Abbey School"]),
        ({"sixth_form": "yes"}, ["Abbey School"]),
        ({"sixth_form": "no"}, ["Weir Primary"]),
        ({"fsm": ["0", "unknown"]}, ["Far School", "Weir Primary"]),
        ({"fsm": "40"}, ["Abbey School"]),
        ({"place": "holm"}, ["Abbey School", "Weir Primary", "Far School"]),
        ({"place": "GA1 1AA", "miles": "5"}, ["Weir Primary", "Abbey School"]),
        ({"place": "ho1", "miles": "2"}, ["Abbey School"]),
        ({"place": "Far School", "miles": "2"}, ["Far School"]),
        ({"q": "weir", "standing": ""}, ["Weir Primary"]),
        ({"q": "old"}, []),
        ({"after": "nonsense"}, ["Abbey School", "Far School", "Weir Primary"]),
        ({"after": "99999999"}, ["Abbey School", "Far School", "Weir Primary"]),
    ],
)
def test_filters(client, some, query, expected):
    response = client.get(LIST, query)

    assert listed(response) == expected
    assert response.context["count"] == len(expected)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"standing": "asleep"}, "asleep"),
        ({"phase": "99"}, "99"),
        ({"place": "Nowhere"}, "We do not know this place."),
        ({"miles": "5"}, "Write the place that the miles are counted from."),
        ({"trust": "nobody"}, "No trust has these words"),
    ],
)
def test_a_wrong_choice_is_said_and_shows_nothing(client, some, query, words):
    page = client.get(LIST, query)

    assert listed(page) == []
    assert "Error: Schools" in page.content.decode()
    assert words in page.content.decode()


def edition_shown():
    return RegisterRun.objects.with_edition().shown().edition


def test_counts_are_right_at_once_after_a_file_of_whatever_kind(client, officer):
    import_file(extract.extract(row(**CLOSED), *rows(4)[1:]))
    links = Extract(b"URN,LinkURN,LinkType\n900001,900002,Successor\n", "links.csv")

    def counted():
        return client.get(LIST, {"standing": "all"}).context["count"]

    before, file = counted(), import_links(links).file
    joined = counted()
    undo_links(file, by=officer)
    parted, edition = counted(), edition_shown()
    load_postcode()

    assert (before, joined, parted) == (4, 3, 4)
    assert edition_shown() != edition


def test_each_facet_counts_without_its_own_choice(client, some):
    form = client.get(LIST, {"phase": "4", "standing": "all"}).context["form"]

    assert form.fields["phase"].choices == [("2", "2 (1)"), ("4", "4 (3)")]
    assert form.fields["region"].choices == [("H", "H (2)"), ("J", "J (1)")]
    assert form.fields["authority"].choices == [("", "Any"), ("201", "201 (1)")]
    assert form.fields["sixth_form"].choices[1:] == [("yes", "Yes (1)"), ("no", "No (0)")]
    assert ("40", "40% or more (1)") in form.fields["fsm"].choices


def test_schools_with_us(client, some, partnership):
    hub, targeted, other = School.objects.open()
    make_link(partnership, hub, hub_school=True)
    make_link(partnership, targeted, targeted=True)
    make_link(make_partnership("Elsewhere"), other)

    def names(with_us):
        return listed(client.get(LIST, {"with_us": with_us}))

    assert names("us") == [hub.name, targeted.name]
    assert names("hub") == [hub.name]
    assert names("targeted") == [targeted.name]
    assert names("not") == [other.name]
    page = client.get(LIST).content.decode()
    assert (page.count(">With us<"), page.count(">Hub school<")) == (2, 1)


def test_who_is_in_no_partnership_is_asked_nothing_of_it(as_user, school_lead, some):
    form = as_user(school_lead).get(LIST, {"with_us": "us"}).context["form"]

    assert "with_us" not in form.fields


def test_chips_take_one_filter_away(client, some):
    asked = {"q": "weir", "standing": "all", "phase": ["4", "2"], "place": "Holm", "miles": "5"}

    response = client.get(LIST, asked | {"after": "3"})

    rest = {chip["words"]: chip["url"] for chip in response.context["chips"]}
    assert list(rest) == ["weir", "Any status", "4", "2", "Holm", "5 miles"]
    assert rest["4"] == "?q=weir&standing=all&phase=2&place=Holm&miles=5"
    assert rest["Holm"] == "?q=weir&standing=all&phase=4&phase=2"


def test_a_line_shows_the_facts_and_a_closed_school_says_so(client):
    import_file(extract.extract(row(), row("900002", "Old", CloseDate="31-08-2020", **CLOSED)))

    page = client.get(LIST, {"standing": "all"}).content.decode()

    for fact in ["Ketterby", "KT1 2AB", "Academy converter", "Secondary", "11 to 18", "900001"]:
        assert fact in page
    assert "Closed" in page
    assert "31 August 2020" in page
    assert School.objects.get(name="Old").get_absolute_url() in page
    assert "Get Information about Schools, 18 November 2026" in page


def test_pages_follow_one_another_by_distance_too(client):
    for number in range(30):
        make_school(f"School {number:02}", easting=400_000 + number, northing=1, town="Holm")

    first = client.get(LIST, {"place": "School 00"})
    after = first.context["page"].after
    second = client.get(LIST, {"place": "School 00", "after": after})
    before = second.context["page"].before
    back = client.get(LIST, {"place": "School 00", "before": before})

    assert listed(second) == [f"School {number:02}" for number in range(25, 30)]
    assert listed(back) == listed(first)
    assert 'rel="next">Next</a>' in first.content.decode()


def test_the_list_asks_as_often_for_many_rows_as_for_one(client, django_assert_max_num_queries):
    make_school("One")
    client.get(LIST)

    with django_assert_max_num_queries(8) as one:
        client.get(LIST)
    for number in range(3):
        make_school(f"School {number}")
    with django_assert_max_num_queries(len(one)):
        client.get(LIST)


def test_a_misspelling_is_said(client):
    make_school("Saltmere Academy")

    page = client.get(LIST, {"q": "saltmeer academy"}).content.decode()

    assert "No school has exactly these words." in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "The register is empty."),
        ({"q": "nowhere"}, "No school of this status matches."),
        ({"q": "nowhere", "standing": "all"}, "No school matches."),
    ],
)
def test_an_empty_list_offers_the_next_step(client, query, words):
    if query:
        import_file(extract.extract(row()))

    assert words in client.get(LIST, query).content.decode()


def exported(response):
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    cover = [line for line in lines if line.startswith("#")]
    return cover, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_a_file_has_exactly_the_schools_of_the_filter(client, officer, some):
    address = f"{reverse('dashboards:export_schools')}?phase=4&place=Holm"

    cover, rows = exported(client.post(address, {"format": "csv"}))

    assert [line["School"] for line in rows] == ["Abbey School", "Far School"]
    assert (rows[0]["URN"], rows[0]["Postcode"]) == ("900001", "HO1 1AA")
    assert (rows[0]["Easting"], rows[0]["Sixth form"]) == ("400000", "Yes")
    for said in ["Status: Open", "Phase: 4", "Near: Holm"]:
        assert any(said in line for line in cover)
    event = AuditEvent.objects.get(action="schools.exported")
    assert (event.actor_id, event.partnership_id) == (officer.pk, None)
    assert event.changes["filter"] == {"phase": ["4"], "place": ["typed"]}


def test_a_file_of_our_schools_stands_in_our_trail(client, partnership, link):
    response = client.post("/schools/export/?with_us=hub", {"format": "xlsx"})

    assert b"".join(response.streaming_content)[:2] == b"PK"

    assert AuditEvent.objects.get(action="schools.exported").partnership_id == partnership.pk


def test_narrow_is_what_the_list_shows(officer, some):
    form = finding.FinderForm(QueryDict("phase=4&region=J"), user=officer)

    assert form.is_valid()
    found = finding.narrow(School.objects.all(), officer, form.cleaned_data)
    assert [school.name for school in found] == ["Far School"]
