"""Errors: a sentence that says what to do, a reference, and nothing personal in the log."""

import io
import json
import logging

import pytest
import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection, transaction
from django.test import Client
from django.urls import include, path

from core import errors, logs
from core.middleware import LETTERS

SECRET = "jane.doe@school.example from 10.1.2.3"


def fail(request):
    raise ValueError(SECRET)


def forbid(request):
    raise PermissionDenied("Only a manager may do this.")


def suspect(request):
    raise SuspiciousOperation


handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
here = [
    path("fail/", fail),
    path("api/fail/", fail),
    path("forbid/", forbid),
    path("api/forbid/", forbid),
    path("suspect/", suspect),
]
urlpatterns = [*here, path("", include("config.urls"))]
for route in here:
    route.callback.login_required = False
    transaction.non_atomic_requests(route.callback)
own_addresses = pytest.mark.urls(__name__)


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def text_of(response):
    return " ".join(response.content.decode().split())


@own_addresses
def test_each_answer_has_its_own_reference(visitor):
    first = visitor.get("/healthz", headers={"x-request-reference": "R-MINE"})
    second = visitor.get("/healthz")

    reference = first["X-Request-Reference"]
    assert reference != second["X-Request-Reference"]
    assert reference[:2] == "R-"
    assert set(reference[2:]) <= set(LETTERS + "-")
    assert len(reference) == 11


@own_addresses
def test_server_error_shows_its_reference_and_not_its_cause(visitor):
    response = visitor.get("/fail/")

    assert response.status_code == 500
    assert response["X-Request-Reference"] in text_of(response)
    assert "jane.doe" not in text_of(response)


@own_addresses
@pytest.mark.django_db
def test_server_error_asks_the_database_nothing(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        visitor.get("/fail/")

    assert connection.errors_occurred is False


@own_addresses
def test_forbidden_gives_the_reason_of_the_rule(visitor):
    response = visitor.get("/forbid/")

    assert response.status_code == 403
    assert "Only a manager may do this." in text_of(response)


@own_addresses
def test_unknown_address_says_what_to_do(visitor):
    response = visitor.get("/no-such-page/")

    assert response.status_code == 404
    assert errors.NOT_FOUND in text_of(response)


@own_addresses
def test_suspicious_request_is_a_plain_400(visitor):
    response = visitor.get("/suspect/")

    assert response.status_code == 400
    assert errors.NOT_READABLE in text_of(response)


@own_addresses
@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/api/fail/", 500, errors.OUR_FAULT),
        ("/api/forbid/", 403, "Only a manager may do this."),
        ("/api/none/", 404, errors.NOT_FOUND),
    ],
)
def test_programs_get_json(visitor, address, status, detail):
    response = visitor.get(address)

    assert response.status_code == status
    assert response.json() == {"detail": detail, "reference": response["X-Request-Reference"]}


@own_addresses
def test_stale_form_says_how_to_go_on():
    visitor = Client(enforce_csrf_checks=True)

    response = visitor.post("/accounts/login/", {"login": "a@b.example"})

    assert response.status_code == 403
    assert errors.STALE_FORM in text_of(response)


@own_addresses
def test_error_pages_have_no_inline_style_or_script(visitor):
    for address in ["/fail/", "/forbid/", "/no-such-page/", "/suspect/"]:
        page = text_of(visitor.get(address))

        assert " style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count("<script src=")


@pytest.fixture
def lines():
    """Read what the log writes, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@own_addresses
def test_log_has_the_reference_of_the_page_and_no_personal_data(visitor, lines):
    response = visitor.get("/fail/?q=Jane+Doe", REMOTE_ADDR="10.9.8.7")

    written = lines()
    fault = next(line for line in written if "fault" in line)
    assert fault["request"] == response["X-Request-Reference"]
    assert fault["route"] == "/fail/"
    assert fault["fault"][0]["type"] == "ValueError"
    assert fault["fault"][0]["frames"][-1].endswith(" fail")
    words = json.dumps(written)
    assert [part for part in ["jane.doe", "Jane", "10.1.2.3", "10.9.8.7"] if part in words] == []


@own_addresses
def test_log_names_the_route_and_not_the_address(visitor, lines):
    visitor.get("/jobs/7/file/")
    visitor.get("/no-such-page/Jane-Doe/")

    words = json.dumps(lines())
    assert "/jobs/<int:pk>/file/" in words
    assert "/jobs/7/" not in words
    assert "Jane-Doe" not in words


def test_log_drops_personal_fields_and_scrubs_the_rest(lines):
    structlog.get_logger("test").info(
        "mail to %s", "a@b.example", email="a@b.example", about={"name": "Jane", "rows": 3}, rows=4
    )

    line = lines()[0]
    assert line["event"] == "mail to [e-mail]"
    assert line["about"] == {"rows": 3}
    assert line["rows"] == 4
    assert "email" not in line


def test_other_libraries_write_through_the_same_log(lines):
    logging.getLogger("library").warning("GET %s from %s", "/x?q=Jane", "10.1.2.3")

    assert lines()[0]["event"] == "GET /x?[left out] from [IP]"
