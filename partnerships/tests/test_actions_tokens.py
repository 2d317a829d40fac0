from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import audit
from core.models import AuditEvent
from partnerships import actions
from partnerships.actions.tokens import MOST_IN_USE
from partnerships.models import ApiToken

pytestmark = pytest.mark.django_db


def in_a_month():
    return timezone.localdate() + timedelta(days=30)


def issue(user, **details):
    details = {"name": "Figures", "expires_on": in_a_month(), "by": user, **details}
    return actions.issue_token(user.memberships.get(), **details)


@pytest.fixture
def lose_audit(monkeypatch):
    """Return a function after which nothing can be put on record."""

    def fail(*args, **kwargs):
        raise RuntimeError("no audit")

    return lambda: monkeypatch.setattr(audit, "record", fail)


def test_issue_token_keeps_the_hash_alone(officer, partnership):
    token, secret = issue(officer)

    row = ApiToken.objects.values().get()
    assert (row["partnership_id"], row["membership_id"]) == (
        partnership.pk,
        officer.memberships.get().pk,
    )
    assert secret.startswith("fb_")
    assert len(secret) == 46
    assert row["first_letters"] == secret[:8]
    assert secret not in map(str, row.values())
    assert ApiToken.objects.holding(secret) == token


def test_issue_token_is_on_record_without_the_secret(officer):
    token, secret = issue(officer)

    event = AuditEvent.objects.get(action="token.issued")
    assert (event.actor_id, event.target_id) == (officer.pk, str(token.pk))
    assert event.changes.keys() == {"membership", "expires_on"}
    assert secret[8:] not in str(event.changes)


def test_secrets_are_never_alike(officer):
    assert issue(officer)[1] != issue(officer)[1]


def test_issue_token_is_nothing_without_its_record(officer, lose_audit):
    lose_audit()

    with pytest.raises(RuntimeError):
        issue(officer)

    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("day", [date(2020, 1, 1), timezone.localdate()])
def test_issue_token_ends_on_a_day_to_come(officer, day):
    with pytest.raises(actions.Refused, match="after today"):
        issue(officer, expires_on=day)


def test_nobody_issues_a_token_for_another(officer, manager):
    with pytest.raises(actions.Refused, match="Everybody makes their own"):
        issue(officer, by=manager)


def test_a_role_that_has_ended_gets_no_token(officer):
    officer.memberships.update(ended_on=timezone.localdate())

    with pytest.raises(actions.Refused, match="has ended"):
        issue(officer)


def test_tokens_are_not_hoarded(officer):
    made = [issue(officer)[0] for _ in range(MOST_IN_USE)]

    with pytest.raises(actions.Refused, match="Revoke one"):
        issue(officer)

    actions.revoke_token(made[0], by=officer)
    assert issue(officer)


def test_revoke_token(officer, manager):
    token, secret = issue(officer)

    revoked = actions.revoke_token(token, by=manager)

    assert revoked.revoked_at
    assert ApiToken.objects.holding(secret) is None
    assert AuditEvent.objects.get(action="token.revoked").actor_id == manager.pk
    with pytest.raises(actions.Refused, match="revoked already"):
        actions.revoke_token(token, by=manager)


def test_revoke_token_is_nothing_without_its_record(officer, lose_audit):
    token, secret = issue(officer)
    lose_audit()

    with pytest.raises(RuntimeError):
        actions.revoke_token(token, by=officer)

    assert ApiToken.objects.holding(secret) == token


def test_end_person_revokes_their_tokens(officer, manager):
    _, secret = issue(officer)
    kept = issue(manager)[1]

    actions.end_person(officer.memberships.get(), by=manager)

    assert ApiToken.objects.get(membership__user=officer).revoked_at
    assert ApiToken.objects.holding(secret) is None
    assert ApiToken.objects.holding(kept)


def test_who_comes_back_makes_a_new_token(officer, manager, partnership):
    _, secret = issue(officer)
    actions.end_person(officer.memberships.get(), by=manager)

    actions.add_person(
        partnership, email=officer.email, name="", role="officer", by=manager, password="!"
    )

    assert ApiToken.objects.holding(secret) is None


def test_tokens_are_seen_by_their_holder_and_the_managers(
    officer, manager, viewer, outsider, school_lead
):
    token, _ = issue(officer)

    seen = {
        user: token in ApiToken.objects.visible_to(user)
        for user in (officer, manager, viewer, outsider, school_lead)
    }

    assert seen == {
        officer: True,
        manager: True,
        viewer: False,
        outsider: False,
        school_lead: False,
    }
