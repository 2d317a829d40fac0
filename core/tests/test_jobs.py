"""Jobs: the row is the truth, whatever happens to the message or the worker."""

import os

import pytest
from celery import shared_task
from django.db import connections
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, Job


@pytest.fixture
def owner(db, django_user_model):
    return django_user_model.objects.create(email="owner@example.org", name="Olive Owner")


@shared_task(name="core.tests.nothing")
def nothing(job_id):
    """A task that no worker is asked to run."""


def make_job(owner, **fields):
    fields.setdefault("kind", "core.tests.nothing")
    return Job.objects.create(owner=owner, title="Count", **fields)


def test_enqueue_writes_the_row_and_its_audit_event(owner):
    job = jobs.enqueue(nothing, title="Count", by=owner, params={"year": 2026})

    assert Job.objects.get().params == {"year": 2026}
    assert AuditEvent.objects.get().action == "job.queued"
    assert job.state == Job.State.QUEUED


def test_enqueue_leaves_nothing_when_the_audit_fails(owner, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("core.audit.record", refuse)

    with pytest.raises(RuntimeError):
        jobs.enqueue(nothing, title="Count", by=owner)

    assert not Job.objects.exists()


def test_enqueue_twice_with_one_key_is_one_job(owner):
    first = jobs.enqueue(nothing, title="Count", by=owner, unique_key="count:1")
    second = jobs.enqueue(nothing, title="Count", by=owner, unique_key="count:1")

    assert first == second


def test_run_moves_the_job_to_done(owner):
    job = make_job(owner)

    with jobs.run(job.pk) as running:
        jobs.report_progress(running, 2, 4, "Counting")
        running.result = {"n": 2}

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.phase) == ("done", 2, 4, "Counting")
    assert job.result == {"n": 2}
    assert job.worker.endswith(f":{os.getpid()}")


def test_run_of_an_ended_job_does_nothing(owner):
    job = make_job(owner, state=Job.State.DONE)

    with jobs.run(job.pk) as running:
        assert running is None


def test_a_message_of_another_kind_leaves_the_job_alone(owner):
    job = make_job(owner)

    @jobs.task
    def something_else(job):
        raise AssertionError("it should not have run")

    something_else(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)


def test_run_that_fails_says_what_to_do(owner):
    job = make_job(owner)

    with jobs.run(job.pk):
        raise ValueError("a secret of the inside")

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.reference in job.error
    assert "secret" not in job.error


def test_run_that_meets_a_problem_shows_its_words(owner):
    job = make_job(owner)

    with jobs.run(job.pk):
        raise jobs.JobProblem("Choose a year with activities.")

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "Choose a year with activities.")


def test_cancel_stops_the_run_at_its_next_report(owner):
    job = make_job(owner)

    with jobs.run(job.pk) as running:
        jobs.cancel(job, by=owner)
        jobs.report_progress(running, 1, 2)
        raise AssertionError("the report should have stopped the run")

    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert AuditEvent.objects.get(action="job.cancelled").target_id == str(job.pk)


def test_cancel_leaves_nothing_when_the_audit_fails(owner, monkeypatch):
    job = make_job(owner)

    def refuse(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("core.audit.record", refuse)

    with pytest.raises(RuntimeError):
        jobs.cancel(job, by=owner)

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_cancel_of_an_ended_job_changes_nothing(owner):
    job = make_job(owner, state=Job.State.DONE)

    assert not jobs.cancel(job, by=owner)


LONG_AGO = timezone.now() - timezone.timedelta(hours=1)


def test_sweep_runs_again_what_a_dead_worker_left(owner):
    job = make_job(owner, state=Job.State.RUNNING, attempts=1, started_at=LONG_AGO)

    jobs.sweep()

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_sweep_fails_what_stopped_three_times(owner):
    job = make_job(owner, state=Job.State.RUNNING, attempts=3, started_at=LONG_AGO)

    jobs.sweep()

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.reference in job.error


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sweep_leaves_a_job_whose_worker_holds_the_lock(owner):
    job = make_job(owner, state=Job.State.RUNNING, attempts=1, started_at=LONG_AGO)
    other = connections.create_connection("default")

    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.LOCK_CLASS, job.pk])
        jobs.sweep()
    other.close()

    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


def test_sweep_sends_again_what_was_never_sent(owner):
    job = make_job(owner, sent_at=None)

    jobs.sweep()

    job.refresh_from_db()
    assert job.sent_at is not None
