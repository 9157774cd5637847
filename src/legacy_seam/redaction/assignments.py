"""Secrets in texts that are known by a name before them: `password=..`, `"api_key": ".."`, `--token ..`.

Texts are messages, queries, configuration files, source: whatever has names and values in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from legacy_seam.redaction.names import FEWEST_DIGITS, Weight, holds_number, is_likely_secret
from legacy_seam.redaction.patterns import compiled

_QUOTED = r"""\\?"(?P<double>(?:[^"\\\n]|\\(?!")[^\n])*)|\\?'(?P<single>(?:[^'\\\n]|\\(?!')[^\n])*)"""
_BARE = (
    r"""(?:\\?["'])?(?:(?:Bearer|Basic|Token|Digest|ApiKey|bearer|basic)[ ]+)?"""
    r"""(?P<bare>[^\s"',;&<>()\[\]{}|\\]{2,})"""
)
_NAMED = r"""(?P<name>(?<!\w)[A-Za-z_][\w.-]{1,63}+)\\?["'`]?\]?"""
_ASSIGNED = rf"{_NAMED}[ \t]{{0,8}}(?:=>|:=|={{1,3}}|:)[ \t]{{0,8}}(?=(?:{_QUOTED})\\?[\"']|{_BARE})"
_SAID = rf"{_NAMED} (?=(?:{_QUOTED})\\?[\"'])"
_OPTION = r"(?<![\w-])--?(?P<name>[A-Za-z][\w-]{1,63}) +(?=(?P<bare>[^\s-][^\s]*))"
"""The value stands in a look-ahead: one that is no secret may hold a name and a value itself."""

_GROUPS = ("bare", "double", "single")
_ESCAPE = r"(\\u[0-9a-fA-F]{4}|\\.)"

_NO_VALUES = (
    r"a|all|also|an|and|any|are|as|at|be|boolean|but|by|bytes|can|cannot|char|could|did|do|does|empty|erro"
    r"r|expired|failed|false|field|for|from|has|have|if|in|incorrect|int|integer|invalid|is|it|length|mism"
    r"atch|missing|must|no|none|not|null|object|of|off|on|optional|or|please|required|reset|should|str|str"
    r"ing|text|that|the|this|to|too|true|undefined|unset|value|varchar|was|were|when|which|will|with|wrong"
    r"|yes|you|your"
)
"""Words which, behind `password:`, go on with a sentence or name a type."""

_TEMPLATE = ("%", "{", "$", "<", ":", "?", "*", "[", "(", "\\", "...", "xxx")
"""How stand-ins for a value begin, that are no value."""


def sub_assigned(text: str, weigh: Callable[[str], Weight | None], cover: Callable[[str, str], str]) -> str:
    """The text with each value behind the name of a secret replaced.

    Args:
        text: any text: a message, a query, a configuration file, source.
        weigh: tells names of secrets.
        cover: is given what it is (`named password`) and the secret; gives what is to stand in its place.
    """

    text = _sub(_ASSIGNED, text, weigh, cover)
    if "'" in text or '"' in text:
        text = _sub(_SAID, text, weigh, cover)
    if "-" in text:
        text = _sub(_OPTION, text, lambda name: weigh(name) if weigh(name) is Weight.CERTAIN else None, cover)
    return text


def _sub(source: str, text: str, weigh: Callable[[str], Weight | None], cover: Callable[[str, str], str]) -> str:
    pieces: list[str] = []
    done = 0
    for found in compiled(source).finditer(text):
        weight = weigh(found["name"])
        groups = found.groupdict()
        group = next((one for one in _GROUPS if groups.get(one) is not None), "bare")
        start, end = found.span(group)
        if weight is None or start < done or not _is_value(found[group], weight, is_bare=group == "bare"):
            continue
        is_module = "." in found["name"] or weight is not Weight.CERTAIN
        if (
            is_module
            and text[found.end("name") : start] == ":"
            and _is_place(found["name"], found[group], text[end:])
        ):
            continue
        if _is_number(text, found, start):
            if len(found[group]) < FEWEST_DIGITS or not holds_number(found["name"]):
                continue
            start += 1  # a number that began with 0 would be none
        pieces += [text[done:start], _covered(f"named {found['name']}", text[start:end], group, cover)]
        done = end
    return "".join([*pieces, text[done:]]) if pieces else text


def _is_number(text: str, found: re.Match[str], start: int) -> bool:
    """Is the value a number of JSON, or of a dictionary in source: digits behind a name in quotation marks?"""
    value = found.groupdict().get("bare")
    is_bare = value is not None and value.isdecimal() and text[start - 1] not in "\"'"
    return is_bare and text[found.end("name")] in "\"'"


def _covered(what: str, value: str, group: str, cover: Callable[[str, str], str]) -> str:
    """A value covered; the escapes in a quoted one stay as they are."""
    if group == "bare" or "\\" not in value:
        return cover(what, value)
    pieces = compiled(_ESCAPE).split(value)
    return "".join(cover(what, piece) if piece and at % 2 == 0 else piece for at, piece in enumerate(pieces))


def _is_place(module: str, value: str, behind: str) -> bool:
    """Is this a place in code (`sqlalchemy.orm.session:Session.scalar`, `auth.token:verify(...)`)?"""
    qualname = value.rstrip(".")
    if not all(part.isidentifier() and part.strip("_").isalpha() for part in qualname.split(".")):
        return False
    return behind.startswith("(") or "." in qualname or qualname.lower() == module.rpartition(".")[2].lower()


def _is_value(value: str, weight: Weight, *, is_bare: bool) -> bool:
    if not value or value.startswith(_TEMPLATE) or len(set(value)) == 1:
        return False
    if is_bare and compiled(_NO_VALUES).fullmatch(value.rstrip(".!?:").lower()):
        return False
    return weight is Weight.CERTAIN or is_likely_secret(value)
