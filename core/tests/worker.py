"""A real Celery worker for tests, in a process of its own, on the test's own database and queue."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from core.embedded.processes import die_with_parent
from core.models import Job

PATIENCE = 60


def database_url():
    """The test database as an address that another process can be given."""
    values = connection.settings_dict
    host = values["HOST"] or values["OPTIONS"].get("host", "")
    where = f"?host={quote(host, safe='/')}" if host.startswith("/") else ""
    name = "" if host.startswith("/") else f"{host}:{values['PORT'] or 5432}"
    user = quote(values["USER"]) + (f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else "")
    return f"postgresql://{user}@{name}/{values['NAME']}{where}"


@contextmanager
def running_worker(queue, *options, **environment):
    command = ["-m", "celery", "-A", "config", "worker", "-Q", queue, "-c", "1", "-l", "WARNING"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen(
        [sys.executable, *command, *quiet, *options],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "JOB_QUEUE": queue, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            kill(process)


def kill(process):
    """Kill -9 the worker and its children at once, as a failing machine would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def worker(transactional_db):
    """Start the worker; yields its Popen. Use with `serialized_rollback=True`."""
    with running_worker(settings.CELERY_TASK_DEFAULT_QUEUE) as process:
        yield process


def wait_for(job):
    """Return the job as it stands once it has ended; fails after a minute."""
    return wait_until(lambda: (now := Job.objects.get(pk=job.pk)).is_ended and now)


def wait_until(holds):
    """Return the first true answer of `holds()`; fails after a minute."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if answer := holds():
            return answer
        time.sleep(0.05)
    raise AssertionError("It did not come true within a minute.")
