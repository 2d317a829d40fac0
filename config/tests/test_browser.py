"""Every main page in a browser: readable, by keyboard, on paper and without scripts."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from openpyxl import load_workbook

from activities.models import Activity
from config.tests.world import year_of
from core.tests.worker import wait_for
from evaluation.models import EvidencePack

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("browser"),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe()
ASK = f"axe.run({{runOnly: {RULES}, resultTypes: ['violations']}})"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}


# --- what is looked at ---------------------------------------------------------------------
def places_of_anybody(w):
    """The doors, and a page that is not there."""
    return [reverse("account_login"), reverse("account_request_login_code"), "/not/here/"]


def places_of_an_officer(w):
    """Schools, needs and activities, reading and writing."""
    link, need, activity = w.link.pk, w.need.pk, w.activity.pk
    return [
        reverse("dashboards:home"),
        reverse("schools:list") + "?q=school",
        reverse("schools:register"),
        w.link.get_absolute_url(),
        reverse("dashboards:school", args=[w.unlinked.pk]),
        reverse("activities:log"),
        f"{reverse('activities:log')}?school={link}",
        reverse("activities:list"),
        f"{reverse('activities:list')}?q=nothing-has-these-words",
        reverse("activities:detail", args=[activity]),
        reverse("activities:edit", args=[activity]),
        reverse("activities:cancel", args=[w.planned.pk]),
        reverse("activities:link_needs", args=[w.lone.pk]),
        reverse("dashboards:hub_board", args=[w.hub.pk]),
        reverse("dashboards:partnership_board", args=[w.partnership.pk]),
        reverse("needs:list"),
        reverse("needs:detail", args=[need]),
        reverse("needs:rate", args=[link]),
        reverse("needs:rate", args=[link]) + "?side=school",
        reverse("partnerships:conversation", args=[w.conversation.pk]),
        reverse("partnerships:record_conversation", args=[link]),
        reverse("accounts:profile"),
    ]


def places_of_a_manager(w):
    """Evidence, and the partnership with its people and schools."""
    plan, home = w.plan.pk, [w.partnership.pk]
    return [
        reverse("dashboards:home"),
        reverse("evaluation:plans"),
        reverse("evaluation:plan", args=[plan]),
        f"{reverse('evaluation:rows', args=[plan])}?year={year_of('ofs_year', w.today)}&of=hours",
        f"{reverse('evaluation:make_pack')}?plan={plan}",
        reverse("evaluation:shares", args=[plan]),
        reverse("evaluation:pack", args=[w.pack.pk]),
        reverse("core:jobs"),
        reverse("core:job", args=[w.job.pk]),
        reverse("partnerships:detail", args=home),
        reverse("partnerships:people", args=home),
        reverse("partnerships:add_person", args=home),
        reverse("partnerships:change_person", args=[w.spare.pk]),
        reverse("partnerships:schools", args=home),
        reverse("partnerships:find_school", args=home) + "?q=unlinked",
        reverse("partnerships:link_school", args=[w.partnership.pk, w.unlinked.pk]),
        reverse("partnerships:link", args=[w.link.pk]),
        reverse("partnerships:admit_lead", args=[w.link.pk]),
    ]


def places_of_a_lead(w):
    """A school's own pages."""
    return [
        reverse("dashboards:home"),
        w.link.get_absolute_url(),
        reverse("needs:detail", args=[w.need.pk]),
        reverse("needs:rate", args=[w.link.pk]),
    ]


# --- how it is looked at -------------------------------------------------------------------
@pytest.fixture
def open_as(browser, live_server, as_user):
    """Return a function that opens a browser's page for a person; the console must stay silent."""
    said, contexts = [], []

    def open_page(user=None, **options):
        context = browser.new_context(
            base_url=live_server.url, reduced_motion="reduce", viewport=DESK, **options
        )
        contexts.append(context)
        if user:
            session = as_user(user).cookies["sessionid"].value
            cookie = {"name": "sessionid", "value": session, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in said if "404 (Not Found)" not in text] == []


def violations(page):
    """What axe finds on the page as it stands, a line for each element."""
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in page.evaluate(ASK)["violations"]
        for node in fault["nodes"]
    ]


def overflow(page):
    """How many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def look(page):
    """Every fault of the page: on a desk by day, on a phone by night, in the smallest window."""
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    page.evaluate(AXE.axe_script)
    found = [f"light {fault}" for fault in violations(page)]
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    found += [f"dark {fault}" for fault in violations(page)]
    page.set_viewport_size(SMALLEST)
    return found + [f"{wider} px too wide" for wider in [overflow(page)] if wider > 0]


def faults_at(page, places):
    """The faults by address, and a missing heading for a page that did not open as it should."""
    faults = {}
    for place in places:
        page.goto(place)
        found = look(page)
        if page.locator("h1").count() != 1:
            found.append("not one heading")
        if found:
            faults[place] = found
    return faults


@pytest.mark.parametrize(
    ("who", "places_of"),
    [
        (None, places_of_anybody),
        ("officer", places_of_an_officer),
        ("manager", places_of_a_manager),
        ("school_lead", places_of_a_lead),
    ],
)
def test_no_page_is_hard_to_read(request, open_as, worker, world, who, places_of):
    wait_for(world.job)
    page = open_as(who and request.getfixturevalue(who))

    faults = faults_at(page, places_of(world))

    assert faults == {}


@pytest.mark.parametrize(
    ("who", "path"),
    [("officer", "activities:log"), ("manager", "evaluation:add_plan"), (None, "account_login")],
)
def test_errors_are_not_hard_to_read(request, open_as, partnership, who, path):
    page = open_as(who and request.getfixturevalue(who))
    page.goto(reverse(path))

    page.locator("main form .btn-primary").last.click()
    page.locator(".fb-errors").wait_for()

    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "fb-errors"
    assert look(page) == []


# --- without scripts -----------------------------------------------------------------------
@pytest.fixture
def open_plain(open_as):
    """Return a function that opens a page of a browser without scripts for a person."""
    return lambda user: open_as(user, java_script_enabled=False)


def test_without_scripts_an_officer_logs_a_visit(open_plain, officer, world):
    page = open_plain(officer)
    page.goto(reverse("activities:log"))

    page.get_by_label("Find another by name, town or URN").fill("saltmere")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_label("School", exact=True).select_option(label="Saltmere Academy")
    page.get_by_role("button", name="Choose this school").click()
    page.get_by_label("Campus visit").check()
    page.get_by_label("One line: what happened?").fill("Library tour")
    page.locator("summary", has_text="Who took part").click()
    page.locator("[name=learners_10_actual]").fill("28")
    page.locator(".fb-save").get_by_role("button", name="Save activity").click()

    logged = Activity.objects.get(summary="Library tour")
    assert page.url.endswith(world.link.get_absolute_url())
    assert page.get_by_role("status").inner_text().startswith("Saved.")
    assert logged.at_schools.get().headcounts.get().actual == 28


def test_without_scripts_a_lead_rates(open_plain, school_lead, world):
    page = open_plain(school_lead)
    page.goto(reverse("needs:rate", args=[world.link.pk]))

    area = page.get_by_role("group", name=world.area.name, exact=True)
    area.get_by_role("radio", name="Amber").check()
    page.get_by_role("button", name="Send my ratings").click()

    rating = world.assessment.ratings.get(area=world.area)
    assert (rating.school_value, rating.school_by) == ("amber", school_lead)


def test_without_scripts_a_manager_builds_a_pack(open_plain, worker, manager, world):
    wait_for(world.job)
    page = open_plain(manager)
    page.goto(f"{reverse('evaluation:make_pack')}?plan={world.plan.pk}")

    page.locator("[name=policy][value=inside]").check()
    page.get_by_role("button", name="Freeze this pack").click()
    pack = EvidencePack.objects.earliest("-pk")
    wait_for(pack.job)
    page.reload()
    page.get_by_role("link", name=f"See pack {pack.reference}").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download pack").click()
    book = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))

    assert pack != world.pack
    assert any(
        "IS1 Canary strategy" in row for sheet in book for row in sheet.iter_rows(values_only=True)
    )


# --- by keyboard ---------------------------------------------------------------------------
FOCUS = """() => {
  const at = document.activeElement, drawn = getComputedStyle(at.closest(".fb-pick") || at);
  const own = getComputedStyle(at);
  const label = at.labels && at.labels[0] && getComputedStyle(at.labels[0]);
  const seen = (style) => style && (style.outlineStyle !== "none" || style.boxShadow !== "none");
  return {
    tag: at.tagName,
    name: (at.innerText || at.name || at.id || at.tagName).trim().split("\\n")[0],
    seen: [drawn, own, label].some(seen),
  };
}"""


def tab_to(page, selector):
    """Press Tab until the control has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(css) => document.activeElement.matches(css)", selector):
            return
    raise AssertionError(f"Tab never came to {selector}")


def test_the_first_stop_skips_to_the_page(open_as, officer):
    page = open_as(officer)
    page.goto("/")

    page.keyboard.press("Tab")
    first = page.evaluate(FOCUS)
    page.keyboard.press("Enter")

    assert first == {"tag": "A", "name": "Skip to main content", "seen": True}
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_focus_is_seen_at_every_stop(open_as, officer, world):
    page = open_as(officer)
    page.goto(f"{reverse('activities:log')}?school={world.link.pk}")

    stops = []
    while not stops or (stops[-1]["tag"] != "BODY" and len(stops) < 60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))

    assert len(stops) > 15
    assert [stop["name"] for stop in stops[:-1] if not stop["seen"]] == []


def test_a_visit_is_logged_by_keyboard_alone(open_as, officer, link):
    page = open_as(officer)
    page.goto(reverse("activities:log"))

    tab_to(page, ".ts-control input")
    page.keyboard.type("saltm")
    page.locator(".ts-dropdown .option", has_text="Saltmere Academy").wait_for()
    page.keyboard.press("Enter")
    tab_to(page, "[name=type]")
    page.keyboard.press("Space")
    tab_to(page, "[name=summary]")
    page.keyboard.type("Talk in assembly")
    tab_to(page, ".fb-save .btn-primary")
    page.keyboard.press("Enter")
    page.get_by_text("Saved.").wait_for()

    logged = Activity.objects.get()
    assert (logged.summary, logged.at_schools.get().school_link) == ("Talk in assembly", link)


# --- on paper ------------------------------------------------------------------------------
BARS = ".fb-top, .fb-tabbar, .fb-foot, .fb-skip, .fb-actions"


def test_paper_holds_the_figures_and_no_bars(open_as, worker, manager, world):
    wait_for(world.job)
    page = open_as(manager)
    page.emulate_media(media="print")
    seen = {}

    for row in (world.plan, world.pack):
        page.goto(row.get_absolute_url())
        bars = [bar for bar in page.locator(BARS).all() if bar.is_visible()]
        seen[row] = (len(bars), page.get_by_text("Canary strategy").first.is_visible())

    assert seen == {world.plan: (0, True), world.pack: (0, True)}
