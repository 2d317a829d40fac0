from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import SchoolAccess, SchoolLink
from partnerships.tests.factories import make_hub, make_lead, make_link, make_member, make_school

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def listed(response):
    return [link.school.name for link in response.context["links"]]


@pytest.mark.parametrize(
    ("player", "read", "write"),
    [
        ("manager", 200, 200),
        ("officer", 200, 403),
        ("viewer", 200, 403),
        ("outsider", 404, 404),
        ("site_admin", 404, 404),
    ],
)
def test_members_read_and_managers_write(player, read, write, request, as_user, partnership, link):
    client = as_user(request.getfixturevalue(player))
    lead = make_lead(link)

    reads = [url("schools", partnership.pk), url("link", link.pk)]
    writes = [
        url("find_school", partnership.pk),
        url("link_school", partnership.pk, link.school_id),
        url("change_status", link.pk),
        url("end_school", link.pk),
        url("admit_lead", link.pk),
        url("end_lead", lead.pk),
    ]

    assert {client.get(page).status_code for page in reads} == {read}
    assert {client.get(page).status_code for page in writes} == {write}


def test_a_school_lead_sees_no_page_of_the_staff(as_user, school_lead, partnership, link):
    client = as_user(school_lead)

    assert client.get(url("schools", partnership.pk)).status_code == 404
    assert client.get(url("link", link.pk)).status_code == 403
    assert client.get(url("change_status", link.pk)).status_code == 403
    assert client.get(url("admit_lead", link.pk)).status_code == 403


def test_schools_ask_the_same_for_one_and_three(
    as_user,
    manager,
    partnership,
    hub,
    link,
    django_assert_max_num_queries,
    django_assert_num_queries,
):
    client, address = as_user(manager), url("schools", partnership.pk)
    client.get(address)
    with django_assert_max_num_queries(9) as one:
        client.get(address)

    for _ in range(3):
        make_link(partnership, hub=make_hub(partnership, f"Hub {_}"), owner=manager)

    with django_assert_num_queries(len(one)):
        client.get(address)


def test_schools_are_filtered_by_what_they_are_today(as_user, officer, partnership, hub, link):
    make_link(partnership, make_school("Ketterby High"), targeted=True)
    make_link(partnership, make_school("Holm Park"), starts_on=date(2100, 1, 1), hub=hub)
    client, address = as_user(officer), url("schools", partnership.pk)

    def names(**asked):
        return listed(client.get(address, asked))

    assert names() == ["Holm Park", "Ketterby High", "Saltmere Academy"]
    assert names(hub=hub.pk) == ["Saltmere Academy"]
    assert names(hub="none") == ["Ketterby High"]
    assert names(targeted="yes", hub_school="no") == ["Ketterby High"]
    assert names(q="HOLM") == ["Holm Park"]
    assert names(hub="999", targeted="perhaps") == names()


def test_schools_page_by_the_last_name_shown(as_user, officer, partnership):
    names = [f"School {number:03}" for number in range(60)]
    for name in names:
        make_link(partnership, make_school(name), targeted=True)
    client, address = as_user(officer), url("schools", partnership.pk)

    first = client.get(address, {"targeted": "yes"})
    second = client.get(address + first.context["next"])
    third = client.get(address + second.context["next"])
    back = client.get(address + third.context["previous"])
    start = client.get(address + back.context["previous"])

    assert listed(first) == listed(start) == names[:25]
    assert listed(second) == listed(back) == names[25:50]
    assert listed(third) == names[50:]
    assert (first.context["previous"], third.context["next"], start.context["previous"]) == (
        "",
    ) * 3
    assert "targeted=yes" in second.context["next"]
    assert third.context["count"] == 60


def test_a_page_after_a_school_of_another_partnership_is_the_first(
    as_user, officer, partnership, link, other_partnership
):
    foreign = make_link(other_partnership, make_school("Zeal"))

    response = as_user(officer).get(url("schools", partnership.pk), {"after": foreign.pk})

    assert listed(response) == ["Saltmere Academy"]


def test_my_schools_answers_the_picker(as_user, officer, link, other_partnership):
    make_link(other_partnership, make_school("Saltmere Grange"))

    answer = as_user(officer).get(url("my_schools"), {"q": "saltm"}).json()

    assert answer == {"results": [{"id": link.pk, "name": "Saltmere Academy (Coast hub)"}]}


def test_my_schools_names_the_partnership_to_who_has_several(
    as_user, officer, link, other_partnership
):
    make_member(other_partnership, user=officer)
    theirs = make_link(other_partnership, make_school("Elm", town="Dale"))

    rows = as_user(officer).get(url("my_schools")).json()["results"]

    assert rows == [
        {"id": theirs.pk, "name": "Elm, Dale", "detail": "Northern Dales"},
        {"id": link.pk, "name": "Saltmere Academy (Coast hub)", "detail": "Three Rivers"},
    ]


def test_my_schools_of_a_lead_are_their_own(as_user, school_lead, link, partnership):
    make_link(partnership)

    rows = as_user(school_lead).get(url("my_schools")).json()["results"]

    assert [row["id"] for row in rows] == [link.pk]


def test_my_schools_asks_the_same_for_one_and_three(
    as_user, officer, partnership, link, django_assert_max_num_queries, django_assert_num_queries
):
    client = as_user(officer)
    with django_assert_max_num_queries(6) as one:
        client.get(url("my_schools"))

    for number in range(3):
        make_link(partnership, hub=make_hub(partnership, f"Hub {number}"))

    with django_assert_num_queries(len(one)):
        client.get(url("my_schools"))


def test_find_school_lists_what_the_register_has(as_user, manager, partnership, link):
    other = make_school("Ketterby High")
    client, address = as_user(manager), url("find_school", partnership.pk)

    ours = client.get(address, {"q": link.school.current.code})
    new = client.get(address, {"q": other.current.code})

    assert ours.context["found"] == [(link.school, link.pk, "")]
    assert new.context["found"] == [(other, None, "")]
    assert url("link_school", partnership.pk, other.pk) in new.content.decode()


def test_find_school_goes_on_with_the_school_that_was_picked(as_user, manager, partnership, school):
    response = as_user(manager).get(url("find_school", partnership.pk), {"school": school.pk})

    assert response.url == url("link_school", partnership.pk, school.pk)


def test_find_school_without_a_choice_says_what_to_do(as_user, manager, partnership):
    response = as_user(manager).get(url("find_school", partnership.pk), {"school": ""})

    said = response.context["form"].non_field_errors()
    assert said == ["Choose a school from the list, or search the register for it."]


def test_link_school_through_the_page(as_user, manager, officer, partnership, hub, school):
    address = url("link_school", partnership.pk, school.pk)
    asked = {
        "starts_on": "2026-09-01",
        "hub": hub.pk,
        "targeted": "on",
        "owner": officer.memberships.get().pk,
    }

    form = as_user(manager).get(address).context["form"]
    response = as_user(manager).post(address, asked)

    status = SchoolLink.objects.get().statuses.get()
    assert form["starts_on"].value() == timezone.localdate()
    assert response.url == url("schools", partnership.pk)
    assert (status.hub, status.targeted, status.hub_school) == (hub, True, False)
    assert status.owner == officer


def test_link_school_twice_says_so_and_keeps_what_was_typed(as_user, manager, partnership, link):
    address = url("link_school", partnership.pk, link.school_id)

    response = as_user(manager).post(address, {"starts_on": "2026-09-01", "level": "Intensive"})

    page = response.content.decode()
    assert "Saltmere Academy is one of your schools already" in page
    assert 'value="Intensive"' in page
    assert link.statuses.count() == 1


def test_link_school_that_closed_says_when(as_user, manager, partnership):
    closed = make_school("Old Mill", standing="closed", closed_on=date(2025, 8, 31))
    address = url("link_school", partnership.pk, closed.pk)

    response = as_user(manager).post(address, {"starts_on": "2026-09-01"})

    assert "Old Mill closed on 31 August 2025" in response.content.decode()
    assert not SchoolLink.objects.exists()


def test_change_status_keeps_the_history(as_user, manager, link):
    address = url("change_status", link.pk)

    form = as_user(manager).get(address).context["form"]
    response = as_user(manager).post(address, {"starts_on": "2026-09-01", "level": "Light"})

    page = as_user(manager).get(response.url)
    assert form.initial["hub_school"] is True
    assert page.context["present"].level == "Light"
    assert "1 September 2020 to 31 August 2026" in page.content.decode()


def test_change_status_before_the_present_one_is_said_on_the_form(as_user, manager, link):
    response = as_user(manager).post(url("change_status", link.pk), {"starts_on": "2001-01-01"})

    assert "began on 1 September 2020" in response.content.decode()


def test_end_school_takes_it_off_from_the_next_day(as_user, manager, link, partnership):
    yesterday = timezone.localdate() - timedelta(days=1)

    as_user(manager).post(url("end_school", link.pk), {"on": yesterday.isoformat()})

    page = as_user(manager).get(url("schools", partnership.pk)).content.decode()
    assert "Not one of your schools today" in page


def test_link_asks_the_same_for_one_and_three(
    as_user, manager, link, django_assert_max_num_queries, django_assert_num_queries
):
    client, address = as_user(manager), url("link", link.pk)
    client.get(address)
    with django_assert_max_num_queries(8) as one:
        client.get(address)

    for _ in range(3):
        make_lead(link)

    with django_assert_num_queries(len(one)):
        client.get(address)


def test_leads_come_and_go_through_the_pages(as_user, manager, viewer, link):
    asked = {"email": "head@saltmere.example", "name": "Robin Calloway", "job_title": "Head"}

    as_user(manager).post(url("admit_lead", link.pk), asked)
    access = SchoolAccess.objects.get()
    again = as_user(manager).post(url("admit_lead", link.pk), asked).content.decode()
    forbidden = as_user(viewer).post(url("end_lead", access.pk))
    as_user(manager).post(url("end_lead", access.pk))

    assert "Robin Calloway is a school lead of Saltmere Academy already" in again
    assert forbidden.status_code == 403
    access.refresh_from_db()
    assert access.ended_on == timezone.localdate()
    assert as_user(manager).get(url("end_lead", access.pk)).status_code == 404


def test_a_manager_corrects_the_year_groups(as_user, manager, link):
    client = as_user(manager)
    page = url("correct_year_groups", link.pk)
    link.school.establishments.update(low_age=11, high_age=18)

    none_chosen = client.post(page, {"reason": "Middle school"})
    client.post(page, {"year_groups": ["5", "6", "7"], "reason": "Middle school"})
    corrected = client.get(url("link", link.pk)).content.decode()
    client.post(page, {"as_derived": "on", "year_groups": ["5"]})
    link.refresh_from_db()

    assert "Choose at least one year group" in none_chosen.content.decode()
    assert "Years 5 to 7" in corrected
    assert "As derived: Years 7 to 13" in corrected
    assert link.year_groups is None
