"""The same form sent again: no activity twice, and nothing that was corrected is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest

from activities import actions
from activities.checks import Problem, SavedBefore
from activities.models import Activity, Headcount
from activities.tests.factories import ON, YEAR_10, make_activity, make_need, make_offer
from core.models import AuditEvent
from partnerships.tests.factories import make_link

KEY = uuid4()
ACTIONS_NOTED = ("activity.logged", "activity.edited")


def noted():
    """What the audit trail holds of activities, oldest first."""
    rows = AuditEvent.objects.filter(action__in=ACTIONS_NOTED).order_by("pk")
    return list(rows.values_list("action", "changes__fields"))


@pytest.fixture
def full(link):
    """A form with every answer given."""
    return {
        "client_uuid": KEY,
        "hours": "1.5",
        "mode": "online",
        "strand": "",
        "notes": "Lovely",
        "headcounts": [YEAR_10],
        "needs": [make_need(link)],
        "adaptation": "Shorter",
        "adapted_from": make_offer(link.partnership),
    }


def test_the_same_answers_again_write_nothing(link, officer, provider, full):
    first = make_activity(link, officer, **full)

    again = make_activity(link, officer, **full)

    assert (again, again.version) == (first, 1)
    assert noted() == [("activity.logged", None)]
    assert Headcount.objects.count() == 1


def test_what_was_corrected_is_kept(link, officer, full):
    first = make_activity(link, officer, **full)

    again = make_activity(
        link, officer, **full | {"summary": "Year 11 campus day", "needs": [], "headcounts": []}
    )

    again.refresh_from_db()
    assert (again, again.summary, again.version) == (first, "Year 11 campus day", 2)
    assert not Headcount.objects.exists()
    assert noted()[1:] == [("activity.edited", ["headcounts", "needs", "strand_reason", "summary"])]


def test_a_correction_sent_twice_is_kept_once(link, officer):
    make_activity(link, officer, client_uuid=KEY)

    for _ in range(2):
        again = make_activity(link, officer, client_uuid=KEY, summary="Corrected")

    assert (again.summary, again.version) == ("Corrected", 2)
    assert Activity.objects.count() == 1
    assert len(noted()) == 2


def test_a_date_corrected_to_one_ahead_makes_it_planned(link, officer):
    make_activity(link, officer, client_uuid=KEY)

    ahead = make_activity(link, officer, client_uuid=KEY, starts_on=ON + timedelta(days=400))

    assert ahead.status == Activity.Status.PLANNED


def test_what_was_edited_since_is_not_undone(link, officer, manager):
    first = make_activity(link, officer, client_uuid=KEY)
    actions.edit(first, version=1, by=manager, notes="Seen by the manager")

    with pytest.raises(SavedBefore, match="Save again to log another"):
        make_activity(link, officer, client_uuid=KEY)

    first.refresh_from_db()
    assert (first.notes, first.version) == ("Seen by the manager", 2)


def test_the_form_at_another_school_or_of_another_person_is_another_activity(
    link, officer, manager, partnership
):
    make_activity(link, officer, client_uuid=KEY)

    for where, by in ((make_link(partnership), officer), (link, manager)):
        with pytest.raises(SavedBefore, match="Year 10 campus day"):
            make_activity(where, by, client_uuid=KEY)

    assert Activity.objects.count() == 1


def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(link, officer):
    first = make_activity(link, officer, client_uuid=KEY)

    with pytest.raises(Problem, match="Hours must be a number"):
        make_activity(link, officer, client_uuid=KEY, summary="Corrected", hours="long")

    first.refresh_from_db()
    assert (first.summary, first.version) == ("Year 10 campus day", 1)


def test_the_page_lets_it_be_saved_as_another(link, officer, manager, as_user):
    first, client = make_activity(link, officer, client_uuid=KEY), as_user(officer)
    actions.edit(first, version=1, by=manager, notes="Seen by the manager")
    sent = {
        "client_uuid": str(KEY),
        "school": link.pk,
        "type": "campus-visit",
        "when": "today",
        "summary": "Year 11 campus day",
    }

    refused = client.post("/activities/log/", sent)
    key = refused.context["form"]["client_uuid"].value()
    client.post("/activities/log/", sent | {"client_uuid": key})

    assert "You saved this form before" in refused.content.decode()
    assert "Year 11 campus day" in refused.content.decode()
    assert sorted(Activity.objects.values_list("summary", flat=True)) == [
        "Year 10 campus day",
        "Year 11 campus day",
    ]


@pytest.mark.parametrize("day", ["9999-12-31", "2099-01-01", "1066-10-14"])
def test_a_year_that_nobody_meant_is_said_at_the_date(day, link, officer, as_user):
    sent = {
        "client_uuid": str(KEY),
        "school": link.pk,
        "type": "campus-visit",
        "when": "other",
        "date": day,
        "summary": "Far away",
    }

    page = as_user(officer).post("/activities/log/", sent)

    assert "Check the year." in "".join(page.context["form"].errors["date"])
    assert not Activity.objects.exists()
