"""Tokens at the API: one membership, one partnership, and none when it ends."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.api import router
from config.tests.test_api import FOR_EVERYBODY, NOUNS, wanted
from core.models import Job
from partnerships import actions
from partnerships.models import ApiToken, Membership
from partnerships.tests.factories import make_lead, make_link, make_member, make_partnership

EVERY_NOUN = [prefix for prefix, *_ in router.registry]
FOR_MANAGERS = {"closed-schools"}


def issue(membership, **details):
    details = {"expires_on": timezone.localdate() + timedelta(days=30), **details}
    return actions.issue_token(membership, name="Figures", by=membership.user, **details)


def program(secret):
    """A client that shows a token, as a program does: without cookies, checked for CSRF."""
    return Client(headers={"Authorization": f"Bearer {secret}"}, enforce_csrf_checks=True)


def rows(client, noun):
    return client.get(f"/api/v1/{noun}/").json()["results"]


def ids(found):
    return [row["id"] for row in found]


@pytest.fixture
def elsewhere(officer):
    """The membership of our officer in a second partnership."""
    return make_member(make_partnership("Southern Moors"), user=officer)


@pytest.mark.parametrize("noun", EVERY_NOUN)
def test_a_token_shows_nothing_of_the_other_partnership(noun, world, officer, manager, as_user):
    person = manager if noun in FOR_MANAGERS else officer
    home = person.memberships.get(partnership=world.partnership)
    elsewhere = make_member(make_partnership("Southern Moors"), user=person, role=home.role)
    Job.objects.update(owner=person)
    everything = rows(as_user(person), noun)
    here, there = (program(issue(membership)[1]) for membership in (home, elsewhere))

    seen_there = rows(there, noun)
    answers = {
        there.get(f"/api/v1/{noun}/{row['id']}/").status_code
        for row in everything
        if row not in seen_there
    }

    assert everything
    if noun in FOR_EVERYBODY:
        assert rows(here, noun) == seen_there == everything
        return
    assert sorted(ids(rows(here, noun)) + ids(seen_there)) == sorted(ids(everything))
    assert b"Canary" not in there.get(f"/api/v1/{noun}/").content
    assert answers == {404}


@pytest.mark.parametrize("noun", NOUNS)
def test_a_token_writes_in_its_partnership_alone(noun, world, manager):
    elsewhere = make_member(make_partnership("Southern Moors"), "manager", user=manager)
    here = program(issue(manager.memberships.get(partnership=world.partnership))[1])
    there = program(issue(elsewhere)[1])

    answers = [
        client.post(
            f"/api/v1/{noun}/", json.dumps(wanted(noun, world)), content_type="application/json"
        ).status_code
        for client in (there, here)
    ]

    assert answers == [400, 201]


def test_a_token_is_not_a_school_leads(world, officer, elsewhere):
    theirs = make_link(make_partnership("Eastern Fens"))
    make_lead(theirs, user=officer)
    client = program(issue(elsewhere)[1])

    assert client.get(f"/api/v1/schools/{theirs.pk}/").status_code == 404


def test_a_token_opens_no_page(world, officer):
    client = program(issue(officer.memberships.get())[1])

    assert client.get("/activities/").status_code == 302


def revoke(token):
    actions.revoke_token(token, by=token.membership.user)


def end(token):
    actions.end_person(token.membership, by=token.membership.user)


def end_behind_our_back(token):
    Membership.objects.filter(pk=token.membership_id).update(ended_on=timezone.localdate())


def switch_off(token):
    user = token.membership.user
    user.is_active = False
    user.save()


def run_out(token):
    yesterday = timezone.localdate() - timedelta(days=1)
    ApiToken.objects.filter(pk=token.pk).update(expires_on=yesterday)


@pytest.mark.parametrize("stop", [revoke, end, end_behind_our_back, switch_off, run_out])
def test_a_token_is_void_at_once(stop, world, officer):
    token, secret = issue(officer.memberships.get())
    client = program(secret)
    before = client.get("/api/v1/needs/")

    stop(token)

    after = client.get("/api/v1/needs/")
    assert (before.status_code, after.status_code) == (200, 401)
    assert after.json()["detail"].startswith("This token is not in use")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer nonsense", "bearer \u00e9", "x y"])
def test_a_token_that_is_none_is_refused(header, db):
    answer = Client(headers={"Authorization": header}).get("/api/v1/needs/")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_use_is_written_once_a_day(world, officer):
    token, secret = issue(officer.memberships.get())
    client = program(secret)

    with CaptureQueriesContext(connection) as first:
        client.get("/api/v1/providers/")
    with CaptureQueriesContext(connection) as second:
        client.get("/api/v1/providers/")

    writes = [[row for row in asked if "UPDATE" in row["sql"]] for asked in (first, second)]
    token.refresh_from_db()
    assert [len(found) for found in writes] == [1, 0]
    assert token.last_used_on == timezone.localdate()
