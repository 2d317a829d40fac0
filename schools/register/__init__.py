"""Reading the DfE's register: one file in, one run with its changes out."""

from schools.register.columns import HEADER
from schools.register.importing import ImportResult, import_file
from schools.register.loading import refresh_schools
from schools.register.unpacking import LARGEST, Refused, check_upload

__all__ = [
    "HEADER",
    "LARGEST",
    "ImportResult",
    "Refused",
    "check_upload",
    "import_file",
    "refresh_schools",
]
