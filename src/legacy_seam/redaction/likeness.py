"""Whether two texts say the same, but for the pseudonyms that keys of different owners have put into them.

What was recorded was redacted with the key of the store, what comes of a replay with one that everybody has: the
same secret stands there under two names.
"""

from __future__ import annotations

import re

from legacy_seam.redaction.pseudonyms import is_pseudonym, is_reserved

_ADDRESS = re.compile(r"[^\s@'\"<>(),;:\[\]]+@([A-Za-z0-9.-]+)")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_WORDS = tuple(map(re.compile, (r"[^\s'\"]+", r"[^\s'\"=,;(){}<>[\]]+", r"[\w.+~!#%*^-]+")))
"""What may be a pseudonym by itself, from the longest to the shortest: one is cut where its secret was found."""
_MARK = "*"


def are_same_but_for_pseudonyms(one: str, other: str) -> bool:
    """Would both be the same, were the secrets behind their pseudonyms the same?

    That cannot be known of the secrets themselves: with pseudonyms in the same places they are taken for the same.

    >>> are_same_but_for_pseudonyms("mail('a@kmv.invalid', 3)", "mail('b@tua.invalid', 3)")
    True
    >>> are_same_but_for_pseudonyms("mail('a@kmv.invalid', 3)", "mail('b@tua.invalid', 4)")
    False
    """
    return one == other or _blanked(one) == _blanked(other)


def _blanked(text: str) -> str:
    """The text with one mark in the place of each pseudonym."""
    text = _ADDRESS.sub(lambda found: _MARK if is_reserved(found[1]) else found[0], text)
    text = _QUOTED.sub(lambda found: f"'{_MARK}'" if is_pseudonym(found[0][1:-1]) else found[0], text)
    for words in _WORDS:
        text = words.sub(lambda found: _MARK if is_pseudonym(found[0]) else found[0], text)
    return text
