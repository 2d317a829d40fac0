"""A server goes away in the middle of work: pages say so in words, and what waits is done later."""

from contextlib import closing
from http.client import HTTPConnection

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from core import errors, jobs
from core.models import AuditEvent, Job
from core.tests.outages import database_away, own_redis, running_site
from core.tests.worker import running_worker, wait_for, wait_until
from needs import actions
from needs.models import NeedsSummary
from partnerships.models import Conversation

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
TOKEN = "c" * 32


class Visitor:
    """A signed-in browser that talks to a site in another process."""

    def __init__(self, port, user):
        client = Client()
        client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.port = port
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Host": "localhost",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def ask(self, method, path, body=""):
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as web:
            web.request(method, path, body, self.headers)
            answer = web.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()


def test_with_the_broker_away_pages_go_on_and_the_job_is_sent_when_it_is_back(
    world, manager, tmp_path
):
    Job.objects.update(state=Job.State.DONE)
    path = reverse("needs:recompute", args=[world.partnership.pk])
    with own_redis(tmp_path) as redis, running_site(redis.url) as port:
        visitor = Visitor(port, manager)
        before = visitor.ask("GET", "/")[0]
        redis.stop()
        asked = visitor.ask("POST", path, f"year={world.year}")
        job = Job.objects.get(kind="needs.tasks.summarise_needs", state="queued", sent_at=None)
        told = visitor.ask("GET", reverse("core:job", args=[job.pk]))
        home = visitor.ask("GET", "/")[0]
        ready = visitor.ask("GET", "/readyz")
        redis.start()
        beat = ["--beat", "--schedule", str(tmp_path / "beat")]
        queue = settings.CELERY_TASK_DEFAULT_QUEUE
        with running_worker(queue, *beat, REDIS_URL=redis.url):
            ended = wait_for(job)

    assert (before, asked[0], told[0], home, ready[0]) == (200, 302, 200, 200, 503)
    assert "starts by itself once the queue is back" in told[2]
    assert "does not answer" in ready[2]
    assert ended.state == Job.State.DONE
    assert NeedsSummary.objects.filter(area=world.area).exists()


@pytest.fixture
def client(officer, as_user):
    client = as_user(officer)
    client.raise_request_exception = False
    return client


def test_with_the_database_away_a_page_says_so_and_the_next_one_works(client, world):
    with database_away():
        page = client.get(reverse("activities:list"))
        machine = client.get("/api/v1/activities/")
        alive = client.get("/healthz")
        ready = client.get("/readyz")
    back = client.get(reverse("activities:list"))

    assert (page.status_code, page["Retry-After"]) == (503, errors.RETRY_SECONDS)
    assert errors.DATABASE_AWAY in " ".join(page.content.decode().split())
    assert page["X-Request-Reference"] in page.content.decode()
    assert (machine.status_code, machine.json()["detail"]) == (503, errors.DATABASE_AWAY)
    assert (alive.status_code, ready.status_code, back.status_code) == (200, 503, 200)


def test_a_session_that_is_cut_in_the_middle_of_an_action_leaves_nothing(
    client, world, monkeypatch
):
    before = (Conversation.objects.count(), AuditEvent.objects.count())

    def cut(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if sql.startswith("INSERT INTO") and "partnerships_conversation" in sql:
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid]
                )
            other.close()
        return answer

    said = {"held_on": world.today, "channel": "meeting", "summary": "A talk", "notes": ""}
    url = reverse("partnerships:record_conversation", args=[world.link.pk])
    with connection.execute_wrapper(cut):
        failed = client.post(url, said)
    after = (Conversation.objects.count(), AuditEvent.objects.count())
    again = client.post(url, said)

    assert (failed.status_code, after) == (503, before)
    assert again.status_code == 302
    assert Conversation.objects.count() == before[0] + 1


def test_a_job_whose_session_is_cut_ends_and_its_effect_is_there_once(world, manager):
    other = connections.create_connection("default")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE needs_needssummary IN EXCLUSIVE MODE")
    job = actions.recompute(world.partnership, school_year=world.year, by=manager)

    with running_worker(settings.CELERY_TASK_DEFAULT_QUEUE):
        wait_until(lambda: Job.objects.running().filter(pk=job.pk) and held_by(job))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [held_by(job)])
        wait_until(lambda: not held_by(job))
        other.close()
        wait_until(lambda: taken_up_again(job))
        ended = wait_for(job)

    assert ended.state == Job.State.DONE
    assert NeedsSummary.objects.filter(hub=world.hub, area=world.area, side="school").count() == 1


def held_by(job):
    """The session that holds the job's lock, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = %s "
            "AND objid::bigint = %s",
            [jobs.LOCK_CLASS, jobs._lock_key(job.pk)],
        )
        row = cursor.fetchone()
        return row[0] if row else None


def taken_up_again(job):
    """Sweep until the job was taken up again."""
    jobs.sweep()
    return Job.objects.get(pk=job.pk).attempts > 1
