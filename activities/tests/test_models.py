"""What the database itself refuses, and who sees which rows."""

import pytest
from django.db import IntegrityError, connection, transaction

from activities.models import Activity, ActivityNeed, ActivitySchool
from activities.tests.factories import ON, make_activity, make_need
from partnerships.tests.factories import make_link


def test_the_database_refuses_a_need_of_another_school(link, officer, partnership):
    place = make_activity(link, officer).at_schools.get()
    need = make_need(make_link(partnership))

    def write():
        ActivityNeed.objects.create(
            partnership=partnership, activity_school=place, school_link=link, need=need
        )
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_the_database_refuses_a_need_of_another_partnership(link, officer, other_partnership):
    place = make_activity(link, officer).at_schools.get()
    need = make_need(make_link(other_partnership, link.school))

    def write():
        ActivityNeed.objects.create(
            partnership=link.partnership,
            activity_school=place,
            school_link=need.school_link,
            need=need,
        )
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_the_database_refuses_a_school_of_another_partnership(link, officer, other_partnership):
    activity = make_activity(link, officer)
    elsewhere = make_link(other_partnership)

    def write():
        ActivitySchool.objects.create(
            partnership=link.partnership,
            activity=activity,
            school_link=elsewhere,
            school=elsewhere.school,
            establishment=elsewhere.school.current,
            starts_on=ON,
        )
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_activities_are_seen_by_members_alone(link, officer, viewer, school_lead, outsider):
    activity = make_activity(link, officer)

    seen = {
        user.name: list(Activity.objects.visible_to(user))
        for user in (officer, viewer, school_lead, outsider)
    }

    assert seen == {
        officer.name: [activity],
        viewer.name: [activity],
        school_lead.name: [],
        outsider.name: [],
    }


def test_a_school_lead_sees_what_was_done_at_their_school(link, officer, school_lead):
    mine = make_activity(link, officer).at_schools.get()
    make_activity(make_link(link.partnership), officer)

    assert list(ActivitySchool.objects.visible_to(school_lead)) == [mine]
