"""Text to a syntax tree, within limits. What cannot be parsed gets a reason."""

from __future__ import annotations

import ast
import gc
import re
import sys
import warnings
from pathlib import Path
from typing import Final, Literal

from legacy_seam.plaindata import dataclass
from legacy_seam.source.deep import deep
from legacy_seam.source.text import SourceText, Undecodable

MOST_BYTES: Final = 8 * 1024 * 1024
"""Of one source file. Larger ones are generated data, and their trees take gigabytes."""

_PYTHON_2: Final = re.compile(
    r"Missing parentheses in call to '(print|exec)'|multiple exception types must be parenthesized"
    r"|leading zeros in decimal integer|inconsistent use of tabs"
)
_PYTHON_2_TEXT: Final = re.compile(
    r"(?m)^[ \t]*(print[ \t]+[\"'\w]|except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:"
    r"|raise[ \t]+[\w.]+[ \t]*,|exec[ \t]+[\"'])|\d+[lL]\b|[ \t(]ur[\"']|<>"
)

Code = Literal["unreadable", "not-text", "too-large", "python-2", "not-python", "too-deep"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that cannot be worked with, and why.

    code:   what kind of reason it is.
    line:   the line that stands in the way, 0 where it is the whole file.
    reason: a sentence for people, without the path.
    """

    path: Path
    code: Code
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}" if self.line else f"{self.path}: {self.reason}"


def read(path: Path) -> SourceText | Skipped:
    """The text of a file, or why it cannot be had."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Skipped(path, "unreadable", 0, f"it cannot be read ({error.strerror or error})")
    return decode(path, raw)


def decode(path: Path, raw: bytes) -> SourceText | Skipped:
    """The text of a file whose bytes are at hand, or why it cannot be had."""
    if len(raw) > MOST_BYTES:
        return Skipped(path, "too-large", 0, f"it has {len(raw):,} bytes, more than {MOST_BYTES:,}")
    try:
        return SourceText.of(path, raw)
    except Undecodable as error:
        return Skipped(path, "not-text", 0, f"it cannot be decoded ({error})")


def parse(source: SourceText) -> ast.Module | Skipped:
    """The syntax tree of a text, or why there is none."""
    try:
        return _parse(source.text)
    except (RecursionError, MemoryError):
        return _parse_deep(source)
    except (SyntaxError, ValueError) as error:
        return _not_python(source, error)


def _parse(text: str) -> ast.Module:
    collecting = gc.isenabled()
    gc.disable()  # a tree has no cycles, and to look for them among a million new nodes takes as long as parsing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a string with "\d" in it: the program's business, not ours
            return ast.parse(text)
    finally:
        if collecting:
            _pass_over_what_is_new()
            gc.enable()


def _pass_over_what_is_new() -> None:
    """Let the collector take what is new for old: else it looks through the tree as soon as it is on again.

    Only where nobody has frozen anything, which this would thaw.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


def _parse_deep(source: SourceText) -> ast.Module | Skipped:
    try:
        return deep(_parse, source.text)
    except (RecursionError, MemoryError):
        return Skipped(source.path, "too-deep", 0, "it nests deeper than Python can parse")
    except (SyntaxError, ValueError) as error:
        return _not_python(source, error)


def _not_python(source: SourceText, error: SyntaxError | ValueError) -> Skipped:
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    line = (error.lineno or 0) if isinstance(error, SyntaxError) else 0
    if "too many nested parentheses" in message or "too many statically nested" in message:
        return Skipped(source.path, "too-deep", line, f"it nests deeper than Python can parse ({message})")
    if _PYTHON_2.search(message) or _PYTHON_2_TEXT.search(source.text):
        return Skipped(source.path, "python-2", line, f"it looks like Python 2 ({message})")
    version = ".".join(map(str, sys.version_info[:2]))
    return Skipped(source.path, "not-python", line, f"it is not Python {version} ({message})")
