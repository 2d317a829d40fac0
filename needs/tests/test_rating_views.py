import pytest
from django.urls import reverse

from needs import actions
from needs.models import Assessment, Need, NeedArea, NeedFramework, Rating
from needs.tests.factories import area, say
from partnerships.tests.factories import make_lead, make_link, make_school

YEAR = 2026


def url(link, side=""):
    return f"{reverse('needs:rate', args=[link.pk])}?year={YEAR}{'&side=school' * bool(side)}"


def posted(page, **answers):
    """What a browser sends: every field as the page has it, with these answers by area code."""
    form = page.context["form"]
    data = {}
    for name, field in form.fields.items():
        data[form[name].html_initial_name] = str(field.initial)
        if not (name.startswith("value") and field.initial == ""):
            data[name] = str(field.initial)
    for name, value in answers.items():
        kind, _, code = name.partition("_")
        data[f"{kind}_{area(code.replace('_', '-')).pk}"] = value
    return data


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("outsider", 404),
        ("site_admin", 404),
        ("viewer", 403),
        ("evaluator", 403),
        ("officer", 200),
        ("hub_officer", 200),
        ("manager", 200),
        ("school_lead", 200),
    ],
)
def test_rate_is_open_to_those_who_work_with_the_school(request, as_user, link, person, status):
    client = as_user(request.getfixturevalue(person))

    assert client.get(url(link)).status_code == status
    assert client.post(url(link), {}).status_code in (status, 302 if status == 200 else status)


def test_rate_sends_a_stranger_to_sign_in(as_user, link):
    assert as_user().get(url(link)).status_code == 302


def test_rate_by_an_officer_writes_the_partnerships_side(as_user, link, officer):
    client = as_user(officer)
    data = posted(client.get(url(link)), value_careers="red", priority_careers="1")

    response = client.post(url(link), data, follow=True)

    rating = Rating.objects.get()
    assert (rating.partner_value, rating.priority, rating.school_value) == ("red", 1, "")
    assert "Ratings saved: 1 area changed." in response.text


def test_rate_by_a_lead_writes_the_schools_side_whatever_they_ask(as_user, link, school_lead):
    client = as_user(school_lead)
    data = posted(client.get(url(link)), value_careers="amber", note_careers="Year 9 pupils")

    client.post(url(link) + "&side=partner", data)

    rating = Rating.objects.get()
    assert (rating.school_value, rating.school_by) == ("amber", school_lead)
    assert (rating.partner_value, rating.school_on_behalf) == ("", False)


def test_rate_for_the_school_by_staff_says_so_everywhere(as_user, link, officer, school_lead):
    client = as_user(officer)
    page = client.get(url(link, "school"))
    client.post(url(link, "school"), posted(page, value_careers="red"))
    need = Need.objects.get()

    said = f"ntered by {officer.name} for the school"
    assert "You are writing for the school" in page.text
    assert Rating.objects.get().school_on_behalf is True
    assert said in client.get(url(link)).text
    assert said in client.get(url(link, "school")).text
    assert said in client.get(need.get_absolute_url()).text
    assert said in client.get(reverse("needs:list") + f"?year={YEAR}").text
    lead = as_user(school_lead)
    assert f"Entered by {officer.name} for you" in lead.get(url(link)).text
    assert f"Entered by {officer.name} for you" in lead.get(need.get_absolute_url()).text


def test_rate_for_the_school_leaves_its_own_words_alone(as_user, link, officer, school_lead):
    say(link, "school", school_lead, careers="red")

    page = as_user(officer).get(url(link, "school"))

    assert f"value_{area('careers').pk}" not in page.context["form"].fields
    assert "Only the school changes them." in page.text


def test_the_lead_sees_our_rating_of_an_area_after_theirs(as_user, link, officer, school_lead):
    say(link, "partner", officer, careers="green", literacy="red")
    say(link, "school", school_lead, careers="red")

    page = as_user(school_lead).get(url(link))

    ratings = page.context["ratings"]
    assert ratings[area("careers").pk].partner_value == "green"
    assert ratings[area("literacy").pk].partner_value == ""
    assert page.text.count("Ours shows after yours") == 19
    assert page.text.count("We differ: let’s talk") == 1


def test_the_lead_reads_of_pupils_and_never_of_learners(as_user, link, school_lead):
    page = as_user(school_lead).get(url(link)).text

    assert "pupils" in page
    assert "learner" not in page.split("<main")[1]


def test_all_areas_are_asked_without_script(as_user, link, officer):
    page = as_user(officer).get(url(link)).text

    names = NeedArea.objects.filter(framework=NeedFramework.objects.current())
    assert all(f'name="value_{one.pk}"' in page for one in names)
    assert page.count('type="radio"') == 4 * 20


def test_a_note_without_a_rating_is_asked_for_one_and_nothing_is_lost(as_user, link, officer):
    client = as_user(officer)
    data = posted(client.get(url(link)), note_careers="A long story", value_literacy="red")

    page = client.post(url(link), data)

    assert "Choose a rating for Careers" in page.text
    assert page.text.count("A long story") == 1
    assert "<title>Error:" in page.text
    assert not Rating.objects.exists()


def test_a_rating_changed_meanwhile_is_shown_and_saved_the_second_time(
    as_user, link, officer, hub_officer
):
    client = as_user(officer)
    data = posted(client.get(url(link)), value_careers="green", value_belonging="amber")
    say(link, "partner", hub_officer, careers="red", literacy="red")

    page = client.post(url(link), data)
    again = posted(page) | {
        name: value
        for name, value in page.context["form"].data.items()
        if not name.startswith("csrf")
    }
    client.post(url(link), again)

    assert [row[1:] for row in page.context["differences"]] == [("Red", "Green", hub_officer)]
    assert f"<b>Red</b> by {hub_officer.name} now, <b>Green</b> in your form" in page.text
    assert dict(Rating.objects.values_list("area__code", "partner_value")) == {
        "careers": "green",
        "belonging": "amber",
        "literacy": "red",
    }


def test_a_changed_rating_says_that_the_agreement_is_withdrawn(as_user, link, officer, school_lead):
    say(link, "school", school_lead, careers="red")
    assessment = say(link, "partner", officer, careers="red")
    actions.agree(assessment, side="partner", by=officer)
    client = as_user(officer)

    page = client.post(url(link), posted(client.get(url(link)), value_careers="amber"), follow=True)

    assert "both agreements were withdrawn" in page.text
    assert Assessment.objects.get().partner_agreed_at is None


def test_rate_without_a_change_writes_nothing(as_user, link, officer):
    client = as_user(officer)

    page = client.post(url(link), posted(client.get(url(link))), follow=True)

    assert "Nothing was changed" in page.text
    assert not Rating.objects.exists()


# --- agreeing ------------------------------------------------------------------------------
@pytest.fixture
def rated(link, officer, school_lead):
    say(link, "school", school_lead, careers="red")
    return say(link, "partner", officer, careers="red")


def agree(client, assessment, side):
    address = reverse("needs:agree", args=[assessment.pk])
    return client.post(address, {"side": side, "version": assessment.version}, follow=True)


def test_agree_by_both_with_their_own_sign_in(as_user, rated, officer, school_lead):
    first = agree(as_user(officer), rated, "partner")
    rated.refresh_from_db()
    second = agree(as_user(school_lead), rated, "school")

    assert "Agreed for your side." in first.text
    assert "Agreed by both sides." in second.text
    assert Assessment.objects.get().status == "agreed"


def test_agree_for_the_school_is_forbidden_for_staff(as_user, rated, officer):
    assert agree(as_user(officer), rated, "school").status_code == 403


def test_agree_for_the_partnership_is_forbidden_for_a_lead(as_user, rated, school_lead):
    assert agree(as_user(school_lead), rated, "partner").status_code == 403


def test_agree_is_nothing_for_an_outsider_and_forbidden_for_a_viewer(
    as_user, rated, outsider, viewer
):
    assert agree(as_user(outsider), rated, "partner").status_code == 404
    assert agree(as_user(viewer), rated, "partner").status_code == 403


def test_agree_to_what_changed_meanwhile_asks_to_look_again(as_user, rated, link, officer):
    say(link, "partner", officer, literacy="red")

    page = agree(as_user(officer), rated, "partner")

    assert "The ratings changed while you looked." in page.text
    assert Assessment.objects.get().partner_agreed_at is None


def test_agree_by_a_lead_of_another_school_is_nothing(as_user, rated, partnership):
    other = make_lead(make_link(partnership, make_school("Holm Park")))

    assert agree(as_user(other.user), rated, "school").status_code == 404
