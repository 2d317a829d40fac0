"""Files of many activities are written by a worker in a process of its own."""

import csv
import io

import pytest

from activities import exports
from activities.tests.factories import make_activity
from core.models import AuditEvent, Job
from core.tests.worker import wait_for
from partnerships.models import Membership, Role

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]
EXPORT = "/activities/export/"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 1)


def test_many_rows_become_a_job_with_exactly_the_rows(worker, link, officer, as_user):
    rows = [make_activity(link, officer) for _ in range(3)]
    make_activity(link, officer, status="planned")
    client = as_user(officer)

    response = client.post(f"{EXPORT}?status=delivered", {"format": "csv"})
    job = wait_for(Job.objects.get())

    assert response.url == job.get_absolute_url()
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    text = b"".join(client.get(f"/jobs/{job.pk}/file/").streaming_content).decode("utf-8-sig")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = [int(row["Number"]) for row in csv.DictReader(lines)]
    assert found == [row.pk for row in reversed(rows)]
    assert AuditEvent.objects.get(action="activities.exported").changes["rows"] == 3


def test_a_workbook_is_written_too(worker, link, officer, as_user):
    for _ in range(2):
        make_activity(link, officer)
    client = as_user(officer)

    client.post(EXPORT, {"format": "xlsx"})
    job = wait_for(Job.objects.get())

    content = b"".join(client.get(f"/jobs/{job.pk}/file/").streaming_content)
    assert io.BytesIO(content).read(2) == b"PK"
    assert job.file_name.endswith(".xlsx")


def test_a_right_withdrawn_before_the_run_is_honoured(link, officer, as_user, worker_later):
    for _ in range(2):
        make_activity(link, officer)
    as_user(officer).post(EXPORT, {"format": "csv"})
    Membership.objects.filter(user=officer).update(role=Role.VIEWER)

    job = worker_later(Job.objects.get())

    assert (job.state, job.error) == (
        "failed",
        "Your role no longer lets you export activities.",
    )
    assert not AuditEvent.objects.filter(action="activities.exported").exists()


def test_a_filter_that_is_gone_is_said(link, officer, as_user, worker_later):
    for _ in range(2):
        make_activity(link, officer)
    as_user(officer).post(EXPORT, {"format": "csv"})
    Job.objects.update(params={"query": "school=0", "format": "csv"})

    job = worker_later(Job.objects.get())

    assert job.state == "failed"
    assert job.error.startswith("A part of the filter no longer exists.")


@pytest.fixture
def worker_later():
    """Run a job in this process, as the worker would when its turn comes."""
    from activities.tasks import export_activities

    def run(job):
        export_activities(job.pk)
        job.refresh_from_db()
        return job

    return run


def test_a_right_withdrawn_while_the_file_is_written_is_honoured(
    link, officer, as_user, worker_later, monkeypatch
):
    for _ in range(2):
        make_activity(link, officer)
    as_user(officer).post(EXPORT, {"format": "csv"})
    write = exports.write

    def leave_meanwhile(*args):
        write(*args)
        Membership.objects.filter(user=officer).update(role=Role.VIEWER)

    monkeypatch.setattr(exports, "write", leave_meanwhile)
    job = worker_later(Job.objects.get())

    assert (job.state, job.file.name) == ("failed", "")
    assert job.error.startswith("Your role changed while the file was written.")
    assert not AuditEvent.objects.filter(action="activities.exported").exists()
