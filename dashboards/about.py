"""What the pages about the site itself say: who answers for it, what the law asks, the words."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils import timezone

from partnerships.models import Membership, Role, SchoolAccess, SchoolLinkStatus
from partnerships.rules import memberships_of

DATA = Path(__file__).parent / "data"


def _read(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


GLOSSARY = _read("glossary")
DUTIES = _read("duties")
TESTED_ON = date.fromisoformat(DUTIES["accessibility"]["tested_on"])


@dataclass
class Contact:
    """Whom a person asks in one partnership: its managers, or who looks after the school."""

    partnership: str
    school: str = ""
    names: list = field(default_factory=list)


def whom_to_ask(user):
    """Return a Contact for each partnership, and each school, that the person belongs to."""
    if not user.is_authenticated:
        return []
    return [*_managers_of(user), *_officers_of(user)]


def _managers_of(user):
    own = {row.partnership_id: Contact(row.partnership.name) for row in memberships_of(user)}
    if own:
        managers = Membership.objects.visible_to(user).live().filter(role=Role.MANAGER)
        for row in managers.with_names():
            own[row.partnership_id].names.append(row.user.name)
    return list(own.values())


def _officers_of(user):
    led = SchoolAccess.objects.visible_to(user).filter(user=user.pk, ended_on=None)
    led = led.select_related("school_link__partnership", "school_link__school")
    own = {
        row.school_link_id: Contact(row.school_link.partnership.name, row.school_link.school.name)
        for row in led
    }
    if own:
        statuses = SchoolLinkStatus.objects.visible_to(user).on(timezone.localdate())
        for row in statuses.filter(school_link__in=own).select_related("owner"):
            own[row.school_link_id].names += [row.owner.name] if row.owner else []
    return list(own.values())
