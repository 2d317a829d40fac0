"""Reading the DfE's register: one file in, one run with its changes out."""

from schools.register.columns import HEADER
from schools.register.importing import ImportResult, import_file
from schools.register.loading import refresh_schools
from schools.register.reading import Refused

__all__ = ["HEADER", "ImportResult", "Refused", "import_file", "refresh_schools"]
