import pytest

from partnerships.models import Conversation, SchoolLink
from partnerships.tests.factories import make_hub, make_link, make_school

pytestmark = pytest.mark.django_db


API = "/api/v1/schools/"


@pytest.fixture
def call(as_user):
    def ask(user, method="get", data=None, pk=None):
        url, client = f"{API}{pk}/" if pk else API, as_user(user)
        if method == "get":
            return client.get(url, data)
        return client.post(url, data, content_type="application/json")

    return ask


def ids(response):
    return [row["id"] for row in response.json()["results"]]


def test_detail_gives_the_school_and_what_it_is_today(call, officer, link, hub, partnership):
    data = call(officer, pk=link.pk).json()

    assert data == {
        "id": link.pk,
        "school": link.school_id,
        "name": "Saltmere Academy",
        "urn": link.school.current.code,
        "partnership": partnership.pk,
        "partnership_name": "Three Rivers",
        "status": {
            "starts_on": "2020-09-01",
            "ends_on": None,
            "hub": hub.pk,
            "hub_name": "Coast hub",
            "hub_school": True,
            "targeted": True,
            "level": "",
            "owner": "",
        },
        "year_groups": [],
        "year_groups_corrected": False,
    }


@pytest.mark.parametrize(
    ("player", "seen"),
    [("viewer", 1), ("school_lead", 1), ("outsider", 0), ("site_admin", 0)],
)
def test_list_and_detail_show_only_what_is_visible(call, player, seen, request, link):
    user = request.getfixturevalue(player)

    assert len(ids(call(user))) == seen
    assert call(user, pk=link.pk).status_code == (200 if seen else 404)


def test_list_filters(call, officer, partnership, hub, link):
    plain = make_link(partnership, make_school("Ketterby High"))

    def found(**asked):
        return ids(call(officer, data=asked))

    assert found() == [link.pk, plain.pk]
    assert found(hub=hub.pk) == found(hub_school="true") == found(targeted="true") == [link.pk]
    assert found(targeted="false") == found(q="ketterby") == [plain.pk]
    assert found(urn=link.school.current.code) == [link.pk]
    assert found(partnership=partnership.pk) == [link.pk, plain.pk]
    assert found(partnership=partnership.pk + 1) == []


def test_list_asks_the_same_for_one_and_three(
    call, officer, partnership, link, django_assert_max_num_queries, django_assert_num_queries
):
    call(officer)
    with django_assert_max_num_queries(13) as one:
        call(officer)

    for number in range(3):
        make_link(partnership, hub=make_hub(partnership, f"Hub {number}"), owner=officer)

    with django_assert_num_queries(len(one)):
        call(officer)


def test_create_adds_a_school_for_a_manager(call, manager, partnership, school, hub):
    asked = {
        "partnership": partnership.pk,
        "school": school.pk,
        "starts_on": "2026-09-01",
        "hub": hub.pk,
        "targeted": True,
    }

    response = call(manager, "post", asked)
    again = call(manager, "post", asked)

    assert response.status_code == 201
    assert response.json()["status"]["hub_name"] == "Coast hub"
    assert again.status_code == 400
    assert "one of your schools already" in again.json()["detail"]


def test_create_is_for_managers_and_within_a_partnership(
    call, viewer, outsider, manager, partnership, school, other_partnership
):
    asked = {"partnership": partnership.pk, "school": school.pk, "starts_on": "2026-09-01"}
    foreign = make_hub(other_partnership, "Dale hub")

    assert call(viewer, "post", asked).status_code == 403
    assert call(outsider, "post", asked).json()["fields"].keys() == {"partnership"}
    assert call(manager, "post", {**asked, "hub": foreign.pk}).json()["fields"].keys() == {"hub"}
    assert not SchoolLink.objects.exists()


def test_people_hubs_and_providers_are_read(as_user, viewer, hub_officer, hub, provider):
    client = as_user(viewer)

    def read(noun):
        return client.get(f"/api/v1/{noun}/").json()["results"]

    (partnership,) = read("partnerships")
    people = {row["name"]: row for row in read("memberships")}
    assert (partnership["name"], partnership["recent_contact_days"]) == ("Three Rivers", 42)
    assert read("hubs") == [{"id": hub.pk, "partnership": partnership["id"], "name": "Coast hub"}]
    assert [row["name"] for row in read("providers")] == ["University of Wexborough"]
    assert people.keys() == {"Vera Lunt", "Mina Odell"}
    assert (people["Mina Odell"]["role"], people["Mina Odell"]["hubs"]) == ("hub", [hub.pk])


def test_who_has_left_is_not_among_the_people(as_user, viewer, officer):
    officer.memberships.update(ended_on="2026-01-31")

    rows = as_user(viewer).get("/api/v1/memberships/").json()["results"]

    assert [row["name"] for row in rows] == ["Vera Lunt"]


def test_a_conversation_is_recorded_once(as_user, officer, link):
    asked = {
        "school_link": link.pk,
        "held_on": "2026-03-04",
        "summary": "Planned the summer term",
        "client_uuid": "6d9a1f0e-0c55-4a0b-9d0f-3b1a7a7d2f11",
    }
    client = as_user(officer)

    first, again = (
        client.post("/api/v1/conversations/", asked, content_type="application/json")
        for _ in range(2)
    )

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (first.json()["held_by"], first.json()["channel"]) == ("Jo Ferris", "meeting")
    assert Conversation.objects.get().summary == "Planned the summer term"


def test_a_conversation_to_come_is_refused(as_user, officer, link):
    asked = {"school_link": link.pk, "held_on": "2090-03-04", "summary": "Ahead of its time"}

    answer = as_user(officer).post("/api/v1/conversations/", asked, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["fields"].keys() == {"held_on"}
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("player", "status"),
    [("manager", 200), ("officer", 403), ("school_lead", 403), ("outsider", 404)],
)
def test_a_manager_corrects_the_year_groups(as_user, player, status, request, link):
    client = as_user(request.getfixturevalue(player))

    answer = client.patch(
        f"{API}{link.pk}/", {"year_groups": [8, 7]}, content_type="application/json"
    )

    link.refresh_from_db()
    assert answer.status_code == status
    assert link.year_groups == ([7, 8] if status == 200 else None)
    if status == 200:
        assert answer.json()["year_groups"] == [7, 8]


@pytest.mark.parametrize("sent", [{}, {"year_groups": []}, {"year_groups": ["7"]}])
def test_year_groups_that_cannot_be_read_are_refused(as_user, manager, link, sent):
    answer = as_user(manager).patch(f"{API}{link.pk}/", sent, content_type="application/json")

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == ["year_groups"]
