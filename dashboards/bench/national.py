"""An invented extract of the register, of national size and in the manner of the DfE."""

import csv
import io
from random import Random

from schools import register
from schools.register.reading import RegisterFile

ROWS = 52_500
ONE_IN = 50
# So many that one of them is in as many names as a common one of the register: about 2,500.
WORDS = [
    *("North", "Weir", "St Hilda’s", "Aldby", "Marsh", "Oswin", "Holm", "Garth", "Penhallow"),
    *("Church", "High", "Community", "Junior", "Infant", "Green", "Park", "Hill", "Wood", "Field"),
    *("Bridge", "Ford", "Mill", "Lane", "Brook", "Moor", "Cross", "Grange", "Abbey", "Manor"),
    *("Castle", "Ashby", "Barrow", "Calder", "Denholm", "Elmet", "Farrow", "Gilling", "Hesket"),
    *("Ingleby", "Jarrold", "Kelby", "Lorton", "Marley", "Norham", "Orton", "Pickworth"),
    *("Quarley", "Ripley", "Selby", "Thorley", "Upton", "Verley", "Wharram", "Yarrow"),
    *("Brackenby", "St Osmund’s", "St Mildred’s", "St Aldhelm’s", "Whitcombe", "Saltby"),
]
# Metres: within ten miles of the middle are 4,000 schools, as around Charing Cross.
MIDDLE, SPREAD = (400_000, 300_000), 41_000
# How many codes each list has, much as in the register.
LISTS = {
    "LA": 152,
    "TypeOfEstablishment": 40,
    "EstablishmentTypeGroup": 9,
    "PhaseOfEducation": 8,
    "Gender": 3,
    "OfficialSixthForm": 3,
    "Boarders": 4,
    "AdmissionsPolicy": 4,
    "ReligiousCharacter": 24,
    "Diocese": 60,
    "Trusts": 1_500,
    "Federations": 300,
    "ReasonEstablishmentOpened": 8,
    "ReasonEstablishmentClosed": 8,
    "GOR": 9,
    "DistrictAdministrative": 320,
    "AdministrativeWard": 7_000,
    "ParliamentaryConstituency": 533,
    "UrbanRural": 8,
}
# What every third of the columns that are not kept says.
SAYS = {" (name)": "Not applicable", " (code)": "00"}


def extract(rows=ROWS):
    """Return an extract of so many rows, as bytes in cp1252."""
    random = Random(7)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(register.HEADER)
    usual = dict.fromkeys(register.HEADER, "")
    usual |= {name: SAYS.get(name[-7:], "") for name in register.HEADER[::3]}
    for number in range(rows):
        values = usual | _codes(number) | _facts(number, random)
        writer.writerow(values.values())
    return text.getvalue().encode("cp1252")


def _codes(number):
    values = {}
    for place, (name, many) in enumerate(LISTS.items()):
        code = 1 + number * (2 * place + 1) % many
        values[f"{name} (code)"] = str(code)
        values[f"{name} (name)"] = f"{name[:12]} {code}"
    return values


def _facts(number, random):
    names = random.choices(WORDS, k=3)
    boys, girls = random.randrange(20, 750), random.randrange(20, 750)
    closed = number % 2
    return {
        "URN": str(100_000 + number),
        "EstablishmentNumber": str(2000 + number % 8000),
        "EstablishmentName": f"{' '.join(names)} School {number}",
        "EstablishmentStatus (code)": "12"[closed],
        "EstablishmentStatus (name)": ("Open", "Closed")[closed],
        "OpenDate": _day(number),
        "CloseDate": _day(number * 3) if closed else "",
        "StatutoryLowAge": str(3 + number % 9),
        "StatutoryHighAge": str(11 + number % 9),
        "SchoolCapacity": str(boys + girls + number % 100),
        "NumberOfPupils": str(boys + girls),
        "NumberOfBoys": str(boys),
        "NumberOfGirls": str(girls),
        "FSM": str(number % 90),
        "PercentageFSM": f"{random.randrange(600) / 10:.1f}",
        "CensusDate": "15-01-2026",
        **_whereabouts(number, names, random),
    }


def _whereabouts(number, names, random):
    easting, northing = (max(round(random.gauss(middle, SPREAD)), 0) for middle in MIDDLE)
    return {
        "UKPRN": str(10_000_000 + number),
        "Street": f"{number % 200} {names[0]} Lane",
        "Locality": names[2] if number % 3 else "",
        "Town": names[1],
        "County (name)": f"{names[2]}shire",
        "Postcode": f"ZZ{number % 90 + 1} {number % 10}AA",
        "SchoolWebsite": f"http://www.school{number}.example",
        "TelephoneNum": f"01632{number:06d}",
        "Easting": str(easting),
        "Northing": str(northing),
        "LSOA (code)": f"E01{number % 32000:06d}",
        "MSOA (code)": f"E02{number % 6700:06d}",
        "LastChangedDate": _day(number * 7),
    }


def _day(number):
    return f"{1 + number % 28:02d}-{1 + number % 12:02d}-{1950 + number % 76}"


def altered(data):
    """Return an extract with the number of pupils of every fiftieth school one higher."""
    file = RegisterFile("register.csv", data)
    place = file.header.index("NumberOfPupils")
    records = [file.lines[0].rstrip(b"\r")]
    for number, (_, record, _) in enumerate(file.records()):
        if number % ONE_IN == 0:
            values = file.values(record)
            values[place] = str(int(values[place] or 0) + 1)
            record = _line(values).encode(file.encoding, "replace")
        records.append(record)
    return b"\r\n".join(records) + b"\r\n"


def _line(values):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="", quoting=csv.QUOTE_ALL).writerow(values)
    return text.getvalue()
