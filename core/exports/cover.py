"""The cover that every export bears: what it is, who made it, from what, and under which rules."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from core.disclosure import POLICIES, Policy
from core.exports.columns import spelt
from core.exports.text import clean


@dataclass(frozen=True)
class Cover:
    """What a reader must know of a file; filters, data dates and definitions are sentences."""

    title: str
    who: str
    when: datetime.datetime
    policy: Policy
    filters: tuple = ()
    data_dates: tuple = ()
    definitions: tuple = ()

    @classmethod
    def inside(cls, title, by, **said):
        """The cover of exact rows that stay inside the partnership, made now by the person `by`."""
        return cls(title, str(by), timezone.now(), POLICIES["inside"], **said)

    @property
    def local_when(self):
        """The moment of the export on the clock of its readers."""
        return timezone.make_naive(self.when) if timezone.is_aware(self.when) else self.when

    def lines(self):
        """The cover as (label, text) pairs, the same for every kind of file."""
        yield "Title", clean(self.title)
        yield "Made by", clean(self.who)
        yield "Made on", spelt(self.local_when).replace(",", " at")
        yield from _labelled("Filter", self.filters, "None: every row its maker may see.")
        yield from _labelled("Data as at", self.data_dates, "The moment of the export.")
        yield from _labelled("Definition", self.definitions, "")
        yield "Disclosure policy", clean(self.policy.sentence)


def in_rows(number):
    """A number of rows in words, for a title: 1 row, 1,284 rows."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def _labelled(label, sentences, otherwise):
    sentences = (sentences,) if isinstance(sentences, str) else tuple(sentences)
    for sentence in sentences or filter(None, [otherwise]):
        yield label, clean(str(sentence))


def check_exact(cover):
    """Refuse to write rows under a policy that would have them rounded or hidden."""
    if not cover.policy.is_exact:
        raise ValueError(f"Rows are exact, so they cannot leave as: {cover.policy.name}.")
