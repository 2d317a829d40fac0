"""Schools that closed: what is asked of each partnership, what it decides, and taking it back."""

from datetime import date

import pytest

from core.models import AuditEvent
from partnerships import actions
from partnerships.continuations import count_open, question_of, questions_of
from partnerships.models import Continuation, SchoolLink
from partnerships.tests.factories import make_lead, make_link, make_school
from schools.lineage import join_schools
from schools.models import EstablishmentLink

pytestmark = pytest.mark.django_db
CLOSED, FIRST = date(2026, 8, 31), date(2026, 9, 1)


def follow(before, after, type="Successor"):
    EstablishmentLink.objects.create(
        code=before.current.code, linked_code=after.current.code, type=type
    )


@pytest.fixture
def old(db):
    return make_school("Old Mill School", standing="closed", closed_on=CLOSED)


@pytest.fixture
def parts(old):
    """The two schools that the old one was split into."""
    parts = [make_school(name, opened_on=FIRST) for name in ("North Mill", "South Mill")]
    for part in parts:
        follow(old, part, "Successor - Split School")
    return parts


@pytest.fixture
def closed(partnership, old, parts, hub, officer):
    """The partnership's link to it."""
    return make_link(partnership, old, hub=hub, targeted=True, level="Intensive", owner=officer)


def test_a_split_is_asked_about_with_the_schools_that_follow(closed, parts, partnership, manager):
    (question,) = questions_of(partnership, manager)

    assert question.link == closed
    assert [one.school for one in question.candidates] == parts
    assert question.reasons == ["The register names several schools that follow it."]
    assert (question.closed_on, question.first_day) == (CLOSED, FIRST)
    assert count_open(partnership, manager) == 1


def test_nobody_else_is_asked(closed, other_partnership, outsider, partnership):
    assert questions_of(other_partnership, outsider) == []
    assert questions_of(partnership, outsider) == []


def test_a_plain_conversion_is_not_asked_about(partnership, old, manager):
    new = make_school("Mill Academy", opened_on=FIRST)
    follow(old, new)
    link = make_link(partnership, old)

    join_schools()

    assert questions_of(partnership, manager) == []
    link.refresh_from_db()
    assert link.school.name == "Mill Academy"


def test_two_schools_of_ours_are_a_question_of_ours(partnership, old, manager):
    new = make_school("Mill Academy", opened_on=FIRST)
    follow(old, new)
    link = make_link(partnership, old)
    actions.end_school(link, on=CLOSED, by=manager)
    make_link(partnership, new, starts_on=FIRST)

    (question,) = questions_of(partnership, manager)

    assert question.reasons == ["Both are schools of yours."]
    assert question.candidates[0].is_ours is True


def test_a_school_that_was_left_before_is_not_asked_about(closed, partnership, manager):
    actions.end_school(closed, on=date(2025, 7, 31), by=manager)

    assert questions_of(partnership, manager) == []


def test_a_merger_a_loop_and_nothing_at_all_say_so(partnership, manager):
    merged, looped, alone, other = (
        make_link(partnership, make_school(name, standing="closed", closed_on=CLOSED))
        for name in ("A merged", "B looped", "C alone", "D other")
    )
    new = make_school("Joint Academy")
    follow(merged.school, new)
    follow(other.school, new)
    back = make_school("Back and forth")
    follow(looped.school, back)
    follow(back, looped.school)

    said = {question.link: question.reasons for question in questions_of(partnership, manager)}

    assert said == {
        merged: ["It was merged with another school."],
        other: ["It was merged with another school."],
        looped: ["The register’s links lead in a circle."],
        alone: ["The register names no school that follows it."],
    }


def test_a_number_that_the_register_has_not_is_named(closed, parts, manager):
    EstablishmentLink.objects.create(
        code=closed.school.current.code, linked_code="999999", type="Successor", name="Far School"
    )

    question = question_of(closed, manager)

    assert [(one.code, one.name) for one in question.unknown] == [("999999", "Far School")]


def test_a_decision_links_the_schools_as_the_old_one_was(closed, parts, hub, officer, manager):
    lead = make_lead(closed)

    rows = actions.decide_continuation(
        closed, successors=parts, on=FIRST, note="Both  halves", by=manager
    )

    assert [row.to_link.school for row in rows] == parts
    for row in rows:
        status = row.to_link.status_on(FIRST)
        assert (status.hub, status.targeted, status.level, status.owner) == (
            hub,
            True,
            "Intensive",
            officer,
        )
    lead.refresh_from_db()
    assert (closed.statuses.get().ends_on, lead.ended_on) == (CLOSED, CLOSED)
    assert rows[0].note == "Both halves"
    event = AuditEvent.objects.get(action="continuation.decided")
    assert (event.actor_id, event.changes["as"]) == (manager.pk, [row.to_link_id for row in rows])
    assert count_open(closed.partnership, manager) == 0


def test_history_is_found_from_the_school_that_follows(closed, parts, manager):
    (row,) = actions.decide_continuation(closed, successors=parts[:1], on=FIRST, by=manager)

    assert row.to_link.with_forerunners() == sorted([closed.pk, row.to_link_id])
    assert closed.with_forerunners() == [closed.pk]


def test_a_circle_of_decisions_is_walked_once(closed, parts, partnership, manager):
    (row,) = actions.decide_continuation(closed, successors=parts[:1], on=FIRST, by=manager)
    Continuation.objects.create(
        partnership=partnership,
        from_link=row.to_link,
        to_link=closed,
        starts_on=FIRST,
        owner=manager,
    )

    assert closed.with_forerunners() == sorted([closed.pk, row.to_link_id])


def test_each_partnership_decides_for_itself(closed, parts, other_partnership, outsider, manager):
    theirs = make_link(other_partnership, closed.school)
    actions.decide_continuation(closed, successors=[], on=FIRST, by=manager)

    (row,) = actions.decide_continuation(theirs, successors=parts[1:], on=FIRST, by=outsider)

    assert (row.partnership, row.to_link.school) == (other_partnership, parts[1])
    assert Continuation.objects.get(partnership=closed.partnership).to_link is None


def test_who_left_no_longer_keeps_in_touch(closed, parts, officer, manager):
    actions.end_person(officer.memberships.get(), by=manager)

    (row,) = actions.decide_continuation(closed, successors=parts[:1], on=FIRST, by=manager)

    assert row.to_link.status_on(FIRST).owner is None


def test_what_cannot_be_decided_is_refused(closed, parts, link, manager):
    decide = actions.decide_continuation

    with pytest.raises(actions.Refused, match="has not closed"):
        decide(link, successors=[], on=FIRST, by=manager)
    with pytest.raises(actions.Refused, match="does not name Salt"):
        decide(closed, successors=[make_school("Salt School")], on=FIRST, by=manager)
    decide(closed, successors=[], on=FIRST, by=manager)
    with pytest.raises(actions.Refused, match="has been decided"):
        decide(closed, successors=parts, on=FIRST, by=manager)

    assert Continuation.objects.count() == 1


def test_a_decision_is_taken_back_with_all_that_it_did(closed, parts, manager):
    lead = make_lead(closed)
    before = SchoolLink.objects.count()
    actions.decide_continuation(closed, successors=parts, on=FIRST, by=manager)

    kept = actions.undo_continuation(closed, by=manager)

    lead.refresh_from_db()
    assert (kept, SchoolLink.objects.count(), Continuation.objects.count()) == ([], before, 0)
    assert (closed.statuses.get().ends_on, lead.ended_on) == (None, None)
    assert AuditEvent.objects.filter(action="continuation.undone").count() == 1
    with pytest.raises(actions.Refused, match="Nothing has been decided"):
        actions.undo_continuation(closed, by=manager)


def test_what_came_into_use_stays_when_it_is_taken_back(closed, parts, officer, manager):
    rows = actions.decide_continuation(closed, successors=parts, on=FIRST, by=manager)
    actions.record_conversation(rows[0].to_link, held_on=FIRST, summary="Call", by=officer)

    kept = actions.undo_continuation(closed, by=manager)

    assert kept == ["North Mill stays one of your schools: something has been done there since."]
    assert SchoolLink.objects.filter(school__in=parts).get().school == parts[0]


def test_the_page_asks_and_keeps_the_answer(closed, parts, manager, as_user):
    client, decide = as_user(manager), f"/partnerships/links/{closed.pk}/continuation/decide/"

    asked = client.get(f"/partnerships/{closed.partnership_id}/continuations/")
    nothing = client.post(decide, {"answer": "goes-on", "on": FIRST})
    client.post(decide, {"answer": "goes-on", "on": FIRST, "successors": [parts[0].pk]})
    answered = client.get(f"/partnerships/{closed.partnership_id}/continuations/")
    client.post(f"/partnerships/links/{closed.pk}/continuation/undo/")

    assert b"Old Mill School" in asked.content
    assert "Tick at least one school" in nothing.content.decode()
    assert "goes on as" in answered.content.decode()
    assert not Continuation.objects.exists()


def test_the_api_decides_as_the_page_does(closed, parts, manager, viewer, as_user):
    sent = {"from_link": closed.pk, "successors": [parts[0].pk], "on": FIRST.isoformat()}
    url = "/api/v1/continuations/"

    refused = as_user(viewer).post(url, sent, content_type="application/json")
    made = as_user(manager).post(url, sent, content_type="application/json")
    again = as_user(manager).post(url, sent, content_type="application/json")

    assert (refused.status_code, made.status_code, again.status_code) == (403, 201, 400)
    assert made.json()["from_link"] == closed.pk


def test_the_api_asks_and_takes_back_as_the_page_does(closed, parts, officer, manager, as_user):
    boss, member = as_user(manager), as_user(officer)
    url, narrowed = "/api/v1/closed-schools/", {"partnership": closed.partnership_id}

    (asked,) = boss.get(url, narrowed).json()["results"]
    rows = actions.decide_continuation(closed, successors=parts, on=FIRST, by=manager)
    actions.record_conversation(rows[0].to_link, held_on=FIRST, summary="Call", by=officer)
    decided = boss.get(f"{url}{closed.pk}/").status_code
    undo = f"/api/v1/continuations/{rows[1].pk}/undo/"
    refused, undone, again = (one.post(undo) for one in (member, boss, boss))

    assert (asked["id"], asked["first_day"]) == (closed.pk, FIRST.isoformat())
    assert [one["school"] for one in asked["candidates"]] == [part.pk for part in parts]
    assert boss.get(f"{url}{closed.pk}/").json() == asked | {
        "candidates": [asked["candidates"][0] | {"is_ours": True}, asked["candidates"][1]]
    }
    assert (decided, refused.status_code, again.status_code) == (404, 403, 404)
    assert undone.json()["stays"][0].startswith("North Mill stays one of your schools")
    assert [member.get(path).status_code for path in (f"{url}{closed.pk}/", url)] == [403, 200]
    assert member.get(url).json()["results"] == []
    assert member.get(url, narrowed).status_code == 403
