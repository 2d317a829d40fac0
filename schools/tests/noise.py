"""What people type when they look for a school: its facts, with the slips of a hurried hand."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from random import Random
from string import ascii_lowercase

from schools.models import School

SEED = 2026


@dataclass
class Query:
    """What is typed, by which rule, and the school that is meant."""

    words: str
    kind: str
    school: School


def queries(number):
    """So many queries about open schools, every kind in turn, always the same for a register."""
    random = Random(SEED)
    schools = list(School.objects.open().select_related("current").order_by("current__code"))
    held = Counter(school.name.lower() for school in schools)
    kinds = list(KINDS.items())
    made = []
    while len(made) < number:
        kind, make = kinds[len(made) % len(kinds)]
        school = random.choice(schools)
        # Who looks for one of many schools of a name says where it is.
        said = school.name if held[school.name.lower()] == 1 else _with_town(school)
        words = make(random, school, said)
        if words and words != said:
            made.append(Query(words, kind, school))
    return made


def _with_town(school):
    return f"{school.name} {school.current.town}"


def _drop_word(random, school, said):
    words = _with_town(school).split()
    del words[random.randrange(len(school.name.split()))]
    return " ".join(words) if len(words) > 2 else ""


def _swap_words(random, school, said):
    words = said.split()
    at = random.randrange(len(words))
    other = random.randrange(len(words))
    words[at], words[other] = words[other], words[at]
    return " ".join(words)


def _slip(change):
    def make(random, school, said):
        words = said.split()
        long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
        if not long:
            return ""
        place = random.choice(long)
        at = random.randrange(1, len(words[place]) - 1)
        words[place] = change(words[place], at, random.choice(ascii_lowercase))
        return " ".join(words)

    return make


def _strip_accents(random, school, said):
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()
    return plain.replace("'", "").lower()


def _saint(random, school, said):
    if found := re.search(r"\b(St\.?|Saint)\b", said):
        return said.replace(found[0], "St" if found[0] == "Saint" else "Saint", 1)
    return ""


def _while_typing(random, school, said):
    words = said.split()
    return " ".join([*words[:-1], words[-1][: max(2, len(words[-1]) // 2)]])


def _short_forms(random, school, said):
    for long, short in SHORT_FORMS.items():
        if long in said:
            return said.replace(long, short, 1)
    return ""


SHORT_FORMS = {
    "Church of England": "CofE",
    "CofE": "Church of England",
    "C of E": "C.E.",
    "Roman Catholic": "RC",
    "Junior School": "Jnr Sch",
    "High School": "High Sch",
    "Academy": "Acad",
    "&": "and",
    " and ": " & ",
}
KINDS = {
    "a word left out": _drop_word,
    "words swapped": _swap_words,
    "a letter put in": _slip(lambda word, at, letter: word[:at] + letter + word[at:]),
    "a letter left out": _slip(lambda word, at, letter: word[:at] + word[at + 1 :]),
    "letters swapped": _slip(lambda w, at, letter: w[:at] + w[at + 1] + w[at] + w[at + 2 :]),
    "a letter changed": _slip(lambda word, at, letter: word[:at] + letter + word[at + 1 :]),
    "no accents or marks": _strip_accents,
    "St for Saint or Saint for St": _saint,
    "name and town": lambda random, school, said: f"{_with_town(school)} ",
    "while typing": _while_typing,
    "short form for long": _short_forms,
    "postcode": lambda random, school, said: school.current.postcode,
    "postcode without space": lambda r, school, said: school.current.postcode.replace(" ", ""),
    "LAESTAB": lambda random, school, said: _laestab(school.current.laestab, random.choice("/- ")),
    "UKPRN": lambda random, school, said: school.current.ukprn,
    "URN": lambda random, school, said: school.current.code,
}


def _laestab(number, mark):
    return f"{number[:3]}{mark}{number[3:]}" if number else ""
