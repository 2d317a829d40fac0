"""Where a postcode and a school's site lie, and what is measured there."""

from schools.areas.loading import LoadResult, load_postcodes
from schools.areas.measures import GEOGRAPHIES, MeasureResult, Removal, load_measure, remove_measure
from schools.areas.opening import Refused
from schools.areas.schools import facts_of, recompute, ward_of

__all__ = [
    "GEOGRAPHIES",
    "LoadResult",
    "MeasureResult",
    "Refused",
    "Removal",
    "facts_of",
    "load_measure",
    "load_postcodes",
    "recompute",
    "remove_measure",
    "ward_of",
]
