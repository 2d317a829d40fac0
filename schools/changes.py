"""What a register file changes: sorted into kinds that matter to people, and said in words."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, DateField, Q
from django.utils.formats import date_format
from django.utils.text import capfirst

from schools.models import Establishment

OPEN = ("Open", "Open, but proposed to close")
ENDING = "Open, but proposed to close"
CONVERTING = ("Academy Converter", "For Academy")


@dataclass(frozen=True)
class Kind:
    """A kind of change: its name, how it is counted, and which changes it holds."""

    name: str
    label: str
    holds: Q


KINDS = (
    Kind("closed", "Closed", Q(field="status", new="Closed")),
    Kind("converted", "Became an academy", Q(field="reason_closed", new__in=CONVERTING)),
    Kind("opened", "Opened", Q(field="status", new__in=OPEN) & ~Q(old__in=OPEN)),
    Kind("ending", "Proposed to close", Q(field="status", new=ENDING)),
    Kind("trust", "Moved trust", Q(field="trust")),
    Kind("phase", "Changed phase", Q(field="phase")),
    Kind("authority", "Moved authority", Q(field="authority")),
    Kind("renamed", "Renamed", Q(field="name")),
    Kind("joined", "Gone on under a new number", Q(field="school")),
)
IMPORTANT = Q()
for _kind in KINDS:
    IMPORTANT |= _kind.holds
OTHER = Kind("other", "Other fields", ~IMPORTANT)
BY_NAME = {kind.name: kind for kind in (*KINDS, OTHER)}
TOLD = {"status", "reason_closed", "trust", "phase", "authority", "name", "school"}
LABELS = {
    "code": "URN",
    "laestab": "LAESTAB",
    "school": "Part of the school",
    "ukprn": "UKPRN",
    "uprn": "UPRN",
    "fehe_identifier": "FE and HE identifier",
    "has_sixth_form": "Sixth form",
    "sixth_form": "Official sixth form",
    "fsm_pupils": "Pupils claiming free school meals",
    "fsm_percent": "Share claiming free school meals (%)",
    "sen_types": "Special educational needs",
    "sen_unit_pupils": "Pupils in the SEN unit",
    "sen_unit_places": "Places in the SEN unit",
    "section_41": "Section 41 approval",
    "bso_inspectorate": "Inspectorate of British schools overseas",
    "gss_authority": "ONS code of the authority",
    "dfe_region": "DfE region",
    "msoa": "MSOA",
    "msoa_name": "MSOA name",
    "lsoa": "LSOA",
    "lsoa_name": "LSOA name",
}


def count_kinds(run):
    """Return [(Kind, how many)] of what a run changes, or would change; also those with none."""
    kinds = (*KINDS, OTHER)
    counts = {kind.name: Count("pk", filter=kind.holds) for kind in kinds}
    found = run.changes.order_by().aggregate(**counts)
    if run.state == run.State.PREVIEWED:
        found["joined"] = run.joins.count()
    return [(kind, found[kind.name]) for kind in kinds]


def label_of(field):
    """What people call a field of the register."""
    if field in LABELS:
        return LABELS[field]
    try:
        return capfirst(Establishment._meta.get_field(field).verbose_name)
    except FieldDoesNotExist:
        return capfirst(field.replace("_", " "))


def value_of(field, value):
    """A value as people read it: a day spelt out, nothing as nothing."""
    if not value:
        return "nothing"
    try:
        if isinstance(Establishment._meta.get_field(field), DateField):
            return date_format(date.fromisoformat(value), "j F Y")
    except (FieldDoesNotExist, ValueError):
        pass
    return value


def sentences_of(changes, row):
    """Say in words what matters among the changes of one register row, most telling first."""
    fields = {change.field: change for change in changes}
    return [
        said
        for field, say in SAYINGS.items()
        if field in fields and (said := say(fields[field], fields, row))
    ]


def others_of(changes):
    """The rest: (label, was, is) of each field that no sentence tells."""
    return [
        (
            label_of(change.field),
            value_of(change.field, change.old),
            value_of(change.field, change.new),
        )
        for change in changes
        if change.field not in TOLD
    ]


def _status(change, fields, row):
    if change.new == "Closed":
        return _closed(fields, row)
    if change.new in OPEN and change.old not in OPEN:
        return f"Opened{_on(fields, 'opened_on', row)}."
    if change.new == ENDING:
        return "Is proposed to close."
    return f"Its status is now “{change.new or 'not known'}” (was “{change.old or 'not known'}”)."


def _closed(fields, row):
    why = fields["reason_closed"].new if "reason_closed" in fields else row.reason_closed
    reason = f": {why}" if why else ""
    return f"Closed{_on(fields, 'closed_on', row)}{reason}."


def _on(fields, field, row):
    if field in fields:
        value = value_of(field, fields[field].new)
        return f" on {value}" if value != "nothing" else ""
    day = getattr(row, field)
    return f" on {date_format(day, 'j F Y')}" if day else ""


def _reason_closed(change, fields, row):
    if "status" in fields or not change.new:
        return ""
    return f"The register now says why it closed: {change.new}."


def _trust(change, fields, row):
    if not change.new:
        return f"Left the trust {change.old}."
    was = f" (was {change.old})" if change.old else ""
    return f"Joined the trust {change.new}{was}."


def _moved(what):
    def say(change, fields, row):
        return f"{what} {change.new or 'not known'} (was {change.old or 'not known'})."

    return say


def _joined(change, fields, row):
    if row.school.current_id == row.pk:
        return f"The history of {change.new} goes on here."
    return f"{row.scheme} {row.code}, {row.name}, is now part of this school’s history."


SAYINGS = {
    "status": _status,
    "reason_closed": _reason_closed,
    "name": _moved("Renamed"),
    "trust": _trust,
    "phase": _moved("Its phase is now"),
    "authority": _moved("Moved to the authority"),
    "school": _joined,
}
