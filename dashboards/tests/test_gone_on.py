"""Schools that closed and what became of them, in every place that finds schools or work there."""

import csv
from datetime import date

import pytest
from django.urls import reverse

from activities.tests.factories import make_activity
from partnerships.actions import decide_continuation
from partnerships.models import SchoolLink
from partnerships.tests.factories import make_link, make_school
from schools.lineage import join_schools
from schools.models import EstablishmentLink, School

pytestmark = pytest.mark.django_db
CLOSED, FIRST = date(2025, 8, 31), date(2025, 9, 1)


def make_closed(name, code, closed_on=CLOSED, **facts):
    return make_school(name, code=code, standing="closed", closed_on=closed_on, **facts)


def follow(before, after, type="Successor"):
    EstablishmentLink.objects.create(code=before, linked_code=after, type=type, name=f"URN {after}")


@pytest.fixture
def client(as_user, officer):
    return as_user(officer)


@pytest.fixture
def parted(db):
    """A school that was split in three: one open, one closed too, one not in the register."""
    old = make_closed("Old Mill", "900101", easting=400_000, northing=300_000)
    make_school("North Part", code="900102", opened_on=FIRST)
    make_closed("South Part", "900103")
    for code in ("900102", "900103", "900104"):
        follow("900101", code, "Successor - Split School")
    return old


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("dashboards:schools", {"q": "old mill", "standing": "all"}),
        ("dashboards:search", {"q": "old mill"}),
        ("dashboards:map", {"q": "old mill", "standing": "closed"}),
        ("schools:typeahead", {"q": "old mill"}),
        ("dashboards:map_card", {}),
        ("register-list", {"q": "old mill"}),
        ("register-detail", {}),
        ("dashboards:school", {}),
    ],
)
def test_what_follows_a_closed_school_is_said_wherever_it_is_found(client, parted, name, query):
    address = reverse(name, args=[] if query else [parted.pk])

    answer = client.get(address, query).content.decode()

    assert "Old Mill" in answer
    for successor in ("North Part", "South Part", "URN 900104"):
        assert successor in answer
    assert "closed too" in answer or '"has_closed":true' in answer


def test_a_school_that_closed_for_good_is_closed_and_no_more(client, db):
    school = make_closed("Last School", "900101")

    found = client.get(reverse("schools:typeahead"), {"q": "last"}).json()["results"]
    row = client.get(reverse("register-detail", args=[school.pk])).json()

    assert [one["text"] for one in found] == ["URN 900101 · Closed"]
    assert (row["standing"], row["successors"]) == ("closed", [])


@pytest.fixture
def chain(partnership, officer):
    """Work on three days at three schools that became one another; returns the one link."""
    link = make_link(partnership, make_closed("First Mill", "900101", date(2022, 8, 31)))
    make_closed("Middle Mill", "900102", opened_on=date(2022, 9, 1))
    make_school("Mill Academy", code="900103", opened_on=FIRST)
    make_activity(link, officer, starts_on=date(2022, 6, 1), summary="Before", code="talk")
    follow("900101", "900102")
    follow("900103", "900102", "Predecessor")
    join_schools()
    link = SchoolLink.objects.get()
    for day in (date(2025, 6, 2), date(2025, 10, 1)):
        make_activity(link, officer, starts_on=day, summary=f"In {day.year}", code="talk")
    return link


def test_work_keeps_the_register_row_of_its_day_and_is_found_at_the_school_of_today(client, chain):
    listed = client.get("/api/v1/activities/", {"school": chain.pk}).json()["results"]

    assert chain.school.name == "Mill Academy"
    assert {one["school_name"] for one in listed} == {"Mill Academy"}
    assert [one["school_on_the_day"]["code"] for one in listed] == ["900103", "900102", "900101"]
    found = client.get("/api/v1/activities/", {"q": "first mill"}).json()["results"]
    assert [one["summary"] for one in found] == ["Before"]
    assert (
        "First Mill · URN 900101" in client.get(f"/activities/{found[0]['id']}/").content.decode()
    )


@pytest.mark.parametrize("words", ["first", "Middle Mill", "900101", "academy"])
def test_our_school_is_found_by_what_it_was_before(client, chain, words):
    answer = client.get("/api/v1/schools/", {"q": words}).json()["results"]

    assert [one["id"] for one in answer] == [chain.pk]


def test_a_file_of_one_year_says_the_school_and_the_number_of_the_day(client, chain):
    url = f"{reverse('activities:export')}?school={chain.pk}&year=2024"

    answer = client.post(url, {"format": "csv"}).getvalue().decode("utf-8-sig")

    header, row = list(csv.reader(answer.splitlines()))[-2:]
    said = dict(zip(header, row, strict=True))
    assert (said["School"], said["School on the day"]) == ("Mill Academy", "Middle Mill")
    assert (said["URN on the day"], said["School year"]) == ("900102", "2024 to 2025")


def test_work_is_found_from_a_school_that_the_partnership_lets_go_on(
    client, parted, partnership, officer, manager
):
    link = make_link(partnership, parted)
    make_activity(link, officer, starts_on=date(2025, 6, 2), summary="Before", code="talk")
    north = School.objects.get(name="North Part")
    (row,) = decide_continuation(link, successors=[north], on=FIRST, by=manager)

    found = client.get("/api/v1/activities/", {"school": row.to_link_id}).json()["results"]

    assert [(one["summary"], one["school_name"]) for one in found] == [("Before", "Old Mill")]


def test_an_old_address_leads_on_with_what_it_asked(client, chain, partnership):
    for gone in School.objects.filter(joined_to=chain.school):
        page = client.get(gone.get_absolute_url(), {"partnership": partnership.pk})

        assert page.url == f"{chain.school.get_absolute_url()}?partnership={partnership.pk}"
        answer = client.get(reverse("register-detail", args=[gone.pk])).json()
        assert [one["code"] for one in answer["establishments"]] == ["900103", "900102", "900101"]
