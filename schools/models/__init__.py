"""The public register, the same for everyone: schools, their register rows, areas and results."""

from schools.models.establishment import Establishment
from schools.models.register import RegisterChange, RegisterCode, RegisterRun
from schools.models.result import Result, ResultFile, ResultMeasure
from schools.models.school import School, Standing

__all__ = [
    "Establishment",
    "RegisterChange",
    "RegisterCode",
    "RegisterRun",
    "Result",
    "ResultFile",
    "ResultMeasure",
    "School",
    "Standing",
]
