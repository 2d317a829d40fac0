"""An invented register in the layout of the DfE's extract: places and schools that do not exist."""

import csv
import io
from itertools import product
from random import Random

FIRST_URN = 900_001
TOWNS = {
    "coast": """Saltmere,Eastwick Bay,Holm,Lower Mill,Brackenford,Gullhaven,Ketterby,Stanmoor,
Wrackley,Pellow Sands,Marsh Aldby,Tidewater""",
    "valley": """Wexborough,Fenwick,Upper Weir,Thornley Cross,Ashcombe,Dunmere,Larkfield,Oswin,
Hartle Bridge,Calder Vale,Rooksworth,Penhallow""",
    "dales": "Norrisdale,Swinbeck,High Garth,Askerby",
}
AUTHORITIES = {
    "coast": ("990", "Saltmere and Coast"),
    "valley": ("991", "Weir Valley"),
    "dales": ("992", "Northern Dales"),
}
SAINTS = ["Oswin", "Hilda", "Aidan", "Bega", "Cedd", "Winifred"]
PATTERNS = ["{town} Academy", "{town} High School", "The {town} School", "St {saint}’s School"]
PATTERNS += ["{town} Park School", "{town} Girls’ School"]
TRUSTS = [("95001", "Tidewater Learning"), ("95002", "Three Arches Trust"), ("", "")]
KINDS = {
    "academy": ("34", "Academy converter", "10", "Academies"),
    "community": ("01", "Community school", "4", "Local authority maintained schools"),
    "college": ("18", "Further education", "1", "Colleges"),
    "primary": ("01", "Community school", "4", "Local authority maintained schools"),
}
COLUMNS = """URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName
TypeOfEstablishment (code),TypeOfEstablishment (name)
EstablishmentTypeGroup (code),EstablishmentTypeGroup (name)
EstablishmentStatus (code),EstablishmentStatus (name),OpenDate,CloseDate
ReasonEstablishmentOpened (code),ReasonEstablishmentOpened (name)
ReasonEstablishmentClosed (code),ReasonEstablishmentClosed (name)
PhaseOfEducation (code),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge
OfficialSixthForm (code),OfficialSixthForm (name),Gender (code),Gender (name)
SchoolCapacity,NumberOfPupils,PercentageFSM,Trusts (code),Trusts (name),UKPRN,LastChangedDate
Street,Town,Postcode,SchoolWebsite,GOR (code),GOR (name),Country (name)
Easting,Northing,LSOA (code)"""
HEADER = COLUMNS.replace("\n", ",").split(",")


def schools():
    """Return the invented schools as dicts by column name, plus `area` (coast, valley, dales)."""
    random = Random(20_611)
    rows = []
    for area, towns in TOWNS.items():
        names = _names(towns.replace("\n", "").split(","))
        for place, (name, town) in enumerate(names):
            rows.append(_row(FIRST_URN + len(rows), area, name, town, place, random))
    rows += [_closed(rows[place], FIRST_URN + len(rows) + n) for n, place in enumerate((3, 40))]
    return rows


def _names(towns):
    """Every pattern in every town, the best-known first, colleges and primaries among them."""
    named = [
        (pattern.format(town=town, saint=SAINTS[n % len(SAINTS)]), town)
        for n, (pattern, town) in enumerate(product(PATTERNS, towns))
    ]
    seen = set()
    plain = [
        (name if name not in seen and not seen.add(name) else f"{name}, {town}", town)
        for name, town in named
    ]
    colleges = [(f"{town} College", town) for town in towns[:2]]
    primaries = [(f"{town} Primary School", town) for town in towns[2:4]]
    return plain[:2] + colleges + plain[2:] + primaries


def _row(urn, area, name, town, place, random):
    kind = _kind(name, place)
    low, high = {"college": (16, 99), "primary": (4, 11)}.get(kind, (11, 18 if place % 3 else 16))
    return {
        "area": area,
        "kind": kind,
        "URN": str(urn),
        "EstablishmentNumber": f"{4000 + urn % 1000:04d}",
        "EstablishmentName": name,
        "StatutoryLowAge": str(low),
        "StatutoryHighAge": str(high),
        "UKPRN": str(10_990_000 + urn % 1000),
        "Town": town,
        "LSOA (code)": f"E0199{urn % 60:04d}",
        "Country (name)": "England",
        "Postcode": f"ZZ{1 + urn % 9} {urn % 10}{'ABDEFGHJ'[urn % 8]}{'LNPQRSTU'[urn // 8 % 8]}",
        **pair("LA", AUTHORITIES[area]),
        **pair("TypeOfEstablishment", KINDS[kind][:2]),
        **pair("EstablishmentTypeGroup", KINDS[kind][2:]),
        **pair("Gender", ("2", "Girls") if "Girls" in name else ("3", "Mixed")),
        **pair("Trusts", TRUSTS[place % 2] if kind == "academy" else TRUSTS[2]),
        **pair("GOR", ("A", "North East")),
        **_standing(urn),
        **_phase(kind, high),
        **_numbers(kind, random),
    }


def pair(column, values):
    return dict(zip((f"{column} (code)", f"{column} (name)"), values, strict=True))


def _numbers(kind, random):
    """Sizes and places; the register counts neither pupils nor free meals of a college."""
    pupils, meals = random.randrange(420, 1480), random.randrange(80, 520) / 10
    counted = kind != "college"
    return {
        "SchoolCapacity": str(pupils + 80),
        "NumberOfPupils": str(pupils) if counted else "",
        "PercentageFSM": f"{meals:.1f}" if counted else "",
        "Street": f"{random.randrange(1, 90)} School Lane",
        "Easting": str(400_000 + random.randrange(60_000)),
        "Northing": str(500_000 + random.randrange(60_000)),
    }


def _kind(name, place):
    if name.endswith("College"):
        return "college"
    if "Primary" in name:
        return "primary"
    return "community" if place % 4 == 3 else "academy"


def _standing(urn):
    return {
        **pair("EstablishmentStatus", ("1", "Open")),
        "OpenDate": f"01-09-{1990 + urn % 25}",
        "CloseDate": "",
        "LastChangedDate": "12-10-2026",
    }


def _phase(kind, high):
    phase = {"college": ("6", "16 plus"), "primary": ("2", "Primary")}.get(kind, ("4", "Secondary"))
    sixth = ("1", "Has a sixth form") if high == 18 else ("2", "Does not have a sixth form")
    return {**pair("PhaseOfEducation", phase), **pair("OfficialSixthForm", sixth)}


def _closed(row, urn):
    """The register row of a school before it became an academy: closed, of the same place."""
    return {
        **row,
        "URN": str(urn),
        "EstablishmentName": f"{row['Town']} Comprehensive School",
        **pair("EstablishmentStatus", ("2", "Closed")),
        "CloseDate": "31-08-2019",
    }


def as_file(rows=None):
    """Return the register (or these rows of it) as an open binary file, as the DfE encodes it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(schools() if rows is None else rows)
    return io.BytesIO(text.getvalue().encode("cp1252"))
