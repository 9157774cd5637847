"""The random numbers of numpy: the generator that all its functions share, seeded for each call, and looked at."""

from __future__ import annotations

import types
from typing import Any

_WORDS = 624
"""Of the state of this generator (MT19937)."""
_BYTES = 4
"""Of a word."""
_LOOK = 16
"""Bytes of the words that are looked at."""


class OfNumpy:
    """Puts the generator back where it began, and tells whether it stands there.

    Args:
        module: `numpy.random`.
        seed: with which it begins.
    """

    def __init__(self, module: types.ModuleType, seed: int) -> None:
        self._module, self._seed = module, seed
        self._position = _position_of(module)
        self._at_start: tuple[bytes, bytes] | None = None

    def begin(self) -> None:
        """Put it where it begins."""
        if not self.is_at_start():
            self._module.seed(self._seed)
            self._at_start = None if self._position is None else self._position.now()

    def is_at_start(self) -> bool:
        """Does it stand there? False, too, where that cannot be told."""
        return self._at_start is not None and self._position is not None and self._position.now() == self._at_start


class _Position:
    """Where a generator is: something that is another after each draw and each seeding of it.

    Its state are so many words, all of which are made anew when they run out, and the number of those that were
    drawn. To ask numpy for all of it takes longer than many a call.
    """

    def __init__(self, state: Any) -> None:
        import ctypes

        self._of, self._generator = state, state._bit_generator
        address = self._generator.ctypes.state_address
        self._words = (ctypes.c_char * _LOOK).from_address(address)
        self._drawn = (ctypes.c_char * _BYTES).from_address(address + _WORDS * _BYTES)

    def now(self) -> tuple[bytes, bytes] | None:
        """It, as it is now; None where the functions share another generator by now."""
        if self._of._bit_generator is not self._generator:
            return None
        return self._drawn.raw, self._words.raw


def _position_of(module: types.ModuleType) -> _Position | None:
    """None where it cannot be told, as some draws show: there it has to be put back each time."""
    try:
        trial = module.RandomState(1)
        position = _Position(trial)
        seen = {position.now()}
        for _ in range(_WORDS + 2):
            trial.bytes(_BYTES)
            seen.add(position.now())
        trial.seed(2)
        seen.add(position.now())
        return _Position(module.mtrand._rand) if len(seen) == _WORDS + 4 else None
    except (ImportError, AttributeError):  # no ctypes, or another numpy than those we know
        return None
