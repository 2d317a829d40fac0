"""What people do most, each once: the page it opens, the target, and how often it is timed."""

from dataclasses import dataclass
from itertools import cycle
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
FACETS = [
    {"phase": ["4", "6"]},
    {"region": "3", "sixth_form": "yes"},
    {"authority": "17", "standing": "all"},
    {"fsm": ["20", "30"], "phase": "4"},
    {"type_group": "2", "region": ["1", "5"]},
    {"with_us": "us"},
    {},
]
TYPED = [
    *("wei", "north", "penhallow marsh", "St Hilda’s School", "school 104", "100317"),
    *("garth holm os", "aldby sch", "ZZ3 4AA", "10000042", "upper weir", "saint hild"),
]
MISSPELT = ["Penhalow Wier", "nroth", "marhs school", "St Hlda’s", "oswni garth", "adlby"]


@dataclass
class Case:
    """One thing that people do; `p95` says that the target is for the slow ones.

    One that does another thing each time takes turns through as many as it has.

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
    activities = reverse("activities:list")
    choice = reverse("dashboards:choice", args=[link.partnership_id])

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
        Case("choosing schools", get(choice), 40),
        *finding(get),
        Case("saving an activity", save, 60, p95=True),
        Case("evidence pack, built", lambda: build_pack(user), 20_000, growth=10, times=5),
    ]


def finding(get):
    """Schools found by facet, by distance and by words, well spelt or not."""
    schools, typeahead = reverse("dashboards:schools"), reverse("schools:typeahead")

    def in_turn(address, queries):
        asked = cycle([get(address, **query) for query in queries])
        return lambda: next(asked)()

    return [
        Case("schools, facets", in_turn(schools, FACETS), 20, queries=6),
        Case("schools, words", get(schools, q="st hild mar"), 20),
        Case("schools, by distance", get(schools, place="ZZ2 1AA", miles="10"), 20),
        Case("typeahead", get(typeahead, q="st hild mar"), 15),
        Case("typeahead, any words", in_turn(typeahead, typed(TYPED)), 15, p95=True),
        Case("typeahead, misspelt", get(typeahead, q="Penhalow Wier"), 30),
        Case("typeahead, misspellings", in_turn(typeahead, typed(MISSPELT)), 30, p95=True),
        Case("search of everything", get(reverse("dashboards:search"), q="weir")),
        Case("search, while typing", in_turn(reverse("dashboards:suggest"), typed(TYPED))),
    ]


def typed(queries):
    return [{"q": words} for words in queries]


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
