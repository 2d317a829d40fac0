"""Text made fit for a file: no control characters, no formulas, names that file systems take."""

import re

from django.utils.text import slugify

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"[\t\r\n]|[\\s\ufeff\u200b-\u200f\u2060]*[{_SIGNS}]")


def clean(text):
    """The text without characters that a file may not hold, its line ends made `\\n`."""
    text = _ILLEGAL.sub("", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def inert(text):
    """The text so that a spreadsheet shows it, and never runs it."""
    text = _ILLEGAL.sub("", text)
    return ("'" if _FORMULA.match(text) else "") + clean(text)


def file_name(name, when, ending):
    """A file's name: what it holds and the day it was made."""
    return f"{slugify(name) or 'export'}-{when:%Y-%m-%d}.{ending}"
