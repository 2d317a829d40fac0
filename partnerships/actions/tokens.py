"""Keys for programs: made by a member for themselves, taken back by them or a manager."""

import secrets

from django.db import transaction
from django.utils import timezone

from core import audit
from partnerships.actions.refusals import Refused, sensible
from partnerships.models import ApiToken, Membership

BEGINNING = "fb_"
LETTERS_SHOWN = len(BEGINNING) + 5
MOST_IN_USE = 20


@transaction.atomic
def issue_token(membership, *, name, expires_on, by):
    """Make a token for a membership; returns it with its secret, which nobody can read again."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    _may_have_one(membership, expires_on, by)
    secret = BEGINNING + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        partnership_id=membership.partnership_id,
        membership=membership,
        name=name,
        hash=ApiToken.hash_of(secret),
        first_letters=secret[:LETTERS_SHOWN],
        expires_on=expires_on,
    )
    changes = {"membership": membership.pk, "expires_on": expires_on.isoformat()}
    audit.record("token.issued", token, by=by, changes=changes)
    return token, secret


def _may_have_one(membership, expires_on, by):
    if membership.user_id != by.pk:
        raise Refused("A token acts as the person who makes it. Everybody makes their own.")
    if membership.ended_on is not None:
        raise Refused("Your role in this partnership has ended. Ask a manager to add you again.")
    if expires_on <= timezone.localdate():
        raise Refused("Choose a day after today as the token’s last day.")
    sensible(expires_on)
    if ApiToken.objects.live().filter(membership=membership).count() >= MOST_IN_USE:
        raise Refused(f"You have {MOST_IN_USE} tokens in use. Revoke one that you no longer need.")


@transaction.atomic
def revoke_token(token, *, by):
    """Take a token back: the program that shows it is refused from now on."""
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.revoked_at is not None:
        raise Refused("This token has been revoked already.")
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at", "updated_at"])
    audit.record("token.revoked", token, by=by)
    return token


@transaction.atomic
def revoke_tokens(membership, *, by):
    """Take back every token of a membership that ends."""
    live = ApiToken.objects.filter(membership=membership, revoked_at=None)
    for token in live.select_for_update(of=("self",)):
        revoke_token(token, by=by)
