"""The API through its router: the same rows, the same rights, the same actions as the pages."""

import io
import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from activities.models import Activity
from core.models import AuditEvent
from needs.models import Need
from partnerships.models import SchoolLink

NOUNS = ["schools", "needs", "activities"]


def wanted(noun, w):
    """What a rightful person sends to make one more."""
    return {
        "schools": {
            "partnership": w.partnership.pk,
            "school": w.unlinked.pk,
            "starts_on": timezone.localdate().isoformat(),
        },
        "needs": {"school_link": w.access.school_link_id, "area": "epq"},
        "activities": {
            "school_link": w.link.pk,
            "type": "talk",
            "starts_on": timezone.localdate().isoformat(),
            "summary": "Canary talk by the API",
        },
    }[noun]


MODELS = {"schools": SchoolLink, "needs": Need, "activities": Activity}


def post(client, noun, data):
    return client.post(f"/api/v1/{noun}/", json.dumps(data), content_type="application/json")


@pytest.mark.parametrize("noun", NOUNS)
def test_list_and_detail_show_a_member_their_rows(noun, world, officer, as_user):
    client = as_user(officer)

    rows = client.get(f"/api/v1/{noun}/").json()["results"]

    assert [
        row["id"] for row in rows if client.get(f"/api/v1/{noun}/{row['id']}/").json() != row
    ] == []
    assert {row["id"] for row in rows} == set(MODELS[noun].objects.values_list("pk", flat=True))


@pytest.mark.parametrize("noun", NOUNS)
def test_a_stranger_sees_no_row(noun, world, outsider, as_user):
    client = as_user(outsider)
    pk = MODELS[noun].objects.first().pk

    assert client.get(f"/api/v1/{noun}/").json()["results"] == []
    assert client.get(f"/api/v1/{noun}/{pk}/").status_code == 404


@pytest.mark.parametrize("noun", NOUNS)
def test_nobody_enters_without_signing_in(noun, db, as_user):
    assert as_user().get(f"/api/v1/{noun}/").status_code == 403


@pytest.mark.parametrize("noun", NOUNS)
def test_create_takes_the_right_of_the_page(noun, world, viewer, manager, as_user):
    before = MODELS[noun].objects.count()

    refused = post(as_user(viewer), noun, wanted(noun, world))
    made = post(as_user(manager), noun, wanted(noun, world))

    assert (refused.status_code, made.status_code) == (403, 201)
    assert MODELS[noun].objects.count() == before + 1
    assert AuditEvent.objects.filter(
        target_type=MODELS[noun]._meta.label_lower, target_id=str(made.json()["id"])
    ).exists()


@pytest.mark.parametrize("noun", NOUNS)
def test_create_by_a_stranger_names_no_row_of_ours(noun, world, outsider, as_user):
    before = MODELS[noun].objects.count()

    response = post(as_user(outsider), noun, wanted(noun, world))

    assert response.status_code == 400
    assert b"Canary" not in response.content
    assert MODELS[noun].objects.count() == before


@pytest.mark.parametrize("noun", NOUNS)
def test_create_with_nothing_names_each_missing_field(noun, world, manager, as_user):
    response = post(as_user(manager), noun, {})

    assert response.status_code == 400
    assert set(response.json()) >= {"schools": {"school"}, "needs": {"area"}}.get(noun, {"type"})


def test_the_document_describes_every_address_without_a_warning(db):
    out = io.StringIO()

    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)

    for noun in NOUNS:
        assert f"/api/v1/{noun}/" in out.getvalue()


def test_the_document_is_served(officer, as_user):
    response = as_user(officer).get("/api/v1/schema/")

    assert response.status_code == 200
    assert b"openapi" in response.content
