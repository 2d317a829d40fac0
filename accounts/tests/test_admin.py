import pytest
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_administrator_adds_a_person_without_a_password(as_user, site_admin):
    asked = {"email": "Nia@Example.org", "name": "Nia New", "is_active": "on"}

    response = as_user(site_admin).post("/admin/accounts/user/add/", asked)

    user = User.objects.get(name="Nia New")
    assert response.status_code == 302
    assert (user.email, user.has_usable_password(), user.is_staff) == (
        "nia@example.org",
        False,
        False,
    )


def test_an_address_is_not_taken_twice(as_user, site_admin, officer):
    asked = {"email": officer.email.upper(), "name": "Other", "is_active": "on"}

    page = as_user(site_admin).post("/admin/accounts/user/add/", asked).content.decode()

    assert "There is a person with this address already" in page


def test_changing_a_person_keeps_their_password(as_user, site_admin, officer):
    officer.set_password("three words long")
    officer.save()
    asked = {"email": officer.email, "name": "Jo Fern", "is_active": "on"}

    as_user(site_admin).post(f"/admin/accounts/user/{officer.pk}/change/", asked)

    officer.refresh_from_db()
    assert officer.name == "Jo Fern"
    assert officer.check_password("three words long")


def test_nobody_is_deleted_and_groups_are_not_there(as_user, site_admin, officer):
    client = as_user(site_admin)

    deleted = client.post(f"/admin/accounts/user/{officer.pk}/delete/", {"post": "yes"})

    assert deleted.status_code == 403
    assert client.get("/admin/accounts/user/").status_code == 200
    assert Group not in admin.site._registry
