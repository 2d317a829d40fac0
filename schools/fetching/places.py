"""Where a file of some day may be: at an address with the day in it, or in a folder."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAMES = {
    "register": r"edubasealldata(\d{8})\D",
    "groups": r"(?:allgroupsdata|academiesmatmembership|grouplinks_edubasealldata)(\d{8})\D",
    "links": r"links_edubasealldata(\d{8})\D",
}


class NotFetched(Exception):
    """The file could not be had; the sentence says why."""


class NotThere(NotFetched):
    """There is no file of that day."""


@dataclass(frozen=True)
class Place:
    """A file that may be there: the day it is of, and its address or path."""

    day: date
    address: str | Path

    @property
    def is_local(self):
        return isinstance(self.address, Path)

    @property
    def name(self):
        """The file's name, with the day in it; nothing else of the address is told to people."""
        path = str(self.address) if self.is_local else urlsplit(self.address).path
        name = path.rsplit("/", 1)[-1].strip(".")[-150:]
        return name if f"{self.day:%Y%m%d}" in name else f"{self.day:%Y%m%d}-{name}"


def places_of(kind, source, today):
    """Return the Places to try in turn: today's file and yesterday's, or a folder's newest."""
    if "{date:" in source:
        days = [today, today - timedelta(days=1)]
        return [_place(day, source.format(date=day)) for day in days]
    return [_newest(kind, _path(source))]


def _place(day, address):
    is_remote = address.startswith(("http://", "https://"))
    return Place(day, address if is_remote else _path(address))


def _path(address):
    return Path(unquote(urlsplit(address).path)) if address.startswith("file:") else Path(address)


def _newest(kind, folder):
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError as error:
        raise NotFetched(f"The folder to fetch from cannot be read: {error.strerror}.") from error
    found = [(day, name) for name in names if (day := _day_in(kind, name))]
    if not found:
        raise NotThere("The folder to fetch from holds no file with a day in its name.")
    day, name = max(found)
    return Place(day, folder / name)


def _day_in(kind, name):
    match = re.match(NAMES[kind], name.lower())
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
