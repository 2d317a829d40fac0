"""Reading postcodes as people write them, and what may be meant by those that are none."""

import re
from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.areas import postcodes
from schools.areas.postcodes import is_valid, normalise, outcome_of, repairs, shown

VALID = st.from_regex(postcodes.FORM, fullmatch=True).filter(lambda code: code != "GIR0AA")
NOISE = st.text(" .-,\t\u00a0", max_size=3)
ALIKE = {"0": "O", "O": "0", "1": "IL", "I": "1", "L": "1", "5": "S", "S": "5"}


@given(st.text())
def test_what_is_read_is_read_the_same_again(text):
    code = normalise(text)

    assert normalise(code) == code
    assert set(code) <= set(ascii_uppercase + digits)


@given(VALID, st.lists(NOISE, min_size=8, max_size=8), st.randoms())
def test_a_valid_postcode_is_read_through_any_case_and_spacing(code, noise, random):
    text = "".join(
        noise[place] + (letter.lower() if random.random() < 0.5 else letter)
        for place, letter in enumerate(code)
    )

    assert normalise(text + noise[-1]) == code
    assert normalise(shown(code)) == code


@given(st.text(alphabet=ascii_uppercase + digits + " ", max_size=12) | st.text(max_size=80))
def test_a_repair_is_always_a_valid_postcode_and_another_one(text):
    assert all(is_valid(code) and code != normalise(text) for code in repairs(text))


@given(VALID, st.data())
def test_one_look_alike_is_put_right(code, data):
    places = [place for place, letter in enumerate(code) if letter in ALIKE]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    wrong = code[:place] + data.draw(st.sampled_from(ALIKE[code[place]])) + code[place + 1 :]

    assert is_valid(wrong) or code in repairs(wrong)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KTI 2AB", ["KT12AB"]),
        ("KT1 2AB, Ketterby", ["KT12AB"]),
        ("12 High Street KT12AB (home)", ["KT12AB"]),
        ("SO1 O2AB", ["SO102AB"]),
        ("AL1 lAA", ["AL11AA", "A111AA"]),
        ("S01 2AB", ["SO12AB"]),
        ("Ketterby", []),
        ("M1 1A4", []),
    ],
)
def test_repairs(text, found):
    assert repairs(text) == found


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("kt1 2ab", ""),
        ("W1V 9SG", ""),
        ("", "missing"),
        ("n/a", "missing"),
        ("BF1 2AA", "non_geographic"),
        ("BFPO 57", "non_geographic"),
        ("ZZ99 3VZ", "non_geographic"),
        ("JE2 3AB", "crown"),
        ("IM1 1AA", "crown"),
        ("2036", "overseas"),
        ("D02 AF30", "overseas"),
        ("outside UK", "overseas"),
        ("Withheld", "withheld"),
        ("12 Refuge Lane, KT1 2AB", "invalid"),
        ("KT1", "invalid"),
        ("QQ1 1AA", ""),
    ],
)
def test_outcomes_that_need_no_table(text, outcome):
    assert outcome_of(normalise(text)) == outcome


def test_a_long_cell_takes_no_time():
    assert repairs("KT1 2AB " * 5_000) == ["KT12AB"]
    assert re.fullmatch("[A-Z0-9]+", normalise("KT1 2AB " * 5_000))
