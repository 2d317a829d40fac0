import pytest
from django.db import transaction
from rest_framework.test import APIRequestFactory, force_authenticate

from partnerships.api import SchoolLinkViewSet
from partnerships.models import SchoolLink
from partnerships.tests.factories import make_hub, make_link, make_school

pytestmark = pytest.mark.django_db


def call(user, method="get", data=None, **kwargs):
    actions = {"get": "retrieve" if kwargs else "list", "post": "create"}
    request = getattr(APIRequestFactory(), method)(
        "/", data, format=None if method == "get" else "json"
    )
    force_authenticate(request, user)
    with transaction.atomic():  # as every request is
        return SchoolLinkViewSet.as_view(actions)(request, **kwargs)


def ids(response):
    return [row["id"] for row in response.data["results"]]


def test_detail_gives_the_school_and_what_it_is_today(officer, link, hub, partnership):
    data = call(officer, pk=link.pk).data

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
    }


@pytest.mark.parametrize(
    ("player", "seen"),
    [("viewer", 1), ("school_lead", 1), ("outsider", 0), ("site_admin", 0)],
)
def test_list_and_detail_show_only_what_is_visible(player, seen, request, link):
    user = request.getfixturevalue(player)

    assert len(ids(call(user))) == seen
    assert call(user, pk=link.pk).status_code == (200 if seen else 404)


def test_list_filters(officer, partnership, hub, link):
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
    officer, partnership, link, django_assert_num_queries
):
    with django_assert_num_queries(2):
        call(officer).render()

    for number in range(3):
        make_link(partnership, hub=make_hub(partnership, f"Hub {number}"), owner=officer)

    with django_assert_num_queries(2):
        call(officer).render()


def test_create_adds_a_school_for_a_manager(manager, partnership, school, hub):
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
    assert response.data["status"]["hub_name"] == "Coast hub"
    assert again.status_code == 400
    assert "one of your schools already" in str(again.data["detail"])


def test_create_is_for_managers_and_within_a_partnership(
    viewer, outsider, manager, partnership, school, other_partnership
):
    asked = {"partnership": partnership.pk, "school": school.pk, "starts_on": "2026-09-01"}
    foreign = make_hub(other_partnership, "Dale hub")

    assert call(viewer, "post", asked).status_code == 403
    assert call(outsider, "post", asked).data.keys() == {"partnership"}
    assert call(manager, "post", {**asked, "hub": foreign.pk}).data.keys() == {"hub"}
    assert not SchoolLink.objects.exists()
