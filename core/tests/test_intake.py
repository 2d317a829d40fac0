"""Requests that are too large are refused in words; what cannot be seen never gets in."""

import io

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client, RequestFactory

from core.intake import MB, JSONParser, WithoutUnseen
from core.text import with_plain_line_ends, without_unseen

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
NOTHING_SEEN = "a\x07b\u202ec\u2066d\ud800e"


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_form_that_is_too_large_is_refused_in_words(as_user, officer):
    response = as_user(officer).post("/activities/log/", {"notes": "x" * 3 * MB})

    assert response.status_code == 413
    assert "What you sent is larger than this address takes, which is 2.5 MB." in text_of(response)


def test_a_file_where_none_is_asked_for_is_refused_in_words(as_user, officer):
    file = io.BytesIO(b"x" * 3 * MB)

    response = as_user(officer).post("/activities/log/", {"file": file})

    assert response.status_code == 413
    assert "Send less at once: a shorter text, a smaller file" in text_of(response)


def test_a_stranger_may_send_no_large_file_at_all():
    stranger = Client(enforce_csrf_checks=True)
    stranger.get(LOGIN)

    response = stranger.post("/schools/register/upload/", {"file": io.BytesIO(b"x" * 3 * MB)})

    assert response.status_code == 413


def test_too_many_fields_or_files_are_refused_in_words(as_user, officer):
    client = as_user(officer)
    many = {f"f{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}

    for data in (many, {f"f{n}": io.BytesIO(b"1") for n in range(6)}):
        response = client.post("/activities/log/", data)

        assert response.status_code == 400
        assert "The form had more fields or files than any page" in text_of(response)


def test_json_that_is_too_large_is_refused_in_words(as_user, officer):
    body = b'{"summary": "' + b"x" * 3 * MB + b'"}'

    response = as_user(officer).post("/api/v1/activities/", body, "application/json")

    assert response.status_code == 413
    assert response.json()["detail"].startswith("What you sent is larger than this address takes")


def test_json_nested_without_end_is_refused(as_user, officer):
    body = "[" * 100_000

    response = as_user(officer).post("/api/v1/activities/", body, "application/json")

    assert response.status_code == 400


def test_what_cannot_be_seen_is_taken_from_forms():
    request = RequestFactory().post("/", {"name": [NOTHING_SEEN[:-2], "plain\r\n"], "note": "x"})

    WithoutUnseen(None).process_view(request, None, (), {})

    assert request.POST.getlist("name") == ["abcd", "plain\r\n"]
    with pytest.raises(AttributeError, match="immutable"):
        request.POST["name"] = "x"


def test_a_plain_form_is_left_as_it_is():
    request = RequestFactory().post("/", {"name": "José 🎓"})
    before = request.POST

    WithoutUnseen(None).process_view(request, None, (), {})

    assert request.POST is before
    assert isinstance(before, QueryDict)


def test_what_cannot_be_seen_is_taken_from_json():
    body = rb'{"na\u0007me": ["Vis\u202eit\ud800", 1, {"note": "a\u0000b"}], "none": null}'

    read = JSONParser().parse(io.BytesIO(body), "application/json", {})

    assert read == {"name": ["Visit", 1, {"note": "ab"}], "none": None}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (NOTHING_SEEN, "abcde"),
        ("tab\tline\nend\r", "tab\tline\nend\r"),
        ("\ufffe\uffff\x85\x9f", "\x85"),
        ("مرحبا \u200fa", "مرحبا \u200fa"),
    ],
)
def test_only_what_cannot_be_seen_goes(text, clean):
    assert without_unseen(text) == clean


def test_every_line_end_becomes_the_same():
    assert with_plain_line_ends("a\r\nb\rc\x85d\u2028e") == "a\nb\nc\nd\ne"
