"""Finding a school: by name, town, postcode or number, in any word order, even misspelt."""

import re
from dataclasses import dataclass

from django.apps import apps
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, models, transaction
from django.db.models import Case, Q, Value, When

LAESTAB = re.compile(r"\b(\d{3})\s*[/-]\s*(\d{4})\b")
SHORTEST_NUMBER = 5
MOST_NEAR = 50
MOST_WORDS = 8
SHORTEST_WORDS = 3
NEAR_ENOUGH = 0.45
NEAR_ENOUGH_AS_WORD = 0.35
PER_PAGE = 25


class SchoolQuerySet(models.QuerySet):
    """Schools of the public register."""

    def visible_to(self, user):
        """All schools: the register is public to everyone who is signed in."""
        return self.all() if user.is_authenticated else self.none()

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
        """Schools that match every word or number; where none does, those spelt most like it."""
        return find(self, words)[0]

    def best_first(self, words):
        """Open ones first, and before the others those whose name starts with these words."""
        return self.begun_first(_key(words))

    def begun_first(self, key):
        """The same for words that are ready to be compared."""
        begins = When(search_text__startswith=f" {key}", then=Value(0))
        return self.annotate(
            closed_rank=Case(When(standing="open", then=Value(0)), default=Value(1)),
            name_rank=Case(begins, default=Value(1)),
        ).order_by("name_rank", "closed_rank", "sort_key", "pk")

    def for_list(self):
        """With what a line of a list shows, so that a page asks once."""
        return self.select_related("current__type", "current__status", "current__phase")


def find(schools, words):
    """Return the schools that match, and whether they are only spelt like what was asked for.

    Where every word stands as it was typed the caller chooses the order; else the likest lead.
    """
    if not words.strip():
        return schools, False
    key = _key(words)
    if not key:
        return schools.none(), False
    every = schools.model.objects
    matches = _matches(key.split())
    if every.filter(matches).exists():
        return schools.filter(matches), False
    return _likest(schools, key), True


def _likest(schools, key):
    pks = _spelt_like(schools.model.objects, key)
    place = Case(*(When(pk=pk, then=Value(place)) for place, pk in enumerate(pks)), default=0)
    return schools.filter(pk__in=pks).order_by(place)


def suggest(schools, words, *, most):
    """Return the first few schools for what has been typed so far, the likeliest first."""
    begun = words.replace("\0", "").strip().lower()
    if 0 < len(begun) < SHORTEST_WORDS:
        return schools.open().filter(sort_key__startswith=begun).order_by("sort_key", "pk")[:most]
    key = _key(words)
    # The best are asked for at once: to ask first whether there are any takes longer.
    best = key and list(schools.filter(_matches(key.split())).begun_first(key)[:most])
    return best or (_likest(schools, key)[:most] if key else [])


def _key(words):
    """What is compared: no accents, no marks, and a LAESTAB as one number."""
    words = LAESTAB.sub(r"\1\2", words.strip())
    with connection.cursor() as cursor:
        cursor.execute("SELECT f_search_key(%s)", [words.replace("\0", "")])
        return cursor.fetchone()[0]


def _matches(words):
    condition = Q()
    for word in words:
        if word.isdigit() and len(word) >= SHORTEST_NUMBER:
            condition &= Q(pk__in=_numbered(word))
        else:
            condition &= Q(search_text__contains=f" {word}")
    return condition


def _numbered(number):
    """Schools with this URN, LAESTAB or UKPRN; if none has, those whose number starts so."""
    establishments = apps.get_model("schools", "Establishment").objects
    fields = ("code", "laestab", "ukprn")
    for lookup in ("exact", "startswith"):
        held = Q()
        for field in fields:
            held |= Q(**{f"{field}__{lookup}": number})
        found = establishments.filter(held).order_by().values("school_id")
        if lookup == "startswith" or found.exists():
            return found
    return found


def _spelt_like(schools, key):
    """The ids of the likest schools; words that no school has are the misspelt ones."""
    words = key.split()[:MOST_WORDS]
    strange = [word for word in words if not schools.filter(_matches([word])).exists()]
    found = []
    if strange:
        known = schools.filter(_matches([word for word in words if word not in strange]))
        found = _near(known, strange, key, NEAR_ENOUGH_AS_WORD)
    return found or _near(schools, [key], key, NEAR_ENOUGH)


def _near(schools, words, key, threshold):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(threshold)]
        )
        for word in words:
            schools = schools.filter(search_text__trigram_word_similar=word)
        likeness = TrigramWordSimilarity(key, "search_text")
        ordered = schools.order_by(likeness.desc(), "sort_key", "pk")
        return list(ordered.values_list("pk", flat=True)[:MOST_NEAR])


@dataclass
class Page:
    """One page of a list by key, with the keys of its neighbours."""

    rows: list
    before: int | None
    after: int | None


def page_of(schools, *, after=None, before=None, size=PER_PAGE):
    """Cut one page out of schools in the order of their names, however deep it lies."""
    here = schools.model.objects.filter(pk=after or before).first() if after or before else None
    backwards = here is not None and not after
    schools = schools.order_by("sort_key", "pk")
    if here is not None:
        schools = schools.filter(_beyond(here, "lt" if backwards else "gt"))
    if backwards:
        schools = schools.reverse()
    rows = list(schools[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    start, end = (rows[0].pk, rows[-1].pk) if rows else (None, None)
    return Page(
        rows,
        before=start if (more if backwards else here is not None) else None,
        after=end if (backwards or more) else None,
    )


def _beyond(school, side):
    # The bound on the first key alone lets the index start where the page does.
    return Q(**{f"sort_key__{side}e": school.sort_key}) & (
        Q(**{f"sort_key__{side}": school.sort_key}) | Q(**{f"pk__{side}": school.pk})
    )
