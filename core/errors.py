"""What people and programs are told when a request cannot be answered."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.intake import most_bytes, read_away

NOT_FOUND = "There is nothing at this address, or it is not yours to see."
NOT_ALLOWED = "You can see this, but your role does not let you do that."
NOT_READABLE = "The request could not be read. Go back and try again."
TOO_LARGE = (
    "What you sent is larger than this address takes, which is {:.3g} MB. Send less at once: a "
    "shorter text, a smaller file, or several requests."
)
TOO_MANY = "The form had more fields or files than any page of ours asks for. Go back, send fewer."
STALE_FORM = (
    "The page had been open too long, or cookies are switched off. "
    "Go back, reload the page and send it again: your text is still there."
)
DATABASE_AWAY = (
    "The database does not answer just now. Nothing was half saved. "
    "Wait a minute, then go back and send it again: your text is still there."
)
RETRY_SECONDS = "60"
OUR_FAULT = "Something went wrong on our side. Nothing was half saved."


def _reference(request):
    return getattr(request, "reference", "")


def _for_a_program(request, status, detail):
    if not request.path.startswith("/api/"):
        return None
    return JsonResponse({"detail": detail, "reference": _reference(request)}, status=status)


def _plain(request, template, status, detail):
    """Render without context processors, so that it works with the database down."""
    page = render_to_string(template, {"detail": detail, "reference": _reference(request)})
    return HttpResponse(page, status=status)


def not_found(request, exception):
    """Answer 404, the same for what does not exist and what is another's."""
    return _for_a_program(request, 404, NOT_FOUND) or render(
        request, "404.html", {"detail": NOT_FOUND}, status=404
    )


def permission_denied(request, exception):
    """Answer 403 with the rule's own sentence where it gave one."""
    detail = str(exception) or NOT_ALLOWED
    return _for_a_program(request, 403, detail) or render(
        request, "403.html", {"detail": detail}, status=403
    )


def bad_request(request, exception):
    """Answer 400 for a request that no page of ours would send."""
    status, detail = 400, NOT_READABLE
    if isinstance(exception, RequestDataTooBig):
        read_away(request)
        match = getattr(request, "resolver_match", None)
        most = most_bytes(match.view_name if match else "")
        status, detail = 413, TOO_LARGE.format(most / 1024**2)
    elif isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        detail = TOO_MANY
    return _for_a_program(request, status, detail) or _plain(request, "400.html", status, detail)


def server_error(request):
    """Answer 500 with the number that finds this request in the log; 503 with no database."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return _database_away(request)
    return _for_a_program(request, 500, OUR_FAULT) or _plain(request, "500.html", 500, OUR_FAULT)


def _database_away(request):
    response = _for_a_program(request, 503, DATABASE_AWAY) or _plain(
        request, "503.html", 503, DATABASE_AWAY
    )
    response["Retry-After"] = RETRY_SECONDS
    return response


def too_many(request, exception):
    """Answer 429 with when to try again; `exception` is a `core.limits.TooMany`."""
    response = _for_a_program(request, 429, exception.detail) or _plain(
        request, "429.html", 429, exception.detail
    )
    response["Retry-After"] = str(exception.wait)
    return response


def csrf_failure(request, reason=""):
    """Answer a form whose protection token is missing or stale, and say how to go on."""
    return _for_a_program(request, 403, STALE_FORM) or _plain(
        request, "403_csrf.html", 403, STALE_FORM
    )
