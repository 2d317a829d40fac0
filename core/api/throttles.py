"""How often a program may ask: counted in the cache, and nobody is kept out where that is away."""

import structlog
from redis.exceptions import RedisError
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

from core.embedded import EmbeddedError

log = structlog.get_logger(__name__)


class Counted(SimpleRateThrottle):
    """So many requests in each stretch of time, counted by the cache itself in one step."""

    def get_rate(self):
        return api_settings.DEFAULT_THROTTLE_RATES[self.scope]

    def allow_request(self, request, view):
        key = self.get_cache_key(request, view)
        if self.rate is None or key is None:
            return True
        now = self.timer()
        self.left = self.duration - now % self.duration
        try:
            return self._count(f"{key}_{now // self.duration:.0f}") <= self.num_requests
        except (RedisError, EmbeddedError, OSError) as error:
            log.warning("requests not counted", error=type(error).__name__)
            return True

    def _count(self, key):
        self.cache.add(key, 0, self.duration)
        return self.cache.incr(key)

    def wait(self):
        return self.left


class MemberThrottle(Counted):
    """Counts what one token asks, or one person who is signed in."""

    scope = "member"

    def get_cache_key(self, request, view):
        if not request.user or not request.user.is_authenticated:
            return None
        who = f"token{request.auth.pk}" if request.auth else f"user{request.user.pk}"
        return self.cache_format % {"scope": self.scope, "ident": who}


class StrangerThrottle(Counted):
    """Counts what is asked from one address without a sign-in, or with a token not in use."""

    scope = "stranger"

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
