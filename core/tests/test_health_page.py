"""The health page: for the site administrator alone, and without what belongs to a partnership."""

import pytest
from django.utils import timezone

from core import working
from core.tests.test_jobs import make_job, owner  # noqa: F401 -- a fixture
from core.tests.worker import running_worker, wait_until

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def admin(django_user_model, client):
    user = django_user_model.objects.create(email="ada@example.org", name="Ada", is_staff=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_health_is_for_the_site_administrator(owner, client):  # noqa: F811
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")

    assert client.get("/health/").status_code == 403


def test_health_counts_what_waits_and_what_ran_and_names_nobodys_work(admin, owner):  # noqa: F811
    now = timezone.now()
    waiting = make_job(owner, partnership_id=7)
    waiting.title = "Pack of Three Rivers"
    waiting.save()
    make_job(owner, state="running", attempts=2, worker="host:1", started_at=now, sent_at=now)
    make_job(owner, state="failed", finished_at=now, sent_at=now)
    make_job(owner, state="done", finished_at=now, sent_at=now)

    page = text(admin.get("/health/"))

    assert "<dt>Waiting</dt><dd>1, the oldest since" in page
    assert "<dt>Not sent to the broker yet</dt><dd>1</dd>" in page
    assert "<dt>Running</dt><dd>1</dd>" in page
    assert "core.tests.nothing" in page
    assert waiting.reference in page
    assert "Three Rivers" not in page
    assert owner.name not in page


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_health_names_the_workers_that_answer(admin, settings):
    before = text(admin.get("/health/"))
    with running_worker(settings.CELERY_TASK_DEFAULT_QUEUE, "-n", "own-worker@%h"):
        wait_until(lambda: "own-worker@" in "".join(working.workers()))
        page = text(admin.get("/health/"))

    assert "own-worker@" not in before
    assert "own-worker@" in page
