"""Schools for tests, as an import would leave them."""

from itertools import count

from schools.models import Establishment, RegisterCode, School, Standing
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
