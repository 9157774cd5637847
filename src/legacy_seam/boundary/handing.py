"""What is done with something outside by a function that does not cross by itself, and is handed it.

Most make something of it (`json.load(reply)`, `sorted(pool.imap(..))`): that is an answer, as its methods give.
Some only put it where the program finds it again (`running.append(process)`): a replay has to do that as well.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable
from types import BuiltinFunctionType, BuiltinMethodType, FunctionType, MethodType
from typing import Any

_BUILTIN_TYPES = (BuiltinFunctionType, BuiltinMethodType)
_KEEPERS = (list, dict, set, deque, OrderedDict, defaultdict)
_NAMES_OF_MIXERS = (
    "extend extendleft update union difference intersection symmetric_difference difference_update"
    " intersection_update symmetric_difference_update issubset issuperset isdisjoint fromkeys"
)
_MIXERS = frozenset(_NAMES_OF_MIXERS.split())
"""Methods of containers that go through what they are handed; all others only hold it."""
_NAMES_OF_PUTTING = (
    "builtins:setattr _heapq:heappush _bisect:insort_left _bisect:insort_right"
    " queue:Queue.put queue:Queue.put_nowait"
)
_PUTTING = frozenset(_NAMES_OF_PUTTING.split())
_WAITING = ("concurrent.futures._base:as_completed", "concurrent.futures._base:wait")
"""Functions that look into a container for what they work on."""
_CONTAINERS = (list, tuple, set, dict)


def handed(callee: Any, arguments: Iterable[object]) -> list[object]:
    """What a callee works on: its arguments, and what is in them where it looks for it there."""
    given = list(arguments)
    if type(callee) is FunctionType and _name(callee) in _WAITING:
        given += [part for one in given if type(one) in _CONTAINERS for part in one]  # type: ignore[attr-defined]
    return given


def only_holds(callee: Any) -> bool:
    """Does a callee put what it is handed where the program finds it again, and nothing else?

    >>> only_holds([].append), only_holds([].extend), only_holds(len)
    (True, False, False)
    """
    if type(callee) in _BUILTIN_TYPES:
        if type(callee.__self__) in _KEEPERS:
            return callee.__name__ not in _MIXERS
        return f"{callee.__module__}:{callee.__name__}" in _PUTTING
    return (
        type(callee) is MethodType and type(callee.__func__) is FunctionType and _name(callee.__func__) in _PUTTING
    )


def mixes(callee: Any) -> bool:
    """Does a callee go through what it is handed, and change a container by it? No answer tells by what.

    >>> mixes([].extend), mixes([].append)
    (True, False)
    """
    return type(callee) in _BUILTIN_TYPES and type(callee.__self__) in _KEEPERS and callee.__name__ in _MIXERS


def _name(function: FunctionType) -> str:
    return f"{function.__module__}:{function.__qualname__}"
