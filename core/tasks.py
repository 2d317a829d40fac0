"""What runs on the clock: the sweep of jobs, also the worker's sign of life, and old files."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from core import jobs

HEARTBEAT = "worker:heartbeat"


@shared_task(name="core.tasks.sweep_jobs")
def sweep_jobs():
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=60)
    return jobs.sweep()


@shared_task(name="core.tasks.expire_job_files")
def expire_job_files():
    return jobs.expire_files()
