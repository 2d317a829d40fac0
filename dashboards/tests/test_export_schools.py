"""Files of many schools are written by a worker in a process of its own."""

import pytest

from core.models import AuditEvent, Job
from core.tests.worker import wait_for
from dashboards import exports
from schools.tests.factories import make_school

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_many_schools_become_a_job_with_exactly_the_rows(worker, officer, as_user, monkeypatch):
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 1)
    for name, standing in [("Abbey", "open"), ("Weir", "open"), ("Old", "closed")]:
        make_school(name, standing=standing)
    client = as_user(officer)

    response = client.post("/schools/export/?standing=open", {"format": "csv"})
    job = wait_for(Job.objects.get())

    assert response.url == job.get_absolute_url()
    assert (job.state, job.done, job.total) == ("done", 2, 2)
    text = b"".join(client.get(f"/jobs/{job.pk}/file/").streaming_content).decode("utf-8-sig")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line.split(",")[0].strip('"') for line in lines] == ["School", "Abbey", "Weir"]
    assert AuditEvent.objects.get(action="schools.exported").changes["rows"] == 2
