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
# What the columns say that PLAIN leaves out.
REST = {
    "PreviousLA (code)": "911",
    "PreviousLA (name)": "Pre LGR Wexshire",
    "PreviousEstablishmentNumber": "3106",
    "UPRN": "100090000001",
    "FEHEIdentifier": "190001",
    "CHNumber": "07000001",
    "OfficialSixthForm (code)": "1",
    "OfficialSixthForm (name)": "Has a sixth form",
    "NurseryProvision (name)": "No Nursery Classes",
    "Boarders (code)": "1",
    "Boarders (name)": "No boarders",
    "BoardingEstablishment (name)": "Does not have boarders",
    "AdmissionsPolicy (code)": "4",
    "AdmissionsPolicy (name)": "Non-selective",
    "ReligiousCharacter (code)": "02",
    "ReligiousCharacter (name)": "Church of England",
    "ReligiousEthos (name)": "Christian",
    "Diocese (code)": "CE23",
    "Diocese (name)": "Diocese of Wexshire",
    "FurtherEducationType (name)": "Not applicable",
    "TrustSchoolFlag (code)": "3",
    "TrustSchoolFlag (name)": "Supported by a multi-academy trust",
    "Trusts (code)": "17001",
    "Trusts (name)": "COAST TRUST",
    "SchoolSponsorFlag (name)": "Linked to a sponsor",
    "SchoolSponsors (name)": "The Coast Fund",
    "FederationFlag (name)": "Not under a federation",
    "Federations (code)": "5001",
    "Federations (name)": "Marsh Federation",
    "PropsName": "Coast Corporation",
    "ReasonEstablishmentOpened (code)": "10",
    "ReasonEstablishmentOpened (name)": "Academy Converter",
    "CloseDate": "31-08-2027",
    "ReasonEstablishmentClosed (code)": "00",
    "ReasonEstablishmentClosed (name)": "Not applicable",
    "SchoolCapacity": "1200",
    "NumberOfBoys": "500",
    "NumberOfGirls": "550",
    "FSM": "190",
    "CensusDate": "15-01-2026",
    "SpecialClasses (code)": "1",
    "SpecialClasses (name)": "Has Special Classes",
    "SEN1 (name)": "Not Applicable",
    "SEN2 (name)": "ASD - Autistic Spectrum Disorder",
    "SEN3 (name)": 'HI - "Hearing", impairment',
    "SEN13 (name)": "ASD - Autistic Spectrum Disorder",
    "Section41Approved (name)": "Not approved",
    "TypeOfResourcedProvision (name)": "Resourced provision",
    "ResourcedProvisionOnRoll": "24",
    "ResourcedProvisionCapacity": "30",
    "SenUnitOnRoll": "4",
    "SenUnitCapacity": "8",
    "SENStat": "12",
    "SENNoStat": "63",
    "TeenMoth (name)": "Provides places for Teen Mothers",
    "TeenMothPlaces": "5",
    "CCF (name)": "Has child care facilities",
    "PlacesPRU": "16",
    "SENPRU (name)": "PRU Does have Provision for SEN",
    "EBD (name)": "PRU Does have EBD provision",
    "FTProv (name)": "PRU offers full time provision",
    "EdByOther (name)": "Does not offer tuition by another provider",
    "InspectorateName (name)": "ISI",
    "InspectorateReport": "https://inspectors.example/900001",
    "DateOfLastInspectionVisit": "28-09-2023",
    "NextInspectionVisit": "01-09-2027",
    "OfstedRating (name)": "Good",
    "OfstedLastInsp": "19-04-2013",
    "OfstedSpecialMeasures (code)": "0",
    "OfstedSpecialMeasures (name)": "Not applicable",
    "BSOInspectorateName (name)": "Penta",
    "EstablishmentAccredited (code)": "1",
    "EstablishmentAccredited (name)": "Accredited",
    "QABName (code)": "2",
    "QABName (name)": "Ofsted",
    "QABReport": "https://quality.example/900001",
    "AccreditationExpiryDate": "30-06-2028",
    "Street": "1 Quay  Street",
    "Locality": "Harbour",
    "Address3": "Old Town",
    "County (name)": "Wexshire",
    "SiteName": "Quay site",
    "SchoolWebsite": "www.saltmere.example",
    "TelephoneNum": "1632960001",
    "GOR (code)": "K",
    "GOR (name)": "South West",
    "RSCRegion (name)": "South-West England",
    "DistrictAdministrative (code)": "E07000001",
    "DistrictAdministrative (name)": "Weir",
    "AdministrativeWard (code)": "E05000001",
    "AdministrativeWard (name)": "Quay",
    "CensusAreaStatisticWard (name)": "Quay North",
    "ParliamentaryConstituency (code)": "E14000001",
    "ParliamentaryConstituency (name)": "Weir and Marsh",
    "UrbanRural (code)": "C1",
    "UrbanRural (name)": "Urban city and town",
    "Country (name)": "United Kingdom",
    "GSSLACode (name)": "E10000001",
    "MSOA (code)": "E02000001",
    "MSOA (name)": "Weir 001",
    "LSOA (code)": "E01000001",
    "LSOA (name)": "Weir 001A",
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
