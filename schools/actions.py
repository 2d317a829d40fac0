"""What can be done to the register from a page: hand in the DfE's file."""

import secrets

from django.core.files.storage import default_storage
from django.db import transaction

from core import jobs
from schools import tasks


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
