"""The columns of the DfE register, and what each becomes; always found by name, never by place."""

import hashlib
from dataclasses import dataclass

CODE_LISTS_ENDINGS = (" (code)", " (name)")


@dataclass(frozen=True)
class Field:
    """One field of an establishment and the register column it is read from."""

    name: str
    kind: str
    header: str
    size: int = 0

    @property
    def column(self):
        return f"{self.name}_id" if self.kind == "code" else self.name

    @property
    def headers(self):
        if self.kind == "code":
            return [self.header + ending for ending in CODE_LISTS_ENDINGS]
        return [self.header]


FIELDS = [
    Field("name", "name", "EstablishmentName", 255),
    Field("authority", "code", "LA"),
    Field("establishment_number", "integer", "EstablishmentNumber"),
    Field("ukprn", "text", "UKPRN", 8),
    Field("type", "code", "TypeOfEstablishment"),
    Field("type_group", "code", "EstablishmentTypeGroup"),
    Field("status", "code", "EstablishmentStatus"),
    Field("phase", "code", "PhaseOfEducation"),
    Field("low_age", "small", "StatutoryLowAge"),
    Field("high_age", "small", "StatutoryHighAge"),
    Field("gender", "code", "Gender"),
    Field("sixth_form", "code", "OfficialSixthForm"),
    Field("boarders", "code", "Boarders"),
    Field("admissions", "code", "AdmissionsPolicy"),
    Field("religious_character", "code", "ReligiousCharacter"),
    Field("diocese", "code", "Diocese"),
    Field("trust", "code", "Trusts"),
    Field("federation", "code", "Federations"),
    Field("further_education_type", "text", "FurtherEducationType (name)", 120),
    Field("opened_on", "date", "OpenDate"),
    Field("reason_opened", "code", "ReasonEstablishmentOpened"),
    Field("closed_on", "date", "CloseDate"),
    Field("reason_closed", "code", "ReasonEstablishmentClosed"),
    Field("capacity", "integer", "SchoolCapacity"),
    Field("pupils", "integer", "NumberOfPupils"),
    Field("boys", "integer", "NumberOfBoys"),
    Field("girls", "integer", "NumberOfGirls"),
    Field("fsm_pupils", "meals", "FSM"),
    Field("fsm_percent", "meals", "PercentageFSM"),
    Field("census_on", "date", "CensusDate"),
    Field("street", "text", "Street", 255),
    Field("locality", "text", "Locality", 255),
    Field("address3", "text", "Address3", 255),
    Field("town", "text", "Town", 120),
    Field("county", "text", "County (name)", 120),
    Field("postcode", "postcode", "Postcode", 10),
    Field("website", "text", "SchoolWebsite", 300),
    Field("telephone", "text", "TelephoneNum", 40),
    Field("easting", "place", "Easting"),
    Field("northing", "place", "Northing"),
    Field("region", "code", "GOR"),
    Field("district", "code", "DistrictAdministrative"),
    Field("ward", "code", "AdministrativeWard"),
    Field("constituency", "code", "ParliamentaryConstituency"),
    Field("urban_rural", "code", "UrbanRural"),
    Field("country", "text", "Country (name)", 60),
    Field("msoa", "text", "MSOA (code)", 9),
    Field("lsoa", "text", "LSOA (code)", 9),
    Field("last_changed_on", "date", "LastChangedDate"),
]
CODES = [field for field in FIELDS if field.kind == "code"]

# Published but not kept; the names of head teachers are among them on purpose.
NOT_KEPT = """
NurseryProvision (name)|ReligiousEthos (name)|SpecialClasses (code)|SpecialClasses (name)|
TrustSchoolFlag (code)|TrustSchoolFlag (name)|SchoolSponsorFlag (name)|SchoolSponsors (name)|
FederationFlag (name)|FEHEIdentifier|OfstedLastInsp|OfstedSpecialMeasures (code)|
OfstedSpecialMeasures (name)|HeadTitle (name)|HeadFirstName|HeadLastName|HeadHonours|
HeadPreferredJobTitle|BSOInspectorateName (name)|InspectorateReport|DateOfLastInspectionVisit|
NextInspectionVisit|TeenMoth (name)|TeenMothPlaces|CCF (name)|SENPRU (name)|EBD (name)|PlacesPRU|
FTProv (name)|EdByOther (name)|Section41Approved (name)|SEN1 (name)|SEN2 (name)|SEN3 (name)|
SEN4 (name)|SEN5 (name)|SEN6 (name)|SEN7 (name)|SEN8 (name)|SEN9 (name)|SEN10 (name)|
SEN11 (name)|SEN12 (name)|SEN13 (name)|TypeOfResourcedProvision (name)|ResourcedProvisionOnRoll|
ResourcedProvisionCapacity|SenUnitOnRoll|SenUnitCapacity|GSSLACode (name)|
CensusAreaStatisticWard (name)|MSOA (name)|LSOA (name)|InspectorateName (name)|
Inspectorate (name)|SENStat|SENNoStat|BoardingEstablishment (name)|PropsName|PreviousLA (code)|
PreviousLA (name)|PreviousEstablishmentNumber|OfstedRating (name)|RSCRegion (name)|UPRN|SiteName|
QABName (code)|QABName (name)|EstablishmentAccredited (code)|EstablishmentAccredited (name)|
QABReport|CHNumber|AccreditationExpiryDate
""".replace("\n", "").split("|")

URN = "URN"
HEADER = [URN, *(header for field in FIELDS for header in field.headers), *NOT_KEPT]
KNOWN = {header.lower() for header in HEADER}

# Part of every line's hash: a release that reads columns differently reads every line again.
MAPPING = hashlib.md5(repr((FIELDS, 1)).encode(), usedforsecurity=False).hexdigest()


class Layout:
    """Where the columns of one file are, what it lacks and what it has that is not known."""

    def __init__(self, header):
        self.header = header
        self.places = {name.lower(): place for place, name in enumerate(header)}
        self.urn = self.places.get(URN.lower())
        self.fields = [field for field in FIELDS if any(map(self.place, field.headers))]
        self.missing = [
            header for field in FIELDS for header in field.headers if not self.place(header)
        ]
        self.unknown = [name for name in header if name.lower() not in KNOWN]

    def place(self, header):
        """The staging column of a header, or None."""
        place = self.places.get(header.lower())
        return None if place is None else f"c{place}"

    @property
    def codes(self):
        return [field for field in self.fields if field.kind == "code"]

    def has(self, *names):
        return set(names) <= {field.name for field in self.fields}
