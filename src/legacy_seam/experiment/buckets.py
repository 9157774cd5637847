"""Where a key falls: the same place in every process, on every machine, in every version of Python.

`hash()` is never used: it is salted anew in every process. (`hashlib` has this same function, and loads OpenSSL
first.)
"""

from __future__ import annotations

from _blake2 import blake2b

_SPAN = float(2**64)


def bucket(salt: str, name: str, key: str) -> float:
    """The place of `key`, from 0 up to 1, for one experiment.

    Places are spread evenly. Whoever is below 0.01 is below 0.05 too, so that a canary only ever grows; with
    another `name` or `salt` the same key falls somewhere else, so that experiments do not meet the same customers.

    >>> round(bucket("", "score", "account-17"), 6)
    0.257319
    """
    digest = blake2b(f"{salt}:{name}:{key}".encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / _SPAN


def hidden_key(name: str, key: str) -> str:
    """A key as the prediction log keeps it: to find the same one again, not to read it."""
    return blake2b(key.encode(errors="surrogatepass"), digest_size=12, person=name.encode()[:16]).hexdigest()
