"""What call sites report to in a replay: what crosses the boundary is answered from the recording.

A question is answered by the recorded answer to the same question; where it was asked with other arguments, by the
next one that whoever is asked gave (the difference is told, and shows among the effects); where it was never asked,
the call ends there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, NoReturn

from legacy_seam.boundary.call_sites import SiteHooks
from legacy_seam.boundary.handing import handed
from legacy_seam.boundary.rules import Rules, name_anyway
from legacy_seam.boundary.transcripts import question
from legacy_seam.calls import Answer, Difference
from legacy_seam.values import changes, differences, encode
from legacy_seam.values.outside import is_of_a_database

LENT = "answered"
"""Root of the paths of what was changed in answers."""
_SHORT = 200
_OF_SQLITE = "sqlite3"
"""Objects of this module lie outside where the texts say so: their database was too large to be kept."""
_IDENTITY = "__identity__="
"""Stands in the text of an object that a session keeps an eye on."""


class Unanswered(BaseException):
    """The program asked something of which the recording has no answer.

    It is no `Exception`, so that the program does not take it for a failure of the other side and carry on.
    """


@dataclass(frozen=True, slots=True)
class Departure:
    """A question that was answered by the answer to another one.

    place:    file and line where it was asked; empty where nobody knows.
    asked:    who was asked.
    recorded: the question that was recorded.
    now:      the one that was asked now.
    """

    place: str
    asked: str
    recorded: str
    now: str

    def __str__(self) -> str:
        """In words: both whole where they are short, else the first place in which they part."""
        where = f"{self.place} " if self.place else ""
        if len(self.recorded) + len(self.now) < _SHORT:
            return f"{where}asked {self.now} - recorded: {self.recorded}"
        first = next(iter(differences(self.recorded, self.now)), None)
        parted = f" with {first.path} = {first.got} - recorded: {first.expected}" if first else ""
        return f"{where}asked {self.asked}{parted}"


@dataclass(slots=True)
class _Entry:
    """An answer, and whether it was given."""

    answer: Answer
    is_given: bool = False

    @property
    def asked(self) -> str:
        """Who is asked, without the arguments."""
        return self.answer.question.partition("(")[0]


class Answering:
    """Answers the questions of one call after the other.

    Args:
        rules: what crosses.
        place: file and line of a frame, as people know it.

    `asked` are the questions of the present call, as texts; `departures` are those that were not recorded so.
    """

    def __init__(self, rules: Rules, place: Callable[[FrameType], str | None]) -> None:
        self._rules, self._place = rules, place
        self._decode: Callable[[str, Mapping[str, object]], object] | None = None
        self._entries: list[_Entry] = []
        self._handles: dict[str, Handle] = {}
        self._handed: dict[str, Handle] = {}
        self._lent: list[tuple[str, object]] = []
        self.asked: list[str] = []
        self.departures: list[Departure] = []

    def hooks(self) -> SiteHooks:
        """What call sites are compiled to report to."""
        return SiteHooks(asked=self.call)

    def clear(self) -> None:
        """Another call comes: nothing has been handed to it yet."""
        self._handed = {}

    def is_untouched(self) -> bool:
        """Was nothing asked or handed over, and is there nothing to be answered?"""
        return not (self._entries or self.asked or self._handles or self._handed)

    def begin(
        self, answers: Sequence[Answer], decode: Callable[[str, Mapping[str, object]], object] | None = None
    ) -> None:
        """A call is about to be replayed.

        Args:
            answers: what it was answered in the wild.
            decode: makes values of their texts, given the handles that texts may refer to.
        """
        self._decode = decode
        if not answers and self.is_untouched():
            return
        self._entries = [_Entry(answer) for answer in answers]
        kinds = {name: kind for answer in answers for name, kind in answer.handles.items()}
        self._handles = {name: Handle(self, name, kind) for name, kind in kinds.items()} | self._handed
        self._lent = []
        self.asked, self.departures = [], []

    def hand_over(self, other: Answering) -> None:
        """From now on, what this one has answered is asked by its type, and the other one answers."""
        for handle in self._handles.values():
            object.__setattr__(handle, "_answering", other)
            object.__setattr__(handle, "_name", _own(handle, "_kind"))

    def take_back(self) -> None:
        """From now on, it is asked by its name again, and this one answers."""
        for name, handle in self._handles.items():
            object.__setattr__(handle, "_answering", self)
            object.__setattr__(handle, "_name", name)

    def call(self, callee: Any) -> Any:
        """What is called in place of `callee`."""
        if type(callee) is Handle or type(callee) is _Method:
            return callee
        name = self._rules.name_of(callee)
        name = name or self._asked_then(callee)
        if name is not None:
            return lambda *arguments, **keywords: self.ask(name, arguments, keywords)
        return self._guarded(callee) if self._handles else callee

    def stand_in(self, kind: str, name: str = "") -> object | None:
        """In place of an object that is handed to the call, and of a type that is not rebuilt.

        Args:
            kind: the type: `requests.sessions:Session`.
            name: what it is called; where it has no name, it is asked by its type.

        Returns:
            None where that type does not lie outside.
        """
        module, _, qualname = kind.partition(":")
        if not (self._rules.cross(module, qualname) or module == _OF_SQLITE):
            return None
        return self._handed.setdefault(name, Handle(self, name, kind)) if name else Handle(self, kind, kind)

    def ask(self, asked: str, arguments: Sequence[object], keywords: Mapping[str, object]) -> object:
        """Answer a call.

        Raises:
            Unanswered: there is no answer.
            BaseException: what was raised in the wild.
        """
        text = question(asked, arguments, keywords, self._names())
        self.asked.append(text)
        entry = self._next(text, asked)
        if entry is None:
            self._refuse(asked, text)
        if entry.answer.question != text:
            self.departures.append(Departure(self._site().strip(), asked, entry.answer.question, text))
        return self._given(entry)

    def told(self, asked: str, *arguments: object) -> None:
        """This was said to something outside, and there is nothing to answer."""
        self.asked.append(question(asked, arguments, {}, self._names()))

    def changed(self) -> Iterator[Difference]:
        """What the call changed in objects of a session that were answers: the session sends it."""
        assert self._decode is not None
        for number, (text, value) in enumerate(self._lent, 1):
            before = encode(self._decode(text, self._handles), names=self._names())
            yield from changes(before, encode(value, names=self._names()), root=f"{LENT}[{number}]")

    def reads(self, text: str) -> bool:
        """Does the recording have this attribute or item?"""
        return any(entry.answer.question == text for entry in self._entries)

    def read(self, text: str) -> object:
        """An attribute, an item, what a `with` gave: the next recorded value, or the last one again.

        Raises:
            Unanswered: it was never read.
        """
        entries = [entry for entry in self._entries if entry.answer.question == text]
        if not entries:
            self._refuse(text, text)
        return self._given(next((entry for entry in entries if not entry.is_given), entries[-1]))

    def each(self, text: str) -> Iterator[object]:
        """All values that this question was answered by, one after the other."""
        for entry in self._entries:
            if entry.answer.question == text and not entry.is_given:
                yield self._given(entry)

    def calls(self, asked: str) -> bool:
        """Does the recording have a call of this name?"""
        return any(entry.asked == asked for entry in self._entries)

    def waits(self, asked: str) -> bool:
        """Does the recording have an answer of this name that was not given yet?"""
        return any(entry.asked == asked and not entry.is_given for entry in self._entries)

    def _asked_then(self, callee: Any) -> str | None:
        """The name of a callee that crosses with some arguments only, if the recording has it."""
        name = self._rules.may_cross(callee) if self._entries else None
        return name if name is not None and self.calls(name) else None

    def _next(self, text: str, asked: str) -> _Entry | None:
        waiting = [entry for entry in self._entries if not entry.is_given and entry.asked == asked]
        same = [entry for entry in waiting if entry.answer.question == text]
        return next(iter(same or waiting), None)

    def _given(self, entry: _Entry) -> object:
        entry.is_given = True
        assert self._decode is not None
        value = self._decode(entry.answer.text, self._handles)
        if _IDENTITY in entry.answer.text:
            self._lent.append((entry.answer.text, value))
        if entry.answer.form == "raised":
            assert isinstance(value, BaseException)
            raise value
        return _Ready(value) if entry.answer.form == "awaited" else value

    def _guarded(self, callee: Any) -> Any:
        """A function that may be handed a handle: what it makes of that was recorded, not what it does with it."""

        def call(*arguments: Any, **keywords: Any) -> Any:
            given = handed(callee, (*arguments, *keywords.values()))
            if any(type(value) is Handle for value in given):
                name = name_anyway(callee)
                if self.calls(name):
                    return self.ask(name, arguments, keywords)
            return callee(*arguments, **keywords)

        return call

    def _names(self) -> dict[int, str]:
        return {id(handle): name for name, handle in self._handles.items()}

    def _refuse(self, asked: str, text: str) -> NoReturn:
        others = [entry.answer.question for entry in self._entries if entry.asked == asked]
        recorded = f"recorded, and answered already: {others[-1]}" if others else "never recorded"
        raise Unanswered(f"{self._site()}asked {text} - {recorded}")

    def _site(self) -> str:
        place = self._place(sys._getframe(1))
        return f"{place} " if place else ""


class Handle:
    """In place of something outside that is no plain data: what is done with it is answered from the recording."""

    __slots__ = ("__weakref__", "_answering", "_kind", "_name")

    def __init__(self, answering: Answering, name: str, kind: str) -> None:
        object.__setattr__(self, "_answering", answering)
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_kind", kind)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The class of what it stands for, where that is loaded: `isinstance` goes by it."""
        module, _, path = _own(self, "_kind").partition(":")
        found: Any = sys.modules.get(module)
        for part in path.split("."):
            found = getattr(found, part, None)
        return found if isinstance(found, type) else Handle

    def __getattr__(self, attribute: str) -> object:
        asked = f"{_own(self, '_name')}.{attribute}"
        answering: Answering = _own(self, "_answering")
        if answering.reads(asked):
            return answering.read(asked)
        method: Any = _in_class(self.__class__, attribute)
        if not answering.calls(asked):
            if attribute.startswith("__"):
                raise AttributeError(attribute)
            if not callable(method):
                return answering.read(asked)  # which says that it was never read
        return _Method(answering, asked, f"{_own(self, '_name')}.{getattr(method, '__name__', attribute)}")

    def __setattr__(self, attribute: str, value: object) -> None:
        """What is set outside (`connection.autocommit = True`) is told, and not kept."""
        _own(self, "_answering").told(f"{_own(self, '_name')}.__setattr__", attribute, value)

    def __call__(self, *arguments: object, **keywords: object) -> object:
        """Ask it as it stands."""
        return self._ask("__call__", *arguments, **keywords)

    def __getitem__(self, key: object) -> object:
        answering: Answering = _own(self, "_answering")
        return answering.read(question(f"{_own(self, '_name')}.__getitem__", (key,), {}, {}))

    def __iter__(self) -> Iterator[object]:
        answering: Answering = _own(self, "_answering")
        return answering.each(f"{_own(self, '_name')}.__next__()")

    def __len__(self) -> int:
        length: Any = _own(self, "_answering").ask("builtins:len", (self,), {})
        return int(length)

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> object:
        return self._entered()

    def __exit__(self, *error: object) -> None:
        """Nothing is left open. Where it ends a transaction, that is told."""
        self._left(error[0])

    async def __aenter__(self) -> object:
        return self._entered()

    async def __aexit__(self, *error: object) -> None:
        """Nothing is left open. Where it ends a transaction, that is told."""
        self._left(error[0])

    def _left(self, error: object) -> None:
        """A `with` of a database is left: it commits, or after an exception it rolls back.

        (`connection.transaction()` of psycopg and `engine.begin()` are made by `contextlib`.)
        """
        kind = _own(self, "_kind")
        if is_of_a_database(kind) or kind.startswith("contextlib:"):
            _own(self, "_answering").told(f"{_own(self, '_name')}.__exit__", *([] if error is None else [error]))

    def _entered(self) -> object:
        answering: Answering = _own(self, "_answering")
        asked = f"{_own(self, '_name')}.__enter__()"
        return answering.read(asked) if answering.reads(asked) else self

    def _ask(self, method: str, *arguments: object, **keywords: object) -> object:
        answering: Answering = _own(self, "_answering")
        return answering.ask(f"{_own(self, '_name')}.{method}", arguments, keywords)


class _Method:
    """A method of a handle.

    Args:
        answering: who answers.
        asked: the name under which it is asked.
        otherwise: the name that it has itself, under which it was asked where it was taken from its object before.
    """

    __slots__ = ("_answering", "_asked", "_otherwise")

    def __init__(self, answering: Answering, asked: str, otherwise: str) -> None:
        self._answering, self._asked, self._otherwise = answering, asked, otherwise

    def __call__(self, *arguments: object, **keywords: object) -> object:
        answering = self._answering
        is_other = not answering.waits(self._asked) and answering.waits(self._otherwise)
        return answering.ask(self._otherwise if is_other else self._asked, arguments, keywords)


class _Ready:
    """Can be awaited, and has its value already."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __await__(self) -> Generator[Any, None, object]:
        return self._value
        yield


def _in_class(cls: type, attribute: str) -> object:
    """What stands under a name in a class or its bases, as it stands there."""
    return next((vars(base)[attribute] for base in cls.__mro__ if attribute in vars(base)), None)


def _own(handle: Handle, name: str) -> Any:
    return object.__getattribute__(handle, name)
