"""Job pages, files, health and the demonstration's mail."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone

from core import tasks
from core.models import AuditEvent, Job

HTMX = {"hx-request": "true"}


@pytest.fixture
def owner(db, django_user_model):
    return django_user_model.objects.create(email="owner@example.org", name="Olive Owner")


@pytest.fixture
def stranger(db, django_user_model):
    return django_user_model.objects.create(email="other@example.org", name="Sam Stranger")


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


def make_job(owner, state="running", **fields):
    return Job.objects.create(owner=owner, title="Export", kind="core.none", state=state, **fields)


def make_file(job, text=b"a,b"):
    job.file.save("rows.csv", ContentFile(text), save=False)
    job.file_name = "rows.csv"
    job.save()
    return job


def text_of(response):
    return " ".join(response.content.decode().split())


def test_job_shows_real_progress_and_polls_without_script_too(client, owner):
    job = make_job(owner, done=30, total=120, phase="Writing rows")
    client.force_login(owner)

    page = text_of(client.get(job.get_absolute_url()))

    assert "25%</span>" in page
    assert 'hx-trigger="every 2s"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert page.count('role="status"') == 1
    assert "Stop this job" in page


def test_job_poll_answers_the_progress_alone(client, owner):
    job = make_job(owner, done=30, total=120)
    client.force_login(owner)

    response = client.get(job.get_absolute_url(), headers=HTMX)

    assert next(template.name for template in response.templates) == "core/_job_progress.html"
    assert "<html" not in text_of(response)


def test_job_poll_after_the_end_swaps_the_whole_and_polls_no_more(client, owner):
    job = make_job(owner, state="done", done=1, total=1)
    client.force_login(owner)

    response = client.get(job.get_absolute_url(), headers=HTMX)

    assert response["HX-Retarget"] == "#job"
    assert response["HX-Reswap"] == "outerHTML"
    assert "hx-trigger" not in text_of(response)


def test_job_that_failed_says_what_to_do_and_its_reference(client, owner):
    job = make_job(owner, state="failed", error="Add the column URN and upload it again.")
    client.force_login(owner)

    page = text_of(client.get(job.get_absolute_url()))

    assert "Add the column URN and upload it again." in page
    assert job.reference in page
    assert "refresh" not in page


def test_job_that_is_done_leads_to_its_file_and_its_result(client, owner):
    job = make_file(make_job(owner, state="done", result={"url": "/x/", "url_label": "See it"}))
    client.force_login(owner)

    page = text_of(client.get(job.get_absolute_url()))

    assert f'href="{reverse("core:job_file", args=[job.pk])}"' in page
    assert '<a class="btn btn-outline-secondary" href="/x/">See it</a>' in page


@pytest.mark.parametrize("url", ["//evil.example/", "https://evil.example/", "javascript:x", ""])
def test_job_result_leads_nowhere_else(client, owner, url):
    job = make_job(owner, state="done", result={"url": url})
    client.force_login(owner)

    response = client.get(job.get_absolute_url())

    assert response.context["link"] == ""


def test_job_says_how_long_it_takes_yet(client, owner):
    started = timezone.now() - timedelta(minutes=10)
    job = make_job(owner, done=1, total=3, started_at=started)
    client.force_login(owner)

    response = client.get(job.get_absolute_url())

    assert response.context["left"] == "About 20 minutes left"


@pytest.mark.parametrize("name", ["core:job", "core:job_file", "core:job_cancel"])
def test_job_of_another_person_is_not_there(client, owner, stranger, name):
    job = make_file(make_job(owner, state="done"))
    client.force_login(stranger)

    method = client.post if name == "core:job_cancel" else client.get
    response = method(reverse(name, args=[job.pk]))

    assert response.status_code == 404
    assert not AuditEvent.objects.exists()


def test_jobs_are_for_those_who_are_signed_in(client, owner):
    job = make_job(owner)

    response = client.get(job.get_absolute_url())

    assert response["Location"] == f"/accounts/login/?next={job.get_absolute_url()}"


def test_job_list_has_a_persons_own_jobs_newest_first(client, owner, stranger):
    make_job(stranger)
    first, second = make_job(owner), make_job(owner)
    client.force_login(owner)

    response = client.get(reverse("core:jobs"))

    assert response.context["jobs"] == [second, first]


def test_job_list_goes_on_to_older_ones(client, owner):
    made = [make_job(owner) for _ in range(51)]
    client.force_login(owner)

    first = client.get(reverse("core:jobs"))
    second = client.get(reverse("core:jobs") + first.context["older"])

    assert len(first.context["jobs"]) == 50
    assert second.context["jobs"] == made[:1]


@pytest.mark.parametrize("number", [1, 3])
def test_job_list_asks_the_database_the_same_however_many(
    client, owner, number, django_assert_max_num_queries
):
    for _ in range(number):
        make_job(owner)
    client.force_login(owner)

    with django_assert_max_num_queries(6):
        client.get(reverse("core:jobs"))


def test_no_device_keeps_a_page_that_was_made_for_somebody(client, owner):
    client.force_login(owner)

    response = client.get(reverse("core:jobs"))

    assert response["Cache-Control"] == "private, no-store"


def test_job_file_is_handed_over_and_noted(client, owner):
    job = make_file(make_job(owner, state="done"))
    client.force_login(owner)

    response = client.get(reverse("core:job_file", args=[job.pk]))

    assert b"".join(response.streaming_content) == b"a,b"
    assert response["Content-Disposition"] == 'attachment; filename="rows.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id, event.target_id) == (
        "job.downloaded",
        owner.pk,
        str(job.pk),
    )


def test_job_file_that_is_kept_no_more_is_not_found(client, owner):
    job = make_file(make_job(owner, state="done"))
    job.file.storage.delete(job.file.name)
    client.force_login(owner)

    response = client.get(reverse("core:job_file", args=[job.pk]))

    assert response.status_code == 404


def test_cancel_stops_a_job(client, owner):
    job = make_job(owner)
    client.force_login(owner)

    response = client.post(reverse("core:job_cancel", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert "Stopped. Nothing more is written." in text_of(response)


def test_cancel_of_an_ended_job_changes_nothing(client, owner):
    job = make_job(owner, state="done")
    client.force_login(owner)

    response = client.post(reverse("core:job_cancel", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert "This job had ended already." in text_of(response)


def test_healthz_asks_nothing_of_anybody(client):
    assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db
def test_readyz_with_a_worker_seen_is_ready(client):
    tasks.sweep_jobs()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "answers",
        "broker": "answers",
        "worker": "seen 0 seconds ago",
    }


@pytest.mark.django_db
def test_readyz_without_a_worker_is_not_ready(client):
    cache.delete(tasks.HEARTBEAT)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["worker"] == "not seen in the last minute"


@pytest.mark.django_db
def test_readyz_with_a_worker_gone_quiet_is_not_ready(client):
    cache.set(tasks.HEARTBEAT, (timezone.now() - timedelta(minutes=2)).isoformat(), 60)

    response = client.get("/readyz")

    assert response.status_code == 503
    cache.delete(tasks.HEARTBEAT)


def test_dev_mail_lists_what_would_have_been_sent(client, settings):
    settings.DEMO = True
    send_mail("Your code", "Code <ABC>\n" + "-" * 79 + "\nend", "f@x.example", ["to@x.example"])

    page = client.get(reverse("core:dev_mail"))
    letter = page.context["letters"][0]
    message = client.get(reverse("core:dev_mail_message", args=[letter["key"]]))

    assert [letter["subject"] for letter in page.context["letters"]] == ["Your code"]
    assert letter["to"] == "to@x.example"
    assert "Code &lt;ABC&gt;" in text_of(message)
    assert "end" in message.context["letter"]["text"]


def test_dev_mail_is_empty_before_anything_was_sent(client, settings):
    settings.DEMO = True

    assert "No mail yet." in text_of(client.get(reverse("core:dev_mail")))


@pytest.mark.parametrize("address", ["/dev/mail", "/dev/mail/a-0"])
def test_dev_mail_exists_in_a_demonstration_only(client, settings, address):
    settings.DEMO = False

    assert client.get(address).status_code == 404


def test_dev_mail_of_an_unknown_message_is_not_found(client, settings):
    settings.DEMO = True

    assert client.get("/dev/mail/none-0").status_code == 404


def test_dev_mail_reads_a_message_without_plain_text(client, settings, tmp_path):
    settings.DEMO = True
    folder = tmp_path / "mail"
    folder.mkdir()
    message = EmailMessage()
    message["To"] = "to@x.example"
    message.set_content("<p>Hello</p>", subtype="html")
    (folder / "a.log").write_bytes(bytes(message))

    page = client.get("/dev/mail/a-0")

    assert page.context["letter"]["subject"] == "No subject"
    assert page.context["letter"]["text"] == ""
