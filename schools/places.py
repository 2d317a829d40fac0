"""Where a place is: a postcode, a town or a school, on the national grid; distances in miles."""

import re
from dataclasses import dataclass

from django.db.models import Avg, Count, F, FloatField, Func
from django.db.models.functions import Cast, Lower

from schools.models import Postcode

METRES = 1609.344
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})", re.IGNORECASE)
OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A point of the national grid, in metres east and north, and what it is called."""

    name: str
    easting: int
    northing: int


def find_place(schools, words):
    """Return the Place that the words name, or None; schools stand for the place around them."""
    words = " ".join(words.replace("\0", "").split())
    if not words:
        return None
    if postcode := POSTCODE.fullmatch(words):
        return _postcode(schools, " ".join(postcode.groups()).upper())
    if OUTWARD.fullmatch(words):
        outward = words.upper()
        return _middle(schools.filter(current__postcode__startswith=f"{outward} "), outward)
    return _town(schools, words) or _school(schools, words)


def _postcode(schools, postcode):
    return _known_postcode(postcode) or _middle(
        schools.filter(
            search_text__contains=f" {postcode.replace(' ', '').lower()} ",
            current__postcode=postcode,
        ),
        postcode,
    )


def _known_postcode(postcode):
    """The postcode as the areas know it, where those are loaded."""
    found = Postcode.objects.filter(code=postcode.replace(" ", ""), easting__isnull=False)
    row = found.values_list("easting", "northing").first()
    return Place(postcode, *row) if row else None


def _town(schools, words):
    named = schools.beginning(words).annotate(town_key=Lower("current__town"))
    town = named.filter(town_key=words.lower())
    return _middle(town, words.title())


def _school(schools, words):
    found = schools.filter(easting__isnull=False).suggested(words, most=1)
    return Place(found[0].name, found[0].easting, found[0].northing) if found else None


def _middle(schools, name):
    """The mean of the schools there, or None where there are none."""
    placed = schools.filter(easting__isnull=False, northing__isnull=False).order_by()
    middle = placed.aggregate(Avg("easting"), Avg("northing"), Count("pk"))
    if not middle["pk__count"]:
        return None
    return Place(name, round(middle["easting__avg"]), round(middle["northing__avg"]))


def square_of_distance(place):
    """The SQL of a school's distance from the place: squared, in whole metres."""
    east = Cast(F("easting") - place.easting, FloatField())
    north = Cast(F("northing") - place.northing, FloatField())
    return Func(east * east + north * north, function="round", output_field=FloatField())


def miles_from(place, easting, northing):
    """Miles as the crow flies."""
    return ((easting - place.easting) ** 2 + (northing - place.northing) ** 2) ** 0.5 / METRES


def within(schools, place, miles):
    """Schools at most so many miles away, as the crow flies."""
    reach = round(miles * METRES)
    # The square around the circle lets an index do most of it.
    return (
        schools.filter(
            easting__range=(place.easting - reach, place.easting + reach),
            northing__range=(place.northing - reach, place.northing + reach),
        )
        .alias(square=square_of_distance(place))
        .filter(square__lte=float(reach) ** 2)
    )
