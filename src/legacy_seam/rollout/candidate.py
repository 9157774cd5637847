"""What runs in the process of the candidate: recorded texts become values there, and nowhere else.

The classes of recorded values are those of the program. The command line never imports it, so it hands over texts.
Here the candidate has been imported with whatever it needs; values are made, given to it, and its answers compared
with those of legacy.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import types
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

from legacy_seam.experiment import Comparator, ModelLoadFailed, Verdict
from legacy_seam.experiment.candidates import candidate_called, is_place
from legacy_seam.experiment.compare.numbers import native
from legacy_seam.experiment.compare.verdict import departs, told
from legacy_seam.experiment.model_files import TrainedModel
from legacy_seam.experiment.models import made_ready
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.binding import bind
from legacy_seam.rollout.choosing import comparator_called
from legacy_seam.values import (
    Allow,
    DecodeError,
    NotationError,
    StandInUsed,
    TypeGone,
    decode,
    decode_roots,
    encode,
)


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the file of a model is trusted.

    types:        that skops may build beyond those it knows.
    allow_pickle: whether a file may be read that can run code.
    """

    types: tuple[str, ...] = ()
    allow_pickle: bool = False


NOTHING_MORE = Trust()


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What came of one call.

    text: what the candidate returned, in the notation.
    verdict: how it compares with what legacy returned; None where legacy raised.
    nanoseconds: that the candidate took.
    refusal: why the call could not be given to it; empty otherwise.
    """

    text: str = ""
    verdict: Verdict | None = None
    nanoseconds: int = 0
    refusal: str = ""

    def __repr__(self) -> str:
        return self.text  # verdicts that show it show what the candidate returned


class Rebuilt:
    """A candidate that is given recorded texts.

    Args:
        candidate: `module:attribute`, or the path of a model; None to compare texts with texts.
        compare: the name of a comparator.
        imports: modules that have the classes of recorded values, where the candidate does not import them.
        allow: modules (with all below them) whose classes recorded values may name.
        trust: how far the file of a model is trusted.
    """

    def __init__(
        self,
        candidate: str | None,
        compare: str,
        imports: tuple[str, ...],
        allow: tuple[str, ...],
        trust: Trust = NOTHING_MORE,
    ) -> None:
        self._name, self._compare, self._imports, self._trust = candidate, compare, imports, trust
        self._allow = Allow(frozenset(allow))
        self._function: Any = None
        self._comparator: Comparator | None = None

    def load(self) -> None:
        """Import everything; called in the process where it is going to run.

        Raises:
            ModelLoadFailed: something cannot be imported.
        """
        try:
            for module in self._imports:
                importlib.import_module(module)
            self._comparator = comparator_called(self._compare)
        except Exception as error:
            raise ModelLoadFailed(told(error)) from error
        if self._name is not None:
            trust = self._trust
            loaded = candidate_called(self._name, trusted=trust.types, allow_pickle=trust.allow_pickle).load()
            self._function = made_ready(loaded)

    def __call__(
        self, texts: Mapping[str, str], defaulted: tuple[str, ...], control: str | None, other: str | None = None
    ) -> Answer:
        """Run the candidate on one recorded call.

        Args:
            texts: the arguments by name.
            defaulted: parameters that were left to their defaults.
            control: what legacy returned; None where it raised.
            other: what it returned another time: compared instead of running a candidate.
        """
        try:
            arguments = {} if other is not None else decode_roots(texts, allow=self._allow)
            expected = None if control is None else decode(control, allow=self._allow)
            second = None if other is None else decode(other, allow=self._allow)
            positional, named = self._spread(arguments, defaulted)
        except StandInUsed:
            return Answer(refusal="it was given a value that could not be recorded")
        except TypeGone as gone:
            if control is not None and control == other:  # whatever it is, it is the same
                return Answer(control, Verdict(match=True))
            module = gone.name.partition(":")[0]
            return Answer(refusal=f"{gone}; `--import {module}` has its module imported with the candidate")
        except (DecodeError, NotationError) as error:
            return Answer(refusal=f"a recorded value cannot be rebuilt: {error}")
        except Refused as error:
            return Answer(refusal=error.sentence)
        begun = perf_counter_ns()
        value = second if other is not None else _finished(self._function(*positional, **named))
        took = perf_counter_ns() - begun
        assert self._comparator is not None
        verdict = None if control is None else self._comparator(expected, value)
        return Answer(_told(value), verdict, took)

    def _answer(self, arguments: dict[str, Any]) -> Any:
        """What the candidate answers to arguments by the recorded names."""
        positional, named = self._spread(arguments, ())
        return _finished(self._function(*positional, **named))

    def _spread(
        self, arguments: dict[str, Any], defaulted: tuple[str, ...]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments as the candidate takes them: by its own parameters, where these can be seen."""
        if self._function is None:
            return (), {}
        if isinstance(self._function, TrainedModel):
            return (), arguments
        if not isinstance(self._function, types.FunctionType):
            return tuple(arguments.values()), {}
        return bind(self._function, tuple(arguments), defaulted).spread(arguments)


def _finished(value: Any) -> Any:
    """What an awaitable or a generator comes to: recordings hold that, too."""
    if isinstance(value, Awaitable):
        import asyncio

        return asyncio.run(_awaited(value))
    if inspect.isgenerator(value) or isinstance(value, Iterator):
        return list(value)
    return native(value)


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value


def _told(value: Any) -> str:
    try:
        return encode(value)
    except Exception as error:
        return f"<{type(value).__name__}: {told(error)}>"


def version_of(candidate: str | None) -> dict[str, str]:
    """Which model a candidate is, under `model`; nothing where it is none.

    Raises:
        SeamError: there is no model at its path.
    """
    model = candidate_called(candidate).model if candidate and is_place(candidate) else None
    return {"model": model.version} if model else {}


class Passed(Comparator):
    """Hands on the verdict that was come to in the process of the candidate."""

    def compare(self, control: object, candidate: object) -> Verdict:
        """The verdict that is in the answer."""
        assert isinstance(candidate, Answer)
        return candidate.verdict or departs("", candidate.refusal or "there is nothing to compare")


@functools.cache
def nothing() -> Callable[..., Any]:
    """In the place of the legacy function, which has already been run."""

    def recorded(texts: Any, defaulted: Any, control: Any, other: Any = None) -> None: ...

    return recorded
