"""The drawings behind the components: icons, the brand, both sides, the bar of ratings.

A page has the same few of them again and again, so each is drawn once.
"""

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

SHAPES = {
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "down": '<path d="M10 3v9m-4-4 4 4 4-4M4 16.5h12"/>',
    "up": '<path d="M10 13V4M6 8l4-4 4 4M4 16.5h12"/>',
    "search": '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 4 4"/>',
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "x": '<path d="m5 5 10 10M15 5 5 15"/>',
    "clock": '<circle cx="10" cy="10" r="7.2"/><path d="M10 6v4.2l2.8 1.8"/>',
    "alert": '<path d="M10 2.8 18.2 17H1.8z"/><path d="M10 8v4M10 14.4v.2"/>',
    "info": '<circle cx="10" cy="10" r="7.5"/><path d="M10 9v5M10 6v.2"/>',
    "lock": '<rect x="4" y="9" width="12" height="8.5" rx="1.5"/>'
    '<path d="M6.8 9V6.2a3.2 3.2 0 0 1 6.4 0V9"/>',
    "home": '<path d="M3 9.5 10 3.5l7 6V17h-5v-4.5H8V17H3z"/>',
    "school": '<path d="M2.5 17h15M4 17V8.5L10 4l6 4.5V17M8 17v-4h4v4"/>',
    "list": '<path d="M7 5h10M7 10h10M7 15h10M3 5h.1M3 10h.1M3 15h.1"/>',
    "grid": '<path d="M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z"/>',
    "more": '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
    "print": '<path d="M6 7V3h8v4M6 14H3V7h14v7h-3M6 12h8v5H6z"/>',
}
ICONS = {
    name: mark_safe(  # noqa: S308 - made of the constants above only
        '<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        f"{shape}</svg>"
    )
    for name, shape in SHAPES.items()
}
BRANDMARK = mark_safe(
    '<svg viewBox="0 0 34 22" fill="none" aria-hidden="true" focusable="false">'
    '<path d="M1 9.5C8 4 26 4 33 9.5" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linecap="round"/><path class="fb-lamp" d="M4 20c3-9 23-9 26 0" stroke-width="2.8"'
    ' stroke-linecap="round"/><path d="M9.5 7.2v6.4M17 5.6v7.2M24.5 7.2v6.4"'
    ' stroke="currentColor" stroke-width="1.6"/></svg>'
)
PLACE = {"red": 20, "amber": 66, "green": 112}
# Shares of the bar, in per cent, from which the word still fits at 300 pixels.
FITS = {"r": 15, "a": 20, "g": 18, "n": 28}


def icon(name):
    """Find one icon by its name."""
    return ICONS[name]


def _arch(school, partner):
    if school is None or partner is None or school == partner:
        return ""
    top = 0 if abs(school - partner) > 50 else 4
    middle = (school + partner) // 2
    return format_html('<path class="arch" d="M{} 22Q{} {} {} 22"/>', school, middle, top, partner)


@lru_cache(maxsize=64)
def span(school, partner):
    """Place the school's circle and the partnership's square on red, amber, green."""
    left, right = PLACE.get(school), PLACE.get(partner)
    if left is None and right is None:
        return ""
    apart = 9 if left == right else 0
    return format_html(
        '<svg class="fb-span" viewBox="0 0 132 40" aria-hidden="true" focusable="false">'
        '<path class="deck" d="M8 27h116M20 24v6M66 24v6M112 24v6"/>{}{}{}'
        '<text class="foot" x="20" y="40">R</text><text class="foot" x="66" y="40">A</text>'
        '<text class="foot" x="112" y="40">G</text></svg>',
        _arch(left, right),
        "" if left is None else _school_mark(left - apart),
        "" if right is None else _partner_mark(right + apart),
    )


def _school_mark(x):
    return format_html(
        '<circle class="them" cx="{}" cy="22" r="8"/><text x="{}" y="26">S</text>', x, x
    )


def _partner_mark(x):
    return format_html(
        '<rect class="us" x="{}" y="14" width="16" height="16" rx="2"/>'
        '<text class="on" x="{}" y="26">P</text>',
        x - 8,
        x,
    )


@lru_cache(maxsize=4096)
def stack(red, amber, green, unknown):
    """Draw the counts of ratings as parts of one bar; a narrow part has its letter."""
    parts = [
        (count, kind, word)
        for count, kind, word in (
            (red, "r", "red"),
            (amber, "a", "amber"),
            (green, "g", "green"),
            (unknown, "n", "not known"),
        )
        if count
    ]
    total = sum(count for count, _, _ in parts)
    if not total:
        return "Not rated"
    return format_html(
        '<svg class="fb-stack" role="img" aria-label="{}">{}</svg>',
        ", ".join(f"{count} {word}" for count, _, word in parts),
        format_html_join("", "{}", ((part,) for part in _bars(parts, total))),
    )


def _bars(parts, total):
    start = 0
    for count, kind, word in parts:
        share = 100 * count / total
        label = word if share >= FITS[kind] else word[0].upper()
        yield format_html(
            '<rect class="fb-c-{}" x="{}%" y="-1" width="{}%" height="26" rx="3"/>'
            '<text class="fb-c-{}" x="{}%" y="17">{} {}</text>',
            kind,
            f"{start:.2f}",
            f"{share:.2f}",
            kind,
            f"{start + share / 2:.2f}",
            count,
            label,
        )
        start += share
