from datetime import UTC, datetime

import pytest

from core.models import AuditEvent
from core.versions import Stale
from needs import actions
from needs.models import Assessment
from needs.tests.factories import area, say
from partnerships.tests.factories import make_lead, make_user

NOON = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)


@pytest.fixture
def rated(link, officer, school_lead):
    say(link, "school", school_lead, careers="amber")
    return say(link, "partner", officer, careers=("red", 1))


def test_agree_by_both_sides(rated, officer, school_lead):
    one = actions.agree(rated, side="partner", by=officer, at=NOON)

    both = actions.agree(one, side="school", by=school_lead, at=NOON)

    assert (one.status, both.status) == ("shared", "agreed")
    assert (both.partner_agreed_by, both.school_agreed_by) == (officer, school_lead)
    assert AuditEvent.objects.filter(action="assessment.agreed").count() == 2


def test_agree_for_the_school_takes_a_lead(rated, officer):
    with pytest.raises(actions.NotAgreeable):
        actions.agree(rated, side="school", by=officer)

    assert Assessment.objects.get().school_agreed_at is None


def test_agree_by_one_person_for_both_sides_is_refused(rated, link, officer):
    make_lead(link, user=officer)
    one = actions.agree(rated, side="partner", by=officer)

    with pytest.raises(actions.NotAgreeable):
        actions.agree(one, side="school", by=officer)


def test_agree_needs_ratings_by_both(link, officer):
    assessment = say(link, "partner", officer, careers="red")

    with pytest.raises(actions.NotAgreeable):
        actions.agree(assessment, side="partner", by=officer)


def test_agree_to_ratings_that_changed_meanwhile_is_stale(rated, link, officer, school_lead):
    say(link, "partner", officer, he_knowledge="red")

    with pytest.raises(Stale):
        actions.agree(rated, side="school", by=school_lead, version=rated.version)


def test_agree_writes_nothing_when_the_audit_fails(rated, officer, fail_audit):
    fail_audit()

    with pytest.raises(RuntimeError):
        actions.agree(rated, side="partner", by=officer)

    assert Assessment.objects.get().partner_agreed_at is None


@pytest.fixture
def agreed(rated, officer, school_lead):
    return actions.agree(
        actions.agree(rated, side="partner", by=officer), side="school", by=school_lead
    )


def test_a_changed_rating_withdraws_both_agreements(agreed, link, officer):
    assessment = say(link, "partner", officer, careers="amber")

    assert assessment.status == "shared"
    assert assessment.school_agreed_at is assessment.partner_agreed_at is None
    event = AuditEvent.objects.filter(action="assessment.rated").first()
    assert event.changes["agreements_withdrawn"] is True


def test_a_changed_note_keeps_the_agreements(agreed, link, officer):
    assessment = actions.rate(
        link,
        school_year=2026,
        side="partner",
        values={area("careers"): {"value": "red", "note": "Spelt right"}},
        by=officer,
    )

    assert assessment.status == "agreed"


def test_two_people_of_one_school_agree_for_their_school_only(rated, link, school_lead):
    stranger = make_user()

    with pytest.raises(actions.NotAgreeable):
        actions.agree(rated, side="school", by=stranger)

    assert actions.agree(rated, side="school", by=school_lead).school_agreed_by == school_lead
