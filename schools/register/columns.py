"""The columns of the DfE register, and what each becomes; always found by name, never by place."""

import hashlib
import re
from dataclasses import dataclass

NOT_KEY = re.compile(r"[\W_]+")
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
        if self.kind == "list":
            return [self.header.format(number) for number in range(1, self.size + 1)]
        return [self.header]


FIELDS = [
    Field("name", "name", "EstablishmentName", 255),
    Field("authority", "code", "LA"),
    Field("establishment_number", "integer", "EstablishmentNumber"),
    Field("previous_authority", "code", "PreviousLA"),
    Field("previous_number", "integer", "PreviousEstablishmentNumber"),
    Field("ukprn", "text", "UKPRN", 8),
    Field("uprn", "text", "UPRN", 12),
    Field("fehe_identifier", "text", "FEHEIdentifier", 12),
    Field("company_number", "text", "CHNumber", 20),
    Field("type", "code", "TypeOfEstablishment"),
    Field("type_group", "code", "EstablishmentTypeGroup"),
    Field("status", "code", "EstablishmentStatus"),
    Field("phase", "code", "PhaseOfEducation"),
    Field("low_age", "small", "StatutoryLowAge"),
    Field("high_age", "small", "StatutoryHighAge"),
    Field("gender", "code", "Gender"),
    Field("sixth_form", "code", "OfficialSixthForm"),
    Field("nursery_provision", "text", "NurseryProvision (name)", 80),
    Field("boarders", "code", "Boarders"),
    Field("boarding", "text", "BoardingEstablishment (name)", 80),
    Field("admissions", "code", "AdmissionsPolicy"),
    Field("religious_character", "code", "ReligiousCharacter"),
    Field("religious_ethos", "text", "ReligiousEthos (name)", 80),
    Field("diocese", "code", "Diocese"),
    Field("further_education_type", "text", "FurtherEducationType (name)", 120),
    Field("trust_flag", "code", "TrustSchoolFlag"),
    Field("trust", "code", "Trusts"),
    Field("sponsor_flag", "text", "SchoolSponsorFlag (name)", 80),
    Field("sponsors", "text", "SchoolSponsors (name)", 255),
    Field("federation_flag", "text", "FederationFlag (name)", 80),
    Field("federation", "code", "Federations"),
    Field("proprietor", "text", "PropsName", 255),
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
    Field("special_classes", "code", "SpecialClasses"),
    Field("sen_types", "list", "SEN{} (name)", 13),
    Field("section_41", "text", "Section41Approved (name)", 80),
    Field("resourced_provision", "text", "TypeOfResourcedProvision (name)", 80),
    Field("resourced_pupils", "integer", "ResourcedProvisionOnRoll"),
    Field("resourced_places", "integer", "ResourcedProvisionCapacity"),
    Field("sen_unit_pupils", "integer", "SenUnitOnRoll"),
    Field("sen_unit_places", "integer", "SenUnitCapacity"),
    Field("pupils_with_sen_plan", "integer", "SENStat"),
    Field("pupils_without_sen_plan", "integer", "SENNoStat"),
    Field("teenage_mothers", "text", "TeenMoth (name)", 80),
    Field("teenage_mothers_places", "integer", "TeenMothPlaces"),
    Field("child_care", "text", "CCF (name)", 80),
    Field("pru_places", "integer", "PlacesPRU"),
    Field("pru_special_needs", "text", "SENPRU (name)", 80),
    Field("pru_behaviour", "text", "EBD (name)", 80),
    Field("pru_full_time", "text", "FTProv (name)", 80),
    Field("pru_other_tuition", "text", "EdByOther (name)", 80),
    Field("inspectorate", "text", "InspectorateName (name)", 120),
    Field("inspectorate_report", "text", "InspectorateReport", 500),
    Field("inspected_on", "date", "DateOfLastInspectionVisit"),
    Field("next_inspection_on", "date", "NextInspectionVisit"),
    Field("ofsted_rating", "text", "OfstedRating (name)", 80),
    Field("ofsted_inspected_on", "date", "OfstedLastInsp"),
    Field("ofsted_special_measures", "code", "OfstedSpecialMeasures"),
    Field("bso_inspectorate", "text", "BSOInspectorateName (name)", 120),
    Field("accredited", "code", "EstablishmentAccredited"),
    Field("accreditation_body", "code", "QABName"),
    Field("accreditation_report", "text", "QABReport", 500),
    Field("accreditation_expires_on", "date", "AccreditationExpiryDate"),
    Field("street", "text", "Street", 255),
    Field("locality", "text", "Locality", 255),
    Field("address3", "text", "Address3", 255),
    Field("town", "text", "Town", 120),
    Field("county", "text", "County (name)", 120),
    Field("postcode", "postcode", "Postcode", 10),
    Field("site_name", "text", "SiteName", 255),
    Field("website", "text", "SchoolWebsite", 300),
    Field("telephone", "text", "TelephoneNum", 40),
    Field("easting", "place", "Easting"),
    Field("northing", "place", "Northing"),
    Field("region", "code", "GOR"),
    Field("dfe_region", "text", "RSCRegion (name)", 120),
    Field("district", "code", "DistrictAdministrative"),
    Field("ward", "code", "AdministrativeWard"),
    Field("census_ward", "text", "CensusAreaStatisticWard (name)", 120),
    Field("constituency", "code", "ParliamentaryConstituency"),
    Field("urban_rural", "code", "UrbanRural"),
    Field("country", "text", "Country (name)", 60),
    Field("gss_authority", "area", "GSSLACode (name)", 9),
    Field("msoa", "area", "MSOA (code)", 9),
    Field("msoa_name", "text", "MSOA (name)", 80),
    Field("lsoa", "area", "LSOA (code)", 9),
    Field("lsoa_name", "text", "LSOA (name)", 80),
    Field("last_changed_on", "date", "LastChangedDate"),
]
# The second was once called as the first, and the third as the second.
FORMERLY = ["Inspectorate (name)", "InspectorateName (name)", "BSOInspectorateName (name)"]
BY_NAME = {field.name: field for field in FIELDS}

# Published, and on purpose not copied: they name a person and say nothing about the school.
NOT_KEPT = [
    "HeadTitle (name)",
    "HeadFirstName",
    "HeadLastName",
    "HeadHonours",
    "HeadPreferredJobTitle",
]


def key_of(header):
    """What headings are compared by, however they are written: their letters and digits."""
    return NOT_KEY.sub("", header.casefold())


URN = "URN"
HEADER = [URN, *(header for field in FIELDS for header in field.headers), *NOT_KEPT]
KNOWN = set(map(key_of, HEADER))
# What follows from other fields; written where a file has all of them.
DERIVED = {
    "standing": ["status"],
    "laestab": ["authority", "establishment_number"],
    "has_sixth_form": ["sixth_form", "low_age", "high_age"],
}

# Part of every line's hash: a release that reads columns differently reads every line again.
MAPPING = hashlib.md5(repr((FIELDS, DERIVED, 4)).encode(), usedforsecurity=False).hexdigest()


class Layout:
    """Where the columns of one file are, what it lacks and what it has that is not known."""

    def __init__(self, header):
        self.header = header
        self.places = {key_of(name): place for place, name in enumerate(header) if name}
        before = self._put_former_names_right()
        self.urn = self.places[key_of(URN)]
        self.fields = [field for field in FIELDS if self.places_of(field)]
        self.missing = [
            header
            for field in FIELDS
            for header in field.headers
            if key_of(header) not in self.places
        ]
        known = KNOWN | before
        self.unknown_places = [
            place for place, name in enumerate(header) if name and key_of(name) not in known
        ]
        self.unknown = [header[place] for place in self.unknown_places]
        self.derived = [name for name, sources in DERIVED.items() if self.has(*sources)]

    def _put_former_names_right(self):
        """Until 2019 the inspectorates of independent and overseas schools had other names."""
        former, *later = keys = list(map(key_of, FORMERLY))
        if former not in self.places or later[-1] in self.places:
            return set()
        moved = [self.places.get(key) for key in keys]
        for key, place in zip(later, moved, strict=False):
            if place is not None:
                self.places[key] = place
        return {former}

    def places_of(self, field):
        """The columns that a field is read from, in their order; none where the file has none."""
        found = (self.places.get(key_of(header)) for header in field.headers)
        return [place for place in found if place is not None]

    def has(self, *names):
        return all(self.places_of(BY_NAME[name]) for name in names)

    @property
    def columns(self):
        """The columns of an establishment that a row of this file fills."""
        return [*(field.column for field in self.fields), *self.derived, "extra", "line_hash"]
