"""What can be done from a page: hand in the DfE's file, profile postcodes, take schools away."""

import secrets

from django.core.files.storage import default_storage
from django.db import transaction

from core import audit, jobs
from schools import tasks
from schools.areas.profiling import profile
from schools.models import PostcodeLoad


class NoPostcodes(Exception):
    """No file of postcodes has been loaded."""

    def __init__(self):
        super().__init__(
            "No file of postcodes has been loaded yet. Ask the people who run this site to load "
            "the OfS’s postcode file or the ONS’s directory."
        )


@transaction.atomic
def upload_register(file, *, by, reason=""):
    """Keep a file of the DfE until a worker has read it; returns the Job."""
    path = default_storage.save(f"{tasks.FOLDER}/{secrets.token_urlsafe(12)}/{file.name}", file)
    try:
        return jobs.enqueue(
            tasks.import_register,
            title=f"Load the register from {file.name}"[:200],
            by=by,
            params={"file": path, "reason": reason},
        )
    except Exception:
        default_storage.delete(path)
        raise


@transaction.atomic
def profile_postcodes(texts, *, by, accepted=()):
    """Profile (row number, text) pairs and keep none of them: only that it was done, and how many.

    `accepted` are the numbers of the rows whose repair the person has taken.
    """
    if not PostcodeLoad.objects.exists():
        raise NoPostcodes
    made = profile(texts, accepted=accepted)
    audit.record("postcodes.profiled", by, by=by, changes={"rows": made.total})
    return made


def note_export(group, *, format, rows, by):
    """Note that the schools of a trust or another group left in a file, and to whom."""
    audit.record("trust.exported", group, by=by, changes={"rows": rows, "format": format})
