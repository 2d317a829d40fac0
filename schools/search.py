"""Finding a school: by name, town, postcode or number, in any word order, even misspelt."""

import re
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Case, Q, Value, When

from schools import lookup, spelling
from schools.pages import BY_NAME, Order

LAESTAB = re.compile(r"\b0?(\d{3})\s*[/ ._–—-]\s*(\d{4})\b")
# What people write before a number: zeros, or which kind of number it is.
BEFORE = re.compile(
    r"\b0+(?=[1-9]\d{4})|\b(?:urn|ukprn|laestab|dfe)\b[\s:.#]*(?=\d)", re.IGNORECASE
)
WHOLE_POSTCODE = re.compile(r"[a-z]{1,2}\d[a-z0-9]? \d[a-z]{2}")
POSTCODE = re.compile(r"([a-z]{1,2}\d[a-z0-9]?)(?: (\d)[a-z]{0,2}|(\d)[a-z]{1,2})")
SHORTEST_NUMBER = 5
SHORTEST_WORDS = 3
MOST_WORDS = 10
MOST_BEGINNINGS = 40
MOST_NEAR = 50
LINE = (
    *("name", "standing", "easting", "northing", "phase__name", "current__code"),
    *("current__town", "current__postcode", "current__low_age", "current__high_age"),
    *("current__closed_on", "current__type__name", "current__status__name"),
)
NAMED = (
    *("name", "standing"),
    *("current__scheme", "current__code", "current__town", "current__postcode"),
)


class SchoolQuerySet(models.QuerySet):
    """Schools of the public register."""

    def visible_to(self, user):
        """All schools: the register is public to everyone who is signed in."""
        return self.filter(joined_to=None) if user.is_authenticated else self.none()

    def open(self):
        return self.filter(standing="open")

    def in_quintile(self, measure, quintile):
        """Schools whose site lies in this fifth by the newest edition of a measure (its code).

        That says nothing about where their pupils live.
        """
        newest = apps.get_model("schools", "AreaEdition").objects.newest(measure)
        places = apps.get_model("schools", "SchoolArea").objects.filter(
            edition=newest, quintile=quintile
        )
        return self.filter(pk__in=places.values("school")) if newest else self.none()

    def search(self, words):
        """Schools that match every word or number, the best first; else those spelt most alike."""
        found = find(self, words)
        return found.order.of(found.schools)

    def having(self, words):
        """Schools that have every word or number as they are spelt, the best first."""
        key = key_of(words)
        if not key:
            return self.none()
        return _best_first(key).of(self.filter(matching(key.split()[:MOST_WORDS])))

    def beginning(self, words):
        """Schools whose name starts with these words."""
        return self.filter(search_text__startswith=f" {key_of(words)}")

    def suggested(self, words, *, most):
        """The first few of these schools that the words call to mind, as a list."""
        pks = ranked(words, most)
        found = self.order_by().in_bulk(pks)
        return [found[pk] for pk in pks if pk in found]

    def holding(self, number):
        """Schools with a register row of exactly this URN, LAESTAB or UKPRN."""
        held = Q(code=number) | Q(laestab=number) | Q(ukprn=number)
        rows = apps.get_model("schools", "Establishment").objects.filter(held)
        return self.filter(pk__in=rows.order_by().values("school"))

    def for_choice(self):
        """With what tells one school from another: its name, place and number."""
        return self.select_related("current").only(*NAMED)

    def for_list(self):
        """With what a line of a list shows, so that a page asks once."""
        return self.select_related("current__type", "current__status", "phase").only(*LINE)


@dataclass(frozen=True)
class Match:
    """The schools that match, in no order; whether they are only spelt alike; the best order."""

    schools: models.QuerySet
    spelt_like: bool = False
    order: Order = BY_NAME


def find(schools, words):
    """Find the schools that have every word as a Match; where none has, those spelt most alike."""
    if not words.strip():
        return Match(schools)
    key = key_of(words)
    if not key:
        return Match(schools.none())
    matches = matching(key.split()[:MOST_WORDS])
    if schools.model.objects.filter(matches).exists():
        return Match(schools.filter(matches), order=_best_first(key))
    around = _around(key)
    if around is not None:
        return Match(
            schools.filter(search_text__contains=around), True, Order(("precedence", "pk"))
        )
    pks = spelling.alike(key, MOST_NEAR)
    place = Case(*(When(pk=pk, then=Value(place)) for place, pk in enumerate(pks)), default=0)
    order = Order(("likeness", "pk"), {"likeness": place})
    return Match(schools.filter(pk__in=pks), True, order)


def _around(key):
    """For a postcode, what the schools of its sector share, else those of its district."""
    postcode = POSTCODE.fullmatch(key)
    if postcode is None:
        return None
    district, *sector = postcode.groups(default="")
    nearest = f" {district} {''.join(sector)}"
    schools = apps.get_model("schools", "School").objects
    is_there = schools.filter(search_text__contains=nearest).exists()
    return nearest if is_there else f" {district} "


def _best_first(key):
    """Those whose name starts so, then the others: open before closed, with the words whole."""
    words = key.split()[:MOST_WORDS]
    begins = Q(search_text__startswith=f" {key}")
    if len(words) == 1:
        return Order(("precedence", "pk"), first=begins)
    whole = Q(*((("search_text__contains", f" {word} ")) for word in words[:-1]))
    computed = {
        "closed_rank": _zero_if(precedence__lt=lookup.CLOSED),
        "words_rank": Case(When(whole, then=Value(0)), default=Value(1)),
    }
    return Order((*computed, "precedence", "pk"), computed, begins)


def _zero_if(**condition):
    return Case(When(**condition, then=Value(0)), default=Value(1))


def suggest(schools, words, *, most):
    """Return the first few schools for what has been typed so far, the likeliest first."""
    return schools.suggested(words, most=most)


def ranked(words, most):
    """The ids of the likeliest schools for what has been typed so far, open ones first."""
    begun = words.replace("\0", "").strip().lower()
    if 0 < len(begun) < SHORTEST_WORDS:
        return _first_by_name(begun, most)
    key = key_of(words)
    if not key:
        return []
    found = _numbered_first(key, most) if any(map(_is_number, key.split())) else _exact(key, most)
    return found or _closest(key, most)


def _first_by_name(begun, most):
    schools = apps.get_model("schools", "School").objects.open()
    found = schools.filter(sort_key__startswith=begun).order_by("sort_key", "pk")
    return list(found.values_list("pk", flat=True)[:most])


def _numbered_first(key, most):
    schools = apps.get_model("schools", "School").objects
    found = schools.filter(matching(key.split()[:MOST_WORDS])).order_by("precedence", "pk")
    return list(found.values_list("pk", flat=True)[:most])


def _closest(key, most):
    """What comes nearest to words that no school has: schools around a postcode, or spelt alike."""
    around = _around(key)
    if around is None:
        return spelling.alike(key, most)
    return [row[0] for row in lookup.holding(around, most)]


def _exact(key, most):
    """Schools that have every word: of the open, those first whose name starts so."""
    begun = lookup.beginning(key, MOST_BEGINNINGS)
    found = {row[0]: (row[1] >= lookup.CLOSED, 0, not row[3], row[1]) for row in begun}
    if sum(row[1] < lookup.CLOSED for row in begun) < most:
        for row in lookup.having([[word] for word in key.split()[:MOST_WORDS]], most):
            found.setdefault(row[0], (row[1] >= lookup.CLOSED, 1, row[3], row[1]))
    return sorted(found, key=lambda pk: (*found[pk], pk))[:most]


def key_of(words):
    """What is compared: no accents, no marks, and a LAESTAB or a postcode as one word."""
    words = LAESTAB.sub(r"\1\2", BEFORE.sub("", words.replace("\0", "").strip()))
    if words.isascii():
        key = _plain_key(words)
    else:
        key = lookup.ask("SELECT f_search_key(%s)", [words])[0][0]
    return key.replace(" ", "") if WHOLE_POSTCODE.fullmatch(key) else key


def _plain_key(words):
    """The same for words without accents, which need not ask the database."""
    plain = words.lower().replace("'", "").replace("`", "").replace("&", " and ")
    kept = " ".join(re.findall("[a-z0-9]+", plain))
    return re.sub(r"\b(saints?|ss)\b", "st", kept)


def matching(words):
    """The condition that a school has every word, or the number."""
    condition = Q()
    for word in words:
        if _is_number(word):
            condition &= Q(pk__in=_numbered(word))
        else:
            condition &= Q(search_text__contains=f" {word}")
    return condition


def _is_number(word):
    return word.isdigit() and len(word) >= SHORTEST_NUMBER


def _numbered(number):
    """Schools with this URN, LAESTAB or UKPRN; if none has, those whose number starts so."""
    establishments = apps.get_model("schools", "Establishment").objects
    fields = ("code", "laestab", "ukprn")
    for way in ("exact", "startswith"):
        held = Q()
        for field in fields:
            held |= Q(**{f"{field}__{way}": number})
        found = establishments.filter(held).order_by().values("school_id")
        if way == "startswith" or found.exists():
            return found
    return found
