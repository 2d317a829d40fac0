"""The schools of a group: those in it now, and those that were."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from schools.models import Establishment, RegisterCode, Standing
from schools.models.group import TRUST_TYPES

SHOWN = ("school", "status", "phase", "type", "authority", "trust")


@dataclass
class Member:
    """A school in a group; `row` is None where the register has no such number."""

    code: str
    name: str
    row: Establishment | None = None
    joined_on: date | None = None
    left_on: date | None = None
    is_current: bool = False

    @property
    def school(self):
        return self.row.school if self.row else None


def members_of(group):
    """Return (current members, former ones), each by name.

    The register of schools is the newer word on which trust runs a school; the files of groups
    add the dates, and all that it is silent on.
    """
    stays = {}
    for stay in group.memberships.order_by("joined_on", "pk"):
        stays[stay.code] = stay
    trust = RegisterCode.objects.filter(list="trust", code=group.uid).first()
    wanted = Q(scheme=Establishment.URN, code__in=stays)
    if trust:
        wanted |= Q(trust=trust)
    rows = Establishment.objects.filter(wanted).select_related(*SHOWN)
    found = [_member(group, row, trust, stays.pop(row.code, None)) for row in rows]
    found += [
        Member(code, stay.name, None, stay.joined_on, stay.left_on, stay.left_on is None)
        for code, stay in stays.items()
    ]
    found.sort(key=lambda member: (member.name.lower(), member.code))
    current = [member for member in found if member.is_current]
    return current, [member for member in found if not member.is_current]


def _member(group, row, trust, stay):
    in_register = trust is not None and row.trust_id == trust.pk
    in_files = stay is not None and stay.left_on is None
    elsewhere = row.trust_id is not None and not in_register and _is_trust(group)
    is_current = row.standing != Standing.CLOSED and (in_register or (in_files and not elsewhere))
    dates = (stay.joined_on, stay.left_on) if stay else (None, None)
    return Member(row.code, row.name, row, *dates, is_current)


def _is_trust(group):
    return group.type is None or group.type.code in TRUST_TYPES
