"""The page where a site administrator hands in a register file, and the job that loads it."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, Job
from schools import actions, forms, tasks
from schools.models import Establishment, RegisterRun
from schools.register import HEADER
from schools.tests import extract
from schools.tests.extract import row, rows

pytestmark = pytest.mark.django_db
PAGE = "/schools/register/"
UPLOAD = "/schools/register/upload/"
NAME = "edubasealldata20261118.csv"


def upload(data, name=NAME):
    return SimpleUploadedFile(name, data)


def workbook(*schools):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for school in schools:
        book.active.append([school.get(name, "") for name in HEADER])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def run(job):
    """Do a job's work as a worker does, and return it as it then is."""
    tasks.import_register(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def administrator(as_user, site_admin):
    return as_user(site_admin)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_only_a_site_administrator_is_offered_it(administrator, client):
    assert 'type="file"' in text_of(administrator.get(PAGE))
    assert 'type="file"' not in text_of(client.get(PAGE))
    assert client.post(UPLOAD, {"file": upload(b"x")}).status_code == 403
    assert Job.objects.count() == 0


def test_the_limit_is_told_before(administrator):
    assert "At most 200 MB." in text_of(administrator.get(PAGE))


@pytest.mark.parametrize(
    ("data", "name"), [(extract.data(*rows(3)), NAME), (workbook(*rows(3)), "register.xlsx")]
)
def test_a_file_is_loaded_by_a_job(administrator, site_admin, data, name):
    response = administrator.post(UPLOAD, {"file": upload(data, name)})
    job = run(Job.objects.get())

    loaded = RegisterRun.objects.get()
    assert response.url == job.get_absolute_url()
    assert (job.state, job.owner, job.percent) == ("done", site_admin, 100)
    assert (loaded.rows, loaded.new, loaded.by, loaded.file_name) == (3, 3, site_admin, name)
    assert job.result["url"] == f"{PAGE}#run-{loaded.pk}"
    assert job.result["lines"] == [
        "Of 3 rows: 3 new, 0 changed, 0 unchanged, 0 closed, 0 not in the file, and kept."
    ]
    assert f'id="run-{loaded.pk}"' in text_of(administrator.get(PAGE))
    assert not default_storage.exists(job.params["file"])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (b"%PDF-1.7", "This is a PDF. Send an Excel workbook (.xlsx) or a CSV file."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file (.xls)"),
    ],
)
def test_a_wrong_file_is_refused_on_the_same_page(administrator, data, sentence):
    response = administrator.post(UPLOAD, {"file": upload(data)})

    assert response.status_code == 200
    assert sentence in text_of(response)
    assert Job.objects.count() == 0


def test_no_file_at_all_is_refused_on_the_same_page(administrator):
    assert "There is a problem" in text_of(administrator.post(UPLOAD))


def test_a_file_that_is_too_large_is_refused_on_the_same_page(administrator, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST", 10)

    response = administrator.post(UPLOAD, {"file": upload(extract.data(row()))})

    assert "The file has more than 200 MB, which no register does." in text_of(response)


def test_what_shows_only_in_reading_ends_the_job_in_words(administrator):
    administrator.post(UPLOAD, {"file": upload(b"Name,Town\r\nA,B\r\n")})

    job = run(Job.objects.get())

    assert job.state == "failed"
    assert job.error == (
        f"{NAME} has no URN column. Choose the file of all establishments, with its first line. "
        "The register is as it was."
    )
    assert not default_storage.exists(job.params["file"])


def test_a_much_smaller_file_is_taken_with_a_reason(administrator, site_admin):
    run(actions.upload_register(upload(extract.data(*rows(20))), by=site_admin))

    without = run(actions.upload_register(upload(extract.data(*rows(3))), by=site_admin))
    administrator.post(UPLOAD, {"file": upload(extract.data(*rows(3))), "reason": "One county"})
    given = run(Job.objects.order_by("pk").last())

    assert (without.state, given.state) == ("failed", "done")
    assert RegisterRun.objects.first().forced_reason == "One county"


def test_who_is_no_longer_administrator_loads_nothing(site_admin):
    job = actions.upload_register(upload(extract.data(row())), by=site_admin)
    type(site_admin).objects.update(is_staff=False)

    job = run(job)

    assert (job.state, job.error) == ("failed", "Only a site administrator loads the register.")
    assert Establishment.objects.count() == 0


def test_a_job_stopped_while_it_loads_leaves_the_register_as_it_was(site_admin, monkeypatch):
    job = actions.upload_register(upload(extract.data(row())), by=site_admin)
    load = tasks.import_file

    def stop_then_load(*arguments, **named):
        jobs.cancel(job, by=site_admin)
        return load(*arguments, **named)

    monkeypatch.setattr(tasks, "import_file", stop_then_load)
    job = run(job)

    assert (job.state, Establishment.objects.count()) == ("cancelled", 0)


def test_a_second_run_after_a_lost_worker_changes_nothing(site_admin):
    job = actions.upload_register(upload(extract.data(row())), by=site_admin)
    path = job.params["file"]
    run(job)
    Job.objects.update(state="queued")

    again = run(job)

    assert again.error == "The file is no longer here. Choose it again, and load it."
    assert (RegisterRun.objects.count(), default_storage.exists(path)) == (1, False)


def test_files_of_jobs_that_never_began_are_forgotten(site_admin, monkeypatch):
    left = actions.upload_register(upload(extract.data(row())), by=site_admin).params["file"]
    fresh = actions.upload_register(upload(extract.data(row())), by=site_admin)
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr(timezone, "now", lambda: later)

    run(fresh)

    assert not default_storage.exists(left)


def test_handing_in_is_all_or_nothing(site_admin, monkeypatch):
    def fail(*arguments, **named):
        raise RuntimeError("no audit")

    before = (
        set(default_storage.listdir(tasks.FOLDER)[0])
        if default_storage.exists("register")
        else set()
    )
    monkeypatch.setattr("core.audit.record", fail)

    with pytest.raises(RuntimeError):
        actions.upload_register(upload(extract.data(row())), by=site_admin)

    after = set(default_storage.listdir(tasks.FOLDER)[0]) - before
    assert [default_storage.listdir(f"register/{folder}")[1] for folder in after] == [[]]
    assert (Job.objects.count(), AuditEvent.objects.count()) == (0, 0)
