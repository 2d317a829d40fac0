"""Where a postcode and a school's site lie, and what is measured there."""

from schools.areas.loading import LoadResult, load_postcodes
from schools.areas.measures import GEOGRAPHIES, MeasureResult, load_measure
from schools.areas.opening import Refused
from schools.areas.schools import facts_of, recompute

__all__ = [
    "GEOGRAPHIES",
    "LoadResult",
    "MeasureResult",
    "Refused",
    "facts_of",
    "load_measure",
    "load_postcodes",
    "recompute",
]
