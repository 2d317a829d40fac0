"""The trusts, a trust with its schools, and its file."""

import pytest

from core.models import AuditEvent
from partnerships.tests.factories import make_link
from schools.models import Group, GroupMembership
from schools.tests.factories import make_code, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust(db):
    """A trust with a school of today, one that closed, and one that the register has not."""
    group = Group.objects.create(uid="5143", name="Saltmere Trust")
    code = make_code("trust", "5143", "Saltmere Trust")
    make_school("Salt Academy", trust=code)
    make_school("Gone Academy", trust=code, standing="closed")
    GroupMembership.objects.create(group=group, code="999999", name="Far Academy")
    return group


def schools_of(response, part):
    return [line.member.name for line in response.context[part]]


def test_a_trust_shows_its_schools_and_those_that_were(trust, outsider, as_user):
    page = as_user(outsider).get("/schools/trusts/5143/")

    assert schools_of(page, "current") == ["Far Academy", "Salt Academy"]
    assert schools_of(page, "former") == ["Gone Academy"]


def test_ours_are_marked_for_us_alone(trust, partnership, hub, officer, outsider, as_user):
    school = make_school("Our Academy", trust=make_code("trust", "5143", ""))
    make_link(partnership, school, hub=hub, targeted=True)

    ours = as_user(officer).get("/schools/trusts/5143/").content.decode()
    theirs = as_user(outsider).get("/schools/trusts/5143/").content.decode()

    assert partnership.name in ours
    assert "1 of them yours" in ours
    assert partnership.name not in theirs
    assert "yours" not in theirs


def test_an_unknown_trust_is_not_found(officer, as_user):
    assert as_user(officer).get("/schools/trusts/1/").status_code == 404


def test_trusts_are_found_by_name_and_number(trust, officer, as_user):
    Group.objects.create(uid="77", name="Élan Trust", companies_house_number="07595434")
    client = as_user(officer)

    def found(words):
        page = client.get("/schools/trusts/", {"q": words})
        return [(group.uid, schools) for group, schools in page.context["rows"]]

    assert found("") == [("77", 0), ("5143", 1)]
    assert (found("elan"), found("trust SALT"), found("07595434"), found("none")) == (
        [("77", 0)],
        [("5143", 1)],
        [("77", 0)],
        [],
    )


def test_trusts_are_paged_by_key(officer, as_user):
    for number in range(60):
        Group.objects.create(uid=str(number), name=f"Trust {number:02}")
    client = as_user(officer)

    first = client.get("/schools/trusts/").context["page"]
    second = client.get("/schools/trusts/", {"after": first.after}).context["page"]
    back = client.get("/schools/trusts/", {"before": second.before}).context["page"]

    assert [group.name for group in second.rows] == [f"Trust {n}" for n in range(50, 60)]
    assert [group.pk for group in back.rows] == [group.pk for group in first.rows]


def test_the_file_has_the_rows_of_the_page_and_is_noted(trust, officer, as_user):
    answer = as_user(officer).post("/schools/trusts/5143/export/", {"format": "csv"})

    text = b"".join(answer.streaming_content).decode()
    assert [name in text for name in ("Salt Academy", "Gone Academy", "Far Academy")] == [True] * 3
    event = AuditEvent.objects.get()
    assert (event.action, event.changes["rows"]) == ("trust.exported", 3)


def test_the_api_has_trusts_with_their_schools(trust, officer, as_user):
    client = as_user(officer)

    (row,) = client.get("/api/v1/trusts/", {"uid": "5143"}).json()["results"]
    detail = client.get(f"/api/v1/trusts/{row['id']}/").json()

    assert [school["name"] for school in detail["schools"]] == [
        "Far Academy",
        "Salt Academy",
        "Gone Academy",
    ]
