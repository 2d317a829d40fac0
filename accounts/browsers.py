"""Browsers in which somebody has signed in before: a signed cookie that opens no door by itself.

It only says that guesses made elsewhere do not count against this browser (`accounts.throttle`).
"""

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

SALT = "accounts.browsers"
KEPT_SECONDS = 180 * 24 * 3600
MOST_PEOPLE = 5


def recognised(request, email):
    """Return the browser's own word where this address has signed in with it, else nothing."""
    known = _read(request)
    return known["word"] if _mark(email) in known["people"] else ""


def remember(request, response, email):
    """Let the browser be recognised for this address from now on."""
    known = _read(request)
    others = [mark for mark in known["people"] if mark != _mark(email)]
    known["people"] = [_mark(email), *others][:MOST_PEOPLE]
    response.set_cookie(
        settings.RECOGNISED_COOKIE_NAME,
        signing.dumps(known, salt=SALT),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request):
    cookie = request.COOKIES.get(settings.RECOGNISED_COOKIE_NAME, "")
    try:
        return signing.loads(cookie, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {"word": secrets.token_urlsafe(12), "people": []}


def _mark(email):
    """Stand for the address in the cookie, which must not tell whose browser it is."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:20]
