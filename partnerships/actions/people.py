"""The people of a partnership and the leads of its schools: who comes in, and who leaves."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core import audit, jobs
from partnerships import mail
from partnerships.actions.refusals import Refused, same_partnership
from partnerships.actions.tokens import revoke_tokens
from partnerships.models import (
    Membership,
    MembershipHub,
    Partnership,
    Role,
    SchoolAccess,
    SchoolLink,
)
from partnerships.rules import TAKES_HOME


@transaction.atomic
def add_person(partnership, *, email, name, role, by, provider=None, hubs=(), password=None):
    """Give a person a role; who is known by the address is not made a second time.

    Without a `password` they are told by e-mail how to sign in.
    """
    hubs = list(hubs)
    same_partnership(partnership.pk, provider, *hubs)
    _lock_people(partnership.pk)
    user = _person(partnership.pk, email, name, password)
    membership = Membership.objects.filter(partnership=partnership, user=user).first()
    if membership and membership.ended_on is None:
        raise Refused(f"{user} works in {partnership} already.")
    if SchoolAccess.objects.live_of(user).filter(partnership=partnership).exists():
        raise Refused(f"{user} is a school lead here. End that first: nobody speaks for both.")
    membership = membership or Membership(partnership=partnership, user=user)
    membership.role, membership.provider, membership.ended_on = role, provider, None
    membership.save()
    _set_hubs(membership, hubs)
    audit.record("membership.added", membership, by=by, changes=_as_changes(membership, hubs))
    if password is None:
        transaction.on_commit(partial(mail.invite_person, membership, by=by), robust=True)
    return membership


@transaction.atomic
def change_person(membership, *, role, provider, hubs, by):
    """Change what a person is in the partnership; who may take no files loses those they had."""
    hubs = list(hubs)
    membership = _lock_live(membership)
    same_partnership(membership.partnership_id, provider, *hubs)
    if role != Role.MANAGER:
        _keep_a_manager(membership)
    membership.role, membership.provider = role, provider
    membership.save(update_fields=["role", "provider", "updated_at"])
    _set_hubs(membership, hubs)
    if role not in TAKES_HOME:
        jobs.drop_files(membership.user, partnership_id=membership.partnership_id)
    audit.record("membership.changed", membership, by=by, changes=_as_changes(membership, hubs))
    return membership


@transaction.atomic
def end_person(membership, *, by, on=None):
    """End a person's role; what they wrote stays."""
    membership = _lock_live(membership)
    _keep_a_manager(membership)
    membership.ended_on = on or timezone.localdate()
    membership.save(update_fields=["ended_on", "updated_at"])
    revoke_tokens(membership, by=by)
    jobs.drop_files(membership.user, partnership_id=membership.partnership_id)
    changes = {"ended_on": membership.ended_on.isoformat()}
    audit.record("membership.ended", membership, by=by, changes=changes)
    return membership


@transaction.atomic
def admit_lead(link, *, email, name, by, job_title=""):
    """Let a person of the school write its side; they sign in by an e-mailed code, no password."""
    _lock_people(link.partnership_id)
    _still_served(link)
    user = _person(link.partnership_id, email, name, None)
    if Membership.objects.filter(
        user=user, partnership=link.partnership_id, ended_on__isnull=True
    ).exists():
        raise Refused(
            f"{user} works in the partnership. A school lead is a person of the school: "
            "nobody speaks for both."
        )
    access = SchoolAccess.objects.filter(school_link=link, user=user).first()
    if access and access.ended_on is None:
        raise Refused(f"{user} is a school lead of {link} already.")
    access = access or SchoolAccess(partnership_id=link.partnership_id, school_link=link, user=user)
    access.job_title, access.ended_on = job_title, None
    access.save()
    audit.record("school_access.admitted", access, by=by, changes={"school_link": link.pk})
    transaction.on_commit(partial(mail.invite_lead, access, by=by), robust=True)
    return access


@transaction.atomic
def end_lead(access, *, by, on=None):
    """End a school lead's access; what they wrote and signed stays."""
    access = SchoolAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if access.ended_on is not None:
        raise Refused("This access has ended already.")
    access.ended_on = on or timezone.localdate()
    access.save(update_fields=["ended_on", "updated_at"])
    changes = {"ended_on": access.ended_on.isoformat()}
    audit.record("school_access.ended", access, by=by, changes=changes)
    return access


def _still_served(link):
    link = SchoolLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    latest = link.statuses.first()
    if latest and latest.ends_on and latest.ends_on < timezone.localdate():
        raise Refused(f"Work with {link} has ended. Add the school again first.")


def _person(partnership_id, email, name, password):
    """The person of this address. Who is a stranger here is taken only by the right name."""
    known = User.objects.filter(email__iexact=email)
    user = known.first()
    if user is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(email, password, name=name)
        except IntegrityError:  # another partnership was quicker with the same new person
            user = known.get()
    if not user.is_active:
        raise Refused("This account is switched off. Ask the site administrator to open it.")
    if not _is_known(user, partnership_id) and _plain(name) != _plain(user.name):
        # Their own name would tell what another partnership wrote of them.
        raise Refused(
            "This address signs in to Footbridge under another name. Ask the person how their "
            "name is written on their profile page, and write it so."
        )
    return user


def _is_known(user, partnership_id):
    of = {"partnership": partnership_id, "user": user}
    return Membership.objects.filter(**of).exists() or SchoolAccess.objects.filter(**of).exists()


def _plain(name):
    return " ".join(name.casefold().split())


def _set_hubs(membership, hubs):
    inside = MembershipHub.objects.filter(membership=membership)
    inside.exclude(hub__in=hubs).delete()
    kept = set(inside.values_list("hub", flat=True))
    MembershipHub.objects.bulk_create(
        MembershipHub(partnership_id=membership.partnership_id, membership=membership, hub=hub)
        for hub in hubs
        if hub.pk not in kept
    )


def _as_changes(membership, hubs):
    return {
        "role": str(membership.role),
        "provider": membership.provider_id,
        "hubs": [hub.pk for hub in hubs],
    }


def _lock_people(partnership_id):
    # One at a time: of two managers who leave at once one must stay, and nobody who is let in
    # twice at once must become both a member and a school lead.
    Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership_id)


def _lock_live(membership):
    _lock_people(membership.partnership_id)
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.ended_on is not None:
        raise Refused("This person's role has ended already. Add them again.")
    return membership


def _keep_a_manager(membership):
    if membership.role != Role.MANAGER:
        return
    others = Membership.objects.filter(
        partnership=membership.partnership_id, role=Role.MANAGER, ended_on__isnull=True
    ).exclude(pk=membership.pk)
    if not others.filter(user__is_active=True).exists():
        raise Refused("This is the last manager. Make somebody else a manager first.")
