"""What every answer bears: a number of its own, also in the log, and how long it may be kept."""

import secrets
import time

import structlog
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import FileResponse

from core import health, scope

WITHOUT_DATABASE = (health.healthz, health.readyz)
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
log = structlog.get_logger("core.request")


def new_reference():
    """Make a number short enough to read out over the telephone."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"R-{drawn[:4]}-{drawn[4:]}"


class RequestReference:
    """Give each request its own number; one that a caller sends is not taken over."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        request.reference = new_reference()
        with structlog.contextvars.bound_contextvars(request=request.reference):
            response = self.get_response(request)
            _note(request, response, round(1000 * (time.perf_counter() - started)))
        response["X-Request-Reference"] = request.reference
        return response


class LoginRequired(LoginRequiredMiddleware):
    """Everybody signs in, but a page that is open to all does not ask the database who comes."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class RowScope:
    """Let the database answer each request with the rows of the person who asks, and no others."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with scope.kept():
            scope.enter(scope.NOBODY)
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                response.streaming_content = scope.streamed(response.streaming_content)
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        if view_func not in WITHOUT_DATABASE:
            scope.enter(scope.Scope(person=request.user.pk))


class NothingKept:
    """Let no device keep a page that was made for somebody: Back after a sign-out shows nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "Cookie" in response.get("Vary", ""):
            response.setdefault("Cache-Control", "private, no-store")
        return response


class DeviceKept:
    """Let no page, nor anything that gets into one, use the device or hand files to other sites."""

    unused = "camera geolocation microphone payment usb serial hid midi display-capture"
    policy = ", ".join(f"{feature}=()" for feature in unused.split())

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.policy)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def _note(request, response, ms):
    match = getattr(request, "resolver_match", None)
    if match:
        log.info(
            "request",
            method=request.method,
            route=f"/{match.route}",
            status=response.status_code,
            ms=ms,
        )
