"""Randomness: every source of it that Python has, seeded for replays.

`random.Random()` without a seed, `os.urandom`, `secrets`, `uuid` and the names of temporary files all come from one
deterministic stream that begins anew with each call.
"""

from __future__ import annotations

import _random
import builtins
import hashlib
import os
import random
import sys
from typing import TYPE_CHECKING, Any

from legacy_seam.world.calm import Calm
from legacy_seam.world.numpy_randomness import OfNumpy

if TYPE_CHECKING:
    import ctypes

_NODE = 0x02_00_5E_00_53_01
"""The hardware address that `uuid1` sees: one that is reserved for documentation."""

_WORDS = 624
"""Of the state of a generator."""
_LOOK = 16
"""Bytes of it that are looked at."""

_put_state = _random.Random.setstate


class Randomness:
    """Seeds all randomness of the process.

    Args:
        seed: all of it comes from this.
        calm: is told where something is drawn.

    >>> Randomness(seed=1).bytes(4) == Randomness(seed=1).bytes(4)
    True
    """

    def __init__(self, seed: int, calm: Calm | None = None) -> None:
        self._seed = seed
        self._stir = (calm or Calm()).stir
        self._drawn = 0
        self._inner_state = _state_of(seed)
        self._seed_of_random = random.Random.seed
        self._numpy_default_rng: Any = None
        self._of_numpy: OfNumpy | None = None
        self._position = _position_of(random._inst)
        self._at_start = b""

    def begin(self) -> None:
        """Let all randomness begin anew, as it does for each call."""
        self._drawn = 0
        inner: Any = random._inst
        position = self._position
        if position is None or position.generator is not inner:
            _put_state(inner, self._inner_state)
        elif position.now() != self._at_start:
            _put_state(inner, self._inner_state)
            self._at_start = position.now()
        inner.gauss_next = None
        tempfile: Any = sys.modules.get("tempfile")
        if tempfile is not None:
            tempfile._name_sequence = None
        if "numpy.random" in sys.modules:
            if self._of_numpy is None:
                self._of_numpy = OfNumpy(sys.modules["numpy.random"], self._seed % 2**32)
            self._of_numpy.begin()

    def is_untouched(self) -> bool:
        """Does the generator that all share stand where it began? (Of all else that is drawn, `calm` is told.)"""
        inner: Any = random._inst
        position = self._position
        return (
            position is not None
            and inner.gauss_next is None
            and inner is position.generator
            and position.now() == self._at_start
            and ("numpy.random" not in sys.modules or (self._of_numpy is not None and self._of_numpy.is_at_start()))
        )

    def bytes(self, count: int, /) -> bytes:
        """The next `count` bytes of the stream, in place of `os.urandom`."""
        self._stir()
        self._drawn += 1
        stream = hashlib.shake_256(f"{self._seed}/{self._drawn}".encode())
        return stream.digest(count)

    def replacements(self) -> list[tuple[object, str, object]]:
        """What to put in place of what: (module or class, name in it, replacement)."""
        import uuid  # not before it is needed: it looks at the platform

        uuid._node = _NODE  # type: ignore[attr-defined]
        return [
            (os, "urandom", self.bytes),
            *([(os, "getrandom", self._getrandom)] if hasattr(os, "getrandom") else []),
            (random, "_urandom", self.bytes),
            (random.Random, "seed", self._seeding_method()),
            (random, "seed", self._seed_module),
            *self.numpy_replacements(),
        ]

    def _seeding_method(self) -> object:
        """`Random.seed`, where no seed means the next one of the stream."""
        original, draw = self._seed_of_random, self._next_seed

        def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
            original(self, draw() if a is None else a, version)

        return seed

    def _getrandom(self, size: int, flags: int = 0) -> builtins.bytes:
        return self.bytes(size)

    def _seed_module(self, a: Any = None, version: int = 2) -> None:
        inner: random.Random = random._inst
        self._seed_of_random(inner, self._next_seed() if a is None else a, version)

    def _next_seed(self) -> int:
        return int.from_bytes(self.bytes(16), "big")

    def numpy_replacements(self) -> list[tuple[object, str, object]]:
        """The same for numpy, once, as soon as it is loaded."""
        numpy_random = sys.modules.get("numpy.random")
        if numpy_random is None or self._numpy_default_rng is not None:
            return []
        original = self._numpy_default_rng = numpy_random.default_rng

        def default_rng(seed: Any = None) -> Any:
            return original(self._next_seed() if seed is None else seed)

        return [(numpy_random, "default_rng", default_rng)]


class _Position:
    """Where a generator is: something that is another after each draw and each seeding of it.

    To put all of its state back takes longer than many a call. In CPython there stand, behind the head of the
    object, the number of words that were drawn, then the words; all of these are made anew when they run out.

    Raises:
        ValueError: where that is not so, as some draws show.
    """

    def __init__(self, generator: _random.Random) -> None:
        self.generator = generator
        self._look = _look_into(generator)
        trial = _random.Random(1)
        look = _look_into(trial)
        seen = {look.raw}
        for _ in range(_WORDS + 2):
            trial.getrandbits(32)
            seen.add(look.raw)
        trial.seed(2)
        seen.add(look.raw)
        if len(seen) < _WORDS + 4:
            raise ValueError("the state of a generator does not stand where it did")

    def now(self) -> bytes:
        """It, as it is now."""
        return self._look.raw


def _look_into(generator: _random.Random) -> ctypes.Array[ctypes.c_char]:
    """The first bytes of its state: a number, and three words (the first is the same for every seed)."""
    import ctypes

    if _random.Random.__basicsize__ < object.__basicsize__ + _LOOK:
        raise ValueError("the state of a generator does not stand in it")
    return (ctypes.c_char * _LOOK).from_address(id(generator) + object.__basicsize__)


def _position_of(generator: _random.Random) -> _Position | None:
    """None where it has to be put back each time."""
    try:
        return _Position(generator)
    except (ImportError, ValueError):  # some interpreters are built without ctypes
        return None


def _state_of(seed: int) -> Any:
    """The state of a generator with this seed, as the part of it in C takes it."""
    return random.Random(seed).getstate()[1]
