"""What people do most, each once: the page it opens, the target, and how often it is timed."""

from dataclasses import dataclass
from uuid import uuid4

from celery import current_app
from django.db.models import Count
from django.urls import reverse

from activities.models import ActivitySchool
from core.models import ReportingPeriod
from evaluation import actions
from evaluation.models import AccessPlan, EvidencePack
from partnerships.models import Hub, SchoolLink

TIMES = 40


@dataclass
class Case:
    """One thing that people do; `p95` says that the target is for the slow ones.

    `target` in milliseconds; `queries` the most statements; `growth` how many times slower it
    may be with ten times the data.
    """

    name: str
    do: object
    target: int | None = None
    queries: int | None = None
    growth: float = 3
    p95: bool = False
    times: int = TIMES


def cases(client, user):
    """Every case, as the person does it."""
    link, hub = busiest(user), Hub.objects.visible_to(user).order_by("pk").first()
    activities, typeahead = reverse("activities:list"), reverse("schools:typeahead")

    def get(address, **query):
        return lambda: good(client.get(address, query))

    def save():
        answers = {"client_uuid": str(uuid4()), "school": link.pk, "type": "campus-visit"}
        more = {"when": "today", "summary": "A day on campus", "learners_10_actual": "30"}
        return good(client.post(reverse("activities:log"), answers | more))

    return [
        Case("the least page there is", get(reverse("core:healthz"))),
        Case("activities, newest", get(activities), 20, queries=6),
        Case("activities, one strand", get(activities, strand="proactive"), 20, queries=6),
        Case("activities, words", get(activities, q="campus"), 20, queries=6),
        Case("school, the busiest", get(link.get_absolute_url()), 40),
        Case("needs board of a hub", get(hub.get_absolute_url()), 10),
        Case("typeahead", get(typeahead, q="st hild mar"), 15),
        Case("typeahead, misspelt", get(typeahead, q="Penhalow Wier"), 30),
        Case("saving an activity", save, 60, p95=True),
        Case("evidence pack, built", lambda: build_pack(user), 20_000, growth=10, times=5),
    ]


def busiest(user):
    """The school with the most activities."""
    places = ActivitySchool.objects.visible_to(user).order_by().values("school_link")
    pk = places.annotate(times=Count("pk")).order_by("-times")[0]["school_link"]
    return SchoolLink.objects.visible_to(user).get(pk=pk)


def build_pack(user):
    """Ask for a pack of the first plan, and build it as the worker would."""
    plan = AccessPlan.objects.visible_to(user).first()
    period = ReportingPeriod.objects.ofs_years().filter(starts_on__gte=plan.starts_on).last()
    pack = actions.make_pack(plan, period=period, policy=EvidencePack.POLICIES[-1], by=user)
    current_app.tasks["evaluation.tasks.build_pack"].run(pack.job_id)
    pack.refresh_from_db()
    if not pack.frozen_at:
        raise RuntimeError("The pack was not built.")


def good(response):
    """Refuse to time a page of errors."""
    if response.status_code not in (200, 302) or (
        response.status_code == 200 and response.request["REQUEST_METHOD"] == "POST"
    ):
        raise RuntimeError(f"{response.request['PATH_INFO']} answered {response.status_code}.")
    return response
