from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, Job
from needs import actions
from needs.models import Need
from needs.tests.factories import area, say
from partnerships.tests.factories import make_hub, make_link, make_school

LIST = "/needs/list/"
NOON = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)


def names(page):
    return [need.school_link.school.name for need, _ in page.context["needs"]]


@pytest.fixture
def need(link, officer):
    return actions.raise_need(link, area=area("careers"), by=officer, on=date(2026, 9, 9))


# --- the list ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("site_admin", 403),
        ("school_lead", 403),
        ("viewer", 200),
        ("evaluator", 200),
        ("officer", 200),
        ("outsider", 200),
    ],
)
def test_list_is_for_members(request, as_user, need, person, status):
    assert as_user(request.getfixturevalue(person)).get(LIST).status_code == status


def test_list_holds_nothing_of_another_partnership(as_user, need, outsider, hub):
    client = as_user(outsider)

    assert client.get(LIST).context["total"] == 0
    assert hub.name not in client.get(f"{LIST}?hub={hub.pk}").text


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number_of_rows(
    as_user, partnership, hub, officer, count, django_assert_num_queries
):
    for number in range(count):
        link = make_link(partnership, make_school(f"School {number}"), hub=hub)
        say(link, "partner", officer, careers="red")
    client = as_user(officer)
    client.get(LIST)

    with django_assert_num_queries(8):
        client.get(LIST)


def test_list_pages_by_place_and_misses_nothing(as_user, partnership, hub, officer):
    for number in range(27):
        link = make_link(partnership, make_school(f"School {number:02}"), hub=hub)
        actions.raise_need(link, area=area(), by=officer, on=date(2026, 9, 1 + number // 3))
    client = as_user(officer)

    first = client.get(LIST)
    second = client.get(f"{LIST}?before={first.context['older']}")

    assert (len(names(first)), len(names(second))) == (25, 2)
    assert names(first) + names(second) == [f"School {number:02}" for number in range(26, -1, -1)]
    assert second.context["older"] is None


@pytest.mark.parametrize("before", ["x", "2026-13-45_7", "2026-09-01_", "_4", "2026-09-01_9x"])
def test_list_with_a_spoilt_place_begins_at_the_top(as_user, officer, need, before):
    page = as_user(officer).get(LIST, {"before": before})

    assert page.context["total"] == len(page.context["needs"]) == 1


def test_list_filters_by_status(as_user, officer, link, need):
    actions.close_need(need, status="met", note="", version=1, by=officer)
    actions.raise_need(link, area=area(), by=officer)
    client = as_user(officer)

    found = {
        status: [one.area.code for one, _ in client.get(f"{LIST}?status={status}").context["needs"]]
        for status in ("", "open", "closed", "any")
    }

    assert found == {
        "": ["he-knowledge"],
        "open": ["he-knowledge"],
        "closed": ["careers"],
        "any": ["he-knowledge", "careers"],
    }


def test_list_filters_by_school_area_and_hub(as_user, officer, partnership, link, need, hub):
    other_hub = make_hub(partnership, "Moor hub")
    other = make_link(partnership, make_school("Ketterby High"), hub=other_hub)
    actions.raise_need(other, area=area(), by=officer)
    client = as_user(officer)

    assert names(client.get(f"{LIST}?school={link.pk}")) == ["Saltmere Academy"]
    assert names(client.get(f"{LIST}?area={area().pk}")) == ["Ketterby High"]
    assert names(client.get(f"{LIST}?hub={hub.pk}")) == ["Saltmere Academy"]
    assert names(client.get(f"{LIST}?hub={other_hub.pk}")) == ["Ketterby High"]


def test_list_filters_by_sides_that_differ(as_user, officer, school_lead, link):
    say(link, "partner", officer, careers="red", he_knowledge="red")
    say(link, "school", school_lead, careers="green", he_knowledge="red")

    page = as_user(officer).get(f"{LIST}?differ=1&year=2026")

    assert [one.area.code for one, _ in page.context["needs"]] == ["careers"]


def test_list_with_a_filter_of_nothing_says_so(as_user, officer, need):
    page = as_user(officer).get(f"{LIST}?hub=999999")

    assert page.status_code == 200
    assert "There is a problem" in page.text


# --- one need ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "status"),
    [("outsider", 404), ("site_admin", 404), ("viewer", 200), ("officer", 200)],
)
def test_detail_is_for_members(request, as_user, need, person, status):
    client = as_user(request.getfixturevalue(person))

    assert client.get(need.get_absolute_url()).status_code == status


def test_detail_hides_our_need_from_the_lead_until_the_school_rates(
    as_user, link, officer, school_lead
):
    say(link, "partner", officer, careers="red")
    client, need = as_user(school_lead), Need.objects.get()

    before = client.get(need.get_absolute_url())
    say(link, "school", school_lead, careers="green")
    after = client.get(need.get_absolute_url())

    assert (before.status_code, after.status_code) == (404, 200)


def test_detail_hides_our_new_need_from_the_lead_who_rated_another_year(
    as_user, link, officer, school_lead
):
    say(link, "school", school_lead, year=2025, careers="green")
    say(link, "partner", officer, year=2026, at=NOON, careers="red")

    assert as_user(school_lead).get(Need.objects.get().get_absolute_url()).status_code == 404


def test_detail_hides_our_rating_of_a_year_from_the_lead_until_theirs(
    as_user, link, officer, school_lead
):
    say(link, "school", school_lead, year=2025, careers="red")
    say(link, "partner", officer, year=2025, careers="amber")
    say(link, "partner", officer, year=2026, careers="green")

    page = as_user(school_lead).get(Need.objects.get().get_absolute_url())

    assert [one.partner_value for one in page.context["ratings"]] == ["", "amber"]
    assert "Shows after yours" in page.text


def test_detail_shows_the_years_newest_first_and_leads_to_activities(as_user, link, officer):
    say(link, "partner", officer, year=2025, careers="red")
    say(link, "partner", officer, year=2026, careers="amber")
    need = Need.objects.get()

    page = as_user(officer).get(need.get_absolute_url())

    assert [one.assessment.school_year for one in page.context["ratings"]] == [2026, 2025]
    assert f"{reverse('activities:list')}?need={need.pk}" in page.text


# --- closing -------------------------------------------------------------------------------
def close(client, need, **values):
    values = {"status": "met", "note": "Two talks", "version": need.version} | values
    return client.post(reverse("needs:close", args=[need.pk]), values)


@pytest.mark.parametrize(
    ("person", "status"),
    [("outsider", 404), ("viewer", 403), ("evaluator", 403), ("officer", 302), ("manager", 302)],
)
def test_close_is_for_those_who_work_with_schools(request, as_user, need, person, status):
    response = close(as_user(request.getfixturevalue(person)), need)

    assert response.status_code == status
    assert Need.objects.filter(closed_on__isnull=False).exists() == (status == 302)


def test_close_is_forbidden_for_the_schools_lead(as_user, link, school_lead):
    say(link, "school", school_lead, careers="red")

    assert close(as_user(school_lead), Need.objects.get()).status_code == 403


def test_close_records_how_it_ended(as_user, need, officer):
    close(as_user(officer), need)

    need.refresh_from_db()
    assert (need.status, need.closing_note, need.closed_on) == (
        "met",
        "Two talks",
        timezone.localdate(),
    )


def test_close_without_a_reason_asks_for_one(as_user, need, officer):
    page = close(as_user(officer), need, status="")

    assert "Choose how the need ends" in page.text
    assert "Two talks" in page.text


def test_close_over_anothers_save_shows_it_and_goes_through_the_second_time(as_user, need, officer):
    Need.objects.update(version=2, status="addressing")
    client = as_user(officer)

    page = close(client, need)
    again = close(client, need, version=page.context["form"]["version"].value())

    assert "It now stands as being addressed." in page.text
    assert "Two talks" in page.text
    assert again.status_code == 302
    assert Need.objects.get().status == "met"


def test_close_twice_says_so(as_user, need, officer):
    client = as_user(officer)
    close(client, need)

    response = close(client, need, version=2)

    assert response.status_code == 302
    assert "This need was closed before." in client.get(response["Location"]).text


# --- asking for figures --------------------------------------------------------------------
def recompute(client, partnership, **values):
    return client.post(reverse("needs:recompute", args=[partnership.pk]), {"year": 2026} | values)


@pytest.mark.parametrize(
    ("person", "status"),
    [("outsider", 404), ("viewer", 403), ("school_lead", 404), ("evaluator", 302)],
)
def test_recompute_is_for_members_who_work_here(request, as_user, partnership, person, status):
    response = recompute(as_user(request.getfixturevalue(person)), partnership)

    assert response.status_code == status
    assert Job.objects.exists() == (status == 302)


def test_recompute_twice_asks_once_and_goes_back(as_user, partnership, officer, manager):
    recompute(as_user(officer), partnership)

    response = recompute(as_user(manager), partnership, next="/needs/hubs/1/?year=2026")

    assert response["Location"] == "/needs/hubs/1/?year=2026"
    assert Job.objects.count() == 1
    assert AuditEvent.objects.filter(action="job.queued").count() == 1


def test_recompute_never_leads_away(as_user, partnership, officer):
    response = recompute(as_user(officer), partnership, next="https://elsewhere.example/")

    assert response["Location"] == Job.objects.get().get_absolute_url()


def test_recompute_of_no_year_is_nothing(as_user, partnership, officer):
    assert recompute(as_user(officer), partnership, year="soon").status_code == 404
