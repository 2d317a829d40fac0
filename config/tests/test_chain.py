"""The whole chain in a browser, on the real register: from linking a school to its evidence."""

import io
from datetime import date

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from activities.models import Activity, ActivityType
from config.tests.browsing import give_password, sign_in, sign_in_by_code, sign_out
from config.tests.world import year_of
from core.models import Job
from evaluation import actions as evaluation_actions
from needs.models import Need
from partnerships.models import SchoolLink
from schools import register
from schools.models import Establishment

REGISTER = "register/edubasealldata20231116_reconstructed.csv.xz"
LEAD = "lead@school.example"

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture
def real_school(real_data, worker):
    """The first open secondary school of the real register, as its School."""
    register.import_file(real_data / REGISTER)
    row = Establishment.objects.filter(standing="open", phase__name="Secondary")
    return row.select_related("school").earliest("code").school


@pytest.fixture
def plan(partnership, provider, manager):
    """A plan of the provider whose one strategy takes every campus visit."""
    year = year_of("ofs_year", timezone.localdate())
    plan = evaluation_actions.add_plan(
        partnership,
        provider=provider,
        title="Wexborough plan",
        starts_on=date(year, 8, 1),
        ends_on=date(year + 1, 7, 31),
        by=manager,
    )
    strategy = evaluation_actions.add_strategy(plan, code="IS1", title="Knowing more", by=manager)
    visit = ActivityType.objects.get(code="campus-visit")
    evaluation_actions.allocate_type(strategy, type=visit, share_bp=10_000, by=manager)
    return plan


def link_the_school(page, base, school, hub):
    """A manager finds the school by its URN, adds it to the hub, and admits its lead."""
    page.goto(f"{base}/schools/?q={school.current.code}")
    page.get_by_role("link", name=school.name, exact=True).click()
    page.get_by_role("link", name="Add to Three Rivers").click()
    page.get_by_label("Hub", exact=True).select_option(label=hub.name)
    page.get_by_label("Hub school").check()
    page.get_by_role("button", name="Add").click()
    link = SchoolLink.objects.get(school=school)
    page.goto(f"{base}/partnerships/links/{link.pk}/leads/add/")
    page.get_by_label("E-mail address").fill(LEAD)
    page.get_by_label("Name").fill("Robin Calloway")
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()
    return link


def rate_red(page, base, link, side):
    page.goto(f"{base}/needs/links/{link.pk}/rate/")
    area = page.get_by_role("group", name="HE knowledge")
    area.get_by_text("Red", exact=True).click()
    page.locator(".fb-save button.btn-primary").click()
    page.wait_for_load_state()


def log_the_visit(page, base, link):
    page.goto(f"{base}/activities/log/?school={link.pk}")
    page.get_by_text("Campus visit", exact=True).click()
    page.get_by_label("One line").fill("Library tour and student life")
    page.locator("summary", has_text="Which need").click()
    page.get_by_label("HE knowledge").check()
    page.locator("summary", has_text="Who took part").click()
    page.get_by_label("Year 10", exact=False).first.fill("42")
    page.get_by_label("Contact hours").fill("2")
    page.get_by_role("button", name="Save activity").click()
    page.wait_for_url(f"**/schools/{link.school_id}/**")


def build_the_pack(page, base, plan):
    """The manager freezes a pack; returns the downloaded workbook."""
    page.goto(plan.get_absolute_url().join([base, ""]))
    page.goto(f"{base}/evidence/packs/make/?plan={plan.pk}")
    page.get_by_label("Inside the partnership").check()
    page.get_by_role("button", name="Freeze this pack").click()
    page.wait_for_function("document.body.innerText.includes('Download')", timeout=60_000)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").first.click()
    return load_workbook(io.BytesIO(waiting.value.path().read_bytes()))


def words_of(workbook):
    return {
        sheet.title: [[cell for cell in row if cell is not None] for row in sheet.values]
        for sheet in workbook
    }


def test_a_need_is_rated_answered_and_proved(
    quiet_page, live_server, real_school, plan, manager, hub_officer, hub, outsider
):
    page, base = quiet_page, live_server.url
    for person in (manager, hub_officer, outsider):
        give_password(person)

    sign_in(page, base, manager)
    link = link_the_school(page, base, real_school, hub)
    sign_out(page)
    sign_in_by_code(page, base, LEAD)
    rate_red(page, base, link, "school")
    sign_out(page)
    sign_in(page, base, hub_officer)
    rate_red(page, base, link, "partner")
    assert Need.objects.get().status == Need.Status.CONFIRMED
    page.goto(f"{base}/needs/hubs/{hub.pk}/")
    page.wait_for_function(
        "document.body.innerText.includes('HE knowledge')"
        " && document.querySelector('#ranked tbody tr, table tbody tr') !== null",
        timeout=60_000,
    )
    log_the_visit(page, base, link)
    sign_out(page)
    sign_in(page, base, manager)
    sheets = words_of(build_the_pack(page, base, plan))

    assert Activity.objects.get().at_schools.get().answers.get().need == Need.objects.get()
    assert any("HE knowledge" in map(str, row) for rows in sheets.values() for row in rows)
    assert Job.objects.filter(state="failed").count() == 0
