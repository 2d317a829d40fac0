"""Small register files in the layout and the manner of the DfE."""

import io

from schools.register import HEADER

PLAIN = {
    "URN": "900001",
    "LA (code)": "201",
    "LA (name)": "Wexshire",
    "EstablishmentNumber": "4001",
    "EstablishmentName": "Saltmere Academy",
    "TypeOfEstablishment (code)": "34",
    "TypeOfEstablishment (name)": "Academy converter",
    "EstablishmentTypeGroup (code)": "10",
    "EstablishmentTypeGroup (name)": "Academies",
    "EstablishmentStatus (code)": "1",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-2012",
    "CloseDate": "",
    "PhaseOfEducation (code)": "4",
    "PhaseOfEducation (name)": "Secondary",
    "StatutoryLowAge": "11",
    "StatutoryHighAge": "18",
    "Gender (code)": "3",
    "Gender (name)": "Mixed",
    "NumberOfPupils": "1050",
    "PercentageFSM": "18.1",
    "UKPRN": "10090001",
    "Town": "Ketterby",
    "Postcode": "KT1 2AB",
    "Easting": "533498",
    "Northing": "181201",
    "LastChangedDate": "09-02-2026",
    "HeadTitle (name)": "Ms",
    "HeadFirstName": "Invented",
    "HeadLastName": "Person",
}
BARE = {"URN", "StatutoryLowAge", "StatutoryHighAge", "Easting", "Northing"}
CLOSED = {"EstablishmentStatus (code)": "2", "EstablishmentStatus (name)": "Closed"}


def row(urn="900001", name="Saltmere Academy", **fields):
    """A school of the register; its number and UKPRN follow from the URN."""
    tail = int(urn) % 10_000
    numbers = {"EstablishmentNumber": str(tail), "UKPRN": str(10_090_000 + tail)}
    return {**PLAIN, **numbers, "URN": urn, "EstablishmentName": name, **fields}


def rows(number):
    return [row(str(900_001 + place), f"School {place}") for place in range(number)]


class Extract(io.BytesIO):
    """A file in memory with a name."""

    def __init__(self, data, name="edubasealldata20261118.csv"):
        super().__init__(data)
        self.name = name


def data(*schools, header=HEADER, end="\r\n", encoding="cp1252"):
    """The bytes of a file with these rows."""
    lines = [",".join(f'"{name}"' for name in header)]
    lines += [",".join(_cell(name, school.get(name, "")) for name in header) for school in schools]
    return (end.join(lines) + end).encode(encoding)


def _cell(name, value):
    value = str(value)
    return value if name in BARE else '"' + value.replace('"', '""') + '"'


def extract(*schools, name="edubasealldata20261118.csv", **options):
    return Extract(data(*schools, **options), name)
