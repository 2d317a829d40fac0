import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import actions
from partnerships.forms import in_a_year
from partnerships.models import ApiToken
from partnerships.tests.factories import make_member, make_partnership

pytestmark = pytest.mark.django_db


def url(name, pk):
    return reverse(f"partnerships:{name}", args=[pk])


def issue(user, name="Figures"):
    day = timezone.localdate() + timedelta(days=30)
    return actions.issue_token(user.memberships.get(), name=name, expires_on=day, by=user)[0]


def ask(client, partnership, **asked):
    asked = {"name": "Monthly figures", "expires_on": in_a_year().isoformat(), **asked}
    return client.post(url("issue_token", partnership.pk), asked)


def test_issue_token_shows_the_secret_once(as_user, officer, partnership):
    client = as_user(officer)

    answer = ask(client, partnership)

    (secret,) = set(re.findall(r"fb_[\w-]{43}", answer.content.decode()))
    token = ApiToken.objects.get()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert ApiToken.objects.holding(secret) == token
    assert (token.name, token.expires_on) == ("Monthly figures", in_a_year())
    assert secret not in client.get(url("tokens", partnership.pk)).content.decode()


def test_issue_token_proposes_a_year(as_user, officer, partnership):
    answer = as_user(officer).get(url("issue_token", partnership.pk))

    day = timezone.localdate() + timedelta(days=365)
    assert f'value="{day.isoformat()}"' in answer.content.decode()


def test_issue_token_for_a_day_gone_by_is_said_on_the_form(as_user, officer, partnership):
    answer = ask(as_user(officer), partnership, expires_on="2020-01-31")

    assert "Choose a day after today" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_issue_token_acts_as_who_makes_it(as_user, officer, manager, partnership):
    make_member(make_partnership("Southern Moors"), user=officer)

    ask(as_user(officer), partnership)

    assert ApiToken.objects.get().membership == officer.memberships.get(partnership=partnership)


def test_members_see_their_own_and_managers_everybodys(as_user, officer, viewer, manager):
    issue(officer, "Officer’s figures")
    issue(viewer, "Viewer’s figures")

    seen = {
        user: re.findall(r"\w+’s figures(?=\n)", page.content.decode())
        for user in (officer, viewer, manager)
        for page in [as_user(user).get(url("tokens", user.memberships.get().partnership_id))]
    }

    assert seen == {
        officer: ["Officer’s figures"],
        viewer: ["Viewer’s figures"],
        manager: ["Viewer’s figures", "Officer’s figures"],
    }


@pytest.mark.parametrize(
    ("player", "status"),
    [
        ("officer", 302),
        ("manager", 302),
        ("viewer", 404),
        ("outsider", 404),
        ("school_lead", 404),
        ("site_admin", 404),
    ],
)
def test_revoke_token_is_for_its_holder_and_the_managers(player, status, request, as_user, officer):
    token = issue(officer)

    answer = as_user(request.getfixturevalue(player)).post(url("revoke_token", token.pk))

    token.refresh_from_db()
    assert (answer.status_code, bool(token.revoked_at)) == (status, status == 302)


def test_revoke_token_asks_first(as_user, manager, officer):
    token = issue(officer)

    page = as_user(manager).get(url("revoke_token", token.pk)).content.decode()

    token.refresh_from_db()
    assert "It was made by Jo Ferris" in page
    assert token.revoked_at is None


def test_tokens_no_longer_in_use_are_listed_apart(as_user, officer, manager, partnership):
    actions.revoke_token(issue(officer, "Old figures"), by=officer)
    ApiToken.objects.filter(pk=issue(officer, "Stale figures").pk).update(expires_on="2020-01-31")

    page = as_user(manager).get(url("tokens", partnership.pk)).content.decode()

    former = page.partition("No longer in use")[2]
    assert "No token in use" in page
    assert "Old figures" in former
    assert "ran out after 31 January 2020" in former


def test_tokens_asks_the_same_for_one_and_three(
    as_user, manager, officer, partnership, django_assert_max_num_queries, django_assert_num_queries
):
    issue(officer)
    client, address = as_user(manager), url("tokens", partnership.pk)
    client.get(address)
    with django_assert_max_num_queries(7) as one:
        client.get(address)

    issue(officer)
    issue(manager)

    with django_assert_num_queries(len(one)):
        client.get(address)
