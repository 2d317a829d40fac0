"""With the cache's server away a page goes on as if nothing were kept."""

from core.cachebackend import RedisCache
from core.tests.outages import free_port, own_redis


def test_a_cache_that_is_away_holds_nothing_and_raises_nothing(tmp_path):
    cache = RedisCache(f"redis://127.0.0.1:{free_port()}/0", {})

    assert cache.get("a", "default") == "default"
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == []
    assert cache.set("a", 1) is None
    assert cache.add("a", 1) is False
    assert cache.incr("a") == 0
    assert cache.touch("a") is False
    assert cache.delete("a") is False
    assert cache.delete_many(["a"]) is None
    assert "a" not in cache
    assert cache.get_or_set("a", 3) == 3


def test_a_cache_that_is_there_holds_what_it_is_given(tmp_path):
    with own_redis(tmp_path) as server:
        cache = RedisCache(server.url, {})
        cache.set("a", 1)

        assert cache.incr("a") == 2
        assert cache.get("a") == 2
