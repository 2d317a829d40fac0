"""The menu: what a partnership offers, put on and taken off by those who work with schools."""

import pytest

from activities import actions
from activities.checks import Problem
from activities.models import ActivityType, Offer
from activities.tests.factories import break_audit, make_offer
from core.models import AuditEvent


def sent(partnership, **more):
    kind = ActivityType.objects.get(code="workshop")
    return {"partnership": partnership.pk, "title": "Study skills", "type": kind.pk, **more}


def test_add_offer_from_the_page(partnership, officer, as_user):
    response = as_user(officer).post("/activities/offers/add/", sent(partnership), follow=True)

    offer = Offer.objects.get()
    assert (offer.title, offer.partnership) == ("Study skills", partnership)
    assert "“Study skills” is on the menu." in response.content.decode()
    assert AuditEvent.objects.get().action == "offer.added"


def test_add_offer_twice_says_so_and_keeps_what_was_written(partnership, officer, as_user):
    make_offer(partnership, title="Study skills")

    response = as_user(officer).post("/activities/offers/add/", sent(partnership))

    assert response.context["form"].errors == {
        "title": ["There is an offer called Study skills already."]
    }
    assert Offer.objects.count() == 1


def test_add_offer_to_another_partnership_is_refused(
    partnership, other_partnership, officer, as_user
):
    response = as_user(officer).post("/activities/offers/add/", sent(other_partnership))

    assert "partnership" in response.context["form"].errors
    assert not Offer.objects.exists()


def test_retire_offer_takes_it_off_the_menu(partnership, officer, as_user):
    offer = make_offer(partnership)

    response = as_user(officer).post(f"/activities/offers/{offer.pk}/retire/", follow=True)

    assert list(response.context["offers"]) == []
    assert AuditEvent.objects.get().action == "offer.retired"


def test_retire_offer_twice_is_refused(partnership, officer):
    offer = make_offer(partnership)
    actions.retire_offer(offer, by=officer)

    with pytest.raises(Problem):
        actions.retire_offer(offer, by=officer)


def test_retire_offer_leaves_nothing_when_the_audit_fails(partnership, officer, monkeypatch):
    offer = make_offer(partnership)
    break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        actions.retire_offer(offer, by=officer)

    offer.refresh_from_db()
    assert offer.retired_on is None


@pytest.mark.parametrize("n", [1, 3])
def test_the_menu_asks_the_database_as_often_for_three_as_for_one(
    n, partnership, officer, as_user, django_assert_num_queries
):
    for number in range(n):
        make_offer(partnership, title=f"Offer {number}")
    client = as_user(officer)
    client.get("/activities/offers/")

    with django_assert_num_queries(3):
        client.get("/activities/offers/")
