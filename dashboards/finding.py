"""Finding schools: what is asked, which of the register fit, and how many of each kind."""

from dataclasses import dataclass

from django import forms
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from partnerships.models import SchoolLink, SchoolLinkStatus
from partnerships.models.reach import partnership_ids_of
from partnerships.rules import works_anywhere
from schools import facets, pages, places, search
from schools.lineage import successors_of_closed
from schools.models import School, Standing

QUINTILES = [("", "Any")] + [(str(n), f"{n}") for n in range(1, 6)]
WITH_US = [
    ("us", "Schools we work with"),
    ("hub", "Our hub schools"),
    ("targeted", "Our targeted outreach schools"),
    ("not", "Schools we do not work with"),
]
OURS = {"hub": {"hub_school": True}, "targeted": {"targeted": True}}
YES_NO = [("", "Any"), ("yes", "Yes"), ("no", "No")]
MILES = [("", "Any distance"), *((str(n), f"{n} miles") for n in (2, 5, 10, 15, 20, 30, 50))]
NO_TRUST = "No trust has these words in its name. Write fewer of them, or its number."
FOLDS = {
    "Kind of school": ("type_group", "type"),
    "Region": ("region",),
    "Trust": ("trust",),
    "Free school meals": ("fsm",),
    "Area of the site": ("measure", "quintile"),
}
SAID = {"q": "Words"}
SEVERAL = ("phase", "type_group", "region")


def _several(label):
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


def _one(label, choices=(), **options):
    return forms.ChoiceField(label=label, choices=choices, required=False, **options)


class FinderForm(forms.Form):
    """What schools are looked for by; everything may be left alone.

    `cleaned_data` is for `narrow`. The choices that a register list gives are those in the address
    until `offer` adds the others.
    """

    q = forms.CharField(
        label="Name, town, postcode or number",
        help_text="A number is a URN, a LAESTAB such as 201/3614, or a UKPRN.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    standing = _one("Status", [*facets.STANDINGS, (facets.EVERY, "Any status")])
    with_us = _one("With us", [("", "Any"), *WITH_US])
    phase = _several("Phase")
    sixth_form = _one("Sixth form", YES_NO)
    place = forms.CharField(
        label="Near",
        help_text="A postcode, a town or a school.",
        max_length=120,
        required=False,
    )
    miles = _one("Within", MILES, help_text="As the crow flies.")
    type_group = _several("Kind of school")
    type = _one("Type")
    region = _several("Region")
    authority = _one("Local authority")
    trust = forms.CharField(
        label="Trust", help_text="Words of its name, or its number.", max_length=120, required=False
    )
    fsm = forms.MultipleChoiceField(
        label="Free school meals",
        choices=[(code, label) for code, (label, *_) in facets.FSM_BANDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    measure = _one("Area measure")
    quintile = _one("Quintile of the school’s site", QUINTILES)

    def __init__(self, data, *, user):
        super().__init__({"standing": Standing.OPEN, **{name: data.getlist(name) for name in data}})
        self.data = _Answers(self.data, self.fields)
        named = {name: self.data.getlist(name) for name in facets.CODED}
        self.codes, measures = facets.codes_and_measures(named)
        for name, held in self.codes.items():
            self.fields[name].choices = [(code, str(row)) for code, row in held.items()]
        self.fields["measure"].choices = [("", "Choose a measure"), *measures]
        if not measures:
            del self.fields["measure"], self.fields["quintile"]
        if not works_anywhere(user):
            del self.fields["with_us"]

    def clean_standing(self):
        return self.cleaned_data["standing"] or Standing.OPEN

    def clean_place(self):
        words = self.cleaned_data["place"]
        place = places.find_place(School.objects.all(), words)
        if words and place is None:
            raise forms.ValidationError(facets.NO_PLACE)
        return place

    def clean_trust(self):
        words = self.cleaned_data["trust"]
        trusts = facets.trusts_named(words) if words else None
        if trusts == ():
            raise forms.ValidationError(NO_TRUST)
        return trusts

    def clean(self):
        values = super().clean()
        if values.get("quintile") and not values.get("measure"):
            self.add_error("measure", "Choose the measure that the quintile is of.")
        if values.get("miles") and not values.get("place") and "place" not in self.errors:
            self.add_error("place", "Write the place that the miles are counted from.")
        values["codes"] = self._chosen_codes()
        return values

    def _chosen_codes(self):
        return {
            name: [row.pk for code, row in held.items() if code in self.data.getlist(name)]
            for name, held in self.codes.items()
        }

    def offer(self, counts):
        """Give each register list its choices with their counts, as `facet_counts` has them."""
        for name in facets.CODED:
            self.fields[name].choices = [
                *([] if name in SEVERAL else [("", "Any")]),
                *counts.choices(name, chosen=self.codes[name].values()),
            ]
        for name in ("sixth_form", "fsm"):
            self.fields[name].choices = [
                (code, counts.labelled(name, code, label))
                for code, label in self.fields[name].choices
            ]

    def chosen(self):
        """Yield (field, the value in the address, label, words) for what is not the default."""
        for name, field in self.fields.items():
            for value in self.data.getlist(name):
                if value and (name, value) != ("standing", Standing.OPEN):
                    labels = dict(getattr(field, "choices", ()))
                    yield name, value, SAID.get(name, field.label), str(labels.get(value, value))

    def folds(self):
        """The less used fields by what they are about, open where something is chosen or wrong."""
        for title, names in FOLDS.items():
            names = [name for name in names if name in self.fields]
            chosen = sum(bool(value) for name in names for value in self.data.getlist(name))
            if names:
                yield {
                    "title": title,
                    "said": f"{chosen} chosen" if chosen else "",
                    "open": bool(chosen) or any(name in self.errors for name in names),
                    "fields": [self[name] for name in names],
                }

    def noted(self):
        """The filter as the audit trail keeps it: codes and choices, but no word typed."""
        kept = {}
        for name, value, _, _ in self.chosen():
            typed = isinstance(self.fields[name], forms.CharField)
            kept.setdefault(name, []).append("typed" if typed else value)
        return kept

    def sentences(self):
        """The filter as sentences, for the cover of a file."""
        standing = dict(self.fields["standing"].choices)[self.cleaned_data["standing"]]
        said = [
            f"{label}: {words}" for name, _, label, words in self.chosen() if name != "standing"
        ]
        return (f"Status: {standing}", *said)


class _Answers(dict):
    """The address's answers: lists for what takes several, the last one for the rest."""

    def __init__(self, data, fields):
        super().__init__()
        for name, value in data.items():
            values = value if isinstance(value, list) else [value]
            several = name in fields and isinstance(fields[name], forms.MultipleChoiceField)
            self[name] = values if several else (values or [""])[-1]

    def getlist(self, name):
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


@dataclass
class Found:
    """The schools that fit and the order that shows them best.

    `wanted` is what the register alone decides, `base` the schools before it.
    """

    schools: object
    order: pages.Order
    spelt_like: bool
    base: object
    wanted: facets.Wanted
    near: places.Place | None = None


NOTHING = Found(School.objects.none(), pages.BY_NAME, False, School.objects.none(), facets.Wanted())


def narrow(schools, user, cleaned):
    """The schools that fit what a valid FinderForm was told, in no order of their own."""
    return find(schools, user, cleaned).schools


def find(schools, user, cleaned):
    """The same as a Found: nearest first if a place is given, else as they match, else by name."""
    near, wanted = cleaned["place"], wanted_of(cleaned)
    match = search.find(_with_us(schools, user, cleaned.get("with_us")), cleaned["q"])
    base, order = match.schools, match.order
    if near:
        base = base.filter(easting__isnull=False, northing__isnull=False)
        order = pages.Order(("square", "pk"), {"square": places.square_of_distance(near)})
    return Found(wanted.narrow(base), order, match.spelt_like, base, wanted, near)


def wanted_of(cleaned):
    """What a valid form asks of the register."""
    return facets.Wanted(
        standing=cleaned["standing"],
        codes=cleaned["codes"],
        trusts=cleaned["trust"],
        sixth_form=cleaned["sixth_form"],
        fsm=tuple(cleaned["fsm"]),
        near=cleaned["place"],
        miles=float(cleaned["miles"]) if cleaned["miles"] else None,
        measure=cleaned.get("measure", ""),
        quintile=cleaned.get("quintile", ""),
    )


def _with_us(schools, user, chosen):
    if not chosen:
        return schools
    links = ours(user, **OURS.get(chosen, {})).values("school")
    return schools.exclude(pk__in=links) if chosen == "not" else schools.filter(pk__in=links)


def ours(user, **flags):
    """The links that the person's partnerships serve today, with these facts."""
    return SchoolLink.objects.visible_to(user).where_status(timezone.localdate(), **flags)


def concerned(user, form):
    """The ids of the partnerships whose schools the filter tells of."""
    return partnership_ids_of(user) if form.cleaned_data.get("with_us") else []


def with_facts(schools, user):
    """The schools with what a line of the list shows; for staff with `ours`, what it is to them."""
    schools = schools.for_list()
    if not works_anywhere(user):
        return schools
    statuses = SchoolLinkStatus.objects.visible_to(user).on(timezone.localdate())
    here = statuses.filter(school_link__school=OuterRef("pk"))
    ours = here.order_by("-hub_school", "-targeted").values(
        facts=JSONObject(hub_school="hub_school", targeted="targeted")
    )
    return schools.annotate(ours=Subquery(ours[:1]))


@dataclass
class Line:
    """One school of the list, with how far it is and the Neighbours that have followed it."""

    school: School
    miles: float | None
    successors: list


def lines(schools, found):
    """The schools of a page as Lines."""
    followed = successors_of_closed(schools)
    return [
        Line(
            school,
            places.miles_from(found.near, school.easting, school.northing) if found.near else None,
            followed.get(school.pk, []),
        )
        for school in schools
    ]
