"""The streams of random numbers of the legacy system, which a candidate must not move on."""

from __future__ import annotations

import random
import sys
from typing import Any

_MERSENNE_BYTES = 624 * 4 + 4
"""624 words and the place among them: the state of numpy's MT19937 in memory."""


def held() -> Any:
    """The state of `random`, and of `numpy.random` if it is loaded."""
    numpy_random: Any = sys.modules.get("numpy.random")
    return random.getstate(), None if numpy_random is None else _NUMPY.held(numpy_random)


def put_back(state: Any) -> None:
    """Let both streams go on where they were."""
    python, numpy = state
    random.setstate(python)
    if numpy is not None:
        _NUMPY.put_back(numpy)


class _Numpy:
    """numpy's global stream.

    To ask for its state takes longer than a small model. So a copy of the 2,500 bytes in memory is compared with
    those of the last time (their address is public: `BitGenerator.ctypes`), and only when they have changed, or a
    number is waiting that has been drawn already, is the state asked for. Memory is only ever read.
    """

    def __init__(self) -> None:
        self._generator: Any = None
        self._address = 0
        self._fingerprint = b""
        self._state: Any = None

    def held(self, numpy_random: Any) -> tuple[Any, bytes, Any]:
        generator = getattr(getattr(numpy_random.mtrand, "_rand", None), "_bit_generator", None)
        if generator is None or type(generator).__name__ != "MT19937":
            return numpy_random, b"", numpy_random.get_state(legacy=False)
        if generator is not self._generator:
            self._generator, self._address = generator, int(generator.ctypes.state_address)
            self._fingerprint = b""
        now = _bytes_at(self._address)
        state = self._state
        if now != self._fingerprint or state["has_gauss"]:
            state = numpy_random.get_state(legacy=False)
            self._state, self._fingerprint = state, now
        return numpy_random, now, state

    def put_back(self, held: tuple[Any, bytes, Any]) -> None:
        numpy_random, before, state = held
        if before and not state["has_gauss"] and _bytes_at(self._address) == before:
            return  # nothing was drawn
        numpy_random.set_state(state)


def _bytes_at(address: int) -> bytes:
    import ctypes

    return ctypes.string_at(address, _MERSENNE_BYTES)


_NUMPY = _Numpy()
