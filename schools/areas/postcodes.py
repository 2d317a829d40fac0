"""Postcodes as people write them: read, told apart, and where they are miswritten, mended."""

import re
import unicodedata
from itertools import product

LONGEST = 60
FORM = re.compile(
    r"(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKMNPR-Y]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRV-Y])[0-9][ABD-HJLNP-UW-Z]{2}|GIR0AA"
)
SHAPE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|GIR0AA")
WITHIN = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]?) {0,3}([0-9][A-Z]{2})(?![A-Z0-9])")
NOT_KEPT = re.compile("[^A-Z0-9]")
OUTWARD = ("A9", "A99", "AA9", "AA99", "A9A", "AA9A")
AS_DIGIT = {"O": "0", "I": "1", "L": "1", "S": "5"}
AS_LETTER = {"0": "O", "1": "IL", "5": "S"}

MISSING, INVALID, NOT_FOUND = "missing", "invalid", "not_found"
LIVE, TERMINATED = "live", "terminated"
NON_GEOGRAPHIC, CROWN, OVERSEAS, WITHHELD = "non_geographic", "crown", "overseas", "withheld"
OUTCOMES = {
    LIVE: "Found, in use",
    TERMINATED: "Found, no longer in use",
    NOT_FOUND: "A valid form, but not found",
    INVALID: "Not a postcode",
    NON_GEOGRAPHIC: "Not a place (forces post and the like)",
    CROWN: "Crown dependency",
    OVERSEAS: "Overseas",
    WITHHELD: "Withheld",
    MISSING: "Missing",
}
MATCHED = (LIVE, TERMINATED)

NO_PLACE = re.compile(r"BF1|BFPO|BX[1-9]|GIR0AA|ZZ99")
ISLANDS = re.compile(r"(?:JE|GY|IM)[0-9]")
FOREIGN = re.compile(r"[0-9]{4,6}|[0-9]{5}[0-9]{4}|[AC-FHKNPRTV-Y][0-9]{2}[0-9AC-FHKNPRTV-Y]{4}")
ABROAD = re.compile(r"OVERSEAS|ABROAD|INTERNATIONAL|FOREIGN|NONUK|OUTSIDEUK")
HIDDEN = re.compile(
    r"WITHHELD|REFUSED|REFUGE|CONFIDENTIAL|PROTECTED|NOTDISCLOSED|PREFERNOT|WITHHOLD|FOSTER"
)
NOTHING = {"NA", "NONE", "NULL", "UNKNOWN", "NOTKNOWN", "NOTAVAILABLE", "BLANK", "TBC", "NIL", "X"}


def normalise(text):
    """What is written without case, spaces and marks: KT12AB for “kt1 2ab.”."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return NOT_KEPT.sub("", text.upper())


def is_valid(code):
    """Whether normalised text has the form of a postcode."""
    return FORM.fullmatch(code) is not None


def shown(code):
    """A normalised postcode with its one space: KT1 2AB."""
    return f"{code[:-3]} {code[-3:]}"


def outcome_of(code):
    """What normalised text is that no table is to be asked about; "" for what has the shape.

    A pseudo-postcode that stands for no place has an outcome although its form is valid.
    """
    if not code or code in NOTHING:
        return MISSING
    if NO_PLACE.match(code):
        return NON_GEOGRAPHIC
    if SHAPE.fullmatch(code):
        return CROWN if ISLANDS.match(code) else ""
    if code.isalpha() and HIDDEN.search(code):
        return WITHHELD
    if FOREIGN.fullmatch(code) or (code.isalpha() and ABROAD.search(code)):
        return OVERSEAS
    return INVALID


def repairs(text):
    """Valid postcodes that the writer may have meant, the likeliest first; none is ever applied.

    First a postcode with other text about it, then characters that look alike put right: O and 0,
    I, L and 1, S and 5, where only a letter or only a digit can stand.
    """
    code = normalise(text)
    upper = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    found = [outward + inward for outward, inward in WITHIN.findall(upper)]
    if len(code) in (5, 6, 7):
        found += _alike(code)
    return [one for one in dict.fromkeys(found) if one != code and is_valid(one)]


def _alike(code):
    """Every form that the characters can be read as, those with the fewest changes first."""
    made = []
    for outward in OUTWARD:
        if len(outward) + 3 == len(code):
            read = [_readings(*pair) for pair in zip(code, f"{outward}9AA", strict=True)]
            made += map("".join, product(*read))
    return sorted(made, key=lambda one: sum(a != b for a, b in zip(one, code, strict=True)))


def _readings(character, kind):
    """What a character may be where a letter (A) or a digit (9) has to stand."""
    if kind == "9":
        return character if character.isdigit() else AS_DIGIT.get(character, "")
    return character if character.isalpha() else AS_LETTER.get(character, "")
