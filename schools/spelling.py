"""Misspelt words set right: by one slip of the hand, else by their likeness, else left out."""

from itertools import islice, product
from string import ascii_lowercase

from schools import lookup

MOST_SPELLINGS = 30
MOST_LOOKED_AT = 60
MOST_WORDS = 8
MOST_KEYS = 12
LONG_ENOUGH = 4
KNOWN = """
    SELECT asked.word FROM unnest(%s::text[]) asked (word)
    WHERE EXISTS (SELECT FROM schools_searchword held
                  WHERE held.word >= asked.word AND held.word < asked.word || '~')
"""
HELD = "SELECT word FROM schools_searchword WHERE word = ANY(%s::text[])"
ALIKE = """
    SELECT word FROM schools_searchword WHERE word %% %s
    ORDER BY similarity(word, %s) DESC, word LIMIT 8
"""
LIKENESS = """
    SELECT id, round(word_similarity(%s, search_text)::numeric, 1) FROM schools_school
    WHERE id = ANY(%s)
"""


def alike(key, most):
    """The ids of the schools whose words are spelt most like these, the likest first."""
    words = key.split()[:MOST_WORDS]
    if any(word.isdigit() and len(word) >= LONG_ENOUGH for word in words):
        return []
    known = {row[0] for row in lookup.ask(KNOWN, [[w for w in words if not _is_code(w)]])}
    spelt = [[word] if word in known or _is_code(word) else spellings(word) for word in words]
    found = []
    if all(spelt) and any(held != [word] for held, word in zip(spelt, words, strict=True)):
        keys = [" ".join(held) for held in islice(product(*spelt), MOST_KEYS)]
        found = lookup.beginning_with_any(keys, MOST_LOOKED_AT)
        found += lookup.having(spelt, MOST_LOOKED_AT)
    spelt = [held or [word] for held, word in zip(spelt, words, strict=True)]
    return _likest(key, spelt, found or _one_wrong(words, spelt))[:most]


def _likest(key, spelt, found):
    """The ids of rows found, in the order of their likeness to the key; open ones first."""
    if not found:
        return []
    rows = {row[0]: row for row in found}
    likeness = dict(lookup.ask(LIKENESS, [key, list(rows)]))

    def place(pk):
        _, precedence, text = rows[pk][:3]
        leading = _leading(text, spelt)
        closed, begins = precedence >= lookup.CLOSED, leading == len(spelt)
        return closed, not begins, -likeness[pk], -leading, precedence, pk

    return sorted(rows, key=place)


def _leading(text, spelt):
    """How many of the words stand at the start of the name in their order."""
    number = 0
    for held, word in zip(spelt, text.split(), strict=False):
        if not word.startswith(tuple(held)):
            break
        number += 1
    return number


def _is_code(word):
    return not word.isalpha()


def spellings(word):
    """The words of the register that one slip makes of this one; else those most like it."""
    if len(word) < LONG_ENOUGH:
        return []
    slips = _slips(word)
    held = [row[0] for row in lookup.ask(HELD, [slips])]
    if not held and len(word) > LONG_ENOUGH:
        held = [row[0] for row in lookup.ask(KNOWN, [slips])]
    held = held or [row[0] for row in lookup.ask(ALIKE, [word, word])]
    return sorted(held)[:MOST_SPELLINGS]


def _slips(word):
    """Each word that one letter left out, put in, changed or swapped makes of this one."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {start + end[1:] for start, end in parts if end}
    swapped = {start + end[1] + end[0] + end[2:] for start, end in parts if len(end) > 1}
    changed = {
        start + letter + end[1:] for start, end in parts if end for letter in ascii_lowercase
    }
    put_in = {start + letter + end for start, end in parts for letter in ascii_lowercase}
    return list((left_out | swapped | changed | put_in) - {word})


def _one_wrong(words, spelt):
    """Schools that have all the words but one, which was meant to be like one of theirs."""
    found = {}
    for place in range(len(words)) if len(words) > 1 else ():
        rest = spelt[:place] + spelt[place + 1 :]
        other = [] if _is_code(words[place]) else spellings(words[place])
        if other:
            found.update((row[0], row) for row in lookup.indexed([*rest, other], MOST_LOOKED_AT))
    if not found:
        for place in range(len(words)) if len(words) > 1 else ():
            rest = spelt[:place] + spelt[place + 1 :]
            found.update((row[0], row) for row in lookup.indexed(rest, MOST_LOOKED_AT))
    return list(found.values())
