"""Editing, cancelling and linking on pages: who may, what is kept, what two people see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities import actions
from activities.tests.factories import ON, YEAR_10, make_activity, make_need, make_offer
from partnerships.tests.factories import make_link

PAGES = ["edit", "cancel", "link-needs"]


def url(activity, verb):
    return f"/activities/{activity.pk}/{verb}/"


def sent(form, **changes):
    """The form as a browser would send it back, with some answers changed."""
    values = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in values.items() if value not in (None, "")}
    return kept | changes


@pytest.fixture
def activity(link, officer):
    return make_activity(link, officer, headcounts=[YEAR_10], hours=2, notes="First")


@pytest.mark.parametrize("verb", PAGES)
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("officer", 200),
        ("hub_officer", 200),
        ("manager", 200),
        ("viewer", 403),
        ("evaluator", 403),
        ("school_lead", 404),
        ("site_admin", 404),
        ("outsider", 404),
    ],
)
def test_who_may_open_and_send(activity, as_user, request, verb, person, status):
    client = as_user(request.getfixturevalue(person))

    assert client.get(url(activity, verb)).status_code == status
    assert client.post(url(activity, verb), {"x": "1"}).status_code == status


def test_edit_sent_back_unchanged_changes_nothing(activity, officer, as_user):
    client = as_user(officer)
    form = client.get(url(activity, "edit")).context["form"]

    response = client.post(url(activity, "edit"), sent(form))

    before = {name: getattr(activity, name) for name in ("summary", "starts_on", "strand_id")}
    activity.refresh_from_db()
    assert response.url == activity.get_absolute_url()
    assert {name: getattr(activity, name) for name in before} == before
    assert list(activity.at_schools.get().headcounts.values_list("expected", "actual")) == [
        (50, 48)
    ]
    assert (activity.version, str(activity.hours)) == (2, "2.00")


def test_edit_changes_what_is_sent(activity, officer, as_user):
    client = as_user(officer)
    form = client.get(url(activity, "edit")).context["form"]

    client.post(
        url(activity, "edit"),
        sent(form, summary="Half a day", learners_10_actual="20", type="else", other_type="online"),
    )

    activity.refresh_from_db()
    assert (activity.summary, activity.type.code) == ("Half a day", "online")
    assert activity.at_schools.get().headcounts.get().actual == 20


def test_edit_keeps_a_closed_need_that_was_linked(link, officer, as_user):
    need = make_need(link, status="met", closed_on=ON)
    activity = make_activity(link, officer, needs=[need])
    client = as_user(officer)
    form = client.get(url(activity, "edit")).context["form"]

    client.post(url(activity, "edit"), sent(form))

    assert [row.need for row in activity.at_schools.get().answers.all()] == [need]


def test_edit_into_the_future_makes_it_planned(activity, officer, as_user):
    client = as_user(officer)
    form = client.get(url(activity, "edit")).context["form"]
    ahead = timezone.localdate() + timedelta(days=3)

    client.post(url(activity, "edit"), sent(form, date=ahead.isoformat()))

    activity.refresh_from_db()
    assert (activity.status, activity.starts_on) == ("planned", ahead)


def test_log_this_visit_comes_as_delivered(link, officer, as_user):
    activity = make_activity(link, officer, status="planned")
    client = as_user(officer)
    page = client.get(activity.get_absolute_url()).content.decode()
    form = client.get(f"{url(activity, 'edit')}?status=delivered").context["form"]

    client.post(url(activity, "edit"), sent(form))

    activity.refresh_from_db()
    assert f'href="{url(activity, "edit")}?status=delivered">Log this visit' in page
    assert activity.status == "delivered"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("date", "", "date"),
        ("summary", "", "summary"),
        ("hours", "-2", "hours"),
        ("type", "meeting", "type"),
        ("date", "1926-01-01", "date"),
    ],
)
def test_edit_with_an_error_loses_nothing(activity, officer, as_user, field, value, told):
    client = as_user(officer)
    form = client.get(url(activity, "edit")).context["form"]

    response = client.post(url(activity, "edit"), sent(form, notes="Mine") | {field: value})

    assert list(response.context["form"].errors) == [told]
    assert response.context["form"]["notes"].value() == "Mine"
    assert b"<title>Error: " in response.content


def test_edit_of_an_older_version_shows_both_and_can_be_saved_over(
    activity, officer, manager, as_user
):
    client = as_user(officer)
    mine = sent(
        client.get(url(activity, "edit")).context["form"],
        summary="Mine",
        learners_10_actual="40",
        strand="other",
        starts_at="10:00",
    )
    actions.edit(activity, version=1, by=manager, summary="Theirs", hours=3, mode="online")

    shown = client.post(url(activity, "edit"), mine)
    differences = shown.context["differences"]
    saved = client.post(url(activity, "edit"), sent(shown.context["form"]))

    assert differences == [
        ("One line", "Theirs", "Mine"),
        ("Where or how", "Online, live", "On campus"),
        ("Start time", "None", "10:00"),
        ("Hours", "3", "2"),
        ("Who took part", "Year 10: 50 expected, 48 came", "Year 10: 50 expected, 40 came"),
        ("Strand", "As proposed", "Other institutional work"),
    ]
    assert "Save mine over it" in shown.content.decode()
    assert saved.status_code == 302
    activity.refresh_from_db()
    assert (activity.summary, activity.version) == ("Mine", 3)


def test_edit_shows_every_kind_of_difference(link, officer, manager, provider, as_user):
    activity = make_activity(link, officer, status="planned", strand="")
    client = as_user(officer)
    mine = sent(client.get(url(activity, "edit")).context["form"])
    changes = {
        "needs": [make_need(link)],
        "adapted_from": make_offer(link.partnership),
        "starts_on": ON + timedelta(days=1),
        "status": "delivered",
        "provider": None,
        "strand": None,
        "headcounts": [{"audience": "teachers", "expected": 2}, {"actual": 4}],
    }
    actions.edit(activity, version=1, by=manager, **changes)

    shown = client.post(url(activity, "edit"), mine)

    assert shown.context["differences"] == [
        ("Date", "7 October 2026", "6 October 2026"),
        ("Status", "Delivered", "Planned"),
        ("Delivered by", "None", "University of Wexborough"),
        ("Needs answered", "HE knowledge", "None"),
        (
            "Who took part",
            "Learners, mixed or not said: 4 came; Teachers and advisers: 2 expected",
            "None",
        ),
        ("Adapted from", "Student finance talk", "None"),
        ("Strand", "As proposed", "Not yet said"),
    ]


def test_cancel_keeps_why_and_the_lists_say_so(activity, officer, as_user):
    client = as_user(officer)

    response = client.post(
        url(activity, "cancel"), {"version": 1, "reason": "weather", "note": "Snow"}
    )

    activity.refresh_from_db()
    shown = client.get(response.url).content.decode()
    assert (activity.status, activity.cancel_reason) == ("cancelled", "weather")
    assert "Cancelled: weather or transport." in shown
    assert "Snow" in shown
    assert client.get("/activities/").context["rows"][0]["status"] == "Cancelled"


def test_cancel_without_a_reason_or_twice_says_so(activity, officer, as_user):
    client = as_user(officer)

    without = client.post(url(activity, "cancel"), {"version": 1})
    client.post(url(activity, "cancel"), {"version": 1, "reason": "school"})
    twice = client.post(url(activity, "cancel"), {"version": 2, "reason": "school"})

    assert without.context["form"].errors["reason"] == ["Choose why it was cancelled."]
    assert twice.context["form"].errors["reason"] == ["This activity is cancelled already."]


def test_cancel_of_an_older_version_lets_one_look_again(activity, officer, manager, as_user):
    actions.edit(activity, version=1, by=manager, summary="Theirs")
    client = as_user(officer)

    stale = client.post(url(activity, "cancel"), {"version": 1, "reason": "school"})
    again = client.post(url(activity, "cancel"), sent(stale.context["form"]))

    assert "Somebody else changed this meanwhile" in stale.content.decode()
    assert again.status_code == 302


def test_link_needs_offers_what_is_open_and_not_linked(link, officer, as_user):
    linked, other = make_need(link), make_need(link, "parents")
    make_need(link, "careers", status="met", closed_on=ON)
    activity = make_activity(link, officer, needs=[linked])
    client = as_user(officer)

    form = client.get(url(activity, "link-needs")).context["form"]
    response = client.post(url(activity, "link-needs"), {"needs": [other.pk]})

    assert [need for need, _, _ in form.need_rows] == [other]
    assert response.url == activity.get_absolute_url()
    assert activity.at_schools.get().answers.count() == 2


def test_link_needs_without_a_tick_or_with_one_linked_already(link, officer, as_user):
    linked = make_need(link)
    activity = make_activity(link, officer, needs=[linked])
    client = as_user(officer)

    without = client.post(url(activity, "link-needs"), {"needs": []})
    already = client.post(url(activity, "link-needs"), {"needs": [linked.pk]})

    assert without.context["form"].errors["needs"] == ["Tick at least one need."]
    assert "not linked yet" in already.context["form"].errors["needs"][0]


def test_link_needs_at_a_school_without_any(partnership, officer, as_user):
    activity = make_activity(make_link(partnership), officer)

    page = as_user(officer).get(url(activity, "link-needs")).content.decode()

    assert "has no other open need" in page


def test_an_offer_that_left_the_menu_stays_with_what_was_adapted_from_it(link, officer, as_user):
    offer = make_offer(link.partnership)
    activity = make_activity(link, officer, adapted_from=offer, adaptation="Shorter")
    actions.retire_offer(offer, by=officer)
    client = as_user(officer)

    form = client.get(url(activity, "edit")).context["form"]
    client.post(url(activity, "edit"), sent(form, notes="More"))

    activity.refresh_from_db()
    assert (activity.adapted_from, activity.notes) == (offer, "More")
