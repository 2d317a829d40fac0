"""The pages that people open most, at the size of the demonstration."""

import io
import logging
import math
import statistics
import time
import warnings
from dataclasses import dataclass
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from accounts.models import User
from activities.models import Activity, ActivitySchool
from dashboards.bench import national
from dashboards.bench.register import verdict
from dashboards.bench.scratch import apart, counted
from partnerships.models import Hub, SchoolLink
from schools import register

TIMES = 40
WARM_UP = 5
QUEUE = "footbridge-bench"
WHO = "manager@demo.footbridge.example"
RAW_LIST = """
    SELECT a.id, a.summary, a.starts_on, a.status, t.name, s.name, u.name,
           (SELECT string_agg(DISTINCT school.name, '; ') FROM activities_activityschool place
            JOIN schools_school school ON school.id = place.school_id
            WHERE place.activity_id = a.id),
           (SELECT sum(head.actual) FROM activities_headcount head
            JOIN activities_activityschool place ON place.id = head.activity_school_id
            WHERE place.activity_id = a.id AND head.audience = 'learners')
    FROM activities_activity a
    JOIN activities_activitytype t ON t.id = a.type_id
    JOIN accounts_user u ON u.id = a.owner_id
    LEFT JOIN partnerships_strand s ON s.id = a.strand_id
    WHERE a.partnership_id = %s
    ORDER BY a.starts_on DESC, a.id DESC LIMIT 25
"""


@dataclass
class Case:
    """One thing that people do; `p95` says that the target is for the slow ones."""

    name: str
    do: object
    target: int | None = None
    queries: int | None = None
    p95: bool = False


def run(write, *, rows=national.ROWS):
    """Seed a database, then open each page again and again; `write` takes a line at a time."""
    if not settings.DEMO:
        write("pages: not measured. They need the demonstration's data: set FOOTBRIDGE_DEMO=1.")
        return
    seeded = apart(_seed, rows)
    write(f"pages: {seeded.answer}; made in {seeded.seconds:.0f} s")
    write(f"  {TIMES} times each after {WARM_UP}, in one process through django.test.Client")
    write(f"  {'':<28}{'median ms':>10}{'p95 ms':>8}  {'target':<14}{'queries':>8}")
    measured = apart(_measure)
    for line in measured.answer:
        write(line)
    write(f"  memory of the process in all: {measured.peak:.0f} MB")


def _seed(rows):
    """Tell the demonstration's story, and lay the invented nation around it."""
    call_command("seed_demo", stdout=io.StringIO())
    register.import_file(io.BytesIO(national.extract(rows)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    user = User.objects.get(email=WHO)
    found = (Activity.objects.visible_to(user).count(), SchoolLink.objects.visible_to(user).count())
    return f"{found[0]:,} activities at {found[1]:,} schools, {rows:,} more in the register"


def _measure():
    logging.disable(logging.INFO)
    warnings.filterwarnings("ignore", "No directory at")
    current_app.conf.task_default_queue = QUEUE
    user = User.objects.get(email=WHO)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    lines = []
    for case in _cases(client, user):
        lines.append(_line(case, *_timed(case.do)))
        if case.name == "activities, newest":
            lines += _beside_floor(case, user)
    current_app.control.purge()
    return lines


def _cases(client, user):
    link = _busiest(user)
    hub = Hub.objects.visible_to(user).first()
    typeahead = reverse("schools:typeahead")
    activities = reverse("activities:list")

    def get(address, **query):
        return lambda: _good(client.get(address, query))

    def save():
        answers = {"client_uuid": str(uuid4()), "school": link.pk, "type": "campus-visit"}
        more = {"when": "today", "summary": "A day on campus", "learners_10_actual": "30"}
        return _good(client.post(reverse("activities:log"), answers | more))

    return [
        Case("the least page there is", get(reverse("core:healthz"))),
        Case("activities, newest", get(activities), 20, queries=6),
        Case("activities, one strand", get(activities, strand="proactive"), 20, queries=6),
        Case("school, the busiest", get(link.get_absolute_url()), 40),
        Case("needs board of a hub", get(hub.get_absolute_url()), 10),
        Case("typeahead", get(typeahead, q="st hild mar"), 15),
        Case("typeahead, misspelt", get(typeahead, q="Penhalow Wier"), 30),
        Case("saving an activity", save, 60, p95=True),
    ]


def _busiest(user):
    places = ActivitySchool.objects.visible_to(user).order_by().values("school_link")
    pk = places.annotate(times=Count("pk")).order_by("-times")[0]["school_link"]
    return SchoolLink.objects.visible_to(user).get(pk=pk)


def _good(response):
    """Refuse to time a page of errors."""
    if response.status_code not in (200, 302) or (
        response.status_code == 200 and response.request["REQUEST_METHOD"] == "POST"
    ):
        raise RuntimeError(f"{response.request['PATH_INFO']} answered {response.status_code}.")
    return response


def _timed(do):
    """Return the milliseconds of each time, and the most statements that one of them sent."""
    taken, most = [], 0
    for turn in range(WARM_UP + TIMES):
        with counted() as statements:
            milliseconds = _milliseconds(do)
        if turn >= WARM_UP:
            taken.append(milliseconds)
            most = max(most, len(statements))
    return taken, most


def _milliseconds(do):
    started = time.perf_counter()
    do()
    return (time.perf_counter() - started) * 1000


def _line(case, taken, queries):
    median, slow = statistics.median(taken), _p95(taken)
    said = ""
    if case.target:
        said = f"{case.target} {verdict(slow if case.p95 else median, case.target)}"
    asked = f"{queries}"
    if case.queries:
        asked += f" ({case.queries} {verdict(queries, case.queries)})"
    which = " p95" if case.p95 else ""
    return f"  {case.name:<28}{median:>10.1f}{slow:>8.1f}  {said + which:<14}{asked:>8}"


def _p95(taken):
    return sorted(taken)[math.ceil(len(taken) * 0.95) - 1]


def _beside_floor(case, user):
    """The list and its rows as raw SQL in turn, and how many times as long the page takes."""
    partnership = Activity.objects.visible_to(user).values_list("partnership", flat=True)[0]

    def raw():
        with connection.cursor() as cursor:
            cursor.execute(RAW_LIST, [partnership])
            cursor.fetchall()

    pairs = [(_milliseconds(raw), _milliseconds(case.do)) for _ in range(TIMES)]
    floor, page = (statistics.median(part) for part in zip(*pairs, strict=True))
    times = f"the page takes {page / floor:.0f} times as long"
    yield f"    {'its 25 rows as raw SQL':<26}{floor:>10.1f}{'':>10}{times}"
