"""How the site is working: the queue, the workers, the last runs and the files, without a title.

For the site administrator, who is in no partnership: what a job is about is not theirs to read.
"""

import shutil
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import checks, scope
from core.models import Job

WEEK = timedelta(days=7)
PING_SECONDS = 1


def now_working():
    """Read everything that the health page shows, for the site itself, as a dict."""
    with scope.everything():
        return {
            "queue": _queue(),
            "unfinished": list(Job.objects.unfinished()),
            "kinds": list(_kinds()),
            "files": _files(),
            "database": _database(),
        }


def workers():
    """The workers that answer at once, by name; None where the broker does not answer."""
    try:
        answers = current_app.control.ping(timeout=PING_SECONDS)
    except (OperationalError, RedisError, OSError):
        return None
    return sorted(name for answer in answers for name in answer)


def _queue():
    waiting = Q(state=Job.State.QUEUED)
    return Job.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        unsent=Count("pk", filter=waiting & Q(sent_at=None)),
        running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        oldest=Min("created_at", filter=waiting),
    )


def _kinds():
    lately = Q(created_at__gte=timezone.now() - WEEK)
    ended = Job.objects.filter(lately, finished_at__isnull=False)
    return (
        ended.values("kind")
        .order_by("kind")
        .annotate(
            done=Count("pk", filter=Q(state=Job.State.DONE)),
            failed=Count("pk", filter=Q(state=Job.State.FAILED)),
            stopped=Count("pk", filter=Q(state=Job.State.CANCELLED)),
            last_done=Max("finished_at", filter=Q(state=Job.State.DONE)),
            last_failed=Max("finished_at", filter=Q(state=Job.State.FAILED)),
        )
    )


def _files():
    kept = Job.objects.exclude(file="")
    disk = shutil.disk_usage(settings.VAR_DIR)
    return {
        "kept": kept.count(),
        "oldest": kept.aggregate(at=Min("finished_at"))["at"],
        "days": settings.JOB_FILES_KEPT_DAYS,
        "free_bytes": disk.free,
        "free_percent": 100 * disk.free // disk.total,
    }


def _database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), pg_database_size(current_database()), "
            "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
        )
        version, size, sessions = cursor.fetchone()
        cursor.execute(checks.IS_ABOVE_POLICIES)
        (above,) = cursor.fetchone()
    return {"version": version, "bytes": size, "sessions": sessions, "above_policies": above}
