"""What the probes of one function call, and how it is kept from ever disturbing the program.

Each method here is called from within a function of the program. Errors of the recorder end here and are counted;
an interrupt that arrives while the recorder is at work is the program's, and goes on to it. While a thread is in
the recorder, functions that it calls (a finalizer, a signal handler) are not looked at.
"""

from __future__ import annotations

import sys
import threading
from typing import Any, Protocol, TypeVar

from legacy_seam.record.sites import Site
from legacy_seam.record.taken import Taken

_AT_WORK = "called while the recorder was at work"
_CUT_SHORT = "interrupted while the recorder was at work"

_T = TypeVar("_T")


class Examiner(Protocol):
    """Who looks at calls."""

    def take(self, site: Site, values: tuple[object, ...]) -> Taken | None:
        """A call begins; None where it needs no looking at. Called from a method that the function calls."""

    def finish(self, taken: Taken) -> None:
        """A call has ended."""

    def keep_beginning(self, taken: Taken) -> None:
        """A call has begun whose end will not be reported."""

    def abandon(self, taken: Taken, why: str) -> None:
        """The end of a call was never reported."""


class Thread(threading.local):
    """What one thread is doing: the calls it is in that are looked at, and whether it is in the recorder itself."""

    def __init__(self) -> None:
        self.busy = False
        self.calls: list[Taken] = []


class Reporter:
    """Stands between the probes of one function and the recorder.

    Args:
        site: the function.
        examiner: who looks at its calls.
        thread: what each thread is doing.
    """

    __slots__ = ("_examiner", "_site", "_thread")

    def __init__(self, site: Site, examiner: Examiner, thread: Thread) -> None:
        self._site = site
        self._examiner = examiner
        self._thread = thread

    def __reduce__(self) -> Any:
        """A function sent to another process by value takes no recorder along."""
        return Nobody, ()

    def enter(self, *values: object) -> bool:
        """The function was called with these values of its parameters; is its outcome wanted?"""
        thread, site = self._thread, self._site
        if thread.busy:
            site.fail(_AT_WORK)
            return False
        thread.busy = True
        try:
            taken = self._examiner.take(site, values)
            if taken is None:
                return False
            thread.calls.append(taken)
            return True
        except Exception as error:
            _count(site, error)
            return False
        except BaseException:
            site.fail(_CUT_SHORT)
            raise
        finally:
            thread.busy = False

    def begin(self, *values: object) -> None:
        """The same for a function whose end is not reported (a generator, a coroutine)."""
        thread, site = self._thread, self._site
        if thread.busy:
            site.fail(_AT_WORK)
            return
        thread.busy = True
        try:
            taken = self._examiner.take(site, values)
            if taken is not None:
                self._examiner.keep_beginning(taken)
        except Exception as error:
            _count(site, error)
        except BaseException:
            site.fail(_CUT_SHORT)
            raise
        finally:
            thread.busy = False

    def note(self, value: _T) -> _T:
        """This is about to be returned (unless a `finally` thinks otherwise)."""
        calls = self._thread.calls
        if calls and calls[-1].site is self._site:
            calls[-1].returned = value
        return value

    def raised(self) -> None:
        """An exception is leaving the function."""
        calls = self._thread.calls
        if calls and calls[-1].site is self._site:
            calls[-1].raised = sys.exc_info()[1]

    def done(self) -> None:
        """The function has ended."""
        thread, site = self._thread, self._site
        calls = thread.calls
        if not any(taken.site is site for taken in calls):
            return
        thread.busy = True
        try:
            while calls[-1].site is not site:
                self._examiner.abandon(calls.pop(), _CUT_SHORT)
            self._examiner.finish(calls.pop())
        except Exception as error:
            _count(site, error)
        except BaseException:
            site.fail(_CUT_SHORT)
            raise
        finally:
            thread.busy = False


class Nobody:
    """Stands in for a `Reporter` in a process that records nothing."""

    __slots__ = ()

    def enter(self, *values: object) -> bool:
        """No outcome is wanted."""
        return False

    def begin(self, *values: object) -> None:
        """Nothing is recorded."""

    def note(self, value: _T) -> _T:
        """Nothing is recorded."""
        return value

    def raised(self) -> None:
        """Nothing is recorded."""

    def done(self) -> None:
        """Nothing is recorded."""


def _count(site: Site, error: Exception) -> None:
    try:
        site.fail(f"{type(error).__name__}: {error}"[:200])
    except Exception:  # no room left on the stack for more than this
        site.failed.add()
