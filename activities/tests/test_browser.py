"""The log page in a browser: quicker with scripts, whole without them, silent in the console."""

import pytest

from activities.models import Activity
from activities.tests.factories import make_activity, make_need
from partnerships.tests.factories import make_link, make_school

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def open_as(browser, live_server, as_user):
    """Return a function that opens a page as a person; what the console says fails the test."""
    said, contexts = [], []

    def go(user, path, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        session = as_user(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert [text for text in said if not text.startswith("htmx:")] == []


def test_with_scripts_the_needs_follow_the_school(open_as, partnership, officer):
    link = make_link(partnership, make_school("Holm Park School"), hub_school=True)
    need = make_need(link)
    page = open_as(officer, "/activities/log/")

    page.locator(".ts-control input").fill("holm")
    page.locator(".ts-dropdown .option", has_text="Holm Park School").click()
    page.get_by_label("Workshop").check()
    page.get_by_label(need.area.name).check()
    page.locator("summary", has_text="Strand").click()
    page.locator("#strand-said", has_text="Proactive support").wait_for()
    page.locator("summary", has_text="Proactive support, as proposed").wait_for()
    page.get_by_label("One line: what happened?").fill("Revision that works")
    page.locator(".fb-save").get_by_role("button", name="Save activity").click()
    page.get_by_text("Saved.").wait_for()

    activity = Activity.objects.get()
    assert (activity.summary, activity.strand.code) == ("Revision that works", "proactive")
    assert [row.need for row in activity.at_schools.get().answers.all()] == [need]


def test_the_years_follow_the_school_and_keep_what_was_written(open_as, partnership, officer):
    make_link(partnership, make_school("Holm Infant School", low_age=4, high_age=7))
    page = open_as(officer, "/activities/log/")

    page.locator("summary", has_text="Who took part").click()
    page.get_by_label("Year 7, came").fill("30")
    page.locator(".ts-control input").fill("holm")
    page.locator(".ts-dropdown .option", has_text="Holm Infant School").click()
    page.get_by_text("Holm Infant School teaches Reception to Year 2").wait_for()
    page.get_by_label("Year 1, came").fill("12")
    page.get_by_label("Workshop").check()
    page.get_by_label("One line: what happened?").fill("Both schools together")
    page.locator(".fb-save").get_by_role("button", name="Save activity").click()
    page.get_by_text("Is the year right?").wait_for()

    counted = Activity.objects.get().at_schools.get().headcounts
    assert sorted(counted.values_list("year_group", "actual")) == [(1, 12), (7, 30)]


def test_without_scripts_a_phone_can_log(open_as, partnership, officer):
    make_link(partnership, make_school("Holm Park School"))
    phone = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}
    page = open_as(officer, "/activities/log/", **phone)

    page.get_by_label("One line: what happened?").fill("Talk in assembly")
    page.get_by_label("Talk or stand").check()
    page.get_by_label("Find another by name, town or URN").fill("holm")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_label("School", exact=True).select_option("Holm Park School")
    page.get_by_role("button", name="Choose this school").click()
    page.get_by_label("One line: what happened?").press("Enter")

    activity = Activity.objects.get()
    assert (activity.summary, activity.type.code) == ("Talk in assembly", "talk")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_long_list_does_not_scroll_sideways(open_as, link, officer, width):
    make_activity(link, officer, summary="A" * 60 + " " + "b" * 60)
    page = open_as(
        officer, "/activities/?status=delivered", viewport={"width": width, "height": 800}
    )

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
