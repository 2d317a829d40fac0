"""A worker killed in the middle of a job: the job runs again, and its effect is there once."""

import pytest
from django.conf import settings
from django.db import connections

from core import jobs
from core.models import Job
from core.tests.worker import kill, running_worker, wait_for, wait_until
from needs import actions
from needs.models import NeedsSummary

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def held_back():
    """Another session that keeps the summaries locked, so that the job stands still half-way."""
    other = connections.create_connection("default")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE needs_needssummary IN EXCLUSIVE MODE")
    yield other
    other.close()


def is_held(job):
    return job.pk in jobs._held_locks()


def test_a_job_whose_worker_was_killed_runs_again(world, manager, held_back):
    job = actions.recompute(world.partnership, school_year=world.year, by=manager)
    queue = settings.CELERY_TASK_DEFAULT_QUEUE

    with running_worker(queue) as worker:
        wait_until(lambda: Job.objects.running().filter(pk=job.pk) and is_held(job))
        kill(worker)
    held_back.rollback()
    wait_until(lambda: not is_held(job))
    Job.objects.filter(pk=job.pk).update(started_at="2026-01-01T00:00Z")
    jobs.sweep()
    with running_worker(queue):
        ended = wait_for(job)

    assert (ended.state, ended.attempts) == (Job.State.DONE, 2)
    assert NeedsSummary.objects.filter(hub=world.hub, area=world.area, side="school").count() == 1
