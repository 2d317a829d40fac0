"""Says whether the site lives, and whether it is ready to work."""

from datetime import datetime

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core.tasks import HEARTBEAT

LATE_AFTER = 45


@transaction.non_atomic_requests
@require_safe
@never_cache
@login_not_required
def healthz(request):
    """Answer as long as the process does."""
    return JsonResponse({"alive": True})


@transaction.non_atomic_requests
@require_safe
@never_cache
@login_not_required
def readyz(request):
    """Say in words what answers and what does not; 503 while a part is missing."""
    found = parts()
    ready = all(well for well, _ in found.values())
    words = {part: said for part, (_, said) in found.items()}
    return JsonResponse({"ready": ready, **words}, status=200 if ready else 503)


def parts():
    """Each part of the site: whether it is well, and what to say of it."""
    broker = _broker()
    return {"database": _database(), "broker": broker, "worker": _worker(broker)}


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False, "does not answer"
    return True, "answers"


def _broker():
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, RedisError, OSError):
        return False, "does not answer"
    return True, "answers"


def _worker(broker):
    if not broker[0]:
        return False, "not known: the broker does not answer"
    seen = cache.get(HEARTBEAT)
    if not seen:
        return False, "not seen in the last minute"
    age = (timezone.now() - datetime.fromisoformat(str(seen))).total_seconds()
    return age <= LATE_AFTER, f"seen {round(age)} seconds ago"
