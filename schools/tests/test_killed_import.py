"""An import whose process is killed when all is written and nothing committed."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from core.tests.worker import database_url
from schools.models import Establishment, RegisterRun, School
from schools.register import import_file
from schools.register.applying import LOCK
from schools.tests import extract
from schools.tests.extract import row, rows

IMPORT = """
import sys, time, django
django.setup()
from core import scope
from schools.register import import_file
scope.rest_at(scope.EVERYTHING)
told = []
def progress(done, total):
    told.append(done == total)
    if sum(told) == 2:
        print("written", flush=True)
        time.sleep(600)
import_file(sys.argv[1], progress=progress)
"""


def state():
    establishments = Establishment.objects.order_by("pk").values()
    return list(establishments), list(School.objects.order_by("pk").values())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_import_killed_half_way_leaves_the_register_as_it_was(tmp_path):
    import_file(extract.extract(*rows(20)))
    before = state()
    second = [*rows(19), row("900020", "Renamed"), row("900031")]
    path = tmp_path / "edubasealldata20261119.csv"
    path.write_bytes(extract.data(*second))

    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, path],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    said = process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s), pg_advisory_unlock(%s)", [LOCK, LOCK])
    assert said == "written\n"
    assert state() == before
    assert RegisterRun.objects.count() == 1
    run = import_file(path).run
    assert (run.new, run.changed) == (1, 1)
