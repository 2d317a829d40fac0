"""How often something may be done: counted in the cache in fixed stretches of time.

With the cache away nobody is kept out, and the log says so (`core.cachebackend`).
"""

import ipaddress
import re
import time
from dataclasses import dataclass
from functools import wraps

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from core import errors

SALT = "core.limits"
TOO_OFTEN = "That was asked too often in a short time. Try again {when}."
WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>\d+(?:\.\d+){3}):\d+")
NEIGHBOURS = 64
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many times in each stretch of `seconds`, for each key."""

    name: str
    most: int
    seconds: int


EXPORTS = Limit("exports", 120, 600)
PACKS = Limit("packs", 120, 600)
SEARCHES = Limit("searches", 300, 60)
SUGGESTIONS = Limit("suggestions", 600, 60)


class TooMany(Exception):
    """A limit is reached; `wait` is in seconds, and `detail` says in words when to try again."""

    def __init__(self, wait, detail=TOO_OFTEN):
        self.wait = wait
        self.detail = detail.format(when=in_words(wait))
        super().__init__(self.detail)


def in_words(seconds):
    """Say a wait as people do: in a minute, in 12 minutes."""
    minutes = -(-seconds // 60)
    return "in a minute" if minutes <= 1 else f"in {minutes} minutes"


def take(*counts, detail=TOO_OFTEN):
    """Count one use of each (limit, key) and return what was counted, for `give_back`.

    Where one of them is full, TooMany is raised and the uses before it are given back.
    """
    taken = []
    for limit, key in counts:
        slot = _slot(limit, key)
        if _add_one(slot, limit) > limit.most:
            give_back(taken)
            raise TooMany(_left(limit), detail)
        taken.append(slot)
    return taken


def give_back(taken):
    """Undo uses that `take` counted: what succeeded was no guess."""
    for slot in taken:
        _add(slot, -1)


def _slot(limit, key):
    hidden = salted_hmac(SALT, key, algorithm="sha256").hexdigest()[:32]
    return f"limit:{limit.name}:{hidden}:{int(time.time()) // limit.seconds}"


def _left(limit):
    return limit.seconds - int(time.time()) % limit.seconds


def _add_one(slot, limit):
    cache.add(slot, 0, limit.seconds)
    return _add(slot, 1)


def _add(slot, number):
    try:
        return cache.incr(slot, number)
    except ValueError:  # it was not kept: the cache was away a moment ago, or is full
        log.warning("use not counted", limit=slot.split(":")[1])
        return 0


def limited(limit):
    """Hold a view to a limit for each person who is signed in."""

    def decorate(view):
        @wraps(view)
        def counted(request, *args, **kwargs):
            take((limit, str(request.user.pk)))
            return view(request, *args, **kwargs)

        return counted

    return decorate


class Refusals:
    """Answer 429 where a view found a limit reached."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, TooMany):
            return errors.too_many(request, exception)
        return None


def network_of(request):
    """Name the network that asks, or None where it cannot be told.

    That is the address, or for IPv6 the /64 that one household or machine is given.
    """
    address = _client_address(request)
    if address is None:
        log.warning("client not known: set TRUSTED_PROXIES")
        return None
    if address.version == 6:
        return str(ipaddress.ip_network((address, NEIGHBOURS), strict=False))
    return str(address)


def _client_address(request):
    """The address beyond our own proxies; what stands left of it in the header, anybody may write.

    Each proxy adds whom it heard from at the right end, so ours wrote the last TRUSTED_PROXIES.
    """
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    ours = settings.TRUSTED_PROXIES
    hop = named[-ours] if 0 < ours <= len(named) else ""
    return _address(hop) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text):
    text = text.strip()
    if found := WITH_PORT.fullmatch(text):
        text = found["six"] or found["four"]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
