"""Django's Redis cache, which starts the embedded server where no other is named."""

import redis
from django.core.cache.backends import redis as django_redis

from core import embedded


class EmbeddedConnection(redis.UnixDomainSocketConnection):
    """Before each connection, see that the embedded server is there."""

    def _connect(self):
        embedded.ensure()
        return super()._connect()


class EmbeddedPool(redis.ConnectionPool):
    """Connects with `EmbeddedConnection`, whatever class the address suggests."""

    def __init__(self, connection_class=None, **options):
        super().__init__(connection_class=EmbeddedConnection, **options)


class RedisCache(django_redis.RedisCache):
    """The cache; the option `embedded` says which server it is kept in."""

    def __init__(self, server, params):
        options = dict(params.get("OPTIONS", {}))
        if options.pop("embedded", False):
            options["pool_class"] = EmbeddedPool
        super().__init__(server, {**params, "OPTIONS": options})
