"""Every page in every state, by day and by night, wide and narrow: nobody finds it hard to read.

The table of addresses names the pages, each page its forms: what is new is looked at by itself.
"""

from collections import defaultdict
from types import SimpleNamespace
from urllib.parse import urlencode, urljoin

import pytest
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from config.tests.addresses import EVERYBODY, pages
from config.tests.looking import Forms, Screen, Sheet, look
from core.models import Job
from core.tests.worker import wait_for
from evaluation import actions as evaluation_actions
from partnerships.tests.factories import make_hub, make_link, make_member, make_provider

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PARTS = range(4)
PEOPLE = ["manager", *EVERYBODY.split(), "anonymous"]  # who sees most comes first
NONSENSE = "9<b>" * 1000
LATEST = {"date": "9999-12-31", "time": "23:59"}  # no browser sends nonsense from these


@pytest.fixture
def screen(browser):
    """A browser page for sheets."""
    screen = Screen(browser)
    yield screen
    screen.context.close()


@pytest.fixture
def client_of(request, as_user):
    """Return a function that gives the client of a person of the cast."""
    clients = {}

    def client_of(who):
        if who not in clients:
            person = None if who == "anonymous" else request.getfixturevalue(who)
            clients[who] = as_user(person)
        return clients[who]

    return client_of


# --- what is looked at ---------------------------------------------------------------------
def share_of(rows, part):
    """One of the equal shares in which the tests divide a list."""
    return sorted(rows)[part :: len(PARTS)]


def sheets_at(urls, client_of, people=PEOPLE):
    """Return the pages that people get at the addresses."""
    sheets = [Sheet.of(who, url, client_of(who).get(url)) for url in urls for who in people]
    return [sheet for sheet in sheets if sheet.is_page]


def unlike(sheets):
    """Leave out a page that has no kind of element but those seen before at the same address."""
    seen = defaultdict(set)
    for sheet in sheets:
        frame, middle = sheet.parts
        place = sheet.url.partition("?")[0] if sheet.status == 200 else sheet.status
        if not (frame <= seen["frame"] and middle <= seen[place]):
            seen["frame"] |= frame
            seen[place] |= middle
            yield sheet


def urls_of(table):
    return [
        reverse(name, kwargs=page.kwargs) + page.query
        for name, page in table.items()
        if page.method == "get"
    ]


def answers_to(sheets, client_of):
    """Yield what comes of each form of the pages when it is sent empty and filled with nonsense."""
    seen = set()
    for sheet in sheets:
        for form in Forms(sheet.html).forms:
            key = (form["method"], urljoin(sheet.url, form["action"]), *form["asked"])
            if form["asked"] and key not in seen:
                seen.add(key)
                yield from send_badly(sheet, form, client_of(sheet.who))


def send_badly(sheet, form, client):
    """Send a form twice, filled with nonsense and empty; what it changed is taken back."""
    target = urljoin(sheet.url, form["action"])
    for word in (NONSENSE, ""):
        said = {name: word and LATEST.get(kind, word) for name, kind in form["asked"].items()}
        data = {**form["kept"], **said}
        with transaction.atomic():
            if form["method"] == "post":
                response = client.post(target, data)
            else:
                target = f"{target.partition('?')[0]}?{urlencode(data)[:2000]}"
                response = client.get(target)
            answer = Sheet.of(sheet.who, target, response)
            transaction.set_rollback(True)
        if answer.is_page:
            yield answer


def faults_of(sheets, screen):
    """Look at each page, and return what is wrong by person and address."""
    faults = {}
    for sheet in unlike(sheets):
        page = screen.show(sheet)
        found = look(page) + screen.faults()
        if ("There is a problem" in sheet.html) != page.title().startswith("Error: "):
            found.append(f"errors and the title {page.title()} do not fit")
        if found:
            faults[f"{sheet.who} {sheet.url[:100]} {sheet.status}"] = found
    return faults


# --- filled, and with errors ---------------------------------------------------------------
@pytest.mark.parametrize("part", PARTS)
def test_no_filled_page_is_hard_to_read(part, world, worker, client_of, screen):
    wait_for(world.job)
    urls = share_of(urls_of(pages(world)), part)

    sheets = sheets_at(urls, client_of)
    answers = answers_to(sheets, client_of)

    assert faults_of([*sheets, *answers], screen) == {}


# --- empty ---------------------------------------------------------------------------------
class Bare(SimpleNamespace):
    """A world in which what is not named is not there."""

    def __getattr__(self, name):
        return SimpleNamespace(pk=0, school_id=0, uid="0", version=0)


def bare_world(partnership):
    """A partnership whose hub, school and plan hold nothing."""
    hub, provider = make_hub(partnership), make_provider(partnership)
    manager = make_member(partnership, "manager").user
    link = make_link(partnership, hub=hub)
    plan = evaluation_actions.add_plan(
        partnership,
        provider=provider,
        title="Plan with nothing in it",
        starts_on=link.statuses.get().starts_on,
        ends_on=link.statuses.get().starts_on.replace(year=2030),
        by=manager,
    )
    return Bare(partnership=partnership, hub=hub, link=link, plan=plan, year=2026)


def test_no_empty_page_is_hard_to_read(other_partnership, outsider, client_of, screen):
    fresh = urls_of(pages(Bare(partnership=other_partnership)))
    sheets = sheets_at(fresh, client_of, ["outsider"])

    bare = urls_of(pages(bare_world(other_partnership)))
    sheets += sheets_at(bare, client_of, ["outsider"])

    assert faults_of(sheets, screen) == {}


# --- the rest ------------------------------------------------------------------------------
def library_urls(resolver=None):
    """Yield the addresses of the library's own pages: signing in, and passwords."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from [] if pattern.namespace else library_urls(pattern)
        elif pattern.name and pattern.name.startswith("account_"):
            try:
                yield reverse(pattern.name)
            except NoReverseMatch:
                continue


def test_no_page_of_signing_in_is_hard_to_read(client_of, officer, screen):
    client_of("anonymous").post(reverse("account_request_login_code"), {"email": officer.email})
    urls = sorted(set(library_urls()))

    sheets = sheets_at(urls, client_of, ["anonymous", "officer"])
    answers = answers_to(sheets, client_of)

    assert faults_of([*sheets, *answers], screen) == {}


def test_no_page_of_an_error_is_hard_to_read(screen):
    names = sorted(path.name for path in settings.BASE_DIR.glob("templates/[45]*.html"))
    said = {"detail": "Something happened.", "reference": "R-2345-6789"}
    headers = {"Content-Type": "text/html; charset=utf-8"}

    sheets = [
        Sheet("anonymous", f"/{name}", render_to_string(name, said), headers) for name in names
    ]

    assert faults_of(sheets, screen) == {}


@pytest.mark.parametrize("state", Job.State.values)
def test_no_job_is_hard_to_read(state, manager, client_of, screen):
    job = Job.objects.create(
        owner=manager, kind="none", title="Export", state=state, done=3, total=10, phase="Reading"
    )
    urls = [reverse("core:jobs"), reverse("core:job", args=[job.pk])]

    sheets = sheets_at(urls, client_of, ["manager"])

    assert faults_of(sheets, screen) == {}
