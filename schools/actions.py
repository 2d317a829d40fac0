"""What can be done from a page: the register's files, profiling postcodes, taking schools away."""

import secrets

from django.core.files.storage import default_storage
from django.db import transaction

from core import audit, jobs
from schools import register, tasks
from schools.areas.profiling import profile
from schools.models import PostcodeLoad, RegisterRun


class NoPostcodes(Exception):
    """No file of postcodes has been loaded."""

    def __init__(self):
        super().__init__(
            "No file of postcodes has been loaded yet. Ask the people who run this site to load "
            "the OfS’s postcode file or the ONS’s directory."
        )


@transaction.atomic
def upload_register(file, *, by, reason=""):
    """Keep a file of the DfE until a worker has looked at what it changes; returns the Job."""
    path = default_storage.save(f"{tasks.FOLDER}/{secrets.token_urlsafe(12)}/{file.name}", file)
    try:
        return jobs.enqueue(
            tasks.preview_register,
            title=f"Look at what {file.name} changes"[:200],
            by=by,
            params={"file": path, "reason": reason},
        )
    except Exception:
        default_storage.delete(path)
        raise


def apply_run(run, *, by):
    """Let a worker apply the changes of a file that was looked at; returns the Job."""
    _must_be(run, RegisterRun.State.PREVIEWED)
    return _enqueue(tasks.apply_run, f"Apply {run.file_name} to the register", run, by)


def drop_run(run, *, by):
    """Leave the changes of a file that was looked at; the register stays as it is."""
    register.drop_run(run, by=by)


def undo_run(run, *, by):
    """Let a worker put the register back to what it was before a file; returns the Job."""
    _must_be(run, RegisterRun.State.APPLIED)
    return _enqueue(tasks.undo_run, f"Undo {run.file_name} in the register", run, by)


def _enqueue(task, title, run, by):
    return jobs.enqueue(
        task,
        title=title[:200],
        by=by,
        params={"run": run.pk},
        unique_key=f"{task.name}:{run.pk}",
    )


def _must_be(run, state):
    run.refresh_from_db(fields=["state"])
    if run.state != state:
        raise register.Refused(f"{run.file_name}: {run.get_state_display().lower()} meanwhile.")


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


@transaction.atomic
def note_export(group, *, format, rows, by):
    """Note that the schools of a trust or another group left in a file, and to whom."""
    audit.record("trust.exported", group, by=by, changes={"rows": rows, "format": format})
