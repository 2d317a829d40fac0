"""Django's Redis cache, which starts the embedded server where no other is named."""

from functools import wraps

import redis
import structlog
from django.core.cache.backends import redis as django_redis

from core import embedded

AWAY = (redis.RedisError, OSError, embedded.EmbeddedError)
log = structlog.get_logger(__name__)


class EmbeddedConnection(redis.UnixDomainSocketConnection):
    """Before each connection, see that the embedded server is there."""

    def _connect(self):
        embedded.ensure()
        return super()._connect()


class EmbeddedPool(redis.ConnectionPool):
    """Connects with `EmbeddedConnection`, whatever class the address suggests."""

    def __init__(self, connection_class=None, **options):
        super().__init__(connection_class=EmbeddedConnection, **options)


class Client(django_redis.RedisCacheClient):
    """Keeps the connections' client: making one takes longer than asking it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)
        return self._clients[pool]


def without_server(method, answer):
    """Make `method` give `answer()` where the server is away: pages go on without the cache."""
    name = f"{method.__module__}.{method.__name__}"

    @wraps(method)
    def carry_on(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except AWAY as error:
            log.warning("cache away", call=name, error=type(error).__name__)
            return answer(*args, **kwargs)

    return carry_on


def _default(key, default=None, *args, **kwargs):
    return default


class RedisCache(django_redis.RedisCache):
    """The cache; the option `embedded` says which server it is kept in.

    With the server away it holds nothing: a look-up finds nothing and a count stands at 0.
    """

    def __init__(self, server, params):
        options = dict(params.get("OPTIONS", {}))
        if options.pop("embedded", False):
            options["pool_class"] = EmbeddedPool
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = Client

    get = without_server(django_redis.RedisCache.get, _default)
    get_many = without_server(django_redis.RedisCache.get_many, lambda *a, **k: {})
    has_key = without_server(django_redis.RedisCache.has_key, lambda *a, **k: False)
    add = without_server(django_redis.RedisCache.add, lambda *a, **k: False)
    set = without_server(django_redis.RedisCache.set, lambda *a, **k: None)
    set_many = without_server(django_redis.RedisCache.set_many, lambda *a, **k: [])
    touch = without_server(django_redis.RedisCache.touch, lambda *a, **k: False)
    incr = without_server(django_redis.RedisCache.incr, lambda *a, **k: 0)
    delete = without_server(django_redis.RedisCache.delete, lambda *a, **k: False)
    delete_many = without_server(django_redis.RedisCache.delete_many, lambda *a, **k: None)
