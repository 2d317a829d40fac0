"""A sign-in lasts as long as it is used, and ends by itself after."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from accounts.sessions import RENEW_AFTER, RENEWED

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-9"


@pytest.fixture
def signed_in(client):
    User.objects.create_user("jo@x.example", PASSWORD, name="Jo Ferris")
    client.post("/accounts/login/", {"login": "jo@x.example", "password": PASSWORD})
    return client


def used(client, seconds_ago):
    """Let the session have been written so long ago."""
    session = client.session
    session[RENEWED] = int(time.time()) - seconds_ago
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))


def time_left():
    return (Session.objects.get().expire_date - timezone.now()).total_seconds()


def test_a_sign_in_ends_with_the_browser_and_after_twelve_hours(signed_in, settings):
    cookie = signed_in.cookies["sessionid"]

    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert 12 * 3600 - 60 < time_left() <= settings.SESSION_COOKIE_AGE


def test_a_session_in_use_is_put_off(signed_in):
    used(signed_in, RENEW_AFTER)

    signed_in.get("/accounts/profile/")

    assert time_left() > 11 * 3600
    assert int(time.time()) - signed_in.session[RENEWED] < 60


def test_a_session_is_written_once_in_ten_minutes_at_most(signed_in):
    used(signed_in, RENEW_AFTER - 60)

    signed_in.get("/accounts/profile/")

    assert time_left() < 3600


def test_a_session_that_was_not_used_is_over(signed_in):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    cache.delete("django.contrib.sessions.cached_db" + signed_in.cookies["sessionid"].value)

    assert "/login/" in signed_in.get("/accounts/profile/").url


def test_a_visitor_gets_no_session(client):
    client.get("/accounts/login/")

    assert "sessionid" not in client.cookies
