from datetime import UTC, date, datetime

import pytest

from core.models import AuditEvent, Job
from core.versions import Stale
from needs import actions
from needs.models import Assessment, Need, Rating
from needs.tests.factories import area, say

NOON = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)


def rating_of(link, code="he-knowledge"):
    return Rating.objects.get(assessment__school_link=link, area__code=code)


def test_rate_records_the_value_who_and_when(link, officer):
    assessment = actions.rate(
        link,
        school_year=2026,
        side="partner",
        values={area(): {"value": "red", "note": "Asked for twice", "priority": 1}},
        by=officer,
        at=NOON,
    )

    rating = rating_of(link)
    assert rating.assessment == assessment
    assert (rating.partner_value, rating.partner_note, rating.priority) == (
        "red",
        "Asked for twice",
        1,
    )
    assert (rating.partner_by, rating.partner_at) == (officer, NOON)
    assert rating.school_value == ""
    event = AuditEvent.objects.get(action="assessment.rated")
    assert event.actor_id == officer.pk
    assert event.changes == {"side": "partner", "areas": [area().pk], "on_behalf": False}


def test_rate_keeps_who_and_when_of_what_did_not_change(link, officer, hub_officer):
    say(link, "partner", officer, at=NOON, he_knowledge="red", careers="green")

    say(link, "partner", hub_officer, he_knowledge="red", careers="amber")

    assert (rating_of(link).partner_by, rating_of(link).partner_at) == (officer, NOON)
    assert rating_of(link, "careers").partner_by == hub_officer


def test_rate_the_same_again_writes_nothing(link, officer):
    first = say(link, "partner", officer, careers="red")

    again = say(link, "partner", officer, careers="red")

    assert again.version == first.version
    assert AuditEvent.objects.filter(action="assessment.rated").count() == 1


def test_rate_by_staff_for_the_school_is_on_behalf(link, officer, school_lead):
    say(link, "school", officer, careers="red")
    say(link, "school", school_lead, he_knowledge="red")

    assert rating_of(link, "careers").school_on_behalf is True
    assert rating_of(link, "he-knowledge").school_on_behalf is False


def test_rate_by_the_school_takes_over_what_staff_entered(link, officer, school_lead):
    say(link, "school", officer, careers="red")

    say(link, "school", school_lead, careers="amber")

    rating = rating_of(link, "careers")
    assert (rating.school_value, rating.school_by, rating.school_on_behalf) == (
        "amber",
        school_lead,
        False,
    )


def test_rate_by_staff_over_the_schools_own_words_is_refused(link, officer, school_lead):
    say(link, "school", school_lead, careers="red")

    with pytest.raises(actions.RatedBySchool):
        say(link, "school", officer, careers="green")

    assert rating_of(link, "careers").school_value == "red"


def test_rate_leaves_an_area_without_a_value_alone(link, officer):
    say(link, "partner", officer, careers="red")

    actions.rate(
        link,
        school_year=2026,
        side="partner",
        values={area("careers"): {"value": ""}, area(): {"value": "", "note": "Later"}},
        by=officer,
    )

    assert list(Rating.objects.values_list("area__code", "partner_value")) == [("careers", "red")]


def test_rate_refuses_an_area_of_no_framework_and_an_unknown_word(link, officer):
    with pytest.raises(ValueError):
        actions.rate(
            link, school_year=2026, side="partner", values={0: {"value": "red"}}, by=officer
        )
    with pytest.raises(ValueError):
        say(link, "partner", officer, careers="purple")


def test_rate_over_anothers_newer_rating_is_stopped_and_a_second_save_goes_through(
    link, officer, hub_officer
):
    careers = area("careers").pk
    seen = {careers: {"value": "", "note": "", "priority": None}}
    say(link, "partner", hub_officer, careers="red")
    wanted = {careers: {"value": "green"}}

    with pytest.raises(actions.RatedMeanwhile) as stale:
        actions.rate(link, school_year=2026, side="partner", values=wanted, by=officer, was=seen)
    seen = {careers: actions.side_now(rating_of(link, "careers"), "partner")}
    actions.rate(link, school_year=2026, side="partner", values=wanted, by=officer, was=seen)

    assert stale.value.areas == [careers]
    assert rating_of(link, "careers").partner_value == "green"


def test_rate_beside_anothers_newer_rating_keeps_both(link, officer, hub_officer):
    nothing = {"value": "", "note": "", "priority": None}
    seen = {area(code).pk: nothing for code in ("careers", "he-knowledge")}
    say(link, "partner", hub_officer, careers="red")

    actions.rate(
        link,
        school_year=2026,
        side="partner",
        values={area(): {"value": "green"}},
        by=officer,
        was=seen,
    )

    assert rating_of(link, "careers").partner_value == "red"
    assert rating_of(link).partner_value == "green"


def test_rate_writes_nothing_when_the_audit_fails(link, officer, fail_audit):
    fail_audit()

    with pytest.raises(RuntimeError):
        say(link, "partner", officer, careers="red")

    assert not Assessment.objects.exists()
    assert not Rating.objects.exists()
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("word", "needs"), [("red", 1), ("amber", 1), ("green", 0), ("unknown", 0)]
)
def test_rate_red_or_amber_opens_a_need(link, officer, word, needs):
    say(link, "partner", officer, at=NOON, careers=word)

    assert (
        Need.objects.filter(
            school_link=link,
            area__code="careers",
            raised_on=date(2026, 10, 5),
            raised_by_side="partner",
            status="raised",
        ).count()
        == needs
    )


def test_rate_red_by_both_sides_confirms_the_one_need(link, officer, school_lead):
    say(link, "school", school_lead, careers="amber")

    say(link, "partner", officer, careers="red")

    need = Need.objects.get()
    assert (need.raised_by_side, need.status) == ("school", "confirmed")


def test_rate_green_by_one_side_takes_the_confirmation_back(link, officer, school_lead):
    say(link, "school", school_lead, careers="amber")
    say(link, "partner", officer, careers="red")

    say(link, "school", school_lead, careers="green")

    assert Need.objects.get().status == "raised"


def test_rate_next_year_finds_the_need_still_open(link, officer):
    say(link, "partner", officer, year=2025, careers="red")

    say(link, "partner", officer, year=2026, careers="red")

    assert Need.objects.count() == 1


def test_rate_again_after_closing_opens_another_need(link, officer):
    say(link, "partner", officer, careers="amber")
    actions.close_need(Need.objects.get(), status="met", note="", version=1, by=officer)

    say(link, "partner", officer, careers="red")

    assert list(Need.objects.order_by("pk").values_list("status", flat=True)) == ["met", "raised"]


def test_rate_asks_for_new_figures_once(
    link, officer, hub_officer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        say(link, "partner", officer, careers="red")
        say(link, "partner", hub_officer, he_knowledge="red")

    job = Job.objects.get()
    assert job.kind == "needs.tasks.summarise_needs"
    assert (job.partnership_id, job.params) == (link.partnership_id, {"school_year": 2026})


def test_recompute_twice_gives_one_job(partnership, officer, manager):
    first = actions.recompute(partnership, school_year=2026, by=officer)

    second = actions.recompute(partnership, school_year=2026, by=manager)
    other_year = actions.recompute(partnership, school_year=2025, by=manager)

    assert second == first
    assert other_year != first


def test_raise_need_without_a_rating(link, officer):
    need = actions.raise_need(link, area=area(), by=officer, on=date(2026, 9, 9))

    assert (need.status, need.raised_by_side, need.raised_on) == (
        "raised",
        "partner",
        date(2026, 9, 9),
    )
    assert AuditEvent.objects.get(action="need.raised").target_id == str(need.pk)


def test_raise_need_twice_is_refused(link, officer):
    actions.raise_need(link, area=area(), by=officer)

    with pytest.raises(actions.AlreadyOpen):
        actions.raise_need(link, area=area(), by=officer)


def test_raise_need_writes_nothing_when_the_audit_fails(link, officer, fail_audit):
    fail_audit()

    with pytest.raises(RuntimeError):
        actions.raise_need(link, area=area(), by=officer)

    assert not Need.objects.exists()


def test_close_need_records_how_and_when(link, officer):
    need = actions.raise_need(link, area=area(), by=officer)

    closed = actions.close_need(
        need, status="parked", note="Next year", version=1, by=officer, on=date(2026, 11, 2)
    )

    assert (closed.status, closed.closing_note, closed.closed_on, closed.version) == (
        "parked",
        "Next year",
        date(2026, 11, 2),
        2,
    )
    assert AuditEvent.objects.get(action="need.closed").changes == {"status": "parked"}


def test_close_need_on_an_older_version_is_stale(link, officer):
    need = actions.raise_need(link, area=area(), by=officer)

    with pytest.raises(Stale):
        actions.close_need(need, status="met", note="", version=7, by=officer)


def test_close_need_twice_is_refused(link, officer):
    need = actions.raise_need(link, area=area(), by=officer)
    actions.close_need(need, status="met", note="", version=1, by=officer)

    with pytest.raises(actions.AlreadyClosed):
        actions.close_need(need, status="met", note="", version=2, by=officer)


def test_close_need_takes_a_closing_status(link, officer):
    need = actions.raise_need(link, area=area(), by=officer)

    with pytest.raises(ValueError):
        actions.close_need(need, status="confirmed", note="", version=1, by=officer)


def test_close_need_writes_nothing_when_the_audit_fails(link, officer, fail_audit):
    need = actions.raise_need(link, area=area(), by=officer)
    fail_audit()

    with pytest.raises(RuntimeError):
        actions.close_need(need, status="met", note="", version=1, by=officer)

    assert Need.objects.get().closed_on is None


def test_a_correction_of_an_earlier_year_leaves_the_need_of_a_later_one(link, officer, school_lead):
    both = {"value": "red", "note": ""}
    for side, by in (("partner", officer), ("school", school_lead)):
        actions.rate(link, school_year=2026, side=side, values={area(): both}, by=by)

    green = {area(): {"value": "green", "note": ""}}
    actions.rate(link, school_year=2024, side="partner", values=green, by=officer)

    assert Need.objects.get().status == Need.Status.CONFIRMED
