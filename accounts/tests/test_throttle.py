"""Guessing is slow, and whoever guesses locks nobody else out."""

import re

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import reverse

from accounts import browsers, throttle
from accounts.models import User
from core import limits

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-9"
HOME, ELSEWHERE = "192.0.2.10", "198.51.100.7"
LOGIN, ASK, CONFIRM = "/accounts/login/", "/accounts/login/code/", "/accounts/login/code/confirm/"
RESET = "/accounts/password/reset/"


class QuickHasher(Argon2PasswordHasher):
    """The product's hasher with little work, and a count of it."""

    time_cost, memory_cost, parallelism = 1, 8, 1
    runs = []

    def encode(self, password, salt):
        self.runs.append("encode")
        return super().encode(password, salt)

    def verify(self, password, encoded):
        self.runs.append("verify")
        return super().verify(password, encoded)


@pytest.fixture(autouse=True)
def quick_hasher(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickHasher"]
    assert isinstance(hashers.get_hasher(), QuickHasher)


@pytest.fixture
def victim():
    return User.objects.create_user("vic@x.example", PASSWORD, name="Vic Timm")


def visitor(address=HOME):
    return Client(REMOTE_ADDR=address)


def sign_in(client, password=PASSWORD, email="vic@x.example"):
    return client.post(LOGIN, {"login": email, "password": password})


def signed_in(client):
    return "_auth_user_id" in client.session


def code_in(letter):
    return re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", letter.body, re.M).group()


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_hundred_failures_elsewhere_leave_the_owner_able_to_sign_in(victim, mailoutbox):
    attacker = visitor(ELSEWHERE)
    answers = [sign_in(attacker, f"guess {n}").status_code for n in range(100)]

    by_password, by_code = visitor(), visitor()
    sign_in(by_password)
    by_code.post(ASK, {"email": victim.email})
    by_code.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert answers == 10 * [200] + 90 * [429]
    assert signed_in(by_password)
    assert signed_in(by_code)


def test_who_guesses_is_told_when_to_try_again(victim):
    attacker = visitor(ELSEWHERE)
    for _ in range(10):
        sign_in(attacker, "wrong")

    refused = sign_in(attacker, PASSWORD)

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= throttle.PASSWORD_PAIR.seconds
    assert re.search(
        r"Too many attempts failed. Try again in (a minute|\d+ minutes), "
        "or go back and sign in with a code.",
        text_of(refused),
    )
    assert not signed_in(attacker)


def test_a_network_that_tries_many_addresses_is_refused_and_the_others_are_not(victim):
    answers = [
        sign_in(visitor(ELSEWHERE), "Spring2026!", f"person{n}@x.example").status_code
        for n in range(throttle.PASSWORD_NETWORK.most + 1)
    ]
    at_home = visitor()
    sign_in(at_home)

    assert answers[-2:] == [200, 429]
    assert signed_in(at_home)


def guess_from_everywhere(times):
    for n in range(times):
        sign_in(visitor(f"203.0.{n // 200}.{n % 200}"), "wrong")


def test_guesses_from_everywhere_are_slowed_and_a_recognised_browser_passes(victim, mailoutbox):
    known, new = visitor(), visitor("192.0.2.99")
    sign_in(known)
    known.post(reverse("account_logout"))
    guess_from_everywhere(throttle.PASSWORD_STRANGERS.most)

    refused = sign_in(new)
    sign_in(known)
    new.post(ASK, {"email": victim.email})
    new.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert refused.status_code == 429
    assert signed_in(known)
    assert signed_in(new)


def test_a_recognised_browser_has_a_limit_of_its_own(victim):
    known, other = visitor(), visitor(HOME)
    sign_in(known)
    known.post(reverse("account_logout"))

    answers = [sign_in(known, "wrong").status_code for _ in range(11)]
    sign_in(other)

    assert answers == 10 * [200] + [429]
    assert signed_in(other)


def test_signing_in_does_not_count(victim):
    for _ in range(12):
        client = visitor()
        sign_in(client)
        assert signed_in(client)


def test_a_browser_is_recognised_for_the_people_who_signed_in_with_it(victim, rf):
    client = visitor()
    sign_in(client)
    request = rf.get("/")
    request.COOKIES = {"browser": client.cookies["browser"].value}

    assert browsers.recognised(request, "VIC@x.example ") != ""
    assert browsers.recognised(request, "else@x.example") == ""
    request.COOKIES = {"browser": "e30:" + client.cookies["browser"].value[5:]}
    assert browsers.recognised(request, "vic@x.example") == ""


def test_the_cookie_tells_no_address_and_is_closed_to_scripts(victim):
    client = visitor()
    sign_in(client)

    cookie = client.cookies["browser"]

    assert "vic" not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_a_forged_header_neither_dodges_nor_poisons(victim):
    answers = [
        visitor(ELSEWHERE).post(
            LOGIN,
            {"login": victim.email, "password": "wrong"},
            headers={"x-forwarded-for": f"203.0.113.{n}, {HOME}"},
        )
        for n in range(11)
    ]
    at_home = visitor()
    sign_in(at_home)

    assert answers[-1].status_code == 429
    assert signed_in(at_home)


def test_letters_are_limited_and_the_code_that_was_sent_works_on(victim, mailoutbox):
    client = visitor()
    for _ in range(throttle.LETTER_PAIR.most):
        client.post(reverse("accounts:ask_again"), {"email": victim.email})

    refused = client.post(reverse("accounts:ask_again"), {"email": victim.email})
    client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert refused.status_code == 429
    assert "The last one still works for a while" in text_of(refused)
    assert len(mailoutbox) == throttle.LETTER_PAIR.most
    assert signed_in(client)


def test_who_asks_for_letters_elsewhere_keeps_none_from_the_owner(victim, mailoutbox):
    for _ in range(100):
        visitor(ELSEWHERE).post(ASK, {"email": victim.email})
        visitor(ELSEWHERE).post(RESET, {"email": victim.email})

    client = visitor()
    client.post(ASK, {"email": victim.email})
    client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert len(mailoutbox) == throttle.LETTER_PAIR.most + 1
    assert signed_in(client)


def test_letters_asked_for_everywhere_do_not_stop_a_recognised_browser(victim, mailoutbox):
    known = visitor()
    sign_in(known)
    known.post(reverse("account_logout"))
    for n in range(throttle.LETTER_STRANGERS.most):
        visitor(f"203.0.113.{n}").post(ASK, {"email": victim.email})

    refused = visitor(ELSEWHERE).post(ASK, {"email": victim.email})
    known.post(ASK, {"email": victim.email})
    known.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert refused.status_code == 429
    assert signed_in(known)


def test_a_code_can_be_guessed_three_times(victim, mailoutbox):
    client = visitor()
    client.post(ASK, {"email": victim.email})

    answers = [client.post(CONFIRM, {"code": "AAAA-AAAA"}) for _ in range(3)]
    client.post(CONFIRM, {"code": code_in(mailoutbox[-1])})

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert "Too many wrong codes were typed" in text_of(client.get(ASK))
    assert not signed_in(client)


def test_guesses_at_a_code_made_all_at_once_are_counted_too():
    for _ in range(throttle.CODE.most):
        throttle.take_code("one session")

    with pytest.raises(limits.TooMany, match="Too many wrong codes"):
        throttle.take_code("one session")
    throttle.take_code("another session")


def test_a_known_and_an_unknown_address_are_answered_alike(victim):
    lead = User.objects.create_user("lead@x.example", None, name="Lee Lead")
    closed = User.objects.create_user("closed@x.example", PASSWORD, name="Cleo", is_active=False)
    work, pages = {}, {}
    for email in [victim.email, lead.email, closed.email, "nobody@x.example"]:
        QuickHasher.runs.clear()
        answer = sign_in(visitor(), "wrong password", email)
        work[email] = len(QuickHasher.runs)
        pages[email] = (answer.status_code, plain(answer, email))

    assert len(set(work.values())) == 1
    assert len(set(pages.values())) == 1


@pytest.mark.parametrize("path", [ASK, RESET])
def test_letters_to_known_and_unknown_addresses_are_answered_alike(victim, mailoutbox, path):
    answers = {}
    for email in [victim.email, "nobody@x.example"]:
        client = visitor()
        codes = [client.post(path, {"email": email}).status_code for _ in range(2)]
        last = client.get(CONFIRM if path == ASK else RESET)
        again = [
            client.post(reverse("accounts:ask_again"), {"email": email}).status_code
            for _ in range(6)
        ]
        answers[email] = (codes, again, plain(last, email))

    assert len(set(map(str, answers.values()))) == 1
    half = len(mailoutbox) // 2
    assert [letter.to for letter in mailoutbox] == half * [[victim.email]] + half * [
        ["nobody@x.example"]
    ]


def plain(response, email):
    """The page without what is new on each: the form's tokens, and the address that was typed."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", text_of(response).replace(email, "…"))


def test_who_typed_a_wrong_address_can_start_again(victim):
    client = visitor()
    client.post(ASK, {"email": "vick@x.example"})

    answer = client.post(reverse("accounts:ask_again"))
    page = client.get(answer.url)

    assert answer.url == ASK
    assert "Send me a code" in text_of(page)


def test_the_present_password_cannot_be_guessed_from_an_open_session(victim):
    client = visitor()
    sign_in(client)
    asked = {"password1": "quite-another-word", "password2": "quite-another-word"}

    answers = [
        client.post(reverse("account_change_password"), {"oldpassword": "wrong", **asked})
        for _ in range(11)
    ]

    assert [answer.status_code for answer in answers] == 10 * [200] + [429]


def test_the_admin_has_no_door_of_its_own(as_user, site_admin, victim):
    asked = {"username": victim.email, "password": PASSWORD, "next": "/admin/"}

    answer = visitor().post("/admin/login/", asked)

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2Fadmin%2F")
    assert as_user(victim).get("/admin/login/").status_code == 403
    assert as_user(site_admin).get("/admin/", follow=True).status_code == 200


def test_with_redis_away_everybody_signs_in(victim, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1", "OPTIONS": {}}
    }

    client = visitor()
    answers = [sign_in(client, "wrong").status_code for _ in range(11)]
    sign_in(client)

    assert answers == 11 * [200]
    assert signed_in(client)
