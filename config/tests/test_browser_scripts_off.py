"""The chief jobs in a browser without scripts: log, rate, agree, build, download."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from activities.models import Activity
from core.tests.worker import wait_for
from evaluation.models import EvidencePack
from needs.models import Assessment

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True)]


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


def test_without_scripts_both_sides_agree(open_plain, officer, school_lead, world):
    for person in (school_lead, officer):
        page = open_plain(person)
        page.goto(reverse("needs:rate", args=[world.link.pk]))
        page.get_by_role("button", name="Agree these ratings").click()

    agreed = Assessment.objects.get(pk=world.assessment.pk)
    assert agreed.status == "agreed"
    assert (agreed.school_agreed_by, agreed.partner_agreed_by) == (school_lead, officer)


def test_without_scripts_the_list_is_filtered_and_downloaded(open_plain, officer, world):
    page = open_plain(officer)
    page.goto(reverse("activities:list"))

    page.get_by_label("Words").fill("Canary ahead")
    page.get_by_role("button", name="Apply").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export this 1 activity", exact=True).click()
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()

    assert sum("Saltmere Academy" in line for line in lines) == 1
