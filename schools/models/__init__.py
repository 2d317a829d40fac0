"""The public register, the same for everyone: schools, their register rows, areas and results."""

from schools.models.area import (
    AreaEdition,
    AreaMeasure,
    AreaReason,
    AreaValue,
    Country,
    Geography,
    Postcode,
    PostcodeLoad,
    SchoolArea,
)
from schools.models.establishment import Establishment
from schools.models.fetch import RegisterFetch
from schools.models.foreseen import RegisterJoin, RegisterMissing, RegisterNew
from schools.models.group import Group, GroupMembership
from schools.models.lineage import EstablishmentLink, LinkBefore, LoadedFile, SchoolMove
from schools.models.register import RegisterBefore, RegisterChange, RegisterCode, RegisterRun
from schools.models.result import Result, ResultFile, ResultMeasure
from schools.models.school import School, SearchWord, Standing

__all__ = [
    "AreaEdition",
    "AreaMeasure",
    "AreaReason",
    "AreaValue",
    "Country",
    "Establishment",
    "EstablishmentLink",
    "Geography",
    "Group",
    "GroupMembership",
    "LinkBefore",
    "LoadedFile",
    "Postcode",
    "PostcodeLoad",
    "RegisterBefore",
    "RegisterChange",
    "RegisterCode",
    "RegisterFetch",
    "RegisterJoin",
    "RegisterMissing",
    "RegisterNew",
    "RegisterRun",
    "Result",
    "ResultFile",
    "ResultMeasure",
    "School",
    "SchoolArea",
    "SchoolMove",
    "SearchWord",
    "Standing",
]
