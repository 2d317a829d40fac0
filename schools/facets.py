"""What the register can be narrowed by, the same for page, map, file and API."""

from dataclasses import dataclass, field

from django.db.models import CharField, Q, Value

from schools import places
from schools.models import AreaEdition, AreaMeasure, RegisterCode, School, Standing

EVERY = "all"
MEASURE = "measure"
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


def codes_and_measures(wanted):
    """Read the register's codes of {field: codes}, and what `measures` has, in one query.

    Returns ({field: {code: RegisterCode}}, [(code, name)]).
    """
    found = {name: {} for name in wanted}
    condition = _is_named(wanted)
    if not condition:
        return found, measures()
    codes = RegisterCode.objects.filter(condition).order_by()
    loaded = _loaded().order_by().annotate(list=Value(MEASURE, CharField()))
    rows = codes.values_list("list", "name", "pk", "code").union(
        loaded.values_list("list", "name", "order", "code"), all=True
    )
    offered = []
    for name, words, number, code in sorted(rows):
        if name == MEASURE:
            offered.append((number, words, code))
        else:
            found[name][code] = RegisterCode(pk=number, list=name, code=code, name=words)
    return found, [(code, words) for _, words, code in sorted(offered)]


def _is_named(wanted):
    """The condition that a code is one of {field: codes}."""
    condition = Q()
    for name, codes in wanted.items():
        codes = [code for code in codes if "\0" not in code]
        if codes:
            condition |= Q(list=name, code__in=codes)
    return condition


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
    return list(_loaded().order_by("order", "name").values_list("code", "name"))


def _loaded():
    return AreaMeasure.objects.filter(pk__in=AreaEdition.objects.order_by().values("measure"))
