"""What a program is told when a request cannot be done: one shape, with a sentence that helps.

`fields` is there where the fault lies in what was sent; a field within a field is named with dots.
"""

import math

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from core.api.throttles import StrangerThrottle
from core.errors import NOT_ALLOWED, NOT_FOUND

WRONG_FIELDS = "Some of what was sent cannot be used. Mend what is named in fields, and try again."
CROSS_SITE = "Send the CSRF token of the session in X-CSRFToken, or use a token for programs."
SENTENCES = {
    exceptions.ParseError: "The body could not be read. Send it as JSON, written in UTF-8.",
    exceptions.NotAuthenticated: "Send a token with the request, as in Authorization: Bearer fb_… "
    "A member makes one on the page of their partnership.",
    exceptions.MethodNotAllowed: "This address does not take that method. "
    "The header Allow names those that it takes.",
    exceptions.NotAcceptable: "Answers are written as application/json. Name it in Accept.",
    exceptions.UnsupportedMediaType: "Send the body as application/json.",
}


def answer_error(error, context):
    """Answer every refusal in the one shape; what is no refusal goes on to `handler500`."""
    error = _as_refusal(error, context)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _body(error) | {
            "reference": getattr(context["request"], "reference", ""),
        }
    return response


def _as_refusal(error, context):
    if isinstance(error, Http404):
        return exceptions.NotFound(NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or NOT_ALLOWED)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        # The view counts requests only once it knows who asks.
        throttle = StrangerThrottle()
        if not throttle.allow_request(context["request"], context["view"]):
            error = exceptions.Throttled(throttle.wait())
    if isinstance(error, exceptions.Throttled):
        error.wait = max(1, math.ceil(error.wait or 0))
    return error


def _body(error):
    if isinstance(error, exceptions.ValidationError):
        return _body_of_faults(error.detail)
    return {"detail": _sentence(error)}


def _body_of_faults(faults):
    fields = dict(_flat(faults)) if isinstance(faults, dict) else {"": [str(one) for one in faults]}
    whole = fields.pop("", []) + fields.pop(api_settings.NON_FIELD_ERRORS_KEY, [])
    return {"detail": " ".join(whole) or WRONG_FIELDS} | ({"fields": fields} if fields else {})


def _flat(faults, path=""):
    """Yield each field's path with its faults: {"headcounts": [{}, {"actual": [...]}]}."""
    if isinstance(faults, dict):
        inner = faults.items()
    elif any(isinstance(fault, dict | list) for fault in faults):
        inner = enumerate(faults)
    else:
        yield path, [str(fault) for fault in faults]
        return
    for name, more in inner:
        if more:
            yield from _flat(more, f"{path}.{name}" if path else str(name))


def _sentence(error):
    if isinstance(error, exceptions.Throttled):
        return f"Too many requests. Try again in {error.wait} seconds."
    said = str(getattr(error, "detail", error))
    if said.startswith("CSRF Failed"):
        return CROSS_SITE
    if isinstance(error, exceptions.PermissionDenied) and said == error.default_detail:
        return NOT_ALLOWED
    if isinstance(error, exceptions.NotFound) and said == error.default_detail:
        return NOT_FOUND
    return SENTENCES.get(type(error), said)
