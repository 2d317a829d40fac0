"""Build the table of schools by need area as one string, every name in it escaped.

A template loop over 80 × 20 cells costs more than everything else on the page.
"""

from itertools import starmap

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe

WORDS = {"red": ("r", "Red"), "amber": ("a", "Amber"), "green": ("g", "Green")}
UNKNOWN, NOT_RATED = ("n", "Not known"), ("n", "Not rated")
CAPTION = (
    "Rating and number of activities for each school and need area. "
    "Where the two sides differ the cell shows both."
)
SCHOOL = '<abbr title="School says" class="text-decoration-none">S</abbr>'
PARTNER = '<abbr title="Partnership says" class="text-decoration-none">P</abbr>'
NO_NUMBER = "000000000"


def build(schools, areas, ratings, counts, needs, *, year, may_rate):
    """Return the table. `schools` are (link id, school id, name); the dicts go by (link, area).

    A cell leads to its open need; without one, to the rating of its area or to the school.
    """
    link_to = Addresses(year, may_rate)
    ids = [area.pk for area in areas]
    faces = {}
    rows = []
    for link, school, name in schools:
        cells = [
            _cell(
                faces,
                ratings.get((link, area)),
                counts.get((link, area), 0),
                link_to.cell(link, school, area, needs.get((link, area))),
            )
            for area in ids
        ]
        rows.append(
            f'<tr><th scope="row"><a href="{link_to.school(school)}">{escape(name)}</a></th>'
            f"{''.join(cells)}</tr>"
        )
    return mark_safe(  # noqa: S308 -- names are escaped above and below, the rest is ours
        f'<table class="fb-heat{" fb-heat--wide" if len(areas) > 9 else ""}">'
        f'<caption class="visually-hidden">{CAPTION}</caption>'
        f'<thead><tr><th scope="col" class="ps-2">School</th>{"".join(map(_heading, areas))}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _heading(area):
    return f'<th scope="col" class="text-center">{escape(area.short_name)}</th>'


class Addresses:
    """Addresses of cells, made from one reversed pattern each."""

    def __init__(self, year, may_rate):
        self.may_rate = may_rate
        self.to_need = reverse("needs:detail", args=[NO_NUMBER])
        self.to_rate = reverse("needs:rate", args=[NO_NUMBER]) + f"?year={year:d}#area-"
        self.to_school = reverse("dashboards:school", args=[NO_NUMBER])

    def cell(self, link, school, area, need):
        if need:
            return self.to_need.replace(NO_NUMBER, str(need))
        if self.may_rate:
            return self.to_rate.replace(NO_NUMBER, str(link)) + str(area)
        return self.school(school)

    def school(self, school):
        return self.to_school.replace(NO_NUMBER, str(school))


def _cell(faces, rating, count, url):
    """One cell; the same pair of ratings and count looks the same wherever it stands."""
    face = faces.get((rating, count))
    if face is None:
        face = faces[rating, count] = _face(*(rating or ("", "")), count)
    start, end = face
    return f"{start}{url}{end}"


def _face(school, partner, count):
    bare = " is-bare" if "red" in (school, partner) and not count else ""
    said = f'<span>{count or "none"}<span class="visually-hidden"> activities</span></span>'
    if school and partner and school != partner:
        sides = "".join(starmap(_half, ((school, SCHOOL), (partner, PARTNER))))
        return _around(f"fb-cell--split{bare}", sides + said)
    kind, word = _word(school or partner)
    only = "" if school == partner else f"{SCHOOL if school else PARTNER} "
    return _around(f"fb-c-{kind}{bare}", f"<b>{only}{word}</b>{said}")


def _half(value, mark):
    kind, word = _word(value)
    if kind == "n":
        word = f'<abbr title="{word}" class="text-decoration-none">n/k</abbr>'
    return f'<b class="fb-c-{kind}">{mark} {word}</b>'


def _word(value):
    return WORDS.get(value) or (UNKNOWN if value else NOT_RATED)


def _around(classes, inside):
    return f'<td><a class="fb-cell {classes}" href="', f'">{inside}</a></td>'
