"""Text as people mean it: without the characters that nobody sees and that deceive or break."""

import re

# Control characters, lone surrogates, what Unicode calls no character, and the marks that make
# a text read in another order than it is written.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")


def without_unseen(text):
    """The text without such characters; tabs and line ends stay."""
    return UNSEEN.sub("", text)


def with_plain_line_ends(text):
    """The text with every kind of line end as `\\n`."""
    return text if text.isprintable() else _LINE_ENDS.sub("\n", text)
