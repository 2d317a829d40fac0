"""The log page: four answers, what it fills in, what it keeps, and who may use it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from activities.tests.factories import make_activity, make_need, make_offer
from partnerships.models import Conversation, Role
from partnerships.tests.factories import make_link, make_member, make_school

LOG = "/activities/log/"
ABOUT = "/activities/log/about/"


def answers(link, **more):
    return {
        "client_uuid": str(uuid4()),
        "school": link.pk,
        "type": "campus-visit",
        "when": "today",
        "summary": "Year 10 campus day",
        **more,
    }


def page(response):
    return response.content.decode()


def test_log_with_four_answers(link, officer, provider, as_user):
    response = as_user(officer).post(LOG, answers(link))

    activity = Activity.objects.get()
    assert response.url == link.get_absolute_url()
    assert (activity.summary, activity.owner, activity.starts_on) == (
        "Year 10 campus day",
        officer,
        timezone.localdate(),
    )
    assert [share.provider for share in activity.providers.all()] == [provider]
    assert (activity.status, activity.mode) == ("delivered", "on_campus")


def test_log_says_what_was_saved_with_links(link, officer, as_user):
    client = as_user(officer)

    client.post(LOG, answers(link, summary="Day <b>out</b>"))

    said = page(client.get(f"{LOG}?school={link.pk}"))
    activity = Activity.objects.get()
    assert "Delivered: “Day &lt;b&gt;out&lt;/b&gt;” at Saltmere Academy." in said
    assert f"<a href='{activity.get_absolute_url()}'>See it</a>" in said


def test_log_another_keeps_the_school(link, officer, as_user):
    response = as_user(officer).post(LOG, answers(link, again="1"))

    assert response.url == f"{LOG}?school={link.pk}"


def test_log_with_all_the_details(link, officer, as_user):
    offer = make_offer(link.partnership)
    more = {"type": "else", "other_type": "masterclass", "when": "yesterday", "mode": "online"}
    more |= {"hours": "1.5", "starts_at": "09:30", "notes": "Well liked"}
    more |= {"adapted_from": offer.pk, "adaptation": "Shorter"}

    as_user(officer).post(LOG, answers(link, **more))

    activity = Activity.objects.get()
    assert (activity.type.code, activity.mode) == ("masterclass", "online")
    assert activity.starts_on == timezone.localdate() - timedelta(days=1)
    assert (activity.adapted_from, activity.adaptation) == (offer, "Shorter")
    assert (str(activity.hours), f"{activity.starts_at:%H:%M}") == ("1.50", "09:30")
    assert activity.notes == "Well liked"


def test_log_with_who_came_and_which_need(link, officer, as_user):
    need = make_need(link)
    counts = {"learners_10_expected": "50", "learners_10_actual": "48"}
    counts |= {"learners_0_actual": "3", "parents_actual": "2"}

    as_user(officer).post(LOG, answers(link, needs=[need.pk], **counts))

    place = Activity.objects.get().at_schools.get()
    assert [answer.need for answer in place.answers.all()] == [need]
    assert set(place.headcounts.values_list("audience", "year_group", "expected", "actual")) == {
        ("learners", 10, 50, 48),
        ("learners", None, None, 3),
        ("parents", None, None, 2),
    }


@pytest.mark.parametrize(("strand", "code"), [("other", "other"), ("none", None), ("", "targeted")])
def test_log_with_a_strand_by_hand_or_as_proposed(link, officer, as_user, strand, code):
    as_user(officer).post(LOG, answers(link, strand=strand))

    activity = Activity.objects.get()
    assert (activity.strand.code if activity.strand else None) == code


def test_log_of_something_else_without_more(link, officer, as_user):
    as_user(officer).post(LOG, answers(link, type="else", other_type=""))

    assert Activity.objects.get().type.code == "other"


def test_log_of_a_date_ahead_is_planned(link, officer, as_user):
    ahead = timezone.localdate() + timedelta(days=9)

    as_user(officer).post(LOG, answers(link, when="other", date=ahead.isoformat()))

    assert (Activity.objects.get().status, Activity.objects.get().starts_on) == ("planned", ahead)


def test_log_sent_twice_is_one_activity(link, officer, as_user):
    client, sent = as_user(officer), answers(link)

    first, second = client.post(LOG, sent), client.post(LOG, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Activity.objects.count() == 1


def test_log_of_a_meeting_is_a_conversation(link, officer, as_user):
    client = as_user(officer)
    sent = answers(link, type="meeting", summary="Needs talk", hours="0.75", notes="Agreed two")

    first, _ = client.post(LOG, sent), client.post(LOG, sent)

    talk = Conversation.objects.get()
    assert first.url == link.get_absolute_url()
    assert (talk.summary, talk.minutes, talk.notes, talk.held_by) == (
        "Needs talk",
        45,
        "Agreed two",
        officer,
    )
    assert Activity.objects.count() == 0


def test_log_of_a_meeting_ahead_says_why_not(link, officer, as_user):
    ahead = timezone.localdate() + timedelta(days=2)
    sent = answers(link, type="meeting", when="other", date=ahead.isoformat())

    response = as_user(officer).post(LOG, sent)

    assert "A conversation is recorded after it was held." in page(response)
    assert Conversation.objects.count() == 0


def test_log_with_errors_says_all_of_them_and_loses_nothing(link, officer, as_user):
    need = make_need(link)
    sent = answers(
        link,
        summary="",
        when="other",
        date="17 Octember",
        hours="none",
        learners_10_actual="about 50",
        needs=[need.pk],
        notes="Keep this",
    )

    response = as_user(officer).post(LOG, sent)

    form = response.context["form"]
    assert "<title>Error: Log activity" in page(response)
    assert set(form.errors) == {"summary", "date", "hours", "learners_10_actual"}
    for kept in ("17 Octember", "about 50", "Keep this", 'value="none"', str(sent["client_uuid"])):
        assert kept in page(response)
    assert f'value="{need.pk}"\n' in page(response)
    assert form.needs_now == [need]
    assert Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("school", "Choose a school."),
        ("type", "Choose what it was."),
        ("when", "Choose when it was."),
        ("summary", "Say in one line what happened."),
    ],
)
def test_log_without_one_of_the_four(link, officer, as_user, missing, message):
    response = as_user(officer).post(LOG, answers(link) | {missing: ""})

    assert response.context["form"].errors[missing] == [message]


def test_log_with_another_date_left_open(link, officer, as_user):
    response = as_user(officer).post(LOG, answers(link, when="other", date=""))

    assert response.context["form"].errors["date"] == ["Give the date, such as 17/11/2026."]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("hours", "0", "Hours must be more than nought."),
        ("hours", "1001", "Hours cannot be more than 1,000. Check the number."),
        ("learners_9_actual", "-1", "Year 9, came: use nought or more."),
        ("parents_expected", "10001", "Parents and carers, expected: at most 10,000. Check"),
        ("learners_9_actual", "1.5", "Year 9, came: use a whole number."),
    ],
)
def test_log_names_numbers_that_cannot_be(link, officer, as_user, field, value, message):
    response = as_user(officer).post(LOG, answers(link, **{field: value}))

    assert response.context["form"].errors[field][0].startswith(message)


def test_log_tells_a_refusal_at_its_field(partnership, officer, as_user):
    link = make_link(partnership, starts_on=timezone.localdate())
    sent = answers(link, when="yesterday")

    response = as_user(officer).post(LOG, sent)

    assert "was not one of your schools on" in response.context["form"].errors["date"][0]


def test_log_at_a_school_of_another_partnership(officer, other_partnership, as_user):
    response = as_user(officer).post(LOG, answers(make_link(other_partnership)))

    assert response.context["form"].errors["school"] == ["Choose a school that you work with."]


def test_log_with_a_need_of_another_school(link, officer, as_user):
    need = make_need(make_link(link.partnership))

    response = as_user(officer).post(LOG, answers(link, needs=[need.pk]))

    assert list(response.context["form"].errors) == ["needs"]


def test_log_where_one_is_a_viewer_only(officer, other_partnership, as_user):
    make_member(other_partnership, Role.VIEWER, user=officer)

    response = as_user(officer).post(LOG, answers(make_link(other_partnership)))

    assert list(response.context["form"].errors) == ["school"]


@pytest.mark.parametrize("person", ["viewer", "evaluator", "school_lead", "site_admin"])
def test_log_is_forbidden_for_others(link, as_user, request, person):
    client = as_user(request.getfixturevalue(person))

    assert client.get(LOG).status_code == 403
    assert client.post(LOG, answers(link)).status_code == 403
    assert client.post(ABOUT, answers(link)).status_code == 403
    assert Activity.objects.count() == 0


@pytest.mark.parametrize("person", ["officer", "hub_officer", "manager", "outsider"])
def test_log_is_open_to_those_who_work_with_schools(as_user, request, person):
    assert as_user(request.getfixturevalue(person)).get(LOG).status_code == 200


def test_log_asks_a_stranger_to_sign_in(as_user, db):
    assert as_user().get(LOG).status_code == 302


def test_the_form_comes_with_today_and_the_school(link, officer, provider, as_user):
    form = as_user(officer).get(f"{LOG}?school={link.pk}").context["form"]

    assert (form["when"].value(), form["school"].value()) == ("today", link.pk)
    assert form["provider"].value() == provider.pk
    assert form.link == link


@pytest.mark.parametrize("asked", ["", "0", "word", "99999999999999999999"])
def test_the_form_without_a_school_asks_for_it(officer, link, as_user, asked):
    form = as_user(officer).get(f"{LOG}?school={asked}").context["form"]

    assert form.link is None


def test_the_form_comes_with_a_need_and_its_school(link, officer, as_user):
    need = make_need(link)

    form = as_user(officer).get(f"{LOG}?need={need.pk}").context["form"]

    assert (form.link, form.needs_now) == (link, [need])


@pytest.mark.parametrize("asked", ["need=0", "need=x", "like=0", "like=x"])
def test_the_form_of_a_need_or_activity_that_is_not_there(officer, as_user, asked):
    assert as_user(officer).get(f"{LOG}?{asked}").status_code == 404


def test_the_form_of_a_need_or_activity_of_others_is_not_there(link, officer, outsider, as_user):
    need, activity = make_need(link), make_activity(link, officer)

    assert as_user(outsider).get(f"{LOG}?need={need.pk}").status_code == 404
    assert as_user(outsider).get(f"{LOG}?like={activity.pk}").status_code == 404


def test_the_form_like_an_activity_copies_it_but_not_who_came(link, officer, as_user):
    rows = [{"year_group": 10, "expected": 50, "actual": 48}]
    activity = make_activity(link, officer, headcounts=rows, notes="As last time", hours=2)

    form = as_user(officer).get(f"{LOG}?like={activity.pk}").context["form"]

    assert (form["summary"].value(), form["notes"].value()) == (activity.summary, "As last time")
    assert (form["type"].value(), form["hours"].value()) == ("campus-visit", "2")
    assert (form["learners_10_expected"].value(), form["learners_10_actual"].value()) == (50, None)
    assert (form["when"].value(), form["date"].value()) == ("today", None)


def test_without_scripts_a_school_is_found_and_chosen_with_all_kept(partnership, officer, as_user):
    client = as_user(officer)
    link = make_link(partnership, make_school("Holm Park School"))
    need = make_need(link)
    sent = answers(link, summary="Kept", notes="Kept too", learners_9_actual="7") | {"school": ""}

    found = client.post(LOG, sent | {"find": "1", "school_words": "holm"})
    chosen = client.post(LOG, sent | {"choose": "1", "school": link.pk})

    assert [pk for pk, _ in found.context["form"].fields["school"].widget.choices] == ["", link.pk]
    form = chosen.context["form"]
    assert form.link == link
    assert [row[0] for row in form.need_rows] == [need]
    for response in (found, chosen):
        form = response.context["form"]
        assert not form.errors
        assert [form[name].value() for name in ("summary", "notes", "learners_9_actual")] == [
            "Kept",
            "Kept too",
            "7",
        ]
    assert Activity.objects.count() == 0


def test_change_lets_go_of_the_school_alone(link, officer, as_user):
    form = as_user(officer).post(LOG, answers(link, change="1")).context["form"]

    assert (form.link, form["summary"].value()) == (None, "Year 10 campus day")


def test_the_schools_offered_first_are_those_logged_last(partnership, officer, as_user):
    links = [make_link(partnership, make_school(f"School {n}")) for n in range(3)]
    make_activity(links[1], officer)

    form = as_user(officer).get(LOG).context["form"]

    assert [pk for pk, _ in form.fields["school"].widget.choices] == ["", links[1].pk]


def test_about_answers_with_needs_and_both_ratings(link, officer, as_user):
    from needs import actions as need_actions

    area = make_need(link).area
    for side, value in (("school", "green"), ("partner", "red")):
        values = {area: {"value": value}}
        need_actions.rate(link, school_year=2026, side=side, values=values, by=officer)

    said = page(as_user(officer).post(ABOUT, answers(link)))

    assert said.index("HE knowledge") < said.index("Green") < said.index("Red")
    assert "<html" not in said


def test_about_the_strand_follows_what_is_ticked(partnership, officer, as_user):
    link = make_link(partnership, hub_school=True)
    need, client = make_need(link), as_user(officer)

    without = page(client.post(f"{ABOUT}?strand", answers(link)))
    ticked = page(client.post(f"{ABOUT}?strand", answers(link, needs=[need.pk])))
    unknown = page(client.post(f"{ABOUT}?strand", answers(link) | {"type": ""}))
    nowhere = page(client.post(f"{ABOUT}?strand", answers(link) | {"school": ""}))

    assert "no need is linked yet" in without
    assert "<b>Proactive support</b>" in ticked
    assert "Proactive support, as proposed" in ticked
    assert "Choose what it was first." in unknown
    assert "Choose a school first." in nowhere


def test_about_is_only_for_sending(officer, as_user):
    assert as_user(officer).get(reverse("activities:log_about")).status_code == 405
