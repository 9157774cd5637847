"""What call sites report to while a program is recorded: writes down what crosses the boundary.

Everything here runs in the middle of the program's own expressions. It gives back what it is given, never raises,
and runs no code of the program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import CoroutineType, FrameType
from typing import Any, TypeVar

from legacy_seam.boundary.call_sites import SiteHooks
from legacy_seam.boundary.handing import handed, mixes, only_holds
from legacy_seam.boundary.nobody import Nobody
from legacy_seam.boundary.pending import BOUND, Pending, Question, is_method_of, text_of
from legacy_seam.boundary.rules import Rules, module_of
from legacy_seam.boundary.transcripts import Held, Transcript

_T = TypeVar("_T")


class Asking:
    """Reports of call sites, written into the transcripts of the calls that are looked at.

    Args:
        rules: what crosses.
        transcripts: gives those of the calls which a frame, and those that led to it, are the bodies of.
        held: the handles of all transcripts.
        place: file and line of a frame, as people know it.
        crossed: called when a call site has crossed, with the frame in which it stands.
        is_own: is this a module of the program, whose functions go on asking for themselves?
        files: told of each call that is about to be made (who is called, with what); does it ask about files?
    """

    def __init__(
        self,
        rules: Rules,
        transcripts: Callable[[FrameType], Iterable[Transcript]],
        held: Held,
        place: Callable[[FrameType], str],
        crossed: Callable[[FrameType], None],
        files: Callable[[Any, Sequence[Any], Mapping[str, Any]], bool] = lambda callee, arguments, keywords: False,
        is_own: Callable[[str], bool] = lambda module: False,
    ) -> None:
        self._rules, self._transcripts, self._place, self._crossed = rules, transcripts, place, crossed
        self._held = held
        self._files = files
        self._is_own = is_own
        self._thread = Pending()

    def __reduce__(self) -> tuple[type, tuple[()]]:
        """A function sent to another process by value takes no recorder along."""
        return Nobody, ()

    def begin_again(self) -> None:
        """A copy of the process goes on from here: what this thread waits for is answered in the other one."""
        self._thread.pending.clear()

    def hooks(self) -> SiteHooks:
        """What call sites are compiled to report to."""
        return SiteHooks(
            asked=self.asked,
            arguments=self.arguments,
            keywords=self.keywords,
            spread=self.spread,
            answered=self.answered,
            held=self.held,
            keyed=self.keyed,
            seen=self.seen,
            iterating=self.iterating,
            managing=self.managing,
            entered=self.entered,
            awaiting=self.awaiting,
            awaited=self.awaited,
            caught=self.caught,
        )

    # --- calls ---------------------------------------------------------------------------------------------------

    def asked(self, callee: _T, reports: int, attribute: str | None) -> _T:
        """This is about to be called, once its arguments are known; they come in so many reports.

        It is that attribute of what is held, if it is one.
        """
        thread = self._thread
        pending = thread.pending
        owner = thread.held.pop() if attribute is not None and thread.held else None
        name: str | None = None
        with suppress(Exception):
            name = self._rules.name_of(callee)
        last = pending[-1] if pending else None
        is_inner = last is not None and last.is_under_way and (last.is_inner or last.name is not None)
        frame = sys._getframe(1)
        pending.append(Question(callee, id(frame), name, reports, is_inner, owner, attribute))
        if not reports:
            self._begin(pending[-1], frame)
        return callee

    def arguments(self, *values: object) -> tuple[object, ...]:
        """These are positional arguments of the call that was asked last."""
        pending = self._thread.pending
        if pending:
            pending[-1].arguments += values
            self._reported(pending[-1], sys._getframe(1))
        return values

    def keywords(self, **values: object) -> dict[str, object]:
        """These are named arguments of the call that was asked last."""
        pending = self._thread.pending
        if pending:
            pending[-1].keywords.update(values)
            self._reported(pending[-1], sys._getframe(1))
        return values

    def spread(self, values: _T) -> _T:
        """These are given behind `*` or `**`. What would have to be used up to be seen is not seen."""
        pending = self._thread.pending
        if pending:
            kind: Any = type(values)
            if kind is tuple or kind is list:
                pending[-1].arguments += values  # type: ignore[arg-type]
            elif kind is dict:
                pending[-1].keywords.update(values)  # type: ignore[call-overload]
            else:
                pending[-1].is_clear = False
            self._reported(pending[-1], sys._getframe(1))
        return values

    def answered(self, result: _T) -> _T:
        """The call that was asked last has returned this."""
        pending, frame = self._thread.pending, sys._getframe(1)
        while pending:
            question = pending.pop()
            if question.frame == id(frame):
                try:
                    self._note(question, result, frame)
                except Exception:
                    self._lose(frame)
                break
        return result

    def caught(self) -> None:
        """An `except` begins: the calls that were in progress in this frame have failed."""
        frame = sys._getframe(1)
        self.failed(frame, sys.exc_info()[1], self._place(frame))

    def ended(self, frame: FrameType) -> None:
        """A body has ended: nothing of what it was in the middle of is kept. What came of it was not seen."""
        thread = self._thread
        self._in_progress(frame)
        thread.waiting.pop(id(frame), None)
        for key, (_, question) in list(thread.awaited.items()) if thread.awaited else ():
            if question.frame == id(frame):
                del thread.awaited[key]
                for transcript, _ in question.texts:
                    transcript.is_whole = False

    def failed(self, frame: FrameType, error: BaseException | None, place: str) -> None:
        """An exception came out of the calls that were in progress in a frame: the one asked first crosses with it.

        Args:
            frame: the frame.
            error: the exception; None where it is not known.
            place: file and line of the call.
        """
        thread = self._thread
        lost = self._in_progress(frame)
        awaited = thread.waiting.pop(id(frame), None) if thread.waiting else None
        asked = awaited or next((question for question in reversed(lost) if question.texts), None)
        if asked is None or error is None:
            return
        try:
            for transcript, text in asked.texts:
                transcript.failed(text, error, place)
            self._crossed(frame)
        except Exception:
            self._lose(frame)

    def _in_progress(self, frame: FrameType) -> list[Question]:
        """Take the calls that were in progress in a frame, the innermost first.

        Those of frames that it has called go with them: nobody says when a lambda has failed.
        """
        pending, found = self._thread.pending, list[Question]()
        while any(question.frame == id(frame) for question in pending):
            question = pending.pop()
            if question.frame == id(frame):
                found.append(question)
        return found

    @property
    def depth(self) -> int:
        """How many questions of this thread wait for an answer."""
        return len(self._thread.pending)

    # --- handles -------------------------------------------------------------------------------------------------

    def held(self, value: _T) -> _T:
        """An attribute or item of this is about to be read."""
        self._follow(self._thread.held, value)
        return value

    def keyed(self, key: _T) -> _T:
        """The item under this key, that is."""
        self._follow(self._thread.keys, key)
        return key

    def seen(self, value: _T, attribute: str | None) -> _T:
        """It was read: the attribute of that name, or (None) the item under the key that was told last."""
        thread = self._thread
        if not thread.held or (attribute is None and not thread.keys):
            return value
        owner = thread.held.pop()
        key = thread.keys.pop() if attribute is None else None
        if id(owner) not in self._held or is_method_of(value, owner):  # a method is told when it is called
            return value
        try:
            for transcript in self._transcripts(sys._getframe(1)):
                handle = transcript.handle(owner)
                if handle is not None:
                    text = f"{handle}.{attribute}"
                    if attribute is None:
                        text = transcript.question(f"{handle}.__getitem__", (key,), {})
                    transcript.answered(text, value, self._place(sys._getframe(1)))
        except Exception:
            self._lose(sys._getframe(1))
        return value

    def iterating(self, items: Any) -> Any:
        """A loop goes through this. The items of a handle are noted as they are taken."""
        if id(items) not in self._held:
            return items
        listeners = [one for one in self._transcripts(sys._getframe(1)) if one.handle(items) is not None]
        place = self._place(sys._getframe(1))

        def note(item: object) -> object:
            for transcript in listeners:
                try:
                    transcript.answered(f"{transcript.handle(items)}.__next__()", item, place)
                except Exception:
                    transcript.is_whole = False
            return item

        return map(note, items)

    def managing(self, manager: _T) -> _T:
        """A `with` is about to enter this."""
        self._follow(self._thread.managed, (id(sys._getframe(1)), manager))
        return manager

    def entered(self, value: object) -> None:
        """It gave this."""
        manager = self._entered_in(sys._getframe(1))
        if value is None or value is manager or id(manager) not in self._held:
            return
        try:
            for transcript in self._transcripts(sys._getframe(1)):
                handle = transcript.handle(manager)
                if handle is not None:
                    transcript.answered(f"{handle}.__enter__()", value, self._place(sys._getframe(1)))
        except Exception:
            self._lose(sys._getframe(1))

    def _entered_in(self, frame: FrameType) -> object:
        """Take what a frame has entered last; None where nobody saw that."""
        managed = self._thread.managed
        for place in range(len(managed) - 1, -1, -1):
            if managed[place][0] == id(frame):
                return managed.pop(place)[1]
        return None

    def awaiting(self, awaitable: _T) -> _T:
        """This is about to be awaited."""
        thread = self._thread
        begun = thread.awaited.pop(id(awaitable), None)
        if begun is not None:
            thread.waiting[id(sys._getframe(1))] = begun[1]
        return awaitable

    def awaited(self, result: _T) -> _T:
        """This came of what was awaited."""
        waiting = self._thread.waiting
        question = waiting.pop(id(sys._getframe(1)), None) if waiting else None
        if question is not None:
            try:
                self._write(question, result, sys._getframe(1), awaited=True)
            except Exception:
                self._lose(sys._getframe(1))
        return result

    def _follow(self, stack: list[_T], value: _T) -> None:
        """Remember a value for the next report; while there are no handles, nothing of the program is kept."""
        if self._held:
            stack.append(value)
        elif stack:
            stack.clear()

    # --- writing down --------------------------------------------------------------------------------------------

    def _reported(self, question: Question, frame: FrameType) -> None:
        question.reports -= 1
        if not question.reports:
            self._begin(question, frame)

    def _begin(self, question: Question, frame: FrameType) -> None:
        """The arguments are all there: the call is about to happen."""
        try:
            if self._files(question.callee, question.arguments, question.keywords):
                self._crossed(frame)
            if question.name is None and not question.is_inner:
                question.name = self._rules.name_with(question.callee, question.arguments, question.keywords)
            if self._crosses(question):
                question.texts = [(one, text_of(one, question)) for one in self._transcripts(frame)]
                if question.name is None and mixes(question.callee):
                    self._lose(frame)  # what it put into a container is not in its answer
        except Exception:
            self._lose(frame)

    def _crosses(self, question: Question) -> bool:
        if question.is_inner:
            return False
        if question.name is not None:
            return True
        held = self._held
        if not held:
            return False
        callee: Any = question.callee
        owner = callee.__self__ if type(callee) in BOUND else callee
        if id(owner) in held or id(question.owner) in held:
            return True
        if only_holds(callee):
            return False
        given = handed(callee, (*question.arguments, *question.keywords.values()))
        return any(id(value) in held for value in given) and not self._is_own(module_of(callee))

    def _note(self, question: Question, result: object, frame: FrameType) -> None:
        if not question.texts:
            return
        if type(result) is CoroutineType:
            self._thread.awaited[id(result)] = (result, question)
            return
        self._write(question, result, frame, awaited=False)

    def _write(self, question: Question, result: object, frame: FrameType, *, awaited: bool) -> None:
        place = self._place(frame)
        for transcript, text in question.texts:
            transcript.answered(text, result, place, awaited=awaited)
            transcript.is_whole = transcript.is_whole and question.is_clear
        self._crossed(frame)

    def _lose(self, frame: FrameType) -> None:
        """The recorder's own trouble: what is written down from here on is not all there was."""
        for transcript in self._transcripts(frame):
            transcript.is_whole = False
