"""Signing in through the pages, as each kind of person does."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

pytestmark = pytest.mark.django_db
PASSWORD = "three words long"


def code_in(letter):
    return re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]{3,})*$", letter.body, re.MULTILINE)[0]


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def test_a_school_lead_signs_in_with_a_code(as_user, school_lead, mailoutbox):
    client = as_user()

    asked = client.post("/accounts/login/code/", {"email": school_lead.email})
    letter = mailoutbox[-1]
    answer = client.post(asked.url, {"code": code_in(letter)})

    assert letter.to == [school_lead.email]
    assert answer.url == "/"
    assert signed_in_as(client) == str(school_lead.pk)
    assert client.get("/", follow=True).status_code == 200


def test_a_wrong_code_signs_nobody_in_and_the_right_one_works_once(
    as_user, school_lead, mailoutbox
):
    client = as_user()
    asked = client.post("/accounts/login/code/", {"email": school_lead.email})

    wrong = client.post(asked.url, {"code": "ZZZZZZ"})
    stranger = as_user()
    stranger.post(asked.url, {"code": code_in(mailoutbox[-1])})

    assert wrong.status_code == 200
    assert signed_in_as(client) is signed_in_as(stranger) is None


def test_an_unknown_address_gets_no_code_and_the_page_does_not_tell(
    as_user, school_lead, mailoutbox
):
    unknown = as_user().post("/accounts/login/code/", {"email": "nobody@example.org"})
    known = as_user().post("/accounts/login/code/", {"email": school_lead.email})

    assert unknown.url == known.url
    assert "we do not know it" in mailoutbox[0].body


def test_staff_sign_in_with_a_password(as_user, officer):
    officer.set_password(PASSWORD)
    officer.save()
    client = as_user()

    wrong = client.post("/accounts/login/", {"login": officer.email, "password": "not this one"})
    right = client.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})

    assert wrong.status_code == 200
    assert right.url == "/"
    assert signed_in_as(client) == str(officer.pk)


def test_a_school_lead_has_no_password_to_guess(as_user, school_lead):
    client = as_user()

    for password in ("", "!", school_lead.password):
        client.post("/accounts/login/", {"login": school_lead.email, "password": password})

    assert signed_in_as(client) is None


def test_who_was_switched_off_gets_no_code_and_is_signed_out(as_user, officer, mailoutbox):
    client = as_user(officer)
    officer.is_active = False
    officer.save()

    as_user().post("/accounts/login/code/", {"email": officer.email})

    assert "/login/" in client.get("/partnerships/").url
    assert "Type this code" not in "".join(letter.body for letter in mailoutbox)


def test_new_staff_choose_a_password_from_a_letter(as_user, officer, mailoutbox):
    client = as_user()
    client.post("/accounts/password/reset/", {"email": officer.email})
    path = re.search(r"http://[^/]+(/\S+)", mailoutbox[-1].body)[1]

    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_nobody_makes_an_account_for_themselves(as_user):
    page = as_user().post("/accounts/signup/", {"email": "me@example.org", "password1": PASSWORD})

    assert page.status_code == 200
    assert "password1" not in page.content.decode()


def test_a_school_lead_who_asks_for_a_password_is_told_of_codes(as_user, school_lead, mailoutbox):
    known = as_user().post("/accounts/password/reset/", {"email": school_lead.email})
    unknown = as_user().post("/accounts/password/reset/", {"email": "nobody@example.org"})

    letter = mailoutbox[0]
    assert known.url == unknown.url
    assert letter.subject == "How you sign in to Footbridge"
    assert "http://localhost:8000/accounts/login/code/" in letter.body
    assert "/password/reset/key/" not in letter.body


def test_a_school_lead_sets_no_password(as_user, school_lead):
    asked = {"password1": PASSWORD, "password2": PASSWORD}

    shown = as_user(school_lead).get("/accounts/password/set/")
    sent = as_user(school_lead).post("/accounts/password/set/", asked)

    school_lead.refresh_from_db()
    assert (shown.status_code, sent.status_code) == (403, 403)
    assert "School leads sign in with a code" in sent.content.decode()
    assert not school_lead.has_usable_password()


def test_a_link_of_staff_ends_when_they_are_staff_no_more(as_user, officer, mailoutbox):
    client = as_user()
    client.post("/accounts/password/reset/", {"email": officer.email})
    path = re.search(r"http://[^/]+(/\S+)", mailoutbox[-1].body)[1]
    officer.memberships.update(ended_on=timezone.localdate())

    page = client.get(path, follow=True)

    assert "This link does not work any more" in page.content.decode()


def test_staff_without_a_password_set_one(as_user, officer):
    client = as_user(officer)

    client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})

    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_the_link_of_a_letter_leads_to_our_own_address(as_user, officer, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["localhost", "other.example"]

    as_user().post(
        "/accounts/password/reset/", {"email": officer.email}, headers={"host": "other.example"}
    )

    assert "http://localhost:8000/accounts/password/reset/key/" in mailoutbox[-1].body


def test_a_password_of_an_older_kind_is_hashed_anew_at_sign_in(as_user, officer):
    officer.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    officer.save()

    as_user().post("/accounts/login/", {"login": officer.email, "password": PASSWORD})

    officer.refresh_from_db()
    assert officer.password.startswith("argon2$argon2id$")
    assert officer.check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short-pass1", "password1234", "123456789012"])
def test_a_password_is_long_and_not_a_common_one(as_user, officer, password):
    client = as_user(officer)

    client.post("/accounts/password/set/", {"password1": password, "password2": password})

    officer.refresh_from_db()
    assert not officer.has_usable_password()
