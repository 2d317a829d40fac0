import pytest
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from needs import actions
from needs.api import AssessmentViewSet, NeedViewSet
from needs.models import Need
from needs.tests.factories import area, say

router = DefaultRouter()
router.register("needs", NeedViewSet)
router.register("assessments", AssessmentViewSet)
urlpatterns = [path("", include(router.urls))]

pytestmark = pytest.mark.urls("needs.tests.test_api")


def post(client, **values):
    return client.post("/needs/", values, content_type="application/json")


def test_needs_are_listed_for_members_alone(as_user, link, officer, outsider):
    actions.raise_need(link, area=area(), by=officer)

    mine = as_user(officer).get("/needs/").json()["results"]
    theirs = as_user(outsider).get("/needs/").json()["results"]

    assert [(one["school_name"], one["area_code"]) for one in mine] == [
        ("Saltmere Academy", "he-knowledge")
    ]
    assert theirs == []


def test_needs_are_nothing_to_an_outsider_by_id(as_user, link, officer, outsider):
    need = actions.raise_need(link, area=area(), by=officer)

    assert as_user(officer).get(f"/needs/{need.pk}/").status_code == 200
    assert as_user(outsider).get(f"/needs/{need.pk}/").status_code == 404


def test_needs_filter_by_area_and_openness(as_user, link, officer):
    need = actions.raise_need(link, area=area(), by=officer)
    actions.raise_need(link, area=area("careers"), by=officer)
    actions.close_need(need, status="met", note="", version=1, by=officer)
    client = as_user(officer)

    found = {
        query: [one["area_code"] for one in client.get(f"/needs/?{query}").json()["results"]]
        for query in ("area=careers", "is_open=true", "is_open=false", "status=met")
    }

    assert found == {
        "area=careers": ["careers"],
        "is_open=true": ["careers"],
        "is_open=false": ["he-knowledge"],
        "status=met": ["he-knowledge"],
    }


def test_raise_need(as_user, link, officer):
    client = as_user(officer)

    response = post(client, school_link=link.pk, area="careers", raised_on="2026-09-09")
    again = post(client, school_link=link.pk, area="careers")

    assert response.status_code == 201
    assert response.json()["area_name"] == area("careers").name
    assert again.status_code == 400
    assert Need.objects.get().raised_on.isoformat() == "2026-09-09"


@pytest.mark.parametrize(
    ("person", "status"), [("viewer", 403), ("school_lead", 403), ("outsider", 400)]
)
def test_raise_need_takes_the_right(request, as_user, link, person, status):
    client = as_user(request.getfixturevalue(person))

    assert post(client, school_link=link.pk, area="careers").status_code == status
    assert not Need.objects.exists()


def test_assessments_hide_our_rating_from_the_lead_until_theirs(
    as_user, link, officer, school_lead
):
    say(link, "partner", officer, careers=("red", 1), literacy="amber")
    say(link, "school", school_lead, literacy="red")

    def values(person):
        (one,) = as_user(person).get("/assessments/").json()["results"]
        return {
            rating["area_code"]: (rating["partner_value"], rating["priority"])
            for rating in one["ratings"]
        }

    assert values(officer) == {"careers": ("red", 1), "literacy": ("amber", None)}
    assert values(school_lead) == {"careers": ("", None), "literacy": ("amber", None)}
