"""Editing, cancelling, linking to needs, offers: each with its event, and nothing by halves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from activities import actions
from activities.checks import Problem
from activities.models import ActivityNeed, ActivityType, Offer
from activities.tests.factories import YEAR_10, break_audit, make_activity, make_need
from core.models import AuditEvent
from core.versions import Stale
from partnerships.tests.factories import make_link, make_provider


def test_edit_changes_what_is_named_and_nothing_else(link, officer, manager):
    need = make_need(link)
    activity = make_activity(link, officer, headcounts=[YEAR_10], needs=[need], notes="First")

    edited = actions.edit(activity, version=1, by=manager, summary="Half a day", hours="3")

    edited.refresh_from_db()
    assert (edited.summary, edited.hours, edited.version) == ("Half a day", Decimal("3"), 2)
    assert (edited.notes, edited.owner) == ("First", officer)
    assert edited.at_schools.get().headcounts.count() == 1
    assert edited.at_schools.get().answers.count() == 1
    event = AuditEvent.objects.get(action="activity.edited")
    assert (event.actor_id, event.changes) == (manager.pk, {"fields": ["hours", "summary"]})


def test_edit_replaces_what_hangs_below(link, officer, partnership):
    old, new = make_need(link), make_need(link, "attainment-maths")
    college = make_provider(partnership, "Wexborough College")
    activity = make_activity(link, officer, headcounts=[YEAR_10], needs=[old])

    edited = actions.edit(
        activity,
        version=1,
        by=officer,
        needs=[new],
        headcounts=[{"year_group": 11, "actual": 5}],
        provider=college,
    )

    place = edited.at_schools.get()
    assert [row.need for row in place.answers.all()] == [new]
    assert list(place.headcounts.values_list("year_group", "actual")) == [(11, 5)]
    assert [row.provider for row in edited.providers.all()] == [college]
    assert edited.strand.code == "attainment"
    assert AuditEvent.objects.get(action="activity.edited").changes == {
        "fields": ["headcounts", "needs", "provider", "strand", "strand_reason"]
    }


def test_edit_of_the_date_takes_that_days_facts(partnership, officer):
    link = make_link(partnership, starts_on=date(2026, 8, 1), targeted=True)
    activity = make_activity(link, officer)

    edited = actions.edit(activity, version=1, by=officer, starts_on=date(2026, 8, 31))

    place = edited.at_schools.get()
    assert (edited.school_year, edited.ofs_year) == (2025, 2026)
    assert place.starts_on == date(2026, 8, 31)


def test_edit_keeps_a_strand_chosen_by_hand(link, officer):
    activity = make_activity(link, officer, strand="other")

    edited = actions.edit(activity, version=1, by=officer, summary="Still by hand")

    assert edited.strand.code == "other"


def test_edit_of_a_planned_visit_into_a_delivered_one(link, officer):
    activity = make_activity(link, officer, status="planned")

    edited = actions.edit(activity, version=1, by=officer, status="delivered")

    assert edited.status == "delivered"


def test_edit_of_a_cancelled_one_back_into_a_planned_one(link, officer):
    activity = make_activity(link, officer)
    actions.cancel(activity, reason="weather", note="Snow", version=1, by=officer)

    edited = actions.edit(activity, version=2, by=officer, status="planned")

    assert (edited.status, edited.cancel_reason, edited.cancel_note) == ("planned", "", "")


def test_edit_of_words_leaves_a_cancelled_one_cancelled(link, officer):
    activity = make_activity(link, officer)
    actions.cancel(activity, reason="weather", version=1, by=officer)

    edited = actions.edit(activity, version=2, by=officer, summary="Called off")

    assert (edited.status, edited.cancel_reason) == ("cancelled", "weather")


@pytest.mark.parametrize("status", ["cancelled", "lost"])
def test_edit_into_another_state_is_refused(link, officer, status):
    activity = make_activity(link, officer)

    with pytest.raises(Problem, match="planned or delivered"):
        actions.edit(activity, version=1, by=officer, status=status)


def test_edit_of_a_delivered_one_into_the_future_is_refused(link, officer):
    activity = make_activity(link, officer)

    with pytest.raises(Problem, match="cannot be delivered yet"):
        actions.edit(
            activity, version=1, by=officer, starts_on=timezone.localdate() + timedelta(days=1)
        )


def test_edit_into_a_meeting_is_refused(link, officer):
    activity = make_activity(link, officer)

    with pytest.raises(Problem, match="cannot become a meeting"):
        actions.edit(activity, version=1, by=officer, type=ActivityType.objects.get(code="meeting"))


def test_edit_of_an_older_version_is_refused_and_changes_nothing(link, officer, manager):
    activity = make_activity(link, officer)
    actions.edit(activity, version=1, by=manager, summary="Theirs")

    with pytest.raises(Stale) as told:
        actions.edit(activity, version=1, by=officer, summary="Mine")

    assert told.value.current.summary == "Theirs"
    activity.refresh_from_db()
    assert (activity.summary, activity.version) == ("Theirs", 2)


def test_edit_leaves_nothing_behind_when_auditing_fails(link, officer, monkeypatch):
    activity = make_activity(link, officer, headcounts=[YEAR_10])
    break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        actions.edit(activity, version=1, by=officer, summary="Half", headcounts=[])

    activity.refresh_from_db()
    assert (activity.summary, activity.version) == ("Year 10 campus day", 1)
    assert activity.at_schools.get().headcounts.count() == 1


def test_cancel_keeps_why(link, officer):
    activity = make_activity(link, officer)

    actions.cancel(activity, reason="weather", note=" Snow ", version=1, by=officer)

    activity.refresh_from_db()
    assert (activity.status, activity.cancel_reason, activity.cancel_note, activity.version) == (
        "cancelled",
        "weather",
        "Snow",
        2,
    )
    event = AuditEvent.objects.get(action="activity.cancelled")
    assert event.changes == {"reason": "weather"}


def test_cancel_twice_or_without_reason_is_refused(link, officer):
    activity = make_activity(link, officer)

    with pytest.raises(Problem, match="Choose why"):
        actions.cancel(activity, reason="", version=1, by=officer)
    actions.cancel(activity, reason="school", version=1, by=officer)
    with pytest.raises(Problem, match="already"):
        actions.cancel(activity, reason="school", version=2, by=officer)


def test_cancel_leaves_nothing_behind_when_auditing_fails(link, officer, monkeypatch):
    activity = make_activity(link, officer)
    break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        actions.cancel(activity, reason="school", version=1, by=officer)

    activity.refresh_from_db()
    assert (activity.status, activity.version) == ("delivered", 1)


def test_link_needs_adds_them_and_proposes_the_strand_anew(partnership, officer):
    link = make_link(partnership, hub_school=True)
    activity = make_activity(link, officer)
    need = make_need(link)

    linked = actions.link_needs(activity, needs=[need], by=officer)

    assert (activity.strand, linked.strand.code) == (None, "proactive")
    assert (linked.version, linked.strand_reason) == (2, "It answers a need of a hub school.")
    assert AuditEvent.objects.get(action="activity.needs_linked").changes == {"needs": [need.pk]}


def test_link_needs_keeps_those_held_and_refuses_nothing_new(link, officer):
    held, new = make_need(link), make_need(link, "parents")
    activity = make_activity(link, officer, needs=[held])

    actions.link_needs(activity, needs=[held, new], by=officer)
    with pytest.raises(Problem, match="at least one need"):
        actions.link_needs(activity, needs=[held], by=officer)

    assert activity.at_schools.get().answers.count() == 2


def test_link_needs_leaves_nothing_behind_when_auditing_fails(link, officer, monkeypatch):
    need = make_need(link)
    activity = make_activity(link, officer)
    break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        actions.link_needs(activity, needs=[need], by=officer)

    assert ActivityNeed.objects.count() == 0


def test_add_offer_puts_it_on_the_menu(partnership, manager):
    kind = ActivityType.objects.get(code="talk")

    offer = actions.add_offer(partnership, title=" Finance  talk ", type=kind, by=manager)

    assert (offer.title, offer.partnership) == ("Finance talk", partnership)
    assert AuditEvent.objects.get(action="offer.added").target_id == str(offer.pk)


@pytest.mark.parametrize("title", ["", "  ", "finance TALK"])
def test_add_offer_without_a_title_of_its_own_is_refused(partnership, manager, title):
    kind = ActivityType.objects.get(code="talk")
    actions.add_offer(partnership, title="Finance talk", type=kind, by=manager)

    with pytest.raises(Problem) as told:
        actions.add_offer(partnership, title=title, type=kind, by=manager)

    assert told.value.field == "title"


def test_add_offer_leaves_nothing_behind_when_auditing_fails(partnership, manager, monkeypatch):
    kind = ActivityType.objects.get(code="talk")
    break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        actions.add_offer(partnership, title="Finance talk", type=kind, by=manager)

    assert Offer.objects.count() == 0


def test_note_export_tells_each_partnership(partnership, other_partnership, manager):
    ids = [partnership.pk, other_partnership.pk]

    actions.note_export({"year": ["2026"]}, format="csv", rows=3, partnerships=ids, by=manager)

    events = AuditEvent.objects.filter(action="activities.exported").order_by("partnership_id")
    assert [event.partnership_id for event in events] == sorted(ids)
    assert events[0].changes == {"filter": {"year": ["2026"]}, "rows": 3, "format": "csv"}
