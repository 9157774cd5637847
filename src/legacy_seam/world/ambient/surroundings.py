"""What a process gets from its surroundings: environment, working directory, locale, arguments, mask, signals."""

from __future__ import annotations

import _locale
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from legacy_seam.world.ambient.kind import Ambient

_setlocale = _locale.setlocale
_get_locale = partial(_setlocale, _locale.LC_ALL)
_SIGNALS = tuple(one for one in signal.Signals if one not in (signal.SIGKILL, signal.SIGSTOP))


def _look_at_environment() -> dict[bytes, bytes]:
    behind: dict[bytes, bytes] = os.environ._data  # type: ignore[attr-defined]
    return behind


def _read_environment() -> dict[bytes, bytes]:
    return dict(_look_at_environment())


def _tell_environment(held: dict[bytes, bytes]) -> Mapping[str, object]:
    return {f"os.environ[{os.fsdecode(name)!r}]": os.fsdecode(text) for name, text in held.items()}


def _put_environment_back(held: dict[bytes, bytes]) -> None:
    os.environb.clear()
    os.environb.update(held)
    time.tzset()


def _read_mask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _read_handlers() -> tuple[Any, ...]:
    return tuple(signal.getsignal(one) for one in _SIGNALS)


def _tell_handlers(held: tuple[Any, ...]) -> Mapping[str, object]:
    return {f"signal.getsignal({one.name})": handler for one, handler in zip(_SIGNALS, held, strict=True)}


def _put_handlers_back(held: tuple[Any, ...]) -> None:
    for one, handler in zip(_SIGNALS, held, strict=True):
        if handler is not None and signal.getsignal(one) is not handler:
            signal.signal(one, handler)


def _tell_arguments(held: list[Any]) -> Mapping[str, object]:
    return {"sys.argv": held}


def _tell_path(held: list[Any]) -> Mapping[str, object]:
    """Entry by entry: most of them tell of this machine only."""
    return {f"sys.path[{entry!r}]": True for entry in held}


def _list_of_sys(name: str, tell: Callable[[list[Any]], Mapping[str, object]]) -> Ambient:
    """A list of `sys`; it is the same object again afterwards."""
    object_then = getattr(sys, name)

    def put_back(held: list[str]) -> None:
        object_then[:] = held
        setattr(sys, name, object_then)

    return Ambient(lambda: list(getattr(sys, name)), tell, put_back, look=partial(getattr, sys, name))


def surroundings() -> tuple[Ambient, ...]:
    """Those of this process, as it is now."""
    return (
        Ambient(_read_environment, _tell_environment, _put_environment_back, look=_look_at_environment),
        Ambient(
            _get_locale,
            lambda held: {"locale.setlocale(LC_ALL)": held},
            partial(_setlocale, _locale.LC_ALL),
            look=_get_locale,
            is_heard=True,
        ),
        _list_of_sys("argv", _tell_arguments),
        _list_of_sys("path", _tell_path),
        Ambient(_read_mask, lambda held: {"os.umask()": held}, os.umask, frozenset({"umask"})),
        Ambient(
            _read_handlers,
            _tell_handlers,
            _put_handlers_back,
            frozenset({"signal", "add_signal_handler", "siginterrupt"}),
        ),
    )
