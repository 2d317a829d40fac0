import pytest
from django.urls import reverse

from partnerships.models import Membership, Role
from partnerships.tests.factories import make_hub, make_member, make_user

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"partnerships:{name}", args=args)


@pytest.fixture
def pages(partnership, officer):
    """The pages of people, one by one."""
    row = officer.memberships.get()
    of_all = [url(name, partnership.pk) for name in ("people", "add_person")]
    return [*of_all, *(url(name, row.pk) for name in ("change_person", "end_person"))]


@pytest.mark.parametrize(
    ("player", "code"),
    [
        ("manager", 200),
        ("viewer", 403),
        ("officer", 403),
        ("outsider", 404),
        ("school_lead", 404),
        ("site_admin", 404),
    ],
)
def test_people_are_managed_by_managers_alone(player, code, request, as_user, pages):
    client = as_user(request.getfixturevalue(player))

    assert {client.get(page).status_code for page in pages} == {code}


def test_a_viewer_cannot_end_anybody(as_user, viewer, officer):
    as_user(viewer).post(url("end_person", officer.memberships.get().pk))

    assert officer.memberships.get().ended_on is None


def test_people_asks_the_same_for_one_and_three(
    as_user, manager, partnership, django_assert_max_num_queries, django_assert_num_queries
):
    client, address = as_user(manager), url("people", partnership.pk)
    client.get(address)
    with django_assert_max_num_queries(7) as one:
        client.get(address)

    for number in range(3):
        make_member(partnership, hubs=[make_hub(partnership, f"Hub {number}")])

    with django_assert_num_queries(len(one)):
        client.get(address)


def test_add_person_through_the_page(
    as_user, manager, partnership, hub, provider, mailoutbox, django_capture_on_commit_callbacks
):
    asked = {
        "email": "nia@example.org",
        "name": "Nia New",
        "role": "hub",
        "provider": provider.pk,
        "hubs": [hub.pk],
    }

    with django_capture_on_commit_callbacks(execute=True):
        response = as_user(manager).post(url("add_person", partnership.pk), asked)

    membership = Membership.objects.get(user__email="nia@example.org")
    assert response.url == url("people", partnership.pk)
    assert (membership.role, list(membership.hubs.all())) == (Role.HUB, [hub])
    assert len(mailoutbox) == 1


def test_add_person_does_not_offer_hubs_or_providers_of_others(
    as_user, manager, partnership, hub, other_partnership
):
    foreign = make_hub(other_partnership, "Dale hub")
    asked = {"email": "nia@example.org", "name": "Nia", "role": "hub", "hubs": [foreign.pk]}

    response = as_user(manager).post(url("add_person", partnership.pk), asked)

    assert "Dale hub" not in response.content.decode()
    assert not Membership.objects.filter(user__email="nia@example.org").exists()


def test_add_person_twice_says_so_and_keeps_what_was_typed(as_user, manager, partnership, officer):
    asked = {"email": officer.email, "name": "Jo Typed", "role": "viewer"}

    page = as_user(manager).post(url("add_person", partnership.pk), asked).content.decode()

    assert "Jo Ferris works in Three Rivers already" in page
    assert 'value="Jo Typed"' in page


def test_change_person_shows_and_saves_what_they_are(as_user, manager, hub_officer, hub):
    membership = hub_officer.memberships.get()
    address = url("change_person", membership.pk)

    form = as_user(manager).get(address).context["form"]
    as_user(manager).post(address, {"role": "evaluator"})

    membership.refresh_from_db()
    assert list(form["hubs"].initial) == [] or list(form.initial["hubs"]) == [hub]
    assert (membership.role, membership.provider) == (Role.EVALUATOR, None)
    assert not membership.hubs.exists()


def test_the_last_manager_is_told_to_find_another_first(as_user, manager):
    membership = manager.memberships.get()

    page = as_user(manager).post(url("end_person", membership.pk)).content.decode()
    change = as_user(manager).post(url("change_person", membership.pk), {"role": "viewer"})

    assert "This is the last manager. Make somebody else a manager first." in page
    assert "This is the last manager" in change.content.decode()
    membership.refresh_from_db()
    assert (membership.role, membership.ended_on) == (Role.MANAGER, None)


def test_end_person_shuts_their_pages(as_user, manager, officer, partnership):
    client = as_user(officer)

    as_user(manager).post(url("end_person", officer.memberships.get().pk))

    assert client.get(url("detail", partnership.pk)).status_code == 404
    assert "No longer here" in as_user(manager).get(url("people", partnership.pk)).content.decode()


def test_a_name_with_marks_in_it_is_written_as_text(as_user, manager, partnership):
    make_member(partnership, user=make_user("<img src=x onerror=alert(1)>"))

    page = as_user(manager).get(url("people", partnership.pk)).content.decode()

    assert "<img src=x" not in page
