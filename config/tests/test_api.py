"""The API through its router: the same rows, the same rights, the same actions as the pages."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from config.api import router
from core.api.viewsets import Readable
from core.models import AuditEvent
from needs.models import Need
from partnerships.models import Conversation, SchoolLink

NOUNS = ["schools", "conversations", "needs", "activities"]
EVERY_NOUN = {prefix: viewset for prefix, viewset, _ in router.registry}
FOR_EVERYBODY = {
    "register",
    "register-runs",
    "register-changes",
    "results",
    "areas",
    "links",
    "trusts",
}


def wanted(noun, w):
    """What a rightful person sends to make one more."""
    today = timezone.localdate().isoformat()
    return {
        "schools": {
            "partnership": w.partnership.pk,
            "school": w.unlinked.pk,
            "starts_on": today,
        },
        "conversations": {
            "school_link": w.link.pk,
            "held_on": today,
            "summary": "Canary call by the API",
        },
        "needs": {"school_link": w.access.school_link_id, "area": "epq"},
        "activities": {
            "school_link": w.link.pk,
            "type": "talk",
            "starts_on": today,
            "summary": "Canary talk by the API",
        },
    }[noun]


MODELS = {
    "schools": SchoolLink,
    "conversations": Conversation,
    "needs": Need,
    "activities": Activity,
}


def post(client, noun, data):
    return client.post(f"/api/v1/{noun}/", json.dumps(data), content_type="application/json")


def rows(client, noun):
    return client.get(f"/api/v1/{noun}/").json()["results"]


@pytest.mark.parametrize("noun", NOUNS)
def test_list_and_detail_show_a_member_their_rows(noun, world, officer, as_user):
    client = as_user(officer)

    found = rows(client, noun)

    assert [
        row["id"] for row in found if client.get(f"/api/v1/{noun}/{row['id']}/").json() != row
    ] == []
    assert {row["id"] for row in found} == set(MODELS[noun].objects.values_list("pk", flat=True))


@pytest.mark.parametrize("noun", sorted(EVERY_NOUN.keys() - FOR_EVERYBODY))
def test_a_stranger_sees_no_row(noun, world, manager, outsider, as_user):
    theirs = {row["id"] for row in rows(as_user(manager), noun)}
    client = as_user(outsider)

    assert theirs
    assert theirs.isdisjoint(row["id"] for row in rows(client, noun))
    assert {client.get(f"/api/v1/{noun}/{pk}/").status_code for pk in theirs} == {404}


def test_a_lead_reads_what_is_said_of_their_school_and_not_our_notes(world, school_lead, as_user):
    seen = {noun for noun in EVERY_NOUN if rows(as_user(school_lead), noun)}

    assert seen == {*FOR_EVERYBODY, "schools", "needs", "assessments"}


@pytest.mark.parametrize("noun", EVERY_NOUN)
def test_nobody_enters_without_signing_in(noun, db, as_user):
    answer = as_user().get(f"/api/v1/{noun}/")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"].startswith("Send a token with the request")


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

    needed = {"schools": "school", "conversations": "summary", "needs": "area"}.get(noun, "type")
    assert response.status_code == 400
    assert needed in response.json()["fields"]


def test_a_session_writes_only_with_its_csrf_token(world, manager, as_user):
    client = as_user(manager)
    client.handler.enforce_csrf_checks = True

    answer = post(client, "needs", wanted("needs", world))

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("Send the CSRF token")


@pytest.mark.parametrize(
    ("ask", "status", "said"),
    [
        ({"path": "/api/v1/nowhere/"}, 404, "There is nothing at this address"),
        ({"path": "/api/v2/"}, 404, "There is nothing at this address"),
        ({"path": "/api/v1/needs/0/"}, 404, "There is nothing at this address"),
        ({"path": "/api/v1/needs/", "method": "delete"}, 405, "This address does not take"),
        ({"path": "/api/v1/needs/", "HTTP_ACCEPT": "text/html"}, 406, "Answers are written as"),
        (
            {"path": "/api/v1/needs/", "method": "post", "content_type": "text/plain"},
            415,
            "Send the body as application/json",
        ),
        (
            {
                "path": "/api/v1/needs/",
                "method": "post",
                "data": "{",
                "content_type": "application/json",
            },
            400,
            "The body could not be read",
        ),
        ({"path": "/api/v1/needs/?partnershp=1"}, 400, "Some of what was sent"),
        ({"path": "/api/v1/needs/?partnership=one"}, 400, "Some of what was sent"),
        ({"path": "/api/v1/needs/?is_open=perhaps"}, 400, "Some of what was sent"),
        ({"path": "/api/v1/needs/?cursor=nonsense"}, 404, "This page marker cannot be used"),
    ],
)
def test_every_refusal_has_one_shape_and_a_sentence(ask, status, said, manager, as_user):
    method = ask.pop("method", "get")

    answer = getattr(as_user(manager), method)(**ask)

    body = answer.json()
    assert answer.status_code == status
    assert body.keys() - {"fields"} == {"detail", "reference"}
    assert body["detail"].startswith(said)
    assert body["reference"] == answer["X-Request-Reference"]


def test_a_fault_of_ours_is_answered_in_json_with_its_reference(manager, as_user, monkeypatch):
    def fall(self, request, *args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(Readable, "list", fall)
    client = as_user(manager)
    client.raise_request_exception = False

    answer = client.get("/api/v1/needs/")

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/json")
    assert answer.json()["reference"] == answer["X-Request-Reference"]


def test_the_document_describes_every_address_without_a_warning(db):
    out = io.StringIO()

    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)

    missing = [noun for noun in EVERY_NOUN if f"/api/v1/{noun}/:" not in out.getvalue()]
    assert missing == []


def test_the_document_is_for_who_is_signed_in(officer, as_user):
    answers = [as_user(user).get(reverse("api_schema")) for user in (officer, None)]

    assert [answer.status_code for answer in answers] == [200, 401]
    assert b"openapi" in answers[0].content


def test_a_job_is_followed_and_stopped(world, manager, officer, as_user):
    url = f"/api/v1/jobs/{world.job.pk}/"

    waiting = as_user(manager).get(url).json()
    others = as_user(officer).post(f"{url}cancel/")
    stopped = as_user(manager).post(f"{url}cancel/")

    assert (waiting["state"], waiting["reference"]) == ("queued", world.job.reference)
    assert others.status_code == 404
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
