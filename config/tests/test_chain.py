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
from core.tests.worker import wait_for
from evaluation import actions as evaluation_actions
from evaluation.models import EvidencePack
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


def save(page):
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_load_state()


def link_the_school(page, base, school, hub):
    """A manager finds the school by its URN, adds it to the hub, and admits its lead."""
    page.goto(f"{base}/schools/?q={school.current.code}")
    page.get_by_role("link", name=school.name, exact=True).click()
    page.get_by_role("link", name="Add to Three Rivers").click()
    page.locator("[name=hub]").select_option(label=hub.name)
    page.locator("[name=hub_school]").check()
    save(page)
    link = SchoolLink.objects.get(school=school)
    page.goto(f"{base}/partnerships/links/{link.pk}/leads/add/")
    page.locator("[name=email]").fill(LEAD)
    page.locator("[name=name]").fill("Robin Calloway")
    save(page)
    return link


def rate_red(page, base, link):
    """Whoever is signed in rates HE knowledge red for their own side."""
    page.goto(f"{base}/needs/links/{link.pk}/rate/")
    area = page.get_by_role("group", name="HE knowledge")
    area.get_by_role("radio", name="Red").check()
    save(page)


def first_of_the_ranking(page, base, hub):
    """The words of the first row of the ranking, once a worker has counted both sides."""
    page.goto(f"{base}/needs/hubs/{hub.pk}/")
    wait_for(Job.objects.earliest("-pk"))
    page.reload()
    return page.locator("table:has(caption:text('rank')) tbody tr").first.inner_text()


def unfold(page, name):
    fold = page.locator("details.fb-fold", has=page.locator("summary", has_text=name))
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()


def log_the_visit(page, base, link):
    """Answer the four questions, then say who came, for how long, and which need it answers."""
    page.goto(f"{base}/activities/log/?school={link.pk}")
    page.get_by_role("radio", name="Campus visit").check()
    page.locator("[name=summary]").fill("Library tour and student life")
    for name in ("Who took part", "Which need", "Where, how long"):
        unfold(page, name)
    page.locator("[name=learners_10_actual]").fill("42")
    page.locator("[name=hours]").fill("2")
    page.get_by_label("HE knowledge").check()
    page.get_by_role("button", name="Save activity").last.click()
    page.wait_for_url(f"**/schools/{link.school_id}/**")


def build_the_pack(page, base, plan):
    """The manager freezes a pack; returns the downloaded workbook's rows by sheet."""
    page.goto(f"{base}/evidence/packs/make/?plan={plan.pk}")
    page.locator("[name=policy][value=inside]").check()
    page.get_by_role("button", name="Freeze this pack").click()
    page.wait_for_load_state()
    pack = EvidencePack.objects.get()
    wait_for(pack.job)
    page.goto(f"{base}{pack.get_absolute_url()}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download pack").click()
    book = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def rows_with(sheets, word):
    return [row for rows in sheets.values() for row in rows if word in row]


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
    rate_red(page, base, link)
    sign_out(page)
    sign_in(page, base, hub_officer)
    rate_red(page, base, link)
    first = first_of_the_ranking(page, base, hub)
    log_the_visit(page, base, link)
    sign_out(page)
    sign_in(page, base, manager)
    sheets = build_the_pack(page, base, plan)
    sign_out(page)
    sign_in(page, base, outsider)
    seen = what_a_stranger_sees(page, base, link, plan)

    assert "HE knowledge" in first
    assert_proved(sheets, real_school)
    assert seen == ""


def assert_proved(sheets, school):
    """The visit stands under its strategy, and the need as answered."""
    need = Need.objects.get()
    assert need.status == Need.Status.CONFIRMED
    assert Activity.objects.get().at_schools.get().answers.get().need == need
    assert [n for n in rows_with(sheets, "IS1 Knowing more")[0] if n in (84, 42)] == [84, 42]
    assert any("HE knowledge" in row for row in rows_with(sheets, school.name))
    assert Job.objects.exclude(state="done").count() == 0


def what_a_stranger_sees(page, base, link, plan):
    """Every place where a member of another partnership meets a word of ours."""
    pack, need, activity = EvidencePack.objects.get(), Need.objects.get(), Activity.objects.get()
    own = [pack, need, activity, plan, pack.job, link.partnership]
    places = [row.get_absolute_url() for row in own]
    found = [url for url in places if page.request.get(base + url).status != 404]
    for url in ("/activities/", "/needs/list/", "/evidence/", "/jobs/", "/"):
        body = page.request.get(base + url).text()
        found += [url for word in (link.school.name, "Library tour", "Wexborough") if word in body]
    return " ".join(found)
