"""The list and an activity's own page: who sees them, how many queries, page by page."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from activities import actions
from activities.tests.factories import ON, YEAR_10, make_activity, make_need, make_offer
from partnerships.models import Role
from partnerships.tests.factories import make_link, make_member, make_school

LIST = "/activities/"


def listed(response):
    return [row["pk"] for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("officer", 200),
        ("hub_officer", 200),
        ("manager", 200),
        ("evaluator", 200),
        ("viewer", 200),
        ("outsider", 200),
        ("school_lead", 403),
        ("site_admin", 403),
    ],
)
def test_who_may_see_the_list(link, as_user, request, person, status):
    assert as_user(request.getfixturevalue(person)).get(LIST).status_code == status


def test_the_list_shows_what_one_may_see_newest_first(link, officer, outsider, as_user):
    first = make_activity(link, officer)
    second = make_activity(link, officer)
    before = make_activity(link, officer, starts_on=ON - timedelta(days=1))

    assert listed(as_user(officer).get(LIST)) == [second.pk, first.pk, before.pk]
    assert listed(as_user(outsider).get(LIST)) == []


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_often_for_one_row_as_for_three(
    link, officer, as_user, django_assert_num_queries, n
):
    for _ in range(n):
        make_activity(link, officer, headcounts=[YEAR_10], needs=[make_need(link)] if n < 2 else [])
    client = as_user(officer)

    with django_assert_num_queries(5):
        response = client.get(LIST)

    assert len(response.context["rows"]) == n


def test_an_empty_list_offers_to_log_the_first(officer, viewer, as_user):
    page, watched = (as_user(user).get(LIST).content.decode() for user in (officer, viewer))

    assert "Log the first one" in page
    assert "No activity yet." in watched
    assert "Log the first one" not in watched


def test_the_list_says_school_need_learners_and_status(link, officer, as_user):
    make_activity(
        link,
        officer,
        headcounts=[YEAR_10, {"year_group": 11, "actual": 2}],
        needs=[make_need(link), make_need(link, "parents")],
    )

    row = as_user(officer).get(LIST).context["rows"][0]

    assert {name: row[name] for name in ("schools", "answers", "learners", "expected")} == {
        "schools": "Saltmere Academy",
        "answers": "HE knowledge; Parents and carers",
        "learners": "50",
        "expected": "50",
    }
    assert (row["status"], row["strand"], row["type"]) == (
        "Delivered",
        "Targeted outreach",
        "Campus visit",
    )


def test_names_are_shown_and_not_run(partnership, officer, as_user):
    link = make_link(partnership, make_school("<img onerror=alert(1)>"))
    activity = make_activity(link, officer, summary="<script>alert(1)</script>")

    for url in (LIST, activity.get_absolute_url()):
        page = as_user(officer).get(url).content.decode()
        assert "<img onerror" not in page
        assert "<script>alert" not in page


def test_pages_by_place_hold_every_row_once_both_ways(link, officer, as_user):
    made = [
        make_activity(link, officer, starts_on=ON - timedelta(days=n // 10)).pk for n in range(60)
    ]
    client = as_user(officer)

    down, url, seen = [], LIST, None
    while url:
        seen = client.get(url if url == LIST else LIST + url)
        down.append(listed(seen))
        url = seen.context["older"]
    up, url = [], seen.context["newer"]
    while url:
        seen = client.get(LIST + url)
        up.append(listed(seen))
        url = seen.context["newer"]

    assert [len(page) for page in down] == [25, 25, 10]
    assert sorted(pk for page in down for pk in page) == sorted(made)
    assert up[0] == down[1]
    assert seen.context["count"] == 60


def test_the_count_is_worked_out_once_and_taken_along(link, officer, as_user):
    for _ in range(26):
        make_activity(link, officer)
    client = as_user(officer)
    older = client.get(LIST).context["older"]

    second = client.get(LIST + older)
    alone = client.get(LIST + older.split("&of=")[0])

    assert older.endswith("&of=26")
    assert [page.context["count"] for page in (second, alone)] == [26, 26]


@pytest.mark.parametrize("place", ["after=x", "before=2026-10-06", "after=2026-13-01.4", "of=7"])
def test_a_place_that_is_none_is_the_first_page(link, officer, as_user, place):
    activity = make_activity(link, officer)

    response = as_user(officer).get(f"{LIST}?{place}")

    assert listed(response) == [activity.pk]
    assert response.context["count"] == 1


def test_the_title_says_the_filter_and_the_dates(link, officer, as_user):
    make_activity(link, officer)

    page = as_user(officer).get(f"{LIST}?status=delivered").content.decode()

    assert (
        "<title>Activities (1), status Delivered, 6 October 2026 to 6 October 2026 – Footbridge"
        in page
    )


def test_chips_take_one_part_away_each(link, officer, as_user):
    make_activity(link, officer)
    query = f"school={link.pk}&strand=targeted&strand=none&mine=1&after=2030-01-01.9&of=4"

    chips = as_user(officer).get(f"{LIST}?{query}").context["chips"]

    assert [(chip["label"], chip["words"]) for chip in chips] == [
        ("School", "Saltmere Academy"),
        ("Strand", "Targeted outreach"),
        ("Strand", "Not yet said"),
        ("Logged by me", "yes"),
    ]
    assert chips[0]["url"] == "?strand=targeted&strand=none&mine=1"
    assert chips[1]["url"] == f"?school={link.pk}&strand=none&mine=1"


def test_a_wrong_filter_shows_nothing_and_says_so(link, officer, as_user):
    make_activity(link, officer)

    response = as_user(officer).get(f"{LIST}?status=lost&from=yesterday")

    assert listed(response) == []
    page = response.content.decode()
    assert "<title>Error: Activities (0)" in page
    assert "Nothing is shown while a part of the filter is wrong." in page


def test_a_filter_that_fits_nothing_offers_to_clear_it(link, officer, as_user):
    page = as_user(officer).get(f"{LIST}?status=planned").content.decode()

    assert "No activity fits this filter." in page


def test_rows_name_their_partnership_where_there_are_several(
    link, officer, other_partnership, as_user
):
    make_activity(link, officer)
    assert "Three Rivers</div>" not in as_user(officer).get(LIST).content.decode()

    make_member(other_partnership, Role.VIEWER, user=officer)

    assert "· Three Rivers</div>" in as_user(officer).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("officer", 200),
        ("viewer", 200),
        ("evaluator", 200),
        ("school_lead", 404),
        ("site_admin", 404),
        ("outsider", 404),
    ],
)
def test_who_may_see_an_activity(link, officer, as_user, request, person, status):
    activity = make_activity(link, officer)

    response = as_user(request.getfixturevalue(person)).get(activity.get_absolute_url())

    assert response.status_code == status


def test_an_activity_shows_all_that_is_known(link, officer, manager, as_user):
    need = make_need(link)
    activity = make_activity(
        link,
        officer,
        needs=[need],
        headcounts=[YEAR_10, {"actual": 3}, {"audience": "teachers", "expected": 2}],
        adapted_from=make_offer(link.partnership),
        adaptation="Shorter",
        hours="1.50",
        notes="Two\nlines",
    )
    actions.edit(activity, version=1, by=manager, summary="Renamed")

    page = as_user(manager).get(activity.get_absolute_url()).content.decode()

    for words in (
        "Renamed",
        "<dd>1.5</dd>",
        "University of Wexborough",
        "Student finance talk: Shorter",
        "Coast hub · hub school · targeted outreach school",
        "Two<br>lines",
        "It was adapted from an offer to answer a need.",
        f'<a href="{need.get_absolute_url()}">HE knowledge</a>',
        "Logged by Jo Ferris",
        "Changed by Dev Rowntree",
        "<p>one line</p>",
    ):
        assert words in page


def test_an_activity_offers_nothing_that_one_may_not_do(link, officer, viewer, as_user):
    url = make_activity(link, officer, status="planned").get_absolute_url()

    mine, theirs = (as_user(user).get(url).content.decode() for user in (officer, viewer))

    for verb in ("Log this visit", "Edit", "Log again like this", "Link it to a need"):
        assert verb in mine
        assert f">{verb}</a>" not in theirs


def test_the_history_names_everybody_and_each_thing_done(link, officer, manager, as_user):
    activity = make_activity(link, officer)
    actions.link_needs(activity, needs=[make_need(link)], by=manager)
    actions.cancel(activity, reason="weather", version=2, by=manager)

    events = as_user(officer).get(activity.get_absolute_url()).context["history"]

    assert [(event.what, event.who, event.about) for event in events] == [
        ("Cancelled", "Dev Rowntree", "weather or transport"),
        ("Linked to a need", "Dev Rowntree", ""),
        ("Logged", "Jo Ferris", ""),
    ]


def test_a_visit_ahead_is_not_yet_due(link, officer, as_user):
    ahead = make_activity(link, officer, starts_on=timezone.localdate() + timedelta(days=2))

    assert "Log this visit" not in as_user(officer).get(ahead.get_absolute_url()).content.decode()


def test_years_far_back_are_read_too(link, officer, as_user):
    make_activity(link, officer, starts_on=date(2020, 9, 2))

    assert as_user(officer).get(f"{LIST}?year=2020").context["count"] == 1
