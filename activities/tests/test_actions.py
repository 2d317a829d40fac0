"""Logging: what it writes, what it fills in, what it refuses, and nothing by halves."""

import threading
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from activities.checks import Problem
from activities.models import (
    Activity,
    ActivityNeed,
    ActivityProvider,
    ActivitySchool,
    Headcount,
)
from activities.tests.factories import (
    ON,
    YEAR_10,
    break_audit,
    make_activity,
    make_need,
    make_offer,
)
from core.models import AuditEvent
from partnerships.models import SchoolLinkStatus
from partnerships.tests.factories import make_hub, make_link, make_provider, make_school
from schools.models import Establishment


def test_log_writes_the_activity(link, officer, provider):
    activity = make_activity(link, officer, hours="1.5", starts_at=time(9, 30), notes="Lovely day")

    activity.refresh_from_db()
    assert (activity.status, activity.owner) == ("delivered", officer)
    assert (activity.hours, activity.starts_at) == (Decimal("1.5"), time(9, 30))
    assert (activity.mode, activity.notes) == ("on_campus", "Lovely day")
    assert (activity.school_year, activity.ofs_year) == (2026, 2026)
    assert (activity.strand.code, activity.strand_reason) == (
        "targeted",
        "It is for learners of a targeted outreach school.",
    )
    assert list(activity.providers.values_list("provider", "share_bp")) == [(provider.pk, 10_000)]


def test_log_writes_what_it_was_at_the_school(link, officer, hub):
    need = make_need(link)
    rows = [YEAR_10, {"audience": "parents", "actual": 12}]

    place = make_activity(link, officer, headcounts=rows, needs=[need]).at_schools.get()

    school = link.school
    assert (place.school_link, place.school, place.establishment) == (link, school, school.current)
    assert (place.hub, place.hub_school, place.targeted, place.starts_on) == (hub, True, True, ON)
    assert list(place.answers.values_list("need", flat=True)) == [need.pk]
    assert list(place.headcounts.values_list("audience", "year_group", "expected", "actual")) == [
        ("learners", 10, 50, 48),
        ("parents", None, None, 12),
    ]


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
    second = make_activity(link, officer, client_uuid=key)

    assert (second, second.version) == (first, 1)
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


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "on", "is_before"),
    [
        (None, date(2026, 10, 31), date(2026, 10, 31), True),
        (None, date(2026, 10, 31), date(2026, 11, 1), False),
        (date(2026, 11, 1), None, date(2026, 10, 1), True),
        (date(2026, 11, 1), None, date(2026, 11, 1), False),
    ],
)
def test_log_at_a_joined_school_knows_the_number_of_the_day(
    link, officer, opened_on, closed_on, on, is_before
):
    school = link.school
    school.current.opened_on = opened_on
    school.current.save()
    before = Establishment.objects.create(
        name="Saltmere High", code="900001", school=school, standing="closed", closed_on=closed_on
    )

    place = make_activity(link, officer, starts_on=on).at_schools.get()

    assert (place.establishment == before) is is_before


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
