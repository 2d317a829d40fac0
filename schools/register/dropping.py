"""Letting go of a file that was looked at: its rows, the file itself, and why."""

from django.db import transaction

from core import audit
from schools.models import RegisterRun

State = RegisterRun.State


def drop(run, because, *, by, **changes):
    """Say that a file was not applied and why, and keep neither it nor what it would change."""
    run.state, run.dropped_because = State.DROPPED, because
    forget_look(run)
    forget_file(run)
    run.save(update_fields=["state", "dropped_because"])
    audit.record("register.dropped", run, by=by, changes=changes)


def drop_overtaken(run, *, by, verb="applied"):
    """Drop every other file that was looked at: the register is no longer as it was then.

    Within the caller's transaction, which applies or undoes `run`.
    """
    others = RegisterRun.objects.filter(state=State.PREVIEWED).exclude(pk=run.pk)
    for other in others.select_for_update().order_by("pk"):
        drop(other, f"{run.file_name} was {verb} first.", by=by, overtaken_by=run.pk)


def forget_look(run):
    """Forget the rows and fields that were noted when the file was looked at."""
    for seen in (run.changes, run.foreseen, run.joins, run.lacks):
        seen.all().delete()


def forget_file(run):
    """Delete the kept file once all is committed."""
    storage, name = run.file.storage, run.file.name
    run.file = ""
    run.save(update_fields=["file"])
    if name:
        transaction.on_commit(lambda: storage.delete(name))
