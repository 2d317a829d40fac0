import pytest
from django.urls import reverse

from core.models import AuditEvent
from partnerships.models import Hub, Provider
from partnerships.tests.factories import make_hub, make_link, make_member

pytestmark = pytest.mark.django_db

PLAYERS = ["officer", "hub_officer", "evaluator", "manager", "viewer"]
WRITES = ["add_hub", "add_provider", "set_recent_contact"]


def url(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def test_index_takes_who_has_one_partnership_there(as_user, officer, partnership):
    response = as_user(officer).get(url("list"))

    assert response.url == url("detail", partnership.pk)


def test_index_lists_several_and_says_when_there_is_none(
    as_user, outsider, partnership, other_partnership, site_admin
):
    make_member(partnership, user=outsider)

    several = as_user(outsider).get(url("list"))
    none = as_user(site_admin).get(url("list"))

    assert list(several.context["partnerships"]) == [other_partnership, partnership]
    assert "You do not work in a partnership yet" in none.content.decode()


@pytest.mark.parametrize("player", PLAYERS)
def test_detail_is_for_every_member(player, request, as_user, partnership):
    response = as_user(request.getfixturevalue(player)).get(url("detail", partnership.pk))

    assert response.status_code == 200
    assert response.context["can_manage"] == (player == "manager")


@pytest.mark.parametrize("stranger", ["outsider", "school_lead", "site_admin"])
def test_partnership_pages_do_not_exist_for_strangers(stranger, request, as_user, partnership, hub):
    client = as_user(request.getfixturevalue(stranger))

    pages = [url(name, partnership.pk) for name in ["detail", *WRITES]]
    codes = {client.get(page).status_code for page in [*pages, url("rename_hub", hub.pk)]}

    assert codes == {404}


def test_detail_counts_schools_of_today(as_user, manager, partnership, hub, link):
    make_link(partnership, hub=hub)
    make_link(partnership, targeted=True)

    context = as_user(manager).get(url("detail", partnership.pk)).context

    assert context["hubs"] == [(hub, 2)]
    assert (context["school_count"], context["no_hub"]) == (3, 1)
    assert (context["hub_school_count"], context["targeted_count"]) == (1, 2)


def test_detail_asks_the_same_whatever_it_shows(
    as_user, manager, partnership, hub, django_assert_max_num_queries, django_assert_num_queries
):
    client = as_user(manager)
    address = url("detail", partnership.pk)
    client.get(address)
    with django_assert_max_num_queries(10) as one:
        client.get(address)

    for number in range(3):
        make_member(partnership, hubs=[make_hub(partnership, f"Hub {number}")])
        make_link(partnership, hub=hub)

    with django_assert_num_queries(len(one)):
        client.get(address)


@pytest.mark.parametrize("name", WRITES)
def test_only_a_manager_changes_the_partnership(name, as_user, partnership, viewer, manager):
    address = url(name, partnership.pk)

    assert as_user(viewer).post(address, {"name": "X", "days": "9"}).status_code == 403
    assert as_user(manager).get(address).status_code == 200
    assert not AuditEvent.objects.exists()


def test_add_hub_through_the_page(as_user, manager, partnership):
    response = as_user(manager).post(url("add_hub", partnership.pk), {"name": "Moor hub"})

    assert response.url == url("detail", partnership.pk)
    assert Hub.objects.get().name == "Moor hub"


def test_add_hub_twice_says_so_and_keeps_what_was_typed(as_user, manager, partnership, hub):
    response = as_user(manager).post(url("add_hub", partnership.pk), {"name": hub.name})

    page = response.content.decode()
    assert "has a hub called Coast hub already" in page
    assert 'value="Coast hub"' in page
    assert "<title>Error: " in page


def test_rename_hub_through_the_page(as_user, manager, viewer, hub):
    address = url("rename_hub", hub.pk)

    assert as_user(viewer).get(address).status_code == 403
    assert 'value="Coast hub"' in as_user(manager).get(address).content.decode()
    as_user(manager).post(address, {"name": "Shore hub"})

    hub.refresh_from_db()
    assert hub.name == "Shore hub"


def test_add_provider_through_the_page(as_user, manager, partnership):
    address = url("add_provider", partnership.pk)

    short = as_user(manager).post(address, {"name": "Vale College", "ukprn": "12"})
    as_user(manager).post(address, {"name": "Vale College", "ukprn": "10001234"})

    assert short.context["form"].errors.keys() == {"ukprn"}
    assert Provider.objects.get(name="Vale College").ukprn == 10001234


def test_set_recent_contact_through_the_page(as_user, manager, partnership):
    as_user(manager).post(url("set_recent_contact", partnership.pk), {"days": "28"})

    partnership.refresh_from_db()
    assert partnership.recent_contact_days == 28
