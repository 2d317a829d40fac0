"""Schools for tests, as an import would leave them."""

from itertools import count

from django.utils import timezone

from schools.models import (
    Establishment,
    RegisterChange,
    RegisterCode,
    RegisterRun,
    School,
    Standing,
)
from schools.register import refresh_schools

_number = count(910_001)


def make_code(list, code, name):
    return RegisterCode.objects.get_or_create(list=list, code=code, defaults={"name": name})[0]


def make_school(name="Saltmere Academy", *, school=None, **fields):
    """A school with one register row, findable; give `school` to add a row to it."""
    fields.setdefault("code", str(next(_number)))
    fields.setdefault("standing", Standing.OPEN)
    if "high_age" in fields:
        fields.setdefault("has_sixth_form", fields["high_age"] >= 18)
    school = school or School.objects.create(name=name)
    Establishment.objects.create(name=name, school=school, **fields)
    refresh_schools("SELECT %s::bigint", [school.pk])
    school.refresh_from_db()
    return school


def make_run(state=RegisterRun.State.APPLIED, **fields):
    """A file of the register that was looked at or applied today; its counts are 0."""
    counts = dict.fromkeys(("rows", "new", "changed", "unchanged", "closed", "missing"), 0)
    now = timezone.now()
    facts = {"file_name": "edubasealldata20261118.csv", "started_at": now, "finished_at": now}
    return RegisterRun.objects.create(**{**counts, **facts, "state": state, **fields})


def make_change(run, school, field, old="", new=""):
    """One field of the school's current row that the run changed."""
    return RegisterChange.objects.create(
        run=run, establishment=school.current, field=field, old=old, new=new
    )
