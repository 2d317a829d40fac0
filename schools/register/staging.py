"""A file looked at before it is applied: keep it, apply it or drop it."""

import gzip

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core import audit
from schools.models import RegisterRun
from schools.register import applying
from schools.register.columns import MAPPING
from schools.register.dropping import drop, drop_overtaken, forget_file, forget_look
from schools.register.importing import (
    ImportResult,
    is_same,
    new_run,
    older_than,
    opened,
    record,
    same_file,
)
from schools.register.reading import RegisterFile
from schools.register.unpacking import Refused

State = RegisterRun.State


class SameFile(Refused):
    """The register stands at this very file; there is nothing to look at."""


def preview_file(
    source,
    *,
    by=None,
    force_reason="",
    origin=RegisterRun.Origin.PAGE,
    reading=None,
    progress=None,
):
    """Keep a DfE extract with what it would change, and return the run; the register stays.

    Raises `Refused`, with a sentence for the reader; `SameFile` where there is nothing to do.
    """
    started_at = timezone.now()
    source, digest, last = opened(source, reading)
    if is_same(last, digest):
        raise SameFile(same_file(last))
    file = RegisterFile(source.name, source.data, salt=MAPPING)
    run = new_run(file, digest, started_at=started_at, by=by, origin=origin)
    run.forced_reason, run.notices = force_reason, [*source.notices, *older_than(last, run)]
    with transaction.atomic():
        applying.look(run, file, progress=progress)
        audit.record("register.previewed", run, by=by, changes={"rows": run.rows})
        _keep(run, source)
    return run


def _keep(run, source):
    packed = ContentFile(gzip.compress(source.data, compresslevel=1, mtime=0))
    run.file.save(f"{run.pk}.csv.gz", packed, save=False)
    try:
        run.save(update_fields=["file"])
    except Exception:
        run.file.delete(save=False)
        raise


@transaction.atomic
def apply_run(run, *, by, progress=None):
    """Apply a run as it was looked at. Returns an `ImportResult`; raises `Refused`."""
    applying.hold_lock()
    _check(run, "be applied")
    if run.follows != RegisterRun.objects.last_applied():
        raise Refused(_overtaken(run))
    file = RegisterFile(run.file_name, _kept(run), salt=MAPPING)
    forget_look(run)
    run.by, run.mapping = by or run.by, MAPPING
    applying.apply(run, file, progress=progress)
    forget_file(run)
    record(run, by=by)
    drop_overtaken(run, by=by)
    return ImportResult(run, notices=run.notices)


@transaction.atomic
def drop_run(run, *, by):
    """Let a run that was only looked at go, with its file. Raises `Refused`."""
    _check(run, "be dropped")
    drop(run, "A site administrator chose not to apply it.", by=by)


def _check(run, verb):
    """Read the run anew, lest two people act on it at once."""
    now = RegisterRun.objects.select_for_update().get(pk=run.pk)
    run.state, run.file, run.follows_id = now.state, now.file, now.follows_id
    if run.state == State.DROPPED and run.follows != RegisterRun.objects.last_applied():
        raise Refused(_overtaken(run))
    if run.state != State.PREVIEWED:
        state = run.get_state_display().lower()
        raise Refused(f"{run.file_name} cannot {verb}: somebody has acted on it ({state}).")


def _overtaken(run):
    return (
        f"The register has changed since {run.file_name} was looked at. "
        "Hand the file in again, and look at it anew."
    )


def _kept(run):
    try:
        with run.file.open() as file:
            return gzip.decompress(file.read())
    except (FileNotFoundError, ValueError) as error:
        raise Refused(f"{run.file_name} is no longer kept here. Hand it in again.") from error
