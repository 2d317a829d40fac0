"""What runs on the clock: the sweep of jobs, which is also the worker's sign of life."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from core import jobs

HEARTBEAT = "worker:heartbeat"


@shared_task(name="core.tasks.sweep_jobs")
def sweep_jobs():
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=60)
    return jobs.sweep()
