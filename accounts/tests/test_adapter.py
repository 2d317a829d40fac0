"""Signing in: with a password or a code, and never by signing up."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User

PASSWORD = "a-long-password-9"


@pytest.fixture
def person(db):
    return User.objects.create_user("jo@x.example", PASSWORD, name="Jo Ferris")


@pytest.fixture
def lead(db):
    return User.objects.create_user("lead@school.example", None, name="Lee Lead")


def text_of(response):
    return " ".join(response.content.decode().split())


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.django_db
def test_signing_up_is_closed(client):
    address = reverse("account_signup")

    shown = client.get(address)
    client.post(address, {"email": "new@x.example", "password1": PASSWORD})

    assert "Accounts are made for you" in text_of(shown)
    assert not User.objects.exists()


def test_login_with_the_password(client, person):
    client.post(reverse("account_login"), {"login": "JO@x.example", "password": PASSWORD})

    assert signed_in(client)


def test_login_with_a_wrong_password_says_so_and_keeps_the_address(client, person):
    response = client.post(reverse("account_login"), {"login": "jo@x.example", "password": "wrong"})

    page = text_of(response)
    assert not signed_in(client)
    assert "<title>Error: Sign in – Footbridge</title>" in page
    assert "The address or the password is not right. Check both." in page
    assert 'value="jo@x.example"' in page


def test_login_with_a_code(client, lead):
    client.post(reverse("account_request_login_code"), {"email": lead.email})
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail.outbox[0].body, re.M).group()

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert mail.outbox[0].subject == "Your sign-in code for Footbridge"
    assert signed_in(client)


def test_login_with_a_wrong_code_is_refused(client, lead):
    client.post(reverse("account_request_login_code"), {"email": lead.email})

    response = client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})

    assert "This code is not right. Check it against the e-mail." in text_of(response)
    assert not signed_in(client)


def test_unknown_address_is_answered_like_a_known_one(client, lead):
    known = Client().post(reverse("account_request_login_code"), {"email": lead.email})
    unknown = client.post(reverse("account_request_login_code"), {"email": "no@x.example"})

    assert unknown["Location"] == known["Location"]
    assert "we do not know it" in mail.outbox[1].body


def test_logout_asks_first(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")

    client.get(reverse("account_logout"))
    before = signed_in(client)
    client.post(reverse("account_logout"))

    assert before is True
    assert signed_in(client) is False


@pytest.mark.parametrize(
    "name", ["account_login", "account_request_login_code", "account_reset_password"]
)
@pytest.mark.django_db
def test_sign_in_pages_have_no_inline_style_or_script(client, name):
    page = text_of(client.get(reverse(name)))

    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")
    assert "placeholder" not in page


def test_password_reset_sends_a_link_that_works_once(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"http\S+", mail.outbox[0].body).group()
    new = {"password1": "quite-another-word", "password2": "quite-another-word"}

    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], new)
    again = client.get(link, follow=True)

    person.refresh_from_db()
    assert person.check_password("quite-another-word")
    assert "This link does not work any more" in text_of(again)
