"""A list page by its place in the order, newest first: any depth costs the same."""

from dataclasses import dataclass
from datetime import date

PER_PAGE = 25


@dataclass(frozen=True)
class Place:
    """Where a page begins: after (older than) or before (newer than) one activity."""

    side: str
    day: date
    pk: int


def place_of(asked):
    """Read the place from an address; anything else is the first page."""
    for side in ("after", "before"):
        try:
            day, pk = asked.get(side, "").split(".")
            return Place(side, date.fromisoformat(day), int(pk[:18]))
        except ValueError:
            continue
    return None


def page_of(rows, place, read):
    """Return (at most 25 rows, whether there are newer ones, whether there are older ones)."""
    if place and place.side == "before":
        cut = rows.before(place.day, place.pk).order_by("starts_on", "pk")
        found = list(read(cut[: PER_PAGE + 1]))
        return found[:PER_PAGE][::-1], len(found) > PER_PAGE, True
    cut = rows.after(place.day, place.pk) if place else rows
    found = list(read(cut.newest_first()[: PER_PAGE + 1]))
    return found[:PER_PAGE], place is not None, len(found) > PER_PAGE


def link_to(asked, count, **place):
    """The address of another page of the same filter; it takes the count along."""
    query = asked.copy()
    for name in ("after", "before", "of"):
        query.pop(name, None)
    for side, row in place.items():
        query[side] = f"{row['on'].isoformat()}.{row['pk']}"
        query["of"] = count
    return f"?{query.urlencode()}"
