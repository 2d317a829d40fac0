"""The pages of school choice: who sees, what a trial shows, what a save keeps, what leaves."""

import csv
import io

import pytest
from django.urls import reverse

from core.models import AuditEvent
from dashboards.choice import COMPONENTS
from dashboards.tests.test_choice import EVEN, place
from partnerships import actions
from partnerships.models import PriorityWeights
from partnerships.tests.factories import make_link


@pytest.fixture
def schools(partnership):
    """A large school of ours and a needy one that is not."""
    make_link(partnership, place("Large High", pupils=1200, fsm_percent="1.0"))
    place("Needy High", pupils=300, fsm_percent="60.0")


def address(partnership, name="choice"):
    return reverse(f"dashboards:{name}", args=[partnership.pk])


def file_of(client, partnership, query):
    response = client.get(f"{address(partnership, 'choice_download')}?{query}")
    return b"".join(response.streaming_content)


def page_of(client, partnership, query=""):
    response = client.get(f"{address(partnership)}{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_of_the_partnership_sees_the_reasons(schools, partnership, viewer, as_user):
    page = page_of(as_user(viewer), partnership)

    assert page.index("Needy High") < page.index("Large High")
    assert "Cold spot" in page
    assert "all weights that count" in page
    assert "Nothing delivered" in page
    assert "Save these weights" not in page


def test_a_lead_and_a_stranger_find_nothing(schools, partnership, link, as_user, request):
    for who in ("school_lead", "outsider"):
        client = as_user(request.getfixturevalue(who))

        for name in ("choice", "choice_download"):
            assert client.get(address(partnership, name)).status_code == 404
        assert client.post(address(partnership, "weigh_priorities")).status_code == 404
        assert client.get(f"/api/v1/school-choice/{partnership.pk}/").status_code == 404


def test_other_weights_are_tried_before_they_are_kept(schools, partnership, manager, as_user):
    query = "?need=0&supply=0&size=9&distance=0&relationship=0"

    page = page_of(as_user(manager), partnership, query)

    assert page.index("Large High") < page.index("Needy High")
    assert "2 of 2 schools change place" in page
    assert "Up 1<span" in page
    assert "Down 1<span" in page
    assert "Save these weights" in page
    assert not PriorityWeights.objects.exists()


def test_a_manager_keeps_them_and_comes_back_to_the_filter(schools, partnership, manager, as_user):
    client = as_user(manager)
    data = {**EVEN, "need": 7, "version": 0, "cold": "on"}

    answer = client.post(address(partnership, "weigh_priorities"), data)

    row = PriorityWeights.objects.get(partnership=partnership)
    assert answer["Location"] == f"{address(partnership)}?cold=on"
    assert row.as_dict() == EVEN | {"need": 7}
    changes = AuditEvent.objects.get(action="priorities.weighed").changes
    assert changes["need"] == [5, 7]
    assert "Saved by Dev Rowntree" in page_of(client, partnership)


def test_only_a_manager_keeps_weights(schools, partnership, officer, as_user):
    answer = as_user(officer).post(address(partnership, "weigh_priorities"), {**EVEN, "version": 0})

    assert answer.status_code == 403
    assert not PriorityWeights.objects.exists()


def test_a_stale_save_is_shown_the_difference_and_may_be_repeated(
    schools, partnership, manager, as_user
):
    client = as_user(manager)
    actions.weigh_priorities(partnership, weights=EVEN | {"size": 8}, version=0, by=manager)

    page = client.post(
        address(partnership, "weigh_priorities"), {**EVEN, "need": 7, "version": 0}
    ).content.decode()
    again = client.post(address(partnership, "weigh_priorities"), {**EVEN, "need": 7, "version": 1})

    assert "<li>Size: <b>8</b> now, <b>1</b> in yours</li>" in page
    assert 'name="version" value="1"' in page
    assert again.status_code == 302
    assert PriorityWeights.objects.get().as_dict() == EVEN | {"need": 7}


@pytest.mark.parametrize("value", ["11", "-1", "x", "", "1.5"])
def test_a_weight_that_is_none_is_said_and_the_saved_ones_are_shown(
    value, schools, partnership, manager, as_user
):
    client = as_user(manager)

    tried = page_of(client, partnership, f"?need={value}&supply=1&size=1&distance=1&relationship=1")
    kept = client.post(
        address(partnership, "weigh_priorities"), {**EVEN, "need": value, "version": 0}
    ).content.decode()

    assert "<title>Error: School choice" in tried
    assert "<title>Error: School choice" in kept
    assert not PriorityWeights.objects.exists()


def test_no_weight_at_all_is_refused(schools, partnership, manager, as_user):
    nothing = "&".join(f"{name}=0" for name in COMPONENTS)

    assert "Give at least one reason more than 0." in page_of(
        as_user(manager), partnership, f"?{nothing}"
    )
    with pytest.raises(actions.Refused, match="more than 0"):
        actions.weigh_priorities(
            partnership, weights=dict.fromkeys(COMPONENTS, 0), version=0, by=manager
        )


def test_the_filters_keep_the_ranks(schools, partnership, officer, as_user):
    client = as_user(officer)

    new = page_of(client, partnership, "?new=on")
    strange = page_of(client, partnership, "?authority=999999&page=77")

    assert ("Needy High" in new, "Large High" in new) == (True, False)
    assert "2 compared" in new
    assert "<title>Error: School choice" in strange


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_file_has_every_component_the_weights_and_the_dates(
    format, schools, partnership, officer, as_user
):
    data = file_of(as_user(officer), partnership, f"format={format}")

    event = AuditEvent.objects.get(action="priorities.exported")
    assert event.changes == {"kind": format, "rows": 2}
    if format == "csv":
        text = data.decode("utf-8-sig")
        (first, _) = csv.DictReader(
            io.StringIO("".join(line for line in text.splitlines(True) if line[0] != "#"))
        )
        assert "Need 5" in text
        assert "Cold spot: Need at least 60" in text
        assert (first["School"], first["Rank"], first["Cold spot"]) == ("Needy High", "1", "Yes")
        assert first["Need, 0 to 100"] == "100"
        assert first["Free school meals, %"] == "60.0"


def test_the_file_has_the_rows_of_its_filter(schools, partnership, officer, as_user):
    data = file_of(as_user(officer), partnership, "new=on")

    assert (b"Needy High" in data, b"Large High" in data) == (True, False)


def test_machines_read_the_same_order(schools, partnership, officer, as_user):
    client = as_user(officer)

    (listed,) = client.get("/api/v1/school-choice/").json()["results"]
    found = client.get(f"/api/v1/school-choice/{partnership.pk}/").json()

    assert listed["weights"] == found["weights"]
    assert [row["name"] for row in found["schools"]] == ["Needy High", "Large High"]
    assert [part["name"] for part in found["schools"][0]["components"]] == list(COMPONENTS)
    assert found["schools"][0]["school_link"] is None
