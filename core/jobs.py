"""Long work as rows: enqueue, run under a lock, report progress, sweep after a dead worker."""

import os
import socket
from contextlib import contextmanager
from datetime import timedelta
from functools import partial, wraps

import structlog
from celery import current_app, shared_task
from django.core.files import File
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from core import audit, scope
from core.models import Job

LOCK_CLASS = 20_611
MOST_ATTEMPTS = 3
RESEND_AFTER = timedelta(seconds=60)
log = structlog.get_logger(__name__)


class Stopped(Exception):
    """The job was cancelled, or ended elsewhere, while this run was at work."""


class JobProblem(Exception):
    """A fault that the owner can mend; its text is shown to them as it stands."""


@transaction.atomic
def enqueue(task, *, title, by, params=None, partnership_id=None, unique_key=""):
    """Write a Job row and wake a worker after commit; returns the Job.

    With a `unique_key`, a job of that key that still waits is returned instead of a second one;
    the row lock keeps it waiting until the caller's changes are committed.
    """
    job = Job(
        owner=by,
        partnership_id=partnership_id,
        kind=task.name,
        title=title,
        params=params or {},
        unique_key=unique_key,
        sent_at=timezone.now(),
    )
    waiting = _waiting(unique_key) or _save_or_join(job)
    if waiting:
        return waiting
    audit.record("job.queued", job, by=by, changes={"kind": job.kind})
    transaction.on_commit(partial(send, job))
    return job


def _waiting(unique_key):
    if not unique_key:
        return None
    return Job.objects.queued().filter(unique_key=unique_key).select_for_update().first()


def _save_or_join(job):
    """Save the job; where another request was quicker with the same key, return that one's."""
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        if waiting := _waiting(job.unique_key):
            return waiting
        job.save()
    return None


def send(job):
    """Send the wake-up call. With the broker away the sweep sends it later."""
    try:
        current_app.send_task(job.kind, [job.pk], retry=False)
    except (BrokerAway, OSError) as error:
        log.warning("job not sent", job=job.pk, error=type(error).__name__)
        Job.objects.filter(pk=job.pk).update(sent_at=None)
    else:
        Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())


def task(function):
    """Make `function(job)` a Celery task of one argument, the job's id."""

    kind = f"{function.__module__}.{function.__name__}"

    @wraps(function)
    def run_task(job_id):
        with run(job_id, kind) as job:
            if job is not None:
                function(job)

    return shared_task(name=kind)(run_task)


@contextmanager
def run(job_id, kind=None):
    """Hold the job's lock, move it to running, and close it as done or failed on the way out.

    Yields None where the job has ended, or another worker holds it, or it is not of this kind:
    after a restore an old message may bear the number of another job.
    """
    with scope.everything(), _lock(job_id) as held:
        job = _start(job_id, kind) if held else None
        if job is None:
            yield None
            return
        try:
            with scope.person(job.owner_id):
                yield job
        except Stopped:
            log.info("job stopped", job=job.pk)
        except (OperationalError, InterfaceError) as error:
            _leave_to_sweep(job, error)
        except JobProblem as problem:
            _finish(job, Job.State.FAILED, error=str(problem))
        except Exception:
            log.exception("job failed", job=job.pk, reference=job.reference)
            _finish(
                job,
                Job.State.FAILED,
                error=f"Something went wrong on our side. Start it again; if it fails again, "
                f"tell the site administrator the reference {job.reference}.",
            )
        else:
            _finish(job, Job.State.DONE)


def report_progress(job, done, total, phase=None):
    """Write how far the work has come; raises Stopped when the job was cancelled meanwhile."""
    values = {"done": done, "total": total}
    if phase is not None:
        values["phase"] = phase
    if not Job.objects.running().filter(pk=job.pk).update(**values):
        raise Stopped
    for name, value in values.items():
        setattr(job, name, value)


def keep_file(job, file, name):
    """Store an open binary file as the running job's result; raises Stopped where it is not."""
    job.file.save(name, File(file), save=False)
    job.file_name = name
    if not Job.objects.running().filter(pk=job.pk).update(file=job.file.name, file_name=name):
        job.file.storage.delete(job.file.name)
        raise Stopped


@transaction.atomic
def cancel(job, *, by):
    """Stop a job that has not ended; the worker notices at its next progress report."""
    changed = Job.objects.filter(pk=job.pk, state__in=["queued", "running"]).update(
        state=Job.State.CANCELLED, finished_at=timezone.now()
    )
    if changed:
        audit.record("job.cancelled", job, by=by)
    return bool(changed)


def drop_files(owner, *, partnership_id):
    """Delete the files of a person's jobs in a partnership, or in several; returns how many.

    For who loses the right to the rows: the files hold them still.
    """
    theirs = Job.objects.filter(Q(partnership_id=partnership_id) | Q(partnership_id=None))
    jobs = list(theirs.filter(owner=owner).exclude(file="").select_for_update())
    for job in jobs:
        transaction.on_commit(partial(job.file.storage.delete, job.file.name))
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(file="", file_name="")
    return len(jobs)


def expire_files():
    """Delete the result files that were kept long enough; returns how many. The rows stay."""
    with scope.everything(), transaction.atomic():
        jobs = list(Job.objects.with_expired_file(timezone.now()).select_for_update())
        for job in jobs:
            audit.record("job.file_expired", job, by=None)
            transaction.on_commit(partial(job.file.storage.delete, job.file.name))
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(file="")
    return len(jobs)


def sweep():
    """Send again what waits too long, and settle what a dead worker left; returns a count."""
    with scope.everything():
        return _send_again() + _settle()


def _send_again():
    stale = timezone.now() - RESEND_AFTER
    waiting = list(Job.objects.queued().filter(Q(sent_at=None) | Q(sent_at__lt=stale)))
    for job in waiting:
        send(job)
    return len(waiting)


def _settle():
    swept, held = 0, _held_locks()
    for job in Job.objects.running().filter(started_at__lt=timezone.now() - timedelta(seconds=2)):
        if _lock_key(job.pk) not in held and _recover(job):
            swept += 1
    return swept


def _recover(job):
    mine = Job.objects.running().filter(pk=job.pk, attempts=job.attempts)
    if job.attempts >= MOST_ATTEMPTS:
        return mine.update(
            state=Job.State.FAILED,
            finished_at=timezone.now(),
            error=f"The work stopped {job.attempts} times before its end. "
            f"Tell the site administrator the reference {job.reference}.",
        )
    changed = mine.update(state=Job.State.QUEUED, unique_key="", phase="Starting again")
    if changed:
        send(job)
    return changed


def _start(job_id, kind):
    rows = Job.objects.filter(kind=kind) if kind else Job.objects.all()
    started = (
        rows.filter(pk=job_id, state__in=["queued", "running"])
        .filter(attempts__lt=MOST_ATTEMPTS)
        .update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            started_at=timezone.now(),
            worker=f"{socket.gethostname()}:{os.getpid()}",
            done=0,
        )
    )
    return Job.objects.select_related("owner").get(pk=job_id) if started else None


def _finish(job, state, error=""):
    Job.objects.running().filter(pk=job.pk).update(
        state=state, error=error, finished_at=timezone.now(), result=job.result
    )


def _leave_to_sweep(job, error):
    """The session was cut: its lock is free, so the sweep starts the job again."""
    log.warning("job cut off", job=job.pk, error=type(error).__name__)
    connection.close()


def _lock_key(job_id):
    return job_id % 2**31


@contextmanager
def _lock(job_id):
    key = _lock_key(job_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, key])
        held = cursor.fetchone()[0]
    try:
        yield held
    finally:
        if held and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, key])


def _held_locks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks JOIN pg_database d ON d.oid = database "
            "WHERE locktype = 'advisory' AND classid::bigint = %s AND datname = current_database()",
            [LOCK_CLASS],
        )
        return {row[0] for row in cursor.fetchall()}
