"""The home page: by role, what needs a person first, and who has gone quiet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities.models import Activity
from dashboards import home
from partnerships.models import SchoolLink
from partnerships.tests.factories import make_lead, make_link, make_school


@pytest.fixture
def today():
    return timezone.localdate()


def quiet_names(user, today):
    links = home.my_links(user, today)
    return [row["link"].school.name for row in home.quiet_schools(user, links, today)[0]]


def test_home_shows_staff_their_week(world, officer, as_user, today):
    response = as_user(officer).get("/")

    found = [row for day in response.context["week"] for row in day["activities"]]
    weekday = today.weekday() < 5
    assert (Activity.objects.get(summary="Canary campus visit") in found) == weekday


def test_home_names_a_planned_visit_that_nobody_logged(world, officer, today):
    Activity.objects.filter(pk=world.planned.pk).update(starts_on=today - timedelta(days=2))

    tasks, _ = home.tasks_for(officer, SchoolLink.objects.visible_to(officer), today)

    assert tasks[0].what == "Say how “Canary ahead” went"
    assert tasks[0].url == f"/activities/{world.planned.pk}/edit/"


def test_home_asks_which_need_an_activity_answers(world, officer, today):
    tasks, in_all = home.tasks_for(officer, SchoolLink.objects.visible_to(officer), today)

    assert [task.what for task in tasks] == ["Say which need “Canary without need” answers"]
    assert in_all == 1


def test_home_asks_to_agree_what_the_school_agreed(world, officer, school_lead, as_user, today):
    as_user(school_lead).post(
        f"/needs/assessments/{world.assessment.pk}/agree/",
        {"side": "school", "version": world.assessment.version},
    )

    tasks, _ = home.tasks_for(officer, SchoolLink.objects.visible_to(officer), today)

    assert "Agree Saltmere Academy’s ratings" in [task.what for task in tasks]


def test_a_school_with_contact_today_is_not_quiet(world, officer, today):
    assert quiet_names(officer, today) == ["Parted School", "Second school of the register"]


def test_a_school_is_quiet_after_as_many_days_as_its_partnership_says(world, officer, today):
    after = today + timedelta(days=42)

    assert "Saltmere Academy" not in quiet_names(officer, after - timedelta(days=1))
    assert "Saltmere Academy" in quiet_names(officer, after)


def test_a_planned_visit_is_no_contact(partnership, link, world, officer, today):
    Activity.objects.exclude(pk=world.planned.pk).update(status="planned")
    world.conversation.delete()

    assert "Saltmere Academy" in quiet_names(officer, today)


def test_hub_staff_see_the_schools_of_their_hub(world, hub_officer, today):
    names = [link.school.name for link in home.my_links(hub_officer, today)]

    assert names == ["Saltmere Academy"]


def test_a_viewer_gets_no_tasks_and_no_log_button(world, viewer, as_user):
    response = as_user(viewer).get("/")

    assert response.context["tasks"] == []
    assert "Log activity" not in response.content.decode()


def test_a_lead_of_one_school_lands_on_it(world, school_lead, as_user):
    response = as_user(school_lead).get("/")

    assert response["Location"] == world.link.get_absolute_url()


def test_a_lead_of_two_schools_chooses(world, school_lead, as_user):
    make_lead(make_link(world.partnership, make_school("Holm Park School")), user=school_lead)

    response = as_user(school_lead).get("/")

    assert [link.school.name for link in response.context["links"]] == [
        "Holm Park School",
        "Saltmere Academy",
    ]


def test_a_person_without_a_role_is_told_what_to_do(site_admin, as_user):
    body = as_user(site_admin).get("/").content.decode()

    assert site_admin.email in body
    assert "Open the site administration" in body


HOME_QUERIES = 15


@pytest.mark.parametrize("more", [0, 2])
def test_home_asks_the_database_as_often_for_three_schools_as_for_one(
    more, world, officer, as_user, django_assert_num_queries
):
    for number in range(more):
        make_link(world.partnership, make_school(f"Quiet school {number}"))
    client = as_user(officer)
    client.get("/")

    with django_assert_num_queries(HOME_QUERIES):
        client.get("/")
