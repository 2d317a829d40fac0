"""Everybody at every address: who is let in, who is refused, who learns nothing."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.tests.world import Page, finish, freeze

ROOMS = {
    "core",
    "accounts",
    "schools",
    "partnerships",
    "needs",
    "activities",
    "evaluation",
    "dashboards",
}
STAFF = "officer hub_officer manager evaluator viewer"
WORKING = "officer hub_officer manager"
EVERYBODY = f"{STAFF} school_lead outsider site_admin"
MEMBERS = set(STAFF.split())


def pages(w):
    """Each URL name with who may open it; a list answers a stranger with their own rows."""
    link, plan = {"pk": w.link.pk}, {"pk": w.plan.pk}
    home = {"pk": w.partnership.pk}
    letter = {"key": "none"}
    return {
        "dashboards:home": Page(EVERYBODY, {}, is_list=True),
        "dashboards:school": Page(EVERYBODY, {"pk": w.link.school_id}),
        "dashboards:needs": Page(f"{STAFF} school_lead", {}, is_list=True),
        "dashboards:hub_board": Page(STAFF, {"pk": w.hub.pk}),
        "dashboards:hub_board_download": Page(STAFF, {"pk": w.hub.pk}, query="?format=csv"),
        "dashboards:partnership_board": Page(STAFF, home),
        "core:jobs": Page(EVERYBODY, {}, is_list=True),
        "core:job": Page("manager", {"pk": w.job.pk}, is_own=True),
        "core:job_cancel": Page(
            "manager", {"pk": w.job.pk}, method="post", status=302, is_own=True
        ),
        "core:job_file": Page("manager", {"pk": w.job.pk}, is_own=True),
        "core:healthz": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "core:readyz": Page(f"{EVERYBODY} anonymous", {}, is_list=True, status=503),
        "core:dev_mail": Page(f"{EVERYBODY} anonymous", {}, is_list=True),
        "core:dev_mail_message": Page("", letter, is_own=True, open_door=True),
        "accounts:theme": Page(EVERYBODY, {}, method="post", is_list=True, status=302),
        "accounts:profile": Page(EVERYBODY, {}, is_list=True),
        "schools:list": Page(EVERYBODY, {}, is_list=True),
        "schools:typeahead": Page(EVERYBODY, {}, is_list=True, query="?q=salt"),
        "schools:register": Page(EVERYBODY, {}, is_list=True),
        "partnerships:list": Page(EVERYBODY, {}, is_list=True),
        "partnerships:detail": Page(STAFF, home),
        "partnerships:set_recent_contact": Page("manager", home),
        "partnerships:add_hub": Page("manager", home),
        "partnerships:rename_hub": Page("manager", {"pk": w.hub.pk}),
        "partnerships:add_provider": Page("manager", home),
        "partnerships:people": Page("manager", home),
        "partnerships:add_person": Page("manager", home),
        "partnerships:change_person": Page("manager", {"pk": w.spare.pk}),
        "partnerships:end_person": Page("manager", {"pk": w.spare.pk}),
        "partnerships:my_schools": Page(EVERYBODY, {}, is_list=True),
        "partnerships:schools": Page(STAFF, home),
        "partnerships:find_school": Page("manager", home),
        "partnerships:link_school": Page(
            "manager", {"pk": w.partnership.pk, "school_pk": w.unlinked.pk}
        ),
        "partnerships:link": Page(STAFF, link, seen_by_lead=True),
        "partnerships:change_status": Page("manager", link, seen_by_lead=True),
        "partnerships:end_school": Page("manager", link, seen_by_lead=True),
        "partnerships:admit_lead": Page("manager", link, seen_by_lead=True),
        "partnerships:end_lead": Page("manager", {"pk": w.access.pk}),
        "partnerships:record_conversation": Page(WORKING, link, seen_by_lead=True),
        "partnerships:conversation": Page(STAFF, {"pk": w.conversation.pk}, seen_by_lead=True),
        "needs:list": Page(STAFF, {}, is_list=True),
        "needs:detail": Page(f"{STAFF} school_lead", {"pk": w.need.pk}),
        "needs:close": Page(WORKING, {"pk": w.need.pk}, method="post", seen_by_lead=True),
        "needs:rate": Page(f"{WORKING} school_lead", link),
        "needs:agree": Page(
            WORKING, {"pk": w.assessment.pk}, method="post", status=302, seen_by_lead=True
        ),
        "needs:recompute": Page(
            f"{WORKING} evaluator", home, method="post", status=302, data={"year": w.year}
        ),
        "activities:list": Page(STAFF, {}, is_list=True),
        "activities:export": Page(
            "officer hub_officer manager evaluator",
            {},
            method="post",
            is_list=True,
            data={"format": "csv"},
        ),
        "activities:offers": Page(STAFF, {}, is_list=True),
        "activities:add_offer": Page(WORKING, {}, is_list=True),
        "activities:retire_offer": Page(WORKING, {"pk": w.offer.pk}, method="post"),
        "activities:log": Page(WORKING, {}, is_list=True),
        "activities:log_about": Page(
            WORKING, {}, method="post", is_list=True, data={"school": w.link.pk}
        ),
        "activities:detail": Page(STAFF, {"pk": w.activity.pk}),
        "activities:edit": Page(WORKING, {"pk": w.activity.pk}),
        "activities:cancel": Page(WORKING, {"pk": w.activity.pk}),
        "activities:link_needs": Page(WORKING, {"pk": w.lone.pk}),
        "evaluation:plans": Page(STAFF, {}, is_list=True),
        "evaluation:add_plan": Page("manager evaluator", {}, is_list=True),
        "evaluation:plan": Page(STAFF, plan),
        "evaluation:rows": Page(STAFF, plan, query=f"?year={w.year}&of=hours"),
        "evaluation:add_strategy": Page("manager evaluator", plan),
        "evaluation:shares": Page("manager evaluator", plan),
        "evaluation:make_pack": Page("manager evaluator", {}, is_list=True),
        "evaluation:pack": Page(STAFF, {"pk": w.pack.pk}),
        "evaluation:pack_file": Page(STAFF, {"pk": w.pack.pk}),
    }


# Pages that everybody signed in may open, but that show a stranger nothing of the partnership.
PUBLIC = {"dashboards:school"}


def named_patterns(resolver=None, space=""):
    """Yield the name of every URL of our own rooms."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or space
            if inner in ROOMS or not pattern.namespace:
                yield from named_patterns(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and space in ROOMS:
            yield f"{space}:{pattern.name}"


NAMES = sorted(set(named_patterns()))


@pytest.fixture
def people(request):
    """Return a function that finds a person of the cast by name; anonymous is None."""
    return lambda name: None if name == "anonymous" else request.getfixturevalue(name)


def test_every_address_is_in_the_table(world):
    assert sorted(pages(world)) == NAMES


def expected(page, who):
    """The status that a person who is not let in gets."""
    if who == "anonymous":
        return 404 if page.open_door else 302
    if who == "school_lead" and page.seen_by_lead:
        return 403
    return 403 if not page.is_own and (who in MEMBERS or page.is_list) else 404


def ask(page, url, client):
    return getattr(client, page.method)(url, page.data)


def status_for(page, url, client):
    """The status in the end: a page that leads somewhere is followed, but not to the sign-in."""
    response = ask(page, url, client)
    if response.status_code == 302 and page.status == 200 and "login" not in response["Location"]:
        response = client.get(response["Location"])
    read(response)
    return response.status_code


def read(response):
    """The body; reading a stream to its end closes its file."""
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("name", NAMES)
def test_the_cast_at(name, world, people, as_user):
    if name == "core:job_file":
        finish(world.job)
    if name == "evaluation:pack_file":
        freeze(world.pack)
    page = pages(world)[name]
    url = reverse(name, kwargs=page.kwargs) + page.query
    allowed = page.ok.split()
    if page.is_list and "manager" in allowed:
        allowed = list(dict.fromkeys([*allowed, "outsider"]))
    refused = [who for who in [*EVERYBODY.split(), "anonymous"] if who not in allowed]

    answers = {who: status_for(page, url, as_user(people(who))) for who in refused}
    entered = {who: status_for(page, url, as_user(people(who))) for who in allowed}

    assert answers == {who: expected(page, who) for who in refused}
    assert entered == dict.fromkeys(allowed, page.status)


@pytest.mark.parametrize("name", NAMES)
def test_an_outsider_reads_no_word_of_ours_at(name, world, outsider, as_user):
    page = pages(world)[name]
    url = reverse(name, kwargs=page.kwargs) + page.query

    response = ask(page, url, as_user(outsider))

    body = read(response)
    assert b"Canary" not in body
    assert b"Jo Ferris" not in body
