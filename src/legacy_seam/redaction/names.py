"""Which names tell that what they name is a secret.

A name is taken apart into words (`dbPasswordOld`: db, password, old), so that `author`, `tokenizer` and
`cardinality` are left alone, and so are `max_tokens` and `password_length`, which are about a secret and hold none.

>>> [weight_of(name) for name in ("api_key", "authToken", "token", "tokenizer", "password_length")]
[<Weight.CERTAIN: 2>, <Weight.CERTAIN: 2>, <Weight.LIKELY: 1>, None, None]
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache, lru_cache


class Weight(Enum):
    """How sure a name makes that its value is a secret.

    LIKELY:  where the value looks like one: a parser has tokens too.
    CERTAIN: whatever the value looks like.
    """

    LIKELY = 1
    CERTAIN = 2


_CERTAIN = (
    r"(?:\w*_)?\w*?(?:password|passwd|passphrase|passcode|passwort|secret|credential)s?"
    r"|(?:\w*_)?(?:pwd|cvv|cvc|iban|ssn|bearer|authorization|jwt|otp)s?"
    r"|(?:\w*_)?\w*?(?:api|private|secret|access|signing|encryption|master|auth)_?keys?"
    r"|(?:\w*_)?(?:\w*?(?:auth|access|refresh|bearer|api|secret|session|csrf)|id|reset)_?tokens?"
    r"|(?:\w*_)?session_?(?:id|key)s?|(?:\w*_)?sid"
    r"|(?:\w*_)?(?:credit_?card|debit_?card|card_?(?:number|num|no)|cc_?(?:number|num|no)|pan)s?"
    r"|(?:\w*_)?social_?security(?:_?(?:number|num|no))?"
)
_LIKELY = r"(?:\w*_)?(?:token|auth|session|cookie|card|cc|pass|creditcard|cred)s?"
_ABOUT_IT = (
    r"length|len|counts?|policy|types?|fields?|names?|min|max|url|uri|file|filename|path|dir|directory|prompt|required"
    r"|enabled|disabled|valid|validator|invalid|expire[sd]?|expiry|expiration|ttl|age|hint|label|columns?|regexp?"
    r"|pattern|format|size|limit|timeout|errors?|attempts|strength|rules?|status|class|index|idx|pos|position|line"
    r"|start|end|kind|at|date|time|title|brand|issuer|holder|manager|factory|handler"
    r"|func|function|method|mode|scheme|provider|backend|version|level|module|algorithm|algo|less|is|has|needed"
)
"""Words behind the name of a secret which say that it is something about the secret."""

_BEFORE_IT = r"is|has|needs?|requires?|max|min|num|number_of|count_of|no_of|total|show|hide|use|with"
_WORDS = r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+"
_HINTS = (
    *(
        "pass",
        "pwd",
        "secret",
        "credential",
        "cred",
        "token",
        "auth",
        "iban",
        "ssn",
        "social",
        "bearer",
        "jwt",
        "otp",
    ),
    *("key", "session", "cookie", "sid", "card", "cvv", "cvc", "pan", "cc"),
)
"""A name in which none of these stands is none of a secret. (Nothing is compiled for most programs.)"""

_ORDINARY = "[a-z_]{1,12}|[A-Z_]{1,12}|[A-Z][a-z]{1,11}"
"""A word that is neither long nor drawn."""

FEWEST_DIGITS = 6
"""Of a whole number that may be a secret."""

_LONGEST = 64
_WORKING_DIRECTORIES = ("PWD", "OLDPWD")
_NUMBERED = ("card", "cc", "pan", "cvv", "cvc", "ssn", "iban", "social", "password", "secret", "passcode", "pin")


@lru_cache(maxsize=8192)
def weight_of(name: str, more: tuple[str, ...] = ()) -> Weight | None:
    """How sure this name makes that its value is a secret; None where it does not.

    Args:
        name: of a key, attribute, parameter, variable, column, header, option.
        more: names of the user's own, with shell-style wildcards; these are certain.
    """
    if len(name) > _LONGEST or name in _WORKING_DIRECTORIES:
        return None
    if more and _is_among(name, more):
        return Weight.CERTAIN
    lowered = name.lower().replace("-", "").replace("_", "")
    if not any(hint in lowered for hint in _HINTS):
        return None
    words = words_of(name)
    bare = _bare(words)
    if bare is None:
        return None
    if _pattern(_CERTAIN).fullmatch(bare):
        return Weight.CERTAIN
    return Weight.LIKELY if _pattern(_LIKELY).fullmatch(bare) else None


def names_in(text: str) -> set[str]:
    """The words of a text that may be names of secrets; of the user's own names nothing is known here."""
    found = set()
    for word in set(_pattern(r"[\w.-]+").findall(text)):  # few of the words of a long text are not in it many times
        if not may_name_secret(word):
            continue
        if len(word) <= 2 * _LONGEST:
            found.add(word)
            continue
        for hint in _pattern(f"(?i:{'|'.join(_HINTS)})").finditer(word):
            found.add(word[max(0, hint.start() - _LONGEST) : hint.end() + _LONGEST][: 2 * _LONGEST])
    return found


def may_name_secret(text: str) -> bool:
    """May there be a name of a secret in this text?"""
    lowered = text.lower()
    for hint in _HINTS:  # noqa: SIM110  (`any` takes three times as long, an expression ten times)
        if hint in lowered:
            return True
    return False


def words_of(name: str) -> str:
    """A name as words in lower case with `_` between them.

    >>> words_of("X-Api-Key"), words_of("PGPassword2")
    ('x_api_key', 'pg_password_2')
    """
    return "_".join(_pattern(_WORDS).findall(name)).lower()


def spreads(name: str) -> Weight | None:
    """What a (certain) name of a container makes of what lies in it under names of its own."""
    words = words_of(name)
    if any(word in words for word in ("passw", "secret", "pwd")):
        return Weight.CERTAIN
    return Weight.LIKELY if any(word in words for word in _LOOSELY) else None


_LOOSELY = ("credential", "key", "token", "authorization")


def holds_number(name: str) -> bool:
    """May a whole number under this name be a secret, once the name is known to be one of a secret?"""
    return any(word in words_of(name) for word in _NUMBERED)


def _bare(words: str) -> str | None:
    """The words up to the last of a secret; None where those around it say that it is only about one."""
    if _pattern(rf"(?:\w*_)?(?:{_ABOUT_IT})(?:_\d+)?|(?:{_BEFORE_IT})_\w+").fullmatch(words):
        return None
    found = _pattern(rf"(?:{_CERTAIN})(?=_|$)|(?:{_LIKELY})(?=_|$)").match(words)
    return None if found is None else found[0]


def _is_among(name: str, patterns: tuple[str, ...]) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def looks_secret(value: str) -> bool:
    """Does a value look like a secret rather than like a word, a number or a sign?

    >>> [looks_secret(value) for value in ("IDENTIFIER", "3.14", "<=", "basic", "s3cr3t-t0ken")]
    [False, False, False, False, True]
    """
    if len(value) < 6 or _pattern(r"[A-Za-z_]{1,12}|[-+]?[0-9][0-9.,eE+-]*|\W+").fullmatch(value):
        return False
    return not (" " in value and not any(map(str.isdigit, value)))


def is_likely_secret(value: str) -> bool:
    """The same of a value under a name that other things bear, too: there it is not made of ordinary words.

    >>> [is_likely_secret(value) for value in ("news,web,daily", "@media", "don't-care", "tok_12ab34cd")]
    [False, False, False, True]
    """
    return looks_secret(value) and not _pattern(rf"\W*(?:(?:{_ORDINARY})(?:\W+|$))+").fullmatch(value)
