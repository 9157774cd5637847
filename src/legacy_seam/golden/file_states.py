"""Files that a call found, as text in golden masters and worlds, and back."""

from __future__ import annotations

import re
from typing import Any

from legacy_seam.calls import FileState
from legacy_seam.golden.instants import read_instant, write_instant

_NOTHING = "none"
_LINK = "link to "
_PART = re.compile(
    r"(?P<size>[0-9]+) bytes|mode 0o(?P<mode>[0-7]{1,4})|modified (?P<moment>\S+)\.(?P<fraction>[0-9]{9})Z"
)


def write_state(state: FileState) -> str:
    """What is known of a file: its content by digest, or its size, and what was asked about it.

    >>> write_state(FileState("a.csv", "2f8ac0", mode=0o640, modified=1_600_000_000_000_000_001))
    '2f8ac0, mode 0o640, modified 2020-09-13T12:26:40.000000001Z'
    >>> write_state(FileState("big.log", None, size=20_971_520)), write_state(FileState("gone", None))
    ('20971520 bytes', 'none')
    >>> write_state(FileState("current", None, link="releases/v2"))
    'link to releases/v2'
    """
    if state.link is not None:
        return _LINK + state.link
    content = state.digest or (_NOTHING if state.size is None else f"{state.size} bytes")
    mode = [] if state.mode is None else [f"mode 0o{state.mode:o}"]
    modified = [] if state.modified is None else [f"modified {_write_moment(state.modified)}"]
    return ", ".join([content, *mode, *modified])


def read_state(path: str, text: str) -> FileState:
    """The inverse of `write_state`.

    Raises:
        ValueError: where the text says no such thing.

    >>> read_state("big.log", "20971520 bytes, mode 0o600")
    FileState(path='big.log', digest=None, size=20971520, mode=384, modified=None, link=None)
    """
    if text.startswith(_LINK):
        return FileState(path, None, link=text.removeprefix(_LINK))
    content, *parts = text.split(", ")
    asked: dict[str, Any] = {}
    if content.endswith(" bytes"):
        parts.insert(0, content)
        content = _NOTHING
    for part in parts:
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{part[:40]!r} cannot be said of a file")
        if match["size"]:
            asked["size"] = int(match["size"])
        elif match["mode"]:
            asked["mode"] = int(match["mode"], 8)
        else:
            asked["modified"] = round(read_instant(f"{match['moment']}Z")) * 10**9 + int(match["fraction"])
    return FileState(path, None if content == _NOTHING else content, **asked)


def _write_moment(nanoseconds: int) -> str:
    seconds, fraction = divmod(nanoseconds, 10**9)
    return f"{write_instant(seconds).partition('.')[0]}.{fraction:09}Z"
