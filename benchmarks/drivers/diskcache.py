"""Values in SQLite and in files, that expire, are evicted, tagged, counted; a queue and an index kept so."""

import io

from diskcache import Cache, Deque, FanoutCache, Index

cache = Cache("cache", size_limit=200_000, eviction_policy="least-frequently-used", statistics=True)
cache["name"] = "Ann"
cache.set("long", "x" * 50_000, expire=3600, tag="text")
cache.set("bytes", b"\x00\xff" * 20_000, tag="data")
cache.set("stream", io.BytesIO(b"line\n" * 9_000), read=True)
cache.set("row", {"n": 1, "when": (2020, 6, 16)}, expire=0)
cache.add("name", "Bob")
cache.add("other", 3.5)
print(cache["name"], cache.get("row", "gone"), cache.get("long", tag=True, expire_time=False)[1], len(cache))
print(cache.incr("visits"), cache.incr("visits", 10), cache.decr("visits", 2), cache.touch("long", expire=60))
print(cache.read("stream").read(9), "bytes" in cache, sorted(map(str, cache)), cache.pop("other"))
print(cache.push("first"), cache.push("second", side="front"), cache.pull(), cache.peek(), cache.peekitem()[0])
try:
    cache["nothing"]
except KeyError as error:
    print("no", error)
with cache.transact():
    for number in range(12):
        cache[number] = "y" * 20_000
print(cache.expire(), cache.cull() > 0, cache.evict("data"), cache.volume() > 0, cache.stats(), cache.check())
print(list(cache.iterkeys(reverse=True))[:1], cache.delete("name"), cache.delete("name"), cache.reset("size_limit"))


@cache.memoize(expire=60, tag="sums")
def total(*numbers, start=0):
    return sum(numbers, start)


print(total(1, 2), total(1, 2), total(3, start=4), cache.clear())
cache.close()
queue = Deque(range(5), "queue", maxlen=7)
queue.append("last")
queue.extendleft([-1, -2])
queue.rotate(2)
print(list(queue), queue[0], queue[-1], queue.popleft(), queue.pop(), queue.count(1), len(queue), queue == [1, 2])
queue.remove(0)
queue.reverse()
print(list(reversed(queue)))
index = Index("index", {"a": 1, "b": [2]})
index.update(c=3)
print(
    index.setdefault("d", 4),
    index.popitem(),
    list(index.items()),
    index.pop("a"),
    "a" in index,
    dict(index.items()),
)
del index["b"]
print(index.push("job"), index.pull(), len(index), index == {"c": 3})
shards = FanoutCache("shards", shards=2, timeout=1)
for number in range(6):
    shards.set(f"key {number}", number, expire=None if number % 2 else 0)
print(sum(number in shards for number in map("key {}".format, range(6))), shards.get("key 1"), shards.volume() > 0)
print(shards.incr("n"), shards.delete("key 3"), shards.expire(), len(list(shards)), shards.clear())
shards.close()
