"""The pages that people open most, at the size of the demonstration and at ten times that."""

import io
import logging
import math
import statistics
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from activities.models import Activity
from dashboards.bench import national, tenfold
from dashboards.bench.cases import TIMES, cases
from dashboards.bench.register import verdict
from dashboards.bench.scratch import apart
from partnerships.models import Membership, SchoolLink
from schools import register

WARM_UP = 5
SLOW_ONES = ("typeahead, any words", "typeahead, misspellings", "schools, facets")
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
class Taken:
    """What one case took: milliseconds of each time, those spent in SQL, and most statements."""

    all: list
    sql: list
    statements: int

    @property
    def median(self):
        return statistics.median(self.all)

    @property
    def p95(self):
        return sorted(self.all)[math.ceil(len(self.all) * 0.95) - 1]


def run(write, *, rows=national.ROWS):
    """Seed a database, do everything again and again, then the same with ten times the data."""
    if not settings.DEMO:
        write("pages: not measured. They need the demonstration's data: set FOOTBRIDGE_DEMO=1.")
        return
    seeded = apart(_seed, rows)
    write(f"pages: {seeded.answer}; made in {seeded.seconds:.0f} s")
    write(f"  {TIMES} times each after {WARM_UP}, in one process through django.test.Client")
    write(f"  {'':<26}{'median':>8}{'p95':>8}{'in SQL':>8}  {'target':<14}{'queries':>8}")
    once = apart(_measure)
    for case, taken in once.answer:
        write(_line(case, taken))
    for name in SLOW_ONES:
        write(_slow_line(once.answer, name))
    write(apart(_beside_floor).answer)
    write(f"  memory of the process in all: {once.peak:.0f} MB")
    grown = apart(_grow)
    write(f"pages, ten times as much: {grown.answer}; made in {grown.seconds:.0f} s")
    write(f"  {'':<26}{'median':>8}{'p95':>8}{'in SQL':>8}  {'times':<14}{'queries':>8}")
    for (case, taken), (_, before) in zip(apart(_measure).answer, once.answer, strict=True):
        write(_grown_line(case, taken, before))


def _seed(rows):
    """Tell the demonstration's story, and lay the invented nation around it."""
    call_command("seed_demo", stdout=io.StringIO())
    register.import_file(io.BytesIO(national.extract(rows)))
    tenfold.count_needs()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # or the server does it while pages are timed
    return f"{_size()}, {rows:,} more in the register"


def _grow():
    tenfold.grow()
    return _size()


def _size():
    user = User.objects.get(email=WHO)
    found = (Activity.objects.visible_to(user).count(), SchoolLink.objects.visible_to(user).count())
    return f"{found[0]:,} activities at {found[1]:,} schools"


def _measure():
    """Time every case; returns each with what it took, its function left out."""
    current_app.conf.task_default_queue = QUEUE
    client, user = _person()
    found = []
    for case in cases(client, user):
        client.force_login(_colleague(user))
        taken = _timed(case)
        case.do = None
        found.append((case, taken))
    current_app.control.purge()
    return found


def _person():
    logging.disable(logging.INFO)
    warnings.filterwarnings("ignore", "No directory at")
    user = User.objects.get(email=WHO)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client, user


def _colleague(user):
    """Make another with the same role: how often one person may ask (`core.limits`) holds here."""
    colleague = User.objects.create_user(f"{uuid4()}@bench.footbridge.example", name=user.name)
    for membership in user.memberships.live():
        Membership.objects.create(
            partnership=membership.partnership, user=colleague, role=membership.role
        )
    return colleague


def _timed(case):
    taken = Taken([], [], 0)
    for turn in range(min(WARM_UP, case.times) + case.times):
        with _clocked() as statements:
            milliseconds = _milliseconds(case.do)
        if turn >= WARM_UP:
            taken.all.append(milliseconds)
            taken.sql.append(sum(statements))
            taken.statements = max(taken.statements, len(statements))
    return taken


@contextmanager
def _clocked():
    """Collect the milliseconds of each statement that is sent meanwhile."""
    statements = []

    def clock(execute, *args):
        started = time.perf_counter()
        try:
            return execute(*args)
        finally:
            statements.append((time.perf_counter() - started) * 1000)

    with connection.execute_wrapper(clock):
        yield statements


def _milliseconds(do):
    started = time.perf_counter()
    do()
    return (time.perf_counter() - started) * 1000


def _line(case, taken):
    said = ""
    if case.target:
        said = f"{case.target} {verdict(taken.p95 if case.p95 else taken.median, case.target)}"
    said += " p95" if case.p95 else ""
    return f"  {case.name:<26}{_figures(taken)}  {said:<14}{_asked(case, taken):>8}"


def _slow_line(found, name):
    taken = next(taken for case, taken in found if case.name == name)
    return f"  p95 of {name}: {taken.p95:.1f} ms"


def _grown_line(case, taken, before):
    times = taken.median / before.median
    said = f"{times:.1f} ({case.growth:g} {verdict(times, case.growth)})"
    return f"  {case.name:<26}{_figures(taken)}  {said:<14}{_asked(case, taken):>8}"


def _figures(taken):
    return f"{taken.median:>8.1f}{taken.p95:>8.1f}{statistics.median(taken.sql):>8.1f}"


def _asked(case, taken):
    if not case.queries:
        return f"{taken.statements}"
    return f"{taken.statements} ({case.queries} {verdict(taken.statements, case.queries)})"


def _beside_floor():
    """The list and its rows as raw SQL in turn, and how many times as long the page takes."""
    client, user = _person()
    partnership = Activity.objects.visible_to(user).values_list("partnership", flat=True)[0]

    def raw():
        with connection.cursor() as cursor:
            cursor.execute(RAW_LIST, [partnership])
            cursor.fetchall()

    page = next(case for case in cases(client, user) if case.name == "activities, newest")
    pairs = [(_milliseconds(raw), _milliseconds(page.do)) for _ in range(TIMES)]
    floor, whole = (statistics.median(part) for part in zip(*pairs, strict=True))
    return (
        f"  its 25 rows as raw SQL take {floor:.1f} ms; the page takes "
        f"{whole / floor:.0f} times as long"
    )
