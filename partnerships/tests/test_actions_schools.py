from datetime import date

import pytest

from core.models import AuditEvent
from partnerships import actions
from partnerships.models import SchoolLink, SchoolLinkStatus
from partnerships.tests.factories import make_hub, make_school

pytestmark = pytest.mark.django_db

SEPTEMBER = date(2026, 9, 1)
PLAIN = {"hub": None, "hub_school": False, "targeted": False, "level": "", "owner": None}


def spans(link):
    return list(link.statuses.values_list("starts_on", "ends_on", "targeted"))


def test_link_school_opens_a_status(partnership, school, hub, officer, manager):
    link = actions.link_school(
        partnership,
        school,
        starts_on=SEPTEMBER,
        hub=hub,
        hub_school=True,
        level="Intensive",
        owner=officer,
        by=manager,
    )

    status = link.status_on(SEPTEMBER)
    assert (status.hub, status.hub_school, status.targeted) == (hub, True, False)
    assert (status.level, status.owner, status.ends_on) == ("Intensive", officer, None)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("school_link.added", manager.pk)
    assert event.changes["hub"] == hub.pk


def test_link_school_twice_is_refused(partnership, link, school, manager):
    with pytest.raises(actions.Refused, match="one of your schools already"):
        actions.link_school(partnership, school, starts_on=SEPTEMBER, by=manager)

    assert SchoolLinkStatus.objects.count() == 1


def test_link_school_takes_a_school_back_after_work_had_ended(partnership, link, school, manager):
    actions.end_school(link, on=date(2026, 7, 31), by=manager)

    with pytest.raises(actions.Refused, match="until 31 July 2026"):
        actions.link_school(partnership, school, starts_on=date(2026, 7, 31), by=manager)
    again = actions.link_school(partnership, school, starts_on=SEPTEMBER, by=manager)

    assert again.pk == link.pk
    assert spans(link) == [
        (SEPTEMBER, None, False),
        (date(2020, 9, 1), date(2026, 7, 31), True),
    ]


def test_link_school_by_two_partnerships_is_two_links(link, school, other_partnership, outsider):
    actions.link_school(other_partnership, school, starts_on=SEPTEMBER, by=outsider)

    assert list(SchoolLink.objects.visible_to(outsider)) == [
        SchoolLink.objects.get(partnership=other_partnership)
    ]


def test_link_school_refuses_a_school_that_had_closed(partnership, manager):
    closed = make_school("Old Mill School", standing="closed", closed_on=date(2026, 3, 31))

    with pytest.raises(actions.Refused, match="closed on 31 March 2026: it was not open on 1 Sept"):
        actions.link_school(partnership, closed, starts_on=SEPTEMBER, by=manager)
    link = actions.link_school(partnership, closed, starts_on=date(2026, 3, 31), by=manager)

    assert link.school == closed


def test_link_school_refuses_a_closed_school_without_a_date(partnership, manager):
    closed = make_school("Old Mill School", standing="closed")

    with pytest.raises(actions.Refused, match="Old Mill School closed: it was not open"):
        actions.link_school(partnership, closed, starts_on=SEPTEMBER, by=manager)


def test_link_school_refuses_an_owner_or_hub_from_elsewhere(
    partnership, other_partnership, school, outsider, manager
):
    foreign = make_hub(other_partnership, "Dale hub")

    with pytest.raises(actions.Refused, match="Otto Farr does not work in this partnership"):
        actions.link_school(partnership, school, starts_on=SEPTEMBER, owner=outsider, by=manager)
    with pytest.raises(actions.Refused, match="another partnership"):
        actions.link_school(partnership, school, starts_on=SEPTEMBER, hub=foreign, by=manager)

    assert not SchoolLink.objects.exists()


def test_change_status_ends_the_one_before_on_the_day_before(link, manager):
    actions.change_status(link, starts_on=SEPTEMBER, by=manager, **PLAIN)

    assert spans(link) == [
        (SEPTEMBER, None, False),
        (date(2020, 9, 1), date(2026, 8, 31), True),
    ]
    assert AuditEvent.objects.get().action == "school_link_status.changed"


def test_change_status_on_the_same_day_replaces(link, manager):
    status = actions.change_status(link, starts_on=date(2020, 9, 1), by=manager, **PLAIN)

    assert list(link.statuses.all()) == [status]
    assert spans(link) == [(date(2020, 9, 1), None, False)]


def test_change_status_before_the_present_one_is_refused(link, manager):
    with pytest.raises(actions.Refused, match="began on 1 September 2020"):
        actions.change_status(link, starts_on=date(2020, 8, 31), by=manager, **PLAIN)


def test_change_status_after_an_end_leaves_the_gap(link, manager):
    actions.end_school(link, on=date(2026, 7, 31), by=manager)

    actions.change_status(link, starts_on=SEPTEMBER, by=manager, **PLAIN)

    assert [ends for _, ends, _ in spans(link)] == [None, date(2026, 7, 31)]


def test_end_school_ends_the_present_status(link, manager):
    actions.end_school(link, on=date(2026, 7, 31), by=manager)

    assert spans(link) == [(date(2020, 9, 1), date(2026, 7, 31), True)]
    assert AuditEvent.objects.get().changes == {"ends_on": "2026-07-31"}


def test_end_school_twice_or_before_it_began_is_refused(link, manager):
    with pytest.raises(actions.Refused, match="Choose that day or a later one"):
        actions.end_school(link, on=date(2020, 8, 31), by=manager)
    actions.end_school(link, on=date(2026, 7, 31), by=manager)

    with pytest.raises(actions.Refused, match="has ended already"):
        actions.end_school(link, on=date(2026, 8, 1), by=manager)


def test_nothing_is_left_behind_when_auditing_fails(partnership, link, manager, no_audit):
    with pytest.raises(no_audit):
        actions.link_school(partnership, make_school("Ketterby"), starts_on=SEPTEMBER, by=manager)
    with pytest.raises(no_audit):
        actions.change_status(link, starts_on=SEPTEMBER, by=manager, **PLAIN)
    with pytest.raises(no_audit):
        actions.end_school(link, on=SEPTEMBER, by=manager)

    assert list(SchoolLink.objects.all()) == [link]
    assert spans(link) == [(date(2020, 9, 1), None, True)]


def test_corrected_year_groups_stand_before_the_ages_until_taken_back(link, manager):
    link.school.establishments.update(low_age=14, high_age=19)
    link.refresh_from_db()
    derived = link.taught_years()

    actions.correct_year_groups(link, year_groups=[9, 7, 8, 8], reason="Shared", by=manager)
    link.refresh_from_db()
    corrected = link.taught_years()
    actions.correct_year_groups(link, year_groups=None, by=manager)
    link.refresh_from_db()

    assert (corrected, link.taught_years(), derived) == ([7, 8, 9], derived, [10, 11, 12, 13])
    last, first = AuditEvent.objects.all()
    assert first.action == last.action == "school_link.year_groups_corrected"
    assert first.changes == {"was": None, "year_groups": [7, 8, 9]}
    assert last.changes == {"was": [7, 8, 9], "year_groups": None}


@pytest.mark.parametrize("wrong", [[], [15], [-1]])
def test_year_groups_that_no_school_has_are_refused(link, manager, wrong):
    with pytest.raises(actions.Refused):
        actions.correct_year_groups(link, year_groups=wrong, by=manager)

    assert SchoolLink.objects.get().year_groups is None
