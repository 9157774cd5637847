"""What the probes of one function call, and how it is kept from ever disturbing the program.

Each method here is called from within a function of the program. Errors of the recorder end here and are counted;
an interrupt that arrives while the recorder is at work is the program's, and goes on to it. While a thread is in
the recorder, functions that it calls (a finalizer, a signal handler) are not looked at.

A call that is looked at is known by its frame: bodies of generators and coroutines begin, rest and end in any
order, and in any thread.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Protocol, TypeVar

from legacy_seam.record.nobody import Nobody, give_back
from legacy_seam.record.sites import Site
from legacy_seam.record.taken import Taken

_AT_WORK = "called while the recorder was at work"
_CUT_SHORT = "interrupted while the recorder was at work"

_T = TypeVar("_T")


class Examiner(Protocol):
    """Who looks at calls."""

    def take(self, site: Site, values: tuple[object, ...], frame: FrameType | None) -> Taken | None:
        """A call begins; None where it needs no looking at.

        Args:
            site: the function.
            values: of its parameters.
            frame: its frame, where it has variables of enclosing functions.
        """

    def begun(self, taken: Taken, key: int) -> None:
        """A call that is looked at has begun, in the frame with this `id`."""

    def finish(self, taken: Taken) -> None:
        """A call has ended."""

    def left(self, frame: FrameType, error: BaseException | None) -> None:
        """An exception is leaving a watched body, whether its call is looked at or not. Raises nothing."""

    def ended(self, frame: FrameType) -> None:
        """A watched body has ended, however it did. Raises nothing."""

    def keep_beginning(self, taken: Taken) -> None:
        """A call has begun whose end will not be reported."""

    def abandon(self, taken: Taken, why: str) -> None:
        """The end of a call was never reported."""

    def is_heard(self, taken: Taken, key: int) -> None:
        """The body of a generator has begun: somebody may have been listening for it."""

    def overhear(self, key: int, value: object) -> None:
        """A generator yields this: somebody may be listening."""

    def item(self, taken: Taken, value: object) -> str:
        """What a generator yields, as text."""

    def input(self, taken: Taken, value: object) -> str:
        """What was sent or thrown into a generator, as text."""


class Thread(threading.local):
    """Whether one thread is in the recorder itself, and calls that ended while it was."""

    def __init__(self) -> None:
        self.busy = False
        self.late: list[Taken] = []

    def contain(self, act: Callable[[], None]) -> None:
        """Do something of the recorder's own, of which no error gets out."""
        if not self.busy:
            self.busy = True
            try:
                act()
            except Exception:
                return
            finally:
                self.busy = False


class Running(dict[int, Taken]):
    """The calls that are looked at, by the `id` of their frame (or of the `Ending` of a lambda)."""

    __slots__ = ()


class Reporter:
    """Stands between the probes of one function and the recorder.

    Args:
        site: the function.
        examiner: who looks at its calls.
        thread: what each thread is doing.
        running: the calls that are looked at.
    """

    __slots__ = ("_examiner", "_running", "_site", "_thread")

    def __init__(self, site: Site, examiner: Examiner, thread: Thread, running: Running) -> None:
        self._site = site
        self._examiner = examiner
        self._thread = thread
        self._running = running

    def __reduce__(self) -> Any:
        """A function sent to another process by value takes no recorder along."""
        return Nobody, ()

    # --- the beginning -------------------------------------------------------------------------------------------

    def enter(self, *values: object) -> bool:
        """The function was called with these values of its parameters; is its outcome wanted?"""
        thread, site = self._thread, self._site
        if thread.busy:
            site.fail(_AT_WORK)
            return False
        thread.busy = True
        try:
            taken = self._examiner.take(site, values, sys._getframe(1) if site.free else None)
            if taken is None:
                return False
            self._begin(taken, id(sys._getframe(1)))
            return True
        except Exception as error:
            _count(site, error)
            return False
        except BaseException:
            site.fail(_CUT_SHORT)
            raise
        finally:
            self._leave()

    def begin(self, *values: object) -> None:
        """The same for a function whose end is not reported."""
        thread, site = self._thread, self._site
        if thread.busy:
            site.fail(_AT_WORK)
            return
        thread.busy = True
        try:
            taken = self._examiner.take(site, values, sys._getframe(1) if site.free else None)
            if taken is not None:
                self._examiner.keep_beginning(taken)
        except Exception as error:
            _count(site, error)
        except BaseException:
            site.fail(_CUT_SHORT)
            raise
        finally:
            self._leave()

    def open(self, *values: object) -> Callable[[Any], Any]:
        """The same for a lambda; gives what is to be called with its result."""
        thread, site = self._thread, self._site
        if thread.busy:
            site.fail(_AT_WORK)
            return give_back
        thread.busy = True
        try:
            taken = self._examiner.take(site, values, sys._getframe(1) if site.free else None)
            if taken is None:
                return give_back
            ending = Ending(self)
            self._begin(taken, id(ending))
            return ending
        except Exception as error:
            _count(site, error)
            return give_back
        except BaseException:
            site.fail(_CUT_SHORT)
            raise
        finally:
            self._leave()

    def _begin(self, taken: Taken, key: int) -> None:
        forgotten = self._running.pop(key, None)
        if forgotten is not None:
            self._examiner.abandon(forgotten, _CUT_SHORT)
        self._running[key] = taken
        self._examiner.begun(taken, key)
        if taken.story is not None:
            self._examiner.is_heard(taken, key)

    # --- on the way ----------------------------------------------------------------------------------------------

    def mark(self, branch: int) -> None:
        """A branch was taken (in a body that is not left alone while others run)."""
        taken = self._running.get(id(sys._getframe(1)))
        if taken is not None and taken.site is self._site:
            taken.branches.add(branch)

    def note(self, value: _T) -> _T:
        """This is about to be returned (unless a `finally` thinks otherwise)."""
        taken = self._running.get(id(sys._getframe(1)))
        if taken is not None and taken.site is self._site:
            taken.returned = value
        return value

    def yielded(self, value: _T) -> _T:
        """This is about to be yielded."""
        taken = self._running.get(id(sys._getframe(1)))
        if taken is not None and taken.site is self._site:
            key = id(sys._getframe(1))
            self._tell(taken, lambda: _yields(self._examiner, taken, value))
            self._tell(taken, lambda: self._examiner.overhear(key, value))
        return value

    def passed_on(self, key: int, value: object) -> bool:
        """Somebody to whom the generator delegates has yielded this. Is the call looked at?"""
        taken = self._running.get(key)
        if taken is None or taken.site is not self._site or taken.story is None:
            return False
        if taken.story.waiting != "own":
            self._tell(taken, lambda: _yields(self._examiner, taken, value, "delegate"))
        return True

    def resumed(self, value: _T) -> _T:
        """This was sent in (None where the next item was asked for)."""
        taken = self._running.get(id(sys._getframe(1)))
        story = taken.story if taken is not None and taken.site is self._site else None
        if taken is not None and story is not None:
            if value is None:
                story.goes_on()
            else:
                self._tell(taken, lambda: story.is_sent(self._examiner.input(taken, value)))
        return value

    def thrown(self) -> None:
        """An exception is leaving a statement that yields: was it thrown in?"""
        taken = self._running.get(id(sys._getframe(1)))
        if taken is not None and taken.site is self._site:
            self._take_thrown(taken, sys.exc_info()[1])

    def _take_thrown(self, taken: Taken, error: BaseException | None) -> None:
        story = taken.story
        if story is None or story.waiting is None or error is None:
            return
        if isinstance(error, GeneratorExit):
            story.closes()
        elif story.waiting == "delegate":
            story.goes_on()
        else:
            self._tell(taken, lambda: story.is_thrown(self._examiner.input(taken, error)))

    def _tell(self, taken: Taken, act: Callable[[], None]) -> None:
        """Add to the story of a call; it is lost where that is not possible."""
        thread = self._thread
        if thread.busy:
            taken.lose_story()
            return
        thread.busy = True
        try:
            act()
        except Exception:
            taken.lose_story()
        except BaseException:
            taken.lose_story()
            raise
        finally:
            self._leave()

    # --- the end -------------------------------------------------------------------------------------------------

    def raised(self) -> None:
        """An exception is leaving the function."""
        taken = self._running.get(id(sys._getframe(1)))
        if taken is not None and taken.site is self._site:
            error = sys.exc_info()[1]
            self._take_thrown(taken, error)
            taken.raised = error
        with suppress(Exception):  # no room left on the stack, as it may be
            self._examiner.left(sys._getframe(1), sys.exc_info()[1])

    def done(self) -> None:
        """The function has ended."""
        with suppress(Exception):
            self._examiner.ended(sys._getframe(1))
        taken = self._running.get(id(sys._getframe(1)))
        if taken is not None and taken.site is self._site:
            self.end(id(sys._getframe(1)))

    def end(self, key: int) -> None:
        """The call known by this key has ended."""
        thread = self._thread
        taken = self._running.pop(key, None)
        if taken is None:
            return
        if thread.busy:  # a finalizer ran in the middle of our work
            thread.late.append(taken)
            return
        thread.busy = True
        try:
            self._examiner.finish(taken)
        except Exception as error:
            _count(taken.site, error)
        except BaseException:
            taken.site.fail(_CUT_SHORT)
            raise
        finally:
            self._leave()

    def _leave(self) -> None:
        """Leave the recorder, and see to the calls that ended meanwhile."""
        thread = self._thread
        while thread.late:
            taken = thread.late.pop()
            try:
                self._examiner.finish(taken)
            except Exception as error:
                _count(taken.site, error)
        thread.busy = False

    # --- lambdas -------------------------------------------------------------------------------------------------

    def returned(self, key: int, value: object) -> None:
        """The lambda whose call is known by this key returns this."""
        taken = self._running.get(key)
        if taken is not None:
            taken.returned = value
            self.end(key)

    def broken_off(self, key: int) -> None:
        """An exception has left the lambda whose call is known by this key; which one cannot be told."""
        taken = self._running.get(key)
        if taken is not None:
            taken.is_unseen = True
            self.end(key)


class Ending:
    """Lies on the stack of a lambda while that runs: called with the result, or thrown away by an exception."""

    __slots__ = ("_reporter",)

    def __init__(self, reporter: Reporter) -> None:
        self._reporter: Reporter | None = reporter

    def __call__(self, value: _T) -> _T:
        """The lambda returns this."""
        reporter, self._reporter = self._reporter, None
        if reporter is not None:
            reporter.returned(id(self), value)
        return value

    def __del__(self) -> None:
        if self._reporter is not None:
            self._reporter.broken_off(id(self))


def _yields(examiner: Examiner, taken: Taken, value: object, waiting: str = "own") -> None:
    story = taken.story
    if story is None:
        return
    if story.waiting == "delegate":
        story.goes_on()
    story.yields(None if story.is_full else examiner.item(taken, value), waiting)


def _count(site: Site, error: Exception) -> None:
    try:
        site.fail(f"{type(error).__name__}: {error}"[:200])
    except Exception:  # no room left on the stack for more than this
        site.failed.add()
