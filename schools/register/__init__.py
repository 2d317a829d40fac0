"""Reading the DfE's register: one file in, one run with its changes out."""

from schools.register.columns import HEADER
from schools.register.importing import ImportResult, import_file
from schools.register.loading import refresh_schools
from schools.register.staging import SameFile, apply_run, drop_run, preview_file
from schools.register.undoing import undo_run
from schools.register.unpacking import LARGEST, Refused, check_upload

__all__ = [
    "HEADER",
    "LARGEST",
    "ImportResult",
    "Refused",
    "SameFile",
    "apply_run",
    "check_upload",
    "drop_run",
    "import_file",
    "preview_file",
    "refresh_schools",
    "undo_run",
]
