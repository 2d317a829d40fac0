"""What the register can be narrowed by, the same for page, map, file and API."""

from dataclasses import dataclass, field

from django.db.models import Q

from schools import places
from schools.models import AreaMeasure, RegisterCode, School, Standing

EVERY = "all"
CODED = ("phase", "type_group", "type", "region", "authority")
FSM_BANDS = {
    "0": ("Under 10%", 0, 10),
    "10": ("10% to under 20%", 10, 20),
    "20": ("20% to under 30%", 20, 30),
    "30": ("30% to under 40%", 30, 40),
    "40": ("40% or more", 40, 101),
    "unknown": ("Not known", None, None),
}
YES_NO = {"yes": True, "no": False}
STANDINGS = [(value, label) for value, label in Standing.choices if value]
NO_PLACE = "We do not know this place. Write a postcode, a town or the name of a school."


@dataclass(frozen=True)
class Wanted:
    """What is asked of a school; what is empty is not asked.

    `codes` has the ids of the register's codes by field; `near` is a Place, `miles` the most.
    """

    standing: str = EVERY
    codes: dict = field(default_factory=dict)
    trusts: tuple | None = None
    sixth_form: str = ""
    fsm: tuple = ()
    near: places.Place | None = None
    miles: float | None = None
    measure: str = ""
    quintile: str = ""

    def conditions(self):
        """Yield (facet, condition) for each part that one column decides."""
        if self.standing != EVERY:
            yield "standing", Q(standing=self.standing)
        for name, ids in self.codes.items():
            if ids:
                yield name, Q(**{f"{name}__in": sorted(ids)})
        if self.trusts is not None:
            yield "trust", Q(trust__in=sorted(self.trusts))
        if self.sixth_form:
            yield "sixth_form", Q(has_sixth_form=YES_NO[self.sixth_form])
        if self.fsm:
            yield "fsm", _in_bands(self.fsm)

    def narrow(self, schools, *, but=()):
        """Return the schools that fit, leaving the facets `but` out of account."""
        for name, condition in self.conditions():
            if name not in but:
                schools = schools.filter(condition)
        if self.near and self.miles:
            schools = places.within(schools, self.near, self.miles)
        if self.measure and self.quintile:
            there = School.objects.in_quintile(self.measure, int(self.quintile))
            schools = schools.filter(pk__in=there.order_by().values("pk"))
        return schools


def _in_bands(bands):
    condition = Q(pk__in=[])
    for band in bands:
        _, least, below = FSM_BANDS[band]
        if least is None:
            condition |= Q(fsm_percent__isnull=True)
        else:
            condition |= Q(fsm_percent__gte=least, fsm_percent__lt=below)
    return condition


def codes_named(wanted):
    """The register's codes of {field: codes}, as {field: {code: RegisterCode}}, in one query."""
    found = {name: {} for name in wanted}
    condition = Q()
    for name, codes in wanted.items():
        codes = [code for code in codes if "\0" not in code]
        if codes:
            condition |= Q(list=name, code__in=codes)
    if condition:
        for row in RegisterCode.objects.filter(condition).order_by("list", "name", "pk"):
            found[row.list][row.code] = row
    return found


def trusts_named(words):
    """The ids of the trusts that have every word in their name, or this number."""
    trusts = RegisterCode.objects.filter(list="trust")
    words = words.replace("\0", "")
    if words.isascii() and words.isdigit():
        trusts = trusts.filter(code=words)
    else:
        for word in words.split():
            trusts = trusts.filter(name__icontains=word)
    return tuple(trusts.order_by().values_list("pk", flat=True))


def measures():
    """The area measures that are loaded, as (code, name)."""
    loaded = AreaMeasure.objects.filter(editions__isnull=False).order_by("order", "name").distinct()
    return list(loaded.values_list("code", "name"))
