"""The pages where a site administrator hands in a register file, applies it, undoes it."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, Job
from schools import actions, forms, register, tasks
from schools.models import Establishment, RegisterRun
from schools.register import HEADER
from schools.tests import extract
from schools.tests.extract import row, rows

pytestmark = pytest.mark.django_db
PAGE = "/schools/register/"
UPLOAD = "/schools/register/upload/"
NAME = "edubasealldata20261118.csv"
ACTS = ("apply", "drop", "undo")


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
    getattr(tasks, job.kind.rsplit(".", 1)[-1])(job.pk)
    job.refresh_from_db()
    return job


def newest():
    return Job.objects.order_by("pk").last()


@pytest.fixture
def administrator(as_user, site_admin):
    return as_user(site_admin)


def page_of(looked):
    return f"{PAGE}runs/{looked.pk}/"


def look(by, *schools):
    """Hand a file in, and return its run once a worker has looked at it."""
    run(actions.upload_register(upload(extract.data(*schools or rows(3))), by=by))
    return RegisterRun.objects.get(state="previewed")


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
def test_a_file_is_looked_at_by_a_job_and_changes_nothing(administrator, site_admin, data, name):
    response = administrator.post(UPLOAD, {"file": upload(data, name)})
    job = run(newest())

    looked = RegisterRun.objects.get()
    assert response.url == job.get_absolute_url()
    assert (job.state, job.owner, job.percent) == ("done", site_admin, 100)
    assert (looked.state, looked.new, looked.by, looked.file_name) == (
        "previewed",
        3,
        site_admin,
        name,
    )
    assert job.result["url"] == page_of(looked)
    assert job.result["lines"][0] == (
        "Of 3 rows: 3 new, 0 changed, 0 unchanged, 0 closed, 0 not in the file, and kept."
    )
    assert f'id="run-{looked.pk}"' in text_of(administrator.get(PAGE))
    assert "Apply these 3 changes" in text_of(administrator.get(page_of(looked)))
    assert not default_storage.exists(job.params["file"])
    assert not Establishment.objects.exists()


def test_a_file_is_applied_and_undone_by_jobs(administrator, site_admin):
    looked = look(site_admin)

    applying = administrator.post(page_of(looked) + "apply/")
    applied = run(newest())
    after_applying = text_of(administrator.get(page_of(looked)))
    asked = administrator.get(page_of(looked) + "undo/")
    administrator.post(page_of(looked) + "undo/")
    undone = run(newest())

    assert applying.url == applied.get_absolute_url()
    assert (applied.state, undone.state) == ("done", "done")
    assert "What this file changed" in after_applying
    assert "Undo 3 changes" in text_of(asked)
    assert RegisterRun.objects.get().state == "undone"
    assert not Establishment.objects.exists()
    acts = AuditEvent.objects.filter(action__startswith="register.").order_by("pk")
    assert list(acts.values_list("action", "actor_id")) == [
        (f"register.{act}", site_admin.pk) for act in ("previewed", "imported", "undone")
    ]


def test_a_file_is_left_unapplied(administrator, site_admin):
    looked = look(site_admin)

    response = administrator.post(page_of(looked) + "drop/", follow=True)
    again = administrator.post(page_of(looked) + "apply/", follow=True)

    assert "Not applied. The register is as it was." in text_of(response)
    assert f"{NAME}: not applied meanwhile." in text_of(again)
    assert RegisterRun.objects.get().state == "dropped"


def test_an_overtaken_file_is_no_longer_offered_and_its_job_says_so(administrator, site_admin):
    looked = look(site_admin)
    job = actions.apply_run(looked, by=site_admin)
    register.import_file(extract.extract(*rows(2)))

    job = run(job)

    page = text_of(administrator.get(page_of(looked)))
    assert (job.state, RegisterRun.objects.get(pk=looked.pk).state) == ("failed", "dropped")
    assert "The register has changed since" in job.error
    assert "was applied first. Neither the file nor what it would change is kept" in page
    assert "Apply these" not in page


def test_only_a_site_administrator_acts_and_everybody_looks(client, site_admin):
    looked = look(site_admin)

    acts = {client.post(f"{page_of(looked)}{act}/").status_code for act in ACTS}

    assert acts == {403}
    page = text_of(client.get(page_of(looked)))
    assert "What this file would change" in page
    assert "Apply these" not in page
    assert RegisterRun.objects.get().state == "previewed"


def test_applying_twice_is_one_job(site_admin):
    looked = look(site_admin)

    assert actions.apply_run(looked, by=site_admin) == actions.apply_run(looked, by=site_admin)


def test_the_same_file_again_is_said(site_admin):
    run(actions.apply_run(look(site_admin), by=site_admin))

    job = run(actions.upload_register(upload(extract.data(*rows(3))), by=site_admin))

    assert job.state == "done"
    assert job.result["lines"][0].startswith("Same file as the last import of ")


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
    register.import_file(extract.extract(*rows(20)))

    without = run(actions.upload_register(upload(extract.data(*rows(3))), by=site_admin))
    administrator.post(UPLOAD, {"file": upload(extract.data(*rows(3))), "reason": "One county"})
    given = run(newest())

    assert (without.state, given.state) == ("failed", "done")
    assert RegisterRun.objects.first().forced_reason == "One county"


def test_who_is_no_longer_administrator_loads_nothing(site_admin):
    job = actions.upload_register(upload(extract.data(row())), by=site_admin)
    type(site_admin).objects.update(is_staff=False)

    job = run(job)

    assert (job.state, job.error) == ("failed", "Only a site administrator loads the register.")
    assert Establishment.objects.count() == 0


def test_a_job_stopped_while_it_looks_leaves_nothing(site_admin, monkeypatch):
    job = actions.upload_register(upload(extract.data(row())), by=site_admin)
    load = register.preview_file

    def stop_then_load(*arguments, **named):
        jobs.cancel(job, by=site_admin)
        return load(*arguments, **named)

    monkeypatch.setattr(register, "preview_file", stop_then_load)
    job = run(job)

    assert (job.state, RegisterRun.objects.count()) == ("cancelled", 0)


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
        if default_storage.exists(tasks.FOLDER)
        else set()
    )
    monkeypatch.setattr("core.audit.record", fail)

    with pytest.raises(RuntimeError):
        actions.upload_register(upload(extract.data(row())), by=site_admin)

    after = set(default_storage.listdir(tasks.FOLDER)[0]) - before
    assert [default_storage.listdir(f"{tasks.FOLDER}/{folder}")[1] for folder in after] == [[]]
    assert (Job.objects.count(), AuditEvent.objects.count()) == (0, 0)
