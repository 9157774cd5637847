"""A quick look at a text: may there be a secret in it at all?

This runs on everything that a recorder keeps, so it asks for little: is there a long row of digits, of capitals, of
letters; an `@`; a word that secrets are named by? A text that passes is looked at in earnest.
"""

from __future__ import annotations

import re
from functools import lru_cache

from legacy_seam.redaction.names import words_of

_SHORTEST_NUMBER = 13
"""Digits and capitals of the shortest card number; those of bank accounts and of keys of AWS are longer."""
_SHORTEST_TOKEN = 16
_NAMES = (
    *(b"pass", b"pwd", b"secret", b"token", b"auth", b"key", b"cred", b"session", b"cookie", b"iban", b"card"),
    *(b"cvv", b"ssn", b"bearer"),
)
_SIGNS = (b"@", b"-----BEGIN", b"_live_")

_LOWERED = bytes(code + 32 if 65 <= code <= 90 else code for code in range(256))
_NOT_NEEDED = bytes(code for code in range(256) if _LOWERED[code] not in b"abcdehiknoprstuvwy")
_CAPITALS = bytes(65 if 48 <= code <= 57 or 65 <= code <= 90 else 32 for code in range(256))
_LETTERS = bytes(97 if code < 128 and chr(code).isalnum() else 32 for code in range(256))
_SHORT = 200
_MOST_REMEMBERED = 4096


class Gate:
    """Looks whether a text may hold a secret.

    Args:
        names: names of the user's own; those with wildcards are looked for by their longest part.
    """

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        own = (max(re.split(r"[*?_\W]+", words_of(name)), key=len, default="") for name in names)
        self._names = (*_NAMES, *(word.encode().translate(None, _NOT_NEEDED) for word in own))
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._may_hold)

    def lets_through(self, text: str) -> bool:
        """May there be a secret in it? (Of many texts that pass, one holds one.)"""
        if len(text) <= _SHORT:
            return self._remembered(text)
        return self.lets_bytes_through(text.encode("utf-8", "surrogatepass"))

    def _may_hold(self, text: str) -> bool:
        return self.lets_bytes_through(text.encode("utf-8", "surrogatepass"))

    def lets_bytes_through(self, raw: bytes) -> bool:
        """The same for bytes."""
        return self.has_signs(raw) or self.has_names(raw)

    def has_signs(self, raw: bytes) -> bool:
        """May there be something in it that looks like a secret?"""
        for sign in _SIGNS:
            if sign in raw:
                return True
        if b"A" * _SHORTEST_NUMBER in raw.translate(_CAPITALS, b" -"):
            return True
        return b"a" * _SHORTEST_TOKEN in raw.translate(_LETTERS)

    def has_names(self, raw: bytes) -> bool:
        """May there be a name of a secret in it?"""
        words = raw.translate(_LOWERED, _NOT_NEEDED)
        return any(name in words for name in self._names)
