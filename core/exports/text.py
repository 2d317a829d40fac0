"""Text made fit for a file: no control characters, no formulas, names that file systems take."""

import re

from django.utils.text import slugify

from core.text import with_plain_line_ends, without_unseen

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_BEFORE = "\\s\"'\u2018\u2019\u201c\u201d\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufeff"
_FORMULA = re.compile(f"[\t\r\n]|[{_BEFORE}]*[{_SIGNS}]")


def clean(text):
    """The text without characters that a file may not hold, its line ends made `\\n`."""
    return text if text.isprintable() else with_plain_line_ends(without_unseen(text))


def inert(text):
    """The text so that a spreadsheet shows it, and never runs it."""
    text = clean(text)
    return f"'{text}" if _FORMULA.match(text) else text


def typed(text):
    """The text as it was before `inert`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text, 1) else text


def file_name(name, when, ending):
    """A file's name: what it holds and the day it was made."""
    return f"{slugify(name) or 'export'}-{when:%Y-%m-%d}.{ending}"
