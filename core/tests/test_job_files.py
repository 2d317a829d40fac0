"""The result files of jobs: kept for a while, then deleted, and the pages say so."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, Job
from core.tests.test_jobs import make_job, owner  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(owner, settings, tmp_path):  # noqa: F811
    """Return a function that makes a job which ended so many days ago, with its file."""
    settings.MEDIA_ROOT = tmp_path

    def make(days):
        job = make_job(owner, state="done", file_name="rows.csv")
        job.finished_at = timezone.now() - timedelta(days=days)
        job.file.save("rows.csv", ContentFile(b"rows"))
        return job

    return make


def test_files_are_deleted_after_their_days(done, settings, django_capture_on_commit_callbacks):
    settings.JOB_FILES_KEPT_DAYS = 30
    old, young = done(31), done(29)

    with django_capture_on_commit_callbacks(execute=True):
        count = jobs.expire_files()

    assert count == 1
    assert not old.file.storage.exists(old.file.name)
    assert young.file.storage.exists(young.file.name)
    assert Job.objects.get(pk=old.pk).file == ""
    event = AuditEvent.objects.get()
    assert (event.action, event.target_id) == ("job.file_expired", str(old.pk))


def test_nothing_is_deleted_when_auditing_fails(done, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError

    old = done(31)
    monkeypatch.setattr("core.audit.record", refuse)

    with pytest.raises(RuntimeError):
        jobs.expire_files()

    assert old.file.storage.exists(old.file.name)
    assert Job.objects.get(pk=old.pk).file


def test_the_page_says_until_when_and_what_to_do_afterwards(
    done, client, django_capture_on_commit_callbacks
):
    old, young = done(31), done(1)
    client.force_login(old.owner, "django.contrib.auth.backends.ModelBackend")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.expire_files()

    kept = client.get(young.get_absolute_url()).content.decode()
    gone = client.get(old.get_absolute_url()).content.decode()
    listed = client.get("/jobs/").content.decode()

    assert f"It is kept until {young.file_kept_until:%-d %B %Y}." in kept
    assert "is no longer here. Ask for it again" in gone
    assert "Download rows.csv" not in gone
    assert "No longer kept" in listed


def test_a_job_that_the_broker_does_not_know_of_says_what_waits(owner, client):  # noqa: F811
    job = make_job(owner, sent_at=None)
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")

    page = client.get(job.get_absolute_url()).content.decode()

    assert "The queue does not answer just now." in page
