"""Rows for tests, with no surprises: what is not named is plain."""

from datetime import date
from itertools import count

from accounts.models import User
from partnerships.models import (
    Hub,
    Membership,
    MembershipHub,
    Partnership,
    Provider,
    Role,
    SchoolAccess,
    SchoolLink,
    SchoolLinkStatus,
)
from schools.tests.factories import make_school

_number = count(1)


def make_user(name="Sam Person", **fields):
    fields.setdefault("email", f"person{next(_number)}@example.org")
    return User.objects.create(name=name, password="!", **fields)


def make_partnership(name="Three Rivers", **fields):
    number = next(_number)
    return Partnership.objects.create(name=name, slug=f"partnership-{number}", **fields)


def make_provider(partnership, name="University of Wexborough", **fields):
    return Provider.objects.create(partnership=partnership, name=name, **fields)


def make_hub(partnership, name="Coast hub"):
    return Hub.objects.create(partnership=partnership, name=name)


def make_member(partnership, role=Role.OFFICER, *, user=None, hubs=(), **fields):
    """Make a Membership; the person hangs at `.user`."""
    membership = Membership.objects.create(
        partnership=partnership, user=user or make_user(), role=role, **fields
    )
    for hub in hubs:
        MembershipHub.objects.create(partnership=partnership, membership=membership, hub=hub)
    return membership


def make_link(partnership, school=None, *, starts_on=date(2020, 9, 1), **status):
    """Link a school to a partnership, with one status from `starts_on`."""
    link = SchoolLink.objects.create(partnership=partnership, school=school or make_school())
    SchoolLinkStatus.objects.create(
        partnership=partnership, school_link=link, starts_on=starts_on, **status
    )
    return link


def make_lead(link, *, user=None):
    """Admit a school lead; the person hangs at `.user`."""
    return SchoolAccess.objects.create(
        partnership=link.partnership, school_link=link, user=user or make_user("Robin Calloway")
    )
