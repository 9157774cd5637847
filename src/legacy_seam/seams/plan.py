"""What a technique would do, as data: shown, checked, applied and undone by others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Final

from legacy_seam.source.text import SourceText
from legacy_seam.targets import Target


class Reason(StrEnum):
    """Why a technique refuses a place."""

    # the text
    UNPARSABLE = "unparsable"
    ENCODING = "encoding"
    SHARED_LINE = "shared-line"
    GENERATED = "generated"
    # the target
    NO_SUCH_TARGET = "no-such-target"
    REDEFINED = "redefined"
    NESTED = "nested"
    NOTHING_TO_DO = "nothing-to-do"
    CUT = "cut"
    ALREADY_DONE = "already-done"
    NO_VARIABLE = "no-variable"
    OPTION_MISSING = "option-missing"
    # what the function is
    NO_METHOD = "no-method"
    NO_FUNCTION = "no-function"
    DECORATED = "decorated"
    PROPERTY = "property"
    DUNDER = "dunder"
    TAKES_KWARGS = "takes-kwargs"
    GENERATOR = "generator"
    ASYNC_GENERATOR = "async-generator"
    STUB = "stub"
    SPECIAL_CLASS = "special-class"
    OUTSIDE_BASE = "outside-base"
    # what it does
    DYNAMIC_NAMES = "dynamic-names"
    FRAME_SENSITIVE = "frame-sensitive"
    NAME_TAKEN = "name-taken"
    # where something stands in it
    UNCLEAR_NAME = "unclear-name"
    LOCAL_IMPORT = "local-import"
    LATER = "evaluated-later"
    NO_CALL = "no-call"
    DEFAULT_VALUE = "default-value"
    DECORATOR = "decorator"
    ANNOTATION = "annotation"
    CLASS_BODY = "class-body"
    PATTERN = "pattern"
    LOCAL_NAME = "local-name"
    DECLARED = "declared-global"
    WRITTEN = "written"
    USED_ELSEWHERE = "used-elsewhere"
    COPIED = "copied"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place that a technique leaves alone.

    code:    the kind of reason.
    line:    the line that forbids it, 0 where no line does.
    reason:  a sentence for people, without the place.
    instead: names of techniques that may work there, best first.
    """

    code: Reason
    path: Path
    line: int
    reason: str
    instead: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.reason}"


class Refused(Exception):
    """Raised within a technique: nothing at all can be done. The engine turns it into a plan without changes."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of a text, and what stands there instead.

    start: where the piece begins, in characters of `SourceText.text`.
    end:   where it ends; the same as `start` where something is inserted.
    new:   with the newlines of the file.
    """

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What changes in one file.

    module:  the full name of the module it holds.
    source:  the file as it was when the plan was made; without text where it is to be made.
    patches: sorted; no two overlap.
    creates: is the file to be made?
    """

    module: str
    source: SourceText
    patches: tuple[Patch, ...]
    creates: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return self.source.path

    @property
    def before(self) -> bytes:
        """Its bytes as they were."""
        return self.source.raw

    @property
    def text_after(self) -> str:
        """Its text as it will be."""
        pieces: list[str] = []
        at = 0
        for patch in self.patches:
            pieces += [self.source.text[at : patch.start], patch.new]
            at = patch.end
        return "".join([*pieces, self.source.text[at:]])

    @property
    def after(self) -> bytes:
        """Its bytes as they will be: those outside the patches are taken over, not written anew."""
        pieces: list[bytes] = []
        at = 0
        for patch in self.patches:
            start, end = byte_offset(self.source, patch.start), byte_offset(self.source, patch.end)
            pieces += [self.before[at:start], patch.new.encode(self.source.encoding)]
            at = end
        return b"".join([*pieces, self.before[at:]])


@dataclass(frozen=True, slots=True)
class EnablingPoint:
    """Where another behaviour is put in, once the seam is there (Feathers: every seam has one).

    module:    the full name of the module.
    statement: Python that puts `{stub}` in, run at the end of that module: `_now = {stub}`.
    always:    does every call of the target come through it?
    """

    module: str
    statement: str
    always: bool = False


DOUBLE: Final = "type('Double', (), {{'__getattr__': lambda self, name: {stub}}})()"
"""An object each of whose members is `{stub}`, for an `EnablingPoint` at which no function is put in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a technique would do to a program.

    technique:  its name.
    target:     what it is applied to.
    changes:    one for each file; none where nothing is to be done.
    refusals:   the places it leaves alone.
    introduces: the names that come into being; all other names keep their scopes.
    enabling:   where another behaviour is put in.
    notes:      what a reader should know, a sentence each.
    retires:    the names that go: of the module, and parameters that nobody passes.
    """

    technique: str
    target: Target
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    introduces: frozenset[str] = frozenset()
    enabling: tuple[EnablingPoint, ...] = ()
    notes: tuple[str, ...] = ()
    retires: frozenset[str] = frozenset()


def byte_offset(source: SourceText, offset: int) -> int:
    """Where a character stands in the bytes of a file.

    Raises:
        ValueError: where the bytes of lines cannot be told apart (see `SourceText.byte_offsets`).
    """
    starts = source.byte_offsets
    if starts is None:
        raise ValueError(f"{source.path} is written in {source.encoding}, in which lines cannot be told apart")
    line = source.line_at(offset)
    rest = source.text[source.offsets[line - 1] : offset]
    return starts[line - 1] + len(rest.encode(source.encoding))


def digest(content: bytes) -> str:
    """The name of a content.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


def merged(patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """Patches in the order of the text; those of the same place in the order in which they were made.

    Raises:
        ValueError: where two overlap.
    """
    found = sorted(patches, key=lambda patch: (patch.start, patch.end))
    for one, next_ in pairwise(found):
        if next_.start < one.end:
            raise ValueError(f"two patches overlap at {next_.start}")
    return tuple(found)
