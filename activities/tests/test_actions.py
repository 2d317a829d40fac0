"""Logging, editing, cancelling and linking: the change, its audit event, and nothing by halves."""

import threading
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from activities import actions
from activities.checks import Problem
from activities.models import (
    Activity,
    ActivityNeed,
    ActivityProvider,
    ActivitySchool,
    ActivityType,
    Headcount,
)
from activities.tests.factories import ON, make_activity, make_need, make_offer
from core.models import AuditEvent
from core.versions import Stale
from partnerships.models import SchoolLinkStatus
from partnerships.tests.factories import make_hub, make_link, make_provider, make_school
from schools.models import Establishment

YEAR_10 = {"audience": "learners", "year_group": 10, "expected": 50, "actual": 48}


def break_audit(monkeypatch):
    def record(*args, **kwargs):
        raise RuntimeError("the audit trail is away")

    monkeypatch.setattr("core.audit.record", record)


def test_log_writes_the_activity_and_all_below_it(link, officer, provider, hub):
    need = make_need(link)

    activity = make_activity(
        link,
        officer,
        hours="1.5",
        mode="on_campus",
        starts_at=time(9, 30),
        headcounts=[YEAR_10, {"audience": "parents", "actual": 12}],
        needs=[need],
        notes="Lovely day",
    )

    activity.refresh_from_db()
    place = activity.at_schools.get()
    assert (activity.status, activity.owner, activity.hours) == (
        "delivered",
        officer,
        Decimal("1.5"),
    )
    assert (activity.school_year, activity.ofs_year) == (2026, 2026)
    assert (activity.strand.code, activity.strand_reason) == (
        "targeted",
        "It is for learners of a targeted outreach school.",
    )
    assert (place.school_link, place.school, place.establishment) == (
        link,
        link.school,
        link.school.current,
    )
    assert (place.hub, place.hub_school, place.targeted, place.starts_on) == (hub, True, True, ON)
    assert list(place.answers.values_list("need", flat=True)) == [need.pk]
    assert list(place.headcounts.values_list("audience", "year_group", "expected", "actual")) == [
        ("learners", 10, 50, 48),
        ("parents", None, None, 12),
    ]
    assert list(activity.providers.values_list("provider", "share_bp")) == [(provider.pk, 10_000)]


def test_log_is_noted_in_the_audit_trail(link, officer):
    activity = make_activity(link, officer)

    event = AuditEvent.objects.get(action="activity.logged")
    assert (event.target_id, event.actor_id) == (str(activity.pk), officer.pk)
    assert event.partnership_id == link.partnership_id
    assert event.changes["school_link"] == link.pk


def test_log_leaves_nothing_behind_when_auditing_fails(link, officer, monkeypatch):
    break_audit(monkeypatch)

    with pytest.raises(RuntimeError):
        make_activity(link, officer, headcounts=[YEAR_10])

    for model in (Activity, ActivitySchool, ActivityProvider, ActivityNeed, Headcount):
        assert model.objects.count() == 0


def test_log_twice_with_the_same_key_is_one_activity(link, officer):
    key = uuid4()

    first = make_activity(link, officer, client_uuid=key)
    second = make_activity(link, officer, client_uuid=key, summary="Sent again")

    assert second == first
    assert second.summary == "Year 10 campus day"
    assert AuditEvent.objects.filter(action="activity.logged").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_log_by_two_threads_at_once_is_one_activity(link, officer):
    key, start, found = uuid4(), threading.Barrier(2), []

    def send():
        start.wait()
        try:
            found.append(make_activity(link, officer, client_uuid=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [Activity.objects.get().pk] * 2


def test_log_ahead_is_planned(link, officer):
    ahead = timezone.localdate() + timedelta(days=3)

    activity = make_activity(link, officer, starts_on=ahead)

    assert activity.status == "planned"


def test_log_ahead_as_delivered_is_refused(link, officer):
    ahead = timezone.localdate() + timedelta(days=3)

    with pytest.raises(Problem) as told:
        make_activity(link, officer, starts_on=ahead, status="delivered")

    assert told.value.field == "status"


def test_log_of_a_day_without_status_is_refused(partnership, officer):
    link = make_link(partnership, make_school("Holm Park School"), starts_on=date(2026, 10, 7))

    with pytest.raises(Problem) as told:
        make_activity(link, officer, starts_on=ON)

    assert str(told.value).startswith(
        "Holm Park School was not one of your schools on 6 October 2026."
    )
    assert told.value.field == "starts_on"


def test_log_copies_what_the_school_was_on_the_day(partnership, officer):
    link = make_link(partnership, starts_on=date(2026, 10, 7), targeted=True)
    coast = make_hub(partnership, "River hub")
    SchoolLinkStatus.objects.create(
        partnership=partnership,
        school_link=link,
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 10, 6),
        hub=coast,
        hub_school=True,
    )

    place = make_activity(link, officer, starts_on=ON).at_schools.get()

    assert (place.hub, place.hub_school, place.targeted) == (coast, True, False)


def test_log_uses_the_number_that_was_open_on_the_day(link, officer):
    school = link.school
    school.current.opened_on = date(2026, 11, 1)
    school.current.save()
    before = Establishment.objects.create(
        name="Saltmere High", code="900001", school=school, closed_on=date(2026, 10, 31)
    )

    assert make_activity(link, officer).at_schools.get().establishment == before


def test_log_after_the_school_closed_is_refused(link, officer):
    school = link.school
    school.current.closed_on = date(2026, 8, 31)
    school.current.save()

    with pytest.raises(Problem, match="Saltmere Academy closed on 31 August 2026"):
        make_activity(link, officer)


def test_log_of_a_school_not_yet_open_uses_its_only_number(link, officer):
    link.school.current.opened_on = date(2027, 1, 1)
    link.school.current.save()

    assert make_activity(link, officer).at_schools.get().establishment == link.school.current


def test_log_of_a_school_without_a_register_row_is_refused(link, officer):
    Establishment.objects.filter(pk=link.school.current_id).update(school=make_school("Elsewhere"))

    with pytest.raises(Problem, match="no register row yet"):
        make_activity(link, officer)


def test_log_outside_the_years_kept_is_refused(link, officer):
    with pytest.raises(Problem, match="outside the years kept here"):
        make_activity(link, officer, starts_on=date(1926, 10, 6))


def test_log_of_a_meeting_is_refused(link, officer):
    with pytest.raises(Problem, match="kept as a conversation"):
        make_activity(link, officer, code="meeting")


@pytest.mark.parametrize("hours", [0, -1, "0", 1000.5, "two", "NaN", "Infinity"])
def test_log_refuses_hours_that_cannot_be(link, officer, hours):
    with pytest.raises(Problem) as told:
        make_activity(link, officer, hours=hours)

    assert told.value.field == "hours"


@pytest.mark.parametrize("people", [-1, 1.5, "12", True, 10_001])
def test_log_refuses_headcounts_that_cannot_be(link, officer, people):
    with pytest.raises(Problem) as told:
        make_activity(link, officer, headcounts=[{"year_group": 10, "actual": people}])

    assert told.value.field == "headcounts"


@pytest.mark.parametrize(
    "rows",
    [
        [YEAR_10, YEAR_10],
        [{"audience": "dogs", "actual": 1}],
        [{"year_group": 42, "actual": 1}],
    ],
)
def test_log_refuses_headcounts_that_say_nothing_sound(link, officer, rows):
    with pytest.raises(Problem) as told:
        make_activity(link, officer, headcounts=rows)

    assert told.value.field == "headcounts"


def test_log_drops_empty_headcounts_and_keeps_nought(link, officer):
    rows = [{"year_group": 9, "expected": None, "actual": ""}, {"year_group": 10, "actual": 0}]

    place = make_activity(link, officer, headcounts=rows).at_schools.get()

    assert list(place.headcounts.values_list("year_group", "actual")) == [(10, 0)]


@pytest.mark.parametrize("summary", ["", "   ", "x" * 141])
def test_log_refuses_a_line_that_says_nothing_or_too_much(link, officer, summary):
    with pytest.raises(Problem) as told:
        make_activity(link, officer, summary=summary)

    assert told.value.field == "summary"


def test_log_refuses_a_need_of_another_school(link, officer, partnership):
    need = make_need(make_link(partnership))

    with pytest.raises(Problem) as told:
        make_activity(link, officer, needs=[need])

    assert told.value.field == "needs"


def test_log_refuses_an_offer_or_provider_of_another_partnership(link, officer, other_partnership):
    offer, provider = make_offer(other_partnership), make_provider(other_partnership, "Elsewhere")

    with pytest.raises(Problem) as of_offer:
        make_activity(link, officer, adapted_from=offer)
    with pytest.raises(Problem) as of_provider:
        make_activity(link, officer, provider=provider)

    assert (of_offer.value.field, of_provider.value.field) == ("adapted_from", "provider")


def test_log_with_a_detail_that_does_not_exist_is_a_fault(link, officer):
    with pytest.raises(TypeError):
        make_activity(link, officer, colour="blue")


def test_log_by_a_person_without_a_body_has_no_provider(link, outsider):
    assert not make_activity(link, outsider).providers.exists()


def test_log_keeps_a_strand_chosen_by_hand_with_the_proposal(link, officer):
    activity = make_activity(link, officer, strand="signposting")

    assert activity.strand.code == "signposting"
    assert activity.strand_reason == "Chosen by hand. The proposal was: Targeted outreach."


def test_log_keeps_a_strand_that_is_not_yet_said(partnership, officer):
    activity = make_activity(make_link(partnership), officer, strand="")

    assert activity.strand is None
    assert activity.strand_reason == "Chosen by hand. The proposal was: Not yet said."


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


def test_the_database_refuses_a_need_of_another_school(link, officer, partnership):
    place = make_activity(link, officer).at_schools.get()
    need = make_need(make_link(partnership))

    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityNeed.objects.create(
            partnership=partnership, activity_school=place, school_link=link, need=need
        )
        connection.check_constraints()


def test_the_database_refuses_a_need_of_another_partnership(link, officer, other_partnership):
    place = make_activity(link, officer).at_schools.get()
    need = make_need(make_link(other_partnership, link.school))

    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityNeed.objects.create(
            partnership=link.partnership,
            activity_school=place,
            school_link=need.school_link,
            need=need,
        )
        connection.check_constraints()


def test_the_database_refuses_a_school_of_another_partnership(link, officer, other_partnership):
    activity = make_activity(link, officer)
    elsewhere = make_link(other_partnership)

    with pytest.raises(IntegrityError), transaction.atomic():
        ActivitySchool.objects.create(
            partnership=link.partnership,
            activity=activity,
            school_link=elsewhere,
            school=elsewhere.school,
            establishment=elsewhere.school.current,
            starts_on=ON,
        )
        connection.check_constraints()
