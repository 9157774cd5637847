"""Secrets that are known by what they look like, wherever they stand in a text.

To add one, add a `Pattern` to `PATTERNS`. None is compiled before a text is met that may hold one.
"""

from __future__ import annotations

import re
from binascii import Error as NoBase64
from binascii import a2b_base64
from collections.abc import Callable
from functools import cache

from legacy_seam.plaindata import dataclass
from legacy_seam.redaction.names import looks_secret
from legacy_seam.redaction.numbers import iban_at, is_card
from legacy_seam.redaction.pseudonyms import is_reserved


@dataclass(frozen=True, slots=True)
class Pattern:
    """One sort of secret.

    name:   what users call it, in `keep` and in what `scan` prints.
    source: a regular expression, whose group `secret` is the secret.
    hints:  a text in which none of these stands holds no such secret; none: it has to be looked at.
    take:   gives the part, from its beginning, of what was found that really is one; "" where it is none.
    strict: chance does not write such a thing, so that it is looked for among any bytes, too.
    """

    name: str
    source: str
    hints: tuple[str, ...] = ()
    take: Callable[[str], str] = lambda found: found
    strict: bool = True

    def sub(self, cover: Callable[[str, str], str], text: str) -> str:
        """The text with each secret of this sort in it replaced by what `cover` gives for it."""
        if self.hints and not _has_any(self.hints, text):
            return text

        def replaced(found: re.Match[str]) -> str:
            secret = self.take(found["secret"] or "")
            whole = found[0]
            if not secret:
                return whole
            start = found.start("secret") - found.start()
            return whole[:start] + cover(self.name, secret) + whole[start + len(secret) :]

        return compiled(self.source).sub(replaced, text)


def _has_any(hints: tuple[str, ...], text: str) -> bool:
    for hint in hints:  # noqa: SIM110  (this runs for each string that is kept: `any` takes three times as long)
        if hint in text:
            return True
    return False


@cache
def compiled(source: str) -> re.Pattern[str]:
    """An expression, compiled when it is first needed."""
    return re.compile(source)


def _if(condition: Callable[[str], bool]) -> Callable[[str], str]:
    return lambda found: found if condition(found) else ""


def _is_basic(credentials: str) -> bool:
    """Does it say `user:password` in base 64?"""
    try:
        return b":" in a2b_base64(credentials + "=" * (-len(credentials) % 4))
    except (NoBase64, ValueError):
        return False


def _is_address(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    return not is_reserved(domain) and not local.startswith(".") and not domain.rpartition(".")[2].isdigit()


def _is_drawn(token: str) -> bool:
    """Are there digits, or letters of both cases, as in what a machine has drawn?"""
    return any(map(str.isdigit, token)) or (token != token.lower() and token != token.upper())


_START, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_SERVICES = (
    r"gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|(?:sk|rk|pk)_(?:live|test)_|whsec_|AIza|ya29\.|GOCSPX-|npm_|pypi-"
    r"|SG\.|hf_|shp(?:at|ca|pa|ss)_|do[opr]_v1_|AGE-SECRET-KEY-"
)
"""What tokens of well-known services begin with; that beginning stays."""
_SERVICE_HINTS = ("gh", "-", "_", "AIza", "ya29", "SG.")
_AWS = ("AKIA", "ASIA", "AROA", "AIDA", "ABIA", "ACCA")

PATTERNS = (
    Pattern(
        "private key",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?P<secret>[^-]{8,}?)(?=-----END|-*\Z)",
        ("PRIVATE KEY",),
    ),
    Pattern("jwt", rf"{_START}eyJ[\w-]{{6,}}\.(?P<secret>[\w-]{{8,}}(?:\.[\w-]*)?)", ("eyJ",)),
    Pattern(
        "url password",
        r"[A-Za-z][A-Za-z0-9+.-]{0,30}://[^\s/:@'\"]{0,255}:(?P<secret>[^\s/@'\"]{1,255})(?=@)",
        ("@",),
        _if(lambda secret: secret[0] not in "<{$%*"),
    ),
    Pattern("url key", r"https?://(?P<secret>[0-9a-f]{16,64})(?=@)", ("@",)),
    Pattern("aws key", rf"{_START}(?:{'|'.join(_AWS)})(?P<secret>[A-Z0-9]{{16}}){_END}", _AWS),
    Pattern(
        "service token",
        rf"{_START}(?:{_SERVICES}|(?:sk-(?:proj-|ant-|svcacct-)?|dapi)(?=[\w-]{{20}}))"
        r"(?P<secret>[\w-]{10,255}(?:\.[\w-]{10,255})?)",
        _SERVICE_HINTS,
        _if(_is_drawn),
    ),
    Pattern(
        "bearer token",
        r"(?i:\bbearer)[ :=]{1,3}(?P<secret>[\w.~+/=-]{8,4096})",
        ("earer", "EARER"),
        _if(looks_secret),
    ),
    Pattern("basic login", r"\b[Bb]asic +(?P<secret>[A-Za-z0-9+/]{6,4096}={0,2})", ("asic ",), _if(_is_basic)),
    Pattern(
        "card",
        r"(?<![\w.+])(?<!\d[ -])"
        r"(?P<secret>\d{13,19}|\d{4}(?:[ -]\d{4}){2}(?:[ -]\d{1,4}){1,2}|\d{4}[ -]\d{6}[ -]\d{4,5})"
        r"(?![\w])(?!\.\d)(?![ -]\d)",
        take=_if(is_card),
        strict=False,
    ),
    Pattern("iban", rf"{_START}(?P<secret>[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]){{11,30}})", take=iban_at, strict=False),
    Pattern(
        "email",
        r"://[^\s/@'\"]{1,255}@|(?<![\w.+%-])"
        r"(?P<secret>[\w.+%-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24})(?![\w-])",
        ("@",),
        _if(_is_address),
        strict=False,
    ),
)

AWS_SECRET = Pattern(
    "aws secret key",
    r"(?<![A-Za-z0-9/+=])(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    take=_if(lambda key: _is_drawn(key) and key != key.lower()),
)
"""Forty characters tell nothing by themselves: looked for beside the keys of that service only."""

NAMES = tuple(pattern.name for pattern in (*PATTERNS, AWS_SECRET))
