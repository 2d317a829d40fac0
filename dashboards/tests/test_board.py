from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from activities import actions as activity_actions
from activities.models import ActivityType
from core.models import AuditEvent, Job, ReportingPeriod
from needs import actions, summaries
from needs.models import Need, NeedArea
from needs.tests.factories import area, say
from partnerships.tests.factories import make_hub, make_lead, make_link, make_member, make_school

HOSTILE = "<img onerror=alert(1)>"


@pytest.fixture
def year(db):
    return ReportingPeriod.objects.year_of("school_year", timezone.localdate())


def board(hub, year=None):
    return reverse("dashboards:hub_board", args=[hub.pk]) + (f"?year={year}" if year else "")


def recount(partnership, year):
    for hub in summaries.hubs_of(partnership.pk):
        summaries.recompute_hub(partnership.pk, year, hub.pk)
    summaries.recompute_all(partnership.pk, year)


def log(link, by, *needs, summary="Campus visit"):
    return activity_actions.log(
        link,
        type=ActivityType.objects.get(code="campus-visit"),
        starts_on=timezone.localdate(),
        summary=summary,
        by=by,
        needs=list(needs),
    )


# --- the way to a board --------------------------------------------------------------------
def test_needs_home_leads_hub_staff_to_their_own_hub(as_user, hub, hub_officer, partnership):
    make_hub(partnership, "A hub before theirs")

    assert as_user(hub_officer).get("/needs/")["Location"] == hub.get_absolute_url()


def test_needs_home_leads_others_to_their_partnership(as_user, officer, partnership):
    url = reverse("dashboards:partnership_board", args=[partnership.pk])

    assert as_user(officer).get("/needs/")["Location"] == url


def test_needs_home_offers_a_choice_to_members_of_two(as_user, officer, hub, other_partnership):
    make_member(other_partnership, user=officer)

    page = as_user(officer).get("/needs/")

    assert page.status_code == 200
    assert hub.get_absolute_url() in page.text


def test_needs_home_takes_the_choice_of_hub_and_year(as_user, officer, hub):
    response = as_user(officer).get(f"/needs/?board=hub-{hub.pk}&year=2024")

    assert response["Location"] == board(hub, 2024)


def test_needs_home_leads_a_lead_to_their_school(as_user, link, school_lead):
    assert as_user(school_lead).get("/needs/")["Location"] == link.get_absolute_url()


def test_needs_home_leads_a_trusts_lead_home(as_user, link, school_lead, partnership):
    make_lead(make_link(partnership, make_school("Holm Park")), user=school_lead)

    assert as_user(school_lead).get("/needs/")["Location"] == "/"


def test_needs_home_is_forbidden_for_somebody_of_nothing(as_user, site_admin):
    assert as_user(site_admin).get("/needs/").status_code == 403


# --- who sees boards -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("outsider", 404),
        ("site_admin", 404),
        ("school_lead", 404),
        ("viewer", 200),
        ("evaluator", 200),
        ("officer", 200),
        ("hub_officer", 200),
        ("manager", 200),
    ],
)
def test_boards_are_for_members(request, as_user, partnership, hub, link, person, status):
    client = as_user(request.getfixturevalue(person))
    whole = reverse("dashboards:partnership_board", args=[partnership.pk])
    download = reverse("dashboards:hub_board_download", args=[hub.pk])

    assert client.get(board(hub)).status_code == status
    assert client.get(whole).status_code == status
    assert client.get(download).status_code == status


def test_a_viewer_is_offered_nothing_to_write(as_user, hub, link, viewer, officer, year):
    say(link, "partner", officer, year=year, careers="red")

    page = as_user(viewer).get(board(hub)).text

    assert "Recalculate" not in page
    assert reverse("needs:rate", args=[link.pk]) not in page
    assert reverse("activities:log") + "?" not in page


# --- the ranking ---------------------------------------------------------------------------
def test_ranked_needs_show_both_scores_and_go_by_the_worse(
    as_user, hub, link, officer, school_lead, partnership, year
):
    other = make_link(partnership, make_school("Ketterby High"), hub=hub)
    say(link, "school", school_lead, year=year, careers="red", literacy="amber")
    say(link, "partner", officer, year=year, careers="green", literacy=("red", 1))
    say(other, "partner", officer, year=year, careers="amber", literacy="unknown")
    recount(partnership, year)

    ranked = as_user(officer).get(board(hub)).context["ranked"]

    assert [
        (row.area.code, row.school.score, row.school.rated, row.partner.score, row.partner.rated)
        for row in ranked
    ] == [("literacy", 3, 1, 6, 1), ("careers", 4, 1, 2, 2)]
    assert [row.differ for row in ranked] == [1, 1]


def test_ranked_needs_count_activities_once_and_lead_to_them(
    as_user, hub, link, officer, partnership, year
):
    say(link, "partner", officer, year=year, careers="red", literacy="red")
    log(link, officer, *Need.objects.all())
    log(link, officer, Need.objects.get(area__code="careers"), summary="Talk")
    recount(partnership, year)

    page = as_user(officer).get(board(hub))

    assert {row.area.code: row.activities for row in page.context["ranked"]} == {
        "careers": 2,
        "literacy": 1,
    }
    query = f"area={area('careers').pk}&amp;year={year}&amp;hub={hub.pk}"
    assert f"{reverse('activities:list')}?status=on&amp;{query}" in page.text
    assert f"{reverse('needs:list')}?{query}" in page.text


# --- how old the figures are ---------------------------------------------------------------
def test_board_says_that_ratings_changed_since(as_user, hub, link, officer, partnership, year):
    client = as_user(officer)
    say(link, "partner", officer, year=year, careers="red")
    recount(partnership, year)
    fresh = client.get(board(hub))
    say(link, "partner", officer, year=year, careers="green")
    old = client.get(board(hub))

    assert (fresh.context["changed_since"], old.context["changed_since"]) == (False, True)
    assert "Ratings have changed since." in old.text
    assert "Figures as at" in old.text


def test_board_shows_how_far_the_job_is_and_then_asks_to_be_loaded(
    as_user, hub, link, officer, partnership, year
):
    client = as_user(officer)
    job = actions.recompute(partnership, school_year=year, by=officer)
    Job.objects.filter(pk=job.pk).update(state="running", done=1, total=3, phase="Counting")

    page = client.get(board(hub))
    polled = client.get(board(hub), headers={"HX-Request": "true"})
    Job.objects.filter(pk=job.pk).update(state="done")
    ended = client.get(board(hub), headers={"HX-Request": "true"})

    assert "Recalculating now: 1 of 3 steps, Counting" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert "<html" not in polled.text
    assert "1 of 3 steps" in polled.text
    assert ended["HX-Refresh"] == "true"


def test_board_says_that_the_job_failed(as_user, hub, link, officer, partnership, year):
    job = actions.recompute(partnership, school_year=year, by=officer)
    Job.objects.filter(pk=job.pk).update(state="failed", error="It rained.")

    assert "did not finish: It rained." in as_user(officer).get(board(hub)).text


# --- the grid ------------------------------------------------------------------------------
def cell(page, row):
    """The cells of one school's row that are rated, as their words."""
    rows = page.context["grid"].split("<tr>")[2:]
    cells = rows[row].split("<td>")[1:]
    return [one for one in cells if "Not rated" not in one]


def test_grid_shows_each_side_where_they_differ(as_user, hub, link, officer, school_lead, year):
    say(link, "school", school_lead, year=year, careers="green", literacy="red")
    say(link, "partner", officer, year=year, careers="red", literacy="red", belonging="amber")

    page = as_user(officer).get(board(hub))

    literacy, careers, belonging = cell(page, 0)
    need = Need.objects.get(area__code="careers")
    assert f'href="/needs/{need.pk}/"' in careers
    assert 'fb-cell--split is-bare"' in careers
    assert '<b class="fb-c-g"><abbr title="School says"' in careers
    assert '<b class="fb-c-r"><abbr title="Partnership says"' in careers
    assert '<a class="fb-cell fb-c-r is-bare"' in literacy
    assert "<b>Red</b><span>none" in literacy
    assert "P</abbr> Amber</b>" in belonging


def test_grid_counts_activities_and_takes_the_outline_away(as_user, hub, link, officer, year):
    say(link, "partner", officer, year=year, careers="red")
    log(link, officer, Need.objects.get())

    (careers,) = cell(as_user(officer).get(board(hub)), 0)

    assert "is-bare" not in careers
    assert "<span>1<span" in careers


def test_grid_escapes_every_name(as_user, partnership, hub, officer, year):
    hostile = make_link(partnership, make_school(HOSTILE), hub=hub)
    NeedArea.objects.filter(code="careers").update(name=HOSTILE, short_name=HOSTILE[:24])
    say(hostile, "partner", officer, year=year, careers="red")
    recount(partnership, year)

    page = as_user(officer).get(board(hub)).text

    assert "<img" not in page
    assert page.count("&lt;img onerror=alert(1)&gt;") >= 3


@pytest.mark.parametrize("count", [1, 3])
def test_board_takes_the_same_queries_for_any_number_of_schools(
    as_user, partnership, hub, officer, year, count, django_assert_num_queries
):
    for number in range(count):
        link = make_link(partnership, make_school(f"School {number}"), hub=hub)
        say(link, "partner", officer, year=year, careers="red", literacy="amber")
        log(link, officer, Need.objects.filter(school_link=link).first())
        log(link, officer)
    recount(partnership, year)
    client = as_user(officer)
    client.get(board(hub))

    with django_assert_num_queries(17):
        client.get(board(hub))


def test_board_of_a_past_year_has_the_schools_of_its_last_day(as_user, hub, link, officer):
    page = as_user(officer).get(board(hub, 2016))

    assert page.context["schools"] == 0
    assert page.status_code == 200


# --- what is left alone --------------------------------------------------------------------
def test_needs_and_activities_left_alone(as_user, hub, link, officer, school_lead, year):
    say(link, "school", school_lead, year=year, literacy="amber")
    say(link, "partner", officer, year=year, careers="red", belonging="amber")
    log(link, officer, Need.objects.get(area__code="belonging"), summary="Answered")
    log(link, officer, summary="On its own")

    page = as_user(officer).get(board(hub))

    assert [need.area.code for need in page.context["unanswered"]] == ["careers", "literacy"]
    assert page.context["unanswered_in_all"] == 2
    assert [one.summary for one in page.context["unlinked"]] == ["On its own"]
    assert (page.context["unlinked_in_all"], page.context["activities_in_all"]) == (1, 2)
    listed = as_user(officer).get(f"{reverse('needs:list')}?no_activity=1&{page.context['where']}")
    assert listed.context["total"] == 2


def test_boards_hold_nothing_of_another_partnership(
    as_user, other_partnership, outsider, link, officer, year
):
    say(link, "partner", officer, year=year, careers="red")
    log(link, officer, summary="Canary visit")
    recount(link.partnership, year)

    page = as_user(outsider).get(
        reverse("dashboards:partnership_board", args=[other_partnership.pk])
    )

    assert "Saltmere" not in page.text
    assert "Canary" not in page.text
    assert (page.context["schools"], page.context["ranked"]) == (0, [])


# --- the partnership -----------------------------------------------------------------------
def test_partnership_board_shows_hubs_side_by_side(as_user, partnership, hub, link, officer, year):
    moor = make_hub(partnership, "Moor hub")
    other = make_link(partnership, make_school("Ketterby High"), hub=moor)
    say(link, "partner", officer, year=year, careers="red")
    say(other, "partner", officer, year=year, literacy="amber")
    recount(partnership, year)

    page = as_user(officer).get(reverse("dashboards:partnership_board", args=[partnership.pk]))

    assert [
        (row["hub"].name, row["schools"], row["ranked"][0].area.code)
        for row in page.context["by_hub"]
    ] == [("Coast hub", 1, "careers"), ("Moor hub", 1, "literacy")]
    assert [row.area.code for row in page.context["ranked"]] == ["careers", "literacy"]
    assert page.context["grid"].count('<th scope="row">') == 2


def test_partnership_board_of_many_schools_leaves_the_grid_to_the_hubs(
    as_user, partnership, link, officer, monkeypatch
):
    monkeypatch.setattr("dashboards.board.MOST_SCHOOLS", 0)

    page = as_user(officer).get(reverse("dashboards:partnership_board", args=[partnership.pk]))

    assert page.context["grid"] == ""
    assert "on each hub’s own page" in page.text


# --- the file ------------------------------------------------------------------------------
def download(client, hub, year, kind):
    url = reverse("dashboards:hub_board_download", args=[hub.pk])
    return client.get(f"{url}?year={year}&format={kind}").getvalue()


def test_download_holds_the_grids_rows_and_is_audited(
    as_user, hub, link, officer, school_lead, year
):
    say(link, "school", school_lead, year=year, careers="green")
    say(link, "partner", officer, year=year, careers="red")

    text = download(as_user(officer), hub, year, "csv").decode("utf-8-sig")

    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines[0] == (
        '"School","Need area","School says","Partnership says","Activities in the school year"'
    )
    assert len(lines) == 21
    assert '"Saltmere Academy","Careers and labour market knowledge","Green","Red",0' in lines
    event = AuditEvent.objects.get(action="needs.exported")
    assert (event.actor_id, event.changes) == (officer.pk, {"year": year, "kind": "csv"})


def test_download_as_a_workbook(as_user, hub, link, officer, year):
    workbook = ZipFile(BytesIO(download(as_user(officer), hub, year, "xlsx")))

    assert b"Saltmere Academy" in workbook.read("xl/worksheets/sheet2.xml")
