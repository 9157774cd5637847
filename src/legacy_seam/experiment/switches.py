"""Whether a call is looked at: sampled, not killed, within the budget, and the breaker closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from legacy_seam.experiment.buckets import bucket
from legacy_seam.experiment.parameters import Parameters

Key = str | Callable[..., Any] | None


class Sampling:
    """Which calls are shadowed: a share of them, and always the same keys.

    Args:
        rate: The share, from 0 to 1.
        stratum: A function of the arguments that gives the kind of call, of which some should always be seen.
        floor: How many calls of each kind are shadowed whatever the rate.

    >>> Sampling(0.1, stratum=lambda account: account["region"], floor=50)
    Sampling(rate=0.1, floor=50)
    """

    def __init__(self, rate: float = 1.0, *, stratum: Callable[..., Any] | None = None, floor: int = 0) -> None:
        if not 0 <= rate <= 1:
            raise ValueError("A sample is a share from 0 to 1.")
        self.rate, self.floor = rate, floor
        self._stratum = stratum
        self._seen: dict[Any, int] = {}
        if rate < 1:
            import random

            self._own = random.Random()  # never the stream of the legacy system

    def __repr__(self) -> str:
        return f"Sampling(rate={self.rate}, floor={self.floor})"

    def takes(self, experiment: str, key: str | None, arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
        """Whether a call is shadowed."""
        if self.rate >= 1:
            return True
        if self._stratum is not None and self.floor and self._below_floor(arguments, named):
            return True
        place = self._own.random() if key is None else bucket("sample", experiment, key)
        return place < self.rate

    def _below_floor(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
        assert self._stratum is not None
        try:
            stratum = self._stratum(*arguments, **named)
            seen = self._seen.get(stratum, 0)
        except Exception:
            return False
        if seen >= self.floor or len(self._seen) > 10_000:
            return False
        self._seen[stratum] = seen + 1
        return True


def key_reader(key: Key, parameters: Parameters) -> Callable[[tuple[Any, ...], dict[str, Any]], str | None]:
    """How to find the key of a call: by a path (`account`, `account.id`), or by a function of the arguments.

    A path begins with the name of a parameter and goes on through items and attributes. Whatever goes wrong, the
    call has no key.
    """
    if key is None:
        return lambda arguments, named: None
    find = key if callable(key) else None
    first, *rest = key.split(".") if isinstance(key, str) else ("",)

    def read(arguments: tuple[Any, ...], named: dict[str, Any]) -> str | None:
        try:
            if find is not None:
                found = find(*arguments, **named)
            else:
                found = parameters.named(arguments, named)[first]
                for name in rest:
                    found = found[name] if isinstance(found, Mapping) else getattr(found, name)
            return None if found is None else str(found)
        except Exception:
            return None

    return read
