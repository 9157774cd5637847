"""What a thread of a recorded program is in the middle of: calls that have begun, what is entered and awaited."""

from __future__ import annotations

import threading
from types import BuiltinMethodType, MethodType, MethodWrapperType
from typing import Any

from legacy_seam.boundary.rules import name_anyway
from legacy_seam.boundary.transcripts import Transcript

BOUND = (BuiltinMethodType, MethodType, MethodWrapperType)
"""Types of methods that are bound to their object."""


class Question:
    """A call that has begun: who is called, and with what.

    frame:     `id` of the frame in which the call stands.
    name:      under which name it is asked, if it crosses the boundary by itself.
    reports:   how many reports of its arguments are still to come.
    is_inner:  it is made by code that was itself asked, whose answer is what counts.
    owner:     the handle whose attribute is called; None where it is none.
    attribute: the name of that attribute: what stands under it may have another name, or none.
    is_clear:  all of its arguments were seen.
    texts:     the question, for each transcript it goes into: written before the call, which may change arguments.
    """

    __slots__ = (
        "arguments",
        "attribute",
        "callee",
        "frame",
        "is_clear",
        "is_inner",
        "keywords",
        "name",
        "owner",
        "reports",
        "texts",
    )

    def __init__(
        self,
        callee: object,
        frame: int,
        name: str | None,
        reports: int,
        is_inner: bool,
        owner: object = None,
        attribute: str | None = None,
    ) -> None:
        self.frame = frame
        self.callee, self.name, self.reports, self.is_inner = callee, name, reports, is_inner
        self.owner, self.attribute = owner, attribute
        self.arguments: list[object] = []
        self.keywords: dict[str, object] = {}
        self.is_clear = True
        self.texts: list[tuple[Transcript, str]] = []

    @property
    def is_under_way(self) -> bool:
        """Has the callee been called, so that what is called now is called by it?"""
        return self.reports == 0


class Pending(threading.local):
    """What one thread is in the middle of.

    pending: calls, the innermost last.
    held, keys: what attributes and items are read of, under which keys.
    managed: what is entered, and the `id` of the frame of that `with`: meanwhile others of the loop may go on.
    awaited: coroutines that were answered, by `id`, until they are awaited.
    waiting: what the frame with this `id` awaits.
    """

    def __init__(self) -> None:
        self.pending: list[Question] = []
        self.held: list[object] = []
        self.keys: list[object] = []
        self.managed: list[tuple[int, object]] = []
        self.awaited: dict[int, tuple[object, Question]] = {}
        self.waiting: dict[int, Question] = {}


def text_of(transcript: Transcript, question: Question) -> str:
    """A question as it stands in a transcript."""
    callee: Any = question.callee
    owner, method = transcript.handle(question.owner), question.attribute
    if owner is None:  # taken from what it belongs to before: `get = session.get`
        is_bound = type(callee) in BOUND
        owner = transcript.handle(callee.__self__ if is_bound else callee)
        method = callee.__name__ if is_bound else "__call__"
    asked = (question.name or name_anyway(callee)) if owner is None else f"{owner}.{method}"
    return transcript.question(asked, question.arguments, question.keywords)


def is_method_of(value: Any, owner: object) -> bool:
    """Is a value a method that is bound to this?"""
    return type(value) in BOUND and value.__self__ is owner
