"""The chief jobs with the keyboard alone: the focus is seen, never held, and leads everywhere."""

import pytest
from django.urls import reverse

from activities.models import Activity
from config.tests.browsing import FOCUS, stops_of, tab_to
from core.tests.worker import wait_for
from evaluation.models import EvidencePack
from needs.models import Assessment

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def chief_pages(w):
    """The pages on which most work is done."""
    return {
        "home": reverse("dashboards:home"),
        "list": reverse("activities:list"),
        "log": f"{reverse('activities:log')}?school={w.link.pk}",
        "rate": reverse("needs:rate", args=[w.link.pk]),
        "school": w.link.get_absolute_url(),
        "board": w.hub.get_absolute_url(),
        "pack": f"{reverse('evaluation:make_pack')}?plan={w.plan.pk}",
        "plan": w.plan.get_absolute_url(),
        "people": reverse("partnerships:people", args=[w.partnership.pk]),
    }


def test_the_first_stop_skips_to_the_page(open_as, officer):
    page = open_as(officer)
    page.goto("/")

    page.keyboard.press("Tab")
    first = page.evaluate(FOCUS)
    page.keyboard.press("Enter")

    assert first == {"tag": "A", "name": "Skip to main content", "seen": True}
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    "place",
    ["home", "list", "log", "rate", "school", "board", "pack", "plan", "people"],
)
def test_the_focus_is_seen_at_every_stop_and_never_held(place, open_as, manager, world):
    page = open_as(manager)
    page.goto(chief_pages(world)[place])

    stops = stops_of(page)

    assert stops[-1]["tag"] == "BODY"
    assert len(stops) > 10
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


@pytest.mark.parametrize("width", [1280, 390])
def test_a_school_is_found_while_typing_by_keyboard_alone(open_as, officer, link, width):
    page = open_as(officer)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/" if width > 1100 else reverse("dashboards:search"))

    tab_to(page, "input[data-suggest]:not([id=find])" if width < 1100 else "#find")
    page.keyboard.type("saltm")
    page.get_by_role("option", name=link.school.name).wait_for()
    page.keyboard.press("Escape")
    closed = page.get_by_role("option").count()
    page.keyboard.type("e")
    page.get_by_role("option", name=link.school.name).wait_for()
    page.keyboard.press("ArrowDown")
    marked = page.locator("[aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{link.school.get_absolute_url()}")

    assert closed == 0
    assert marked.startswith(link.school.name)


def test_without_suggestions_the_search_still_finds(open_as, officer, link):
    page = open_as(officer)
    page.goto("/")

    page.context.set_offline(True)
    tab_to(page, "#find")
    page.keyboard.type("saltm")
    page.get_by_text("No suggestions now. Press Enter to search.").wait_for(state="attached")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=saltm")

    assert page.locator("main").get_by_role("link", name=link.school.name).is_visible()


def test_needs_are_rated_by_keyboard_alone(open_as, officer, world):
    page = open_as(officer)
    page.goto(reverse("needs:rate", args=[world.link.pk]))
    area = world.area.pk

    tab_to(page, f"input[type=radio][name$='{area}'], input[type=radio][name*='-{area}-']")
    page.keyboard.press("ArrowRight")
    tab_to(page, ".fb-save .btn-primary", most=300)
    page.keyboard.press("Enter")
    page.get_by_text("Saved").first.wait_for()

    rating = world.assessment.ratings.get(area=world.area)
    assert (rating.partner_value, rating.partner_by) == ("amber", officer)


def test_ratings_are_agreed_by_keyboard_alone(open_as, officer, world):
    page = open_as(officer)
    page.goto(reverse("needs:rate", args=[world.link.pk]))

    tab_to(page, "form[action*='agree'] button", most=300)
    page.keyboard.press("Enter")
    page.get_by_text("Agreed by Jo Ferris").wait_for()

    assert Assessment.objects.get(pk=world.assessment.pk).partner_agreed_by == officer


def test_a_pack_is_made_by_keyboard_alone(open_as, worker, manager, world):
    wait_for(world.job)
    page = open_as(manager)
    page.goto(f"{reverse('evaluation:make_pack')}?plan={world.plan.pk}")

    tab_to(page, "[name=policy]")
    page.keyboard.press("Space")
    tab_to(page, "main form .btn-primary")
    page.keyboard.press("Enter")
    page.locator("#job").get_by_text("Done.").wait_for()
    tab_to(page, "#job a")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Download pack").wait_for()

    assert EvidencePack.objects.filter(plan=world.plan).count() == 2


def test_a_menu_opens_and_closes_by_keyboard(open_as, officer, world):
    page = open_as(officer)
    page.goto("/")

    tab_to(page, ".fb-me summary")
    page.keyboard.press("Enter")
    opened = page.get_by_role("button", name="Sign out").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert (opened, page.get_by_role("button", name="Sign out").is_visible()) == (True, False)
    assert page.evaluate("document.activeElement.matches('.fb-me summary')")
