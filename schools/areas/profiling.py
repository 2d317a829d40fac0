"""Many postcodes at once: what became of each, and their fifths by every edition. None is kept."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction

from schools.areas import postcodes
from schools.areas.looking import WARD_NOT_KNOWN, WARDS, LookUp
from schools.areas.postcodes import INVALID, LIVE, MATCHED, NOT_FOUND, OUTCOMES, TERMINATED
from schools.models import AreaEdition

MOST = 100_000
MOST_REPAIRS = 200
MOST_LOOKED_AT = 5_000
FIFTHS = (1, 2, 3, 4, 5)
NOT_MATCHED = "Postcode not matched"


@dataclass
class Row:
    """One row: its number, what stands there, what it is read as, and what became of it."""

    number: int
    text: str
    code: str
    outcome: str


@dataclass
class Repair:
    """What a row may mean instead; never taken unasked."""

    row: int
    text: str
    suggested: str
    is_found: bool


@dataclass
class Table:
    """How many rows are in each fifth by one edition, and why the others are in none."""

    edition: AreaEdition
    fifths: dict
    unclassified: dict

    @property
    def classified(self):
        return sum(self.fifths.values())


@dataclass
class Profile:
    """What became of a list of postcodes."""

    rows: list
    looked_up: LookUp
    repairs: list = field(default_factory=list)
    more_repairs: int = 0
    taken: int = 0
    respelt: int = 0

    @property
    def total(self):
        return len(self.rows)

    @cached_property
    def outcomes(self):
        """How many rows have each outcome, all outcomes in their order."""
        counts = Counter(row.outcome for row in self.rows)
        return {outcome: counts[outcome] for outcome in OUTCOMES}

    @cached_property
    def matched(self):
        return sum(self.outcomes[outcome] for outcome in MATCHED)

    @property
    def match_rate(self):
        """The share of all rows that is matched, in per cent with one decimal; None of none."""
        return round(100 * self.matched / self.total, 1) if self.total else None

    @cached_property
    def tables(self):
        """One `Table` for each edition."""
        facts = [self.looked_up.found[row.code] for row in self.rows if row.outcome in MATCHED]
        return [
            self._table(edition, Counter(map(self.looked_up.picker(place), facts)))
            for place, edition in enumerate(self.looked_up.editions)
        ]

    @cached_property
    def wards(self):
        """How many rows lie in a target ward of Uni Connect: {one of `WARDS`: number}, or None."""
        if not self.looked_up.wards:
            return None
        return dict.fromkeys(WARDS, 0) | Counter(map(self.ward_of, self.rows))

    def ward_of(self, row):
        """Whether a row lies in a target ward: one of `WARDS`."""
        is_found = row.outcome in MATCHED
        return self.looked_up.ward(row.code) if is_found else WARD_NOT_KNOWN

    def _table(self, edition, counts):
        said = Counter()
        for picked, number in counts.items():
            said[self.looked_up.classified(picked)] += number
        fifths = {fifth: said.pop(fifth, 0) for fifth in FIFTHS}
        unclassified = dict(sorted(said.items(), key=lambda one: (-one[1], one[0])))
        if self.total > self.matched:
            unclassified[NOT_MATCHED] = self.total - self.matched
        return Table(edition, fifths, unclassified)

    def facts_of(self, row):
        """The fifth of a row by each edition, or in words why there is none."""
        if row.outcome not in MATCHED:
            return [NOT_MATCHED] * len(self.looked_up.editions)
        known = self.looked_up.found[row.code]
        return [
            self.looked_up.classified(self.looked_up.picker(place)(known))
            for place in range(len(self.looked_up.editions))
        ]


@transaction.atomic
def profile(texts, *, accepted=()):
    """Profile (row number, text) pairs; `accepted` are the rows whose repair people have taken."""
    looked_up = LookUp()
    made = Profile(_read(texts), looked_up)
    made.respelt = sum(_is_respelt(row) for row in made.rows)
    looked_up.find({row.code for row in made.rows if not row.outcome})
    for row in made.rows:
        row.outcome = row.outcome or _outcome(row.code, looked_up)
    _repair(made, set(accepted))
    return made


def _read(texts):
    rows, known = [], {}
    for number, text in texts:
        text = text.strip()[: postcodes.LONGEST]
        read = known.get(text)
        if read is None:
            code = postcodes.normalise(text)
            read = known[text] = (code, postcodes.outcome_of(code))
        rows.append(Row(number, text, *read))
    return rows


def _is_respelt(row):
    return not row.outcome and row.text not in (row.code, postcodes.shown(row.code))


def _outcome(code, looked_up):
    if code not in looked_up.found:
        return NOT_FOUND if postcodes.is_valid(code) else INVALID
    return LIVE if looked_up.is_live(code) else TERMINATED


def _repair(made, accepted):
    """Offer what may be meant by rows that were not matched, and take what people accepted."""
    offers = {}
    for row in made.rows:
        is_open = row.outcome in (INVALID, NOT_FOUND) and row.text not in offers
        if is_open and len(offers) < MOST_LOOKED_AT:
            offers[row.text] = postcodes.repairs(row.text)
    if not any(offers.values()):
        return
    found = made.looked_up.found
    made.looked_up.find({code for codes in offers.values() for code in codes} - found.keys())
    for row in made.rows:
        if row.outcome in (INVALID, NOT_FOUND):
            _settle(made, row, offers.get(row.text, ()), row.number in accepted)


def _settle(made, row, codes, is_accepted):
    known = [code for code in codes if code in made.looked_up.found]
    if row.outcome == NOT_FOUND:  # it may be right, so only what is there is a better reading
        codes = known
    if not codes:
        return
    code = (known or codes)[0]
    if is_accepted:
        row.code, row.outcome, made.taken = code, _outcome(code, made.looked_up), made.taken + 1
    elif len(made.repairs) < MOST_REPAIRS:
        made.repairs.append(Repair(row.number, row.text, postcodes.shown(code), bool(known)))
    else:
        made.more_repairs += 1
