"""The two layouts of postcode files, and how a row of either becomes a row of ours."""

import re
from operator import itemgetter

from schools.areas.opening import Refused
from schools.models.area import MANY, NATIONS, Country, PostcodeLoad

OFS, ONS = PostcodeLoad.Layout.OFS, PostcodeLoad.Layout.ONS
# Field of Postcode: (column of its fifth, column of why there is none, its geography).
FIFTHS = {
    "polar4": ("polar4_quintile", "reason_removed_polar", "msoa01"),
    "polar3": ("polar3_quintile", "reason_removed_polar", "msoa01"),
    "tundra_msoa": ("tundra_msoa_quintile", "reason_removed_tundra_msoa", "msoa11"),
    "tundra_lsoa": ("tundra_lsoa_quintile", "reason_removed_tundra_lsoa", "lsoa11"),
    "adult_he": ("adult_he_2011_quintile", "reason_removed_adult_he_2011", "msoa11"),
    "gaps_gcse": ("gaps_gcse_quintile", "reason_removed_gaps", "ward01"),
    "gaps_ethnicity": ("gaps_gcse_ethnicity_quintile", "reason_removed_gaps", "ward01"),
}
OFS_COLUMNS = {
    "code": "^postcode$|^postcode2$",
    "terminated": "^postcode_status$",
    "lsoa11": "^lsoa_tundra$",
    "msoa11": "^msoa_tundra$|^msoa_adult_he_2011$",
    "country": "^country$",
    "target_ward": "^uni_connect_target_ward$|target_ward",
}
ONS_COLUMNS = {
    "code": "^pcds$|^pcd7$|^pcd8$|^pcd$|^pcd2$",
    "doterm": "^doterm",
    "lsoa21": "^lsoa21",
    "lsoa11": "^lsoa11",
    "msoa11": "^msoa11",
    "authority": r"^lad\d\d|^oslaua$|^laua$",
    "country": "^ctry",
    "easting": "^(os)?east1m$|^easting$",
    "northing": "^osnrth1m$|^north1m$|^northing$",
    "gridind": "^osgrdind$|^gridind$",
    "lat": "^lat$",
}
AREAS = ("lsoa21", "lsoa11", "msoa11", "authority")
ONE_BY_ONE = ("code", "doterm", "easting", "northing", "gridind", "lat")
FIELDS = {
    OFS: ("code", "lsoa11", "msoa11", "terminated", "country", *FIFTHS, "target_ward"),
    ONS: ("code", *AREAS, "country", "terminated", "easting", "northing"),
}
SHARED = {OFS: FIELDS[OFS][1:], ONS: FIELDS[ONS][1:6]}
NATION_OF = {"E": 1, "W": 2, "S": 3, "N": 4, "L": 5, "J": 5, "G": 5, "M": 6}
COUNTRIES = {label.lower(): value for value, label in Country.choices}
WARDS = {"1": "1", "1*": "2"}
NOTHING = {"", "na", "n/a", "-", "null", "not applicable", "unclassified"}
PSEUDO = "99999999"
NO_PLACE, MONTH = b"\t\\N\t\\N\n", re.compile(rb"(19|20)[0-9]{4}")
NEITHER = (
    "{} is neither the OfS's postcode file nor a postcode directory of the ONS: among its columns "
    "({}) are not those that either has. Choose the file itself, not the notes beside it."
)


class Unusable(Exception):
    """A cell that cannot be used: `column`, and what stands there."""


class Layout:
    """Which of the two a header is, where its columns are, and what a row of it says.

    `reasons` are the known ones, with their numbers by their words; new ones are added.
    `strange` fills with what stands for a country and is none that is known.
    """

    def __init__(self, name, header, reasons=None):
        self.header = header
        self.names = [column.strip().strip('"').lower() for column in header]
        self.kind = self._kind()
        if self.kind is None:
            raise Refused(NEITHER.format(name, ", ".join(self.names[:8]) or "none"))
        self.fields = FIELDS[self.kind]
        self.places = self._places()
        self.reasons = dict(reasons or {})
        self.strange = set()
        self._keys = [key for key in self.places if key not in ONE_BY_ONE]
        places = [self.places[key] for key in self._keys]
        # How many cells stand before those that are shared, where the postcode is among them.
        is_first = self.kind == OFS and self.places["code"] < min(places)
        self.lead = min(places) if is_first else 0
        self._alone = [self.places.get(key) for key in ONE_BY_ONE[1:]]
        self.wanted = itemgetter(*places, places[0])  # one more: a tuple, even of one

    def _kind(self):
        if self._place("^postcode$") is not None and self._place("_quintile$") is not None:
            return OFS
        has_area = any(self._place(ONS_COLUMNS[key]) is not None for key in AREAS[:3])
        return ONS if has_area and self._place(ONS_COLUMNS["code"]) is not None else None

    def _place(self, pattern):
        for part in pattern.split("|"):
            for place, name in enumerate(self.names):
                if re.search(part, name) and not name.endswith("nm"):
                    return place
        return None

    def _places(self):
        columns = OFS_COLUMNS if self.kind == OFS else ONS_COLUMNS
        wanted = {key: self._place(pattern) for key, pattern in columns.items()}
        if self.kind == OFS:
            for key, (fifth, reason, _) in FIFTHS.items():
                wanted[key] = self._place(f"^{fifth}$")
                wanted[f"why_{key}"] = self._place(f"^{reason}$")
        if wanted.get("northing") is None:
            wanted["easting"] = None
        return {key: place for key, place in wanted.items() if place is not None}

    def shared(self, row):
        """What many postcodes have in common, as the middle of a line for COPY."""
        words = (value.decode("utf-8", "replace").strip() for value in self.wanted(row))
        cells = dict(zip(self._keys, words, strict=False))
        made = "\t".join(self._cell(field, cells) for field in SHARED[self.kind])
        return f"\t{made}".encode()

    def _cell(self, field, cells):
        text = cells.get(field, "")
        if field in AREAS:
            return _area(text)
        if field in FIFTHS:
            return self._fifth(field, text, cells.get(f"why_{field}", ""))
        if field == "target_ward":
            return _ward(text)
        return self._country(text, cells) if field == "country" else _status(text)

    def _country(self, text, cells):
        """By its name or code; else by the code of an area in it."""
        found = _country(text)
        if text and found is None:
            self.strange.add(text[:40])
        found = found or _country(next(filter(None, map(cells.get, AREAS)), ""))
        return r"\N" if found is None else str(found)

    def _fifth(self, field, text, why):
        if text.lower() not in NOTHING:
            if text.removesuffix(".0") not in ("1", "2", "3", "4", "5"):
                raise Unusable(FIFTHS[field][0], text)
            return text[0]
        return str(-self._reason(why[:120])) if why else r"\N"

    def _reason(self, words):
        """The number of a reason; one that is new here gets the next."""
        return self.reasons.setdefault(words, max(self.reasons.values(), default=0) + 1)

    def own(self, row):
        """What each postcode of a directory has of its own: when it ended, and where it lies."""
        if self.kind == OFS:
            return b"\n"
        month, east, north, quality, latitude = self._alone
        ended = row[month].strip() if month is not None else b""
        if ended and not MONTH.fullmatch(ended):
            raise Unusable("doterm", ended.decode("utf-8", "replace"))
        x, y = (row[east].strip(), row[north].strip()) if east is not None else (b"", b"")
        is_nowhere = quality is not None and row[quality].strip() == b"9"
        is_nowhere = is_nowhere or (latitude is not None and row[latitude].startswith(b"99"))
        if is_nowhere or not (x and y):
            return b"\t" + (ended or b"0") + NO_PLACE
        if not (x.isdigit() and y.isdigit() and len(x) < 8 and len(y) < 8):
            raise Unusable("easting or northing", f"{x.decode()}, {y.decode()}")
        return b"\t" + (ended or b"0") + b"\t" + x + b"\t" + y + b"\n"


def _ward(text):
    mark = text.replace(" ", "").replace(".0", "")
    if mark not in WARDS and mark.lower() not in {*NOTHING, "0"}:
        raise Unusable("uni_connect_target_ward", text)
    return WARDS.get(mark, r"\N")


def _area(text):
    nation = NATIONS.find(text[:1]) if len(text) == 9 else -1
    if nation < 0 or text.endswith(PSEUDO) or not text[1:].isdigit():
        return r"\N"
    return str(nation * MANY + int(text[1:]))


def _country(text):
    """The number of a country by its name, or by the code of any area in it; None if unknown."""
    by_code = NATION_OF.get(text[:1]) if text[1:].isdigit() else None
    return COUNTRIES.get(text.lower()) or by_code


def _status(text):
    if text.lower() in ("live", ""):
        return "0"
    if not text.lower().startswith("term"):
        raise Unusable("postcode_status", text)
    return "1"
