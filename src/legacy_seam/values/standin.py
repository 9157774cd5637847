"""What stands in for a value that could not be held: whoever uses it is told so."""

from __future__ import annotations

from typing import Any, NoReturn

UNREAD = "too large to be read"
"""Of two such values, nobody knows whether they are the same."""
GIVEN = ": as given, number "
"""Between the reason of a stand-in that has a number and this number, in its text."""


class StandInUsed(BaseException):
    """The program used a value that the recording does not have.

    It is no `Exception`, so that the program does not take it for a failure of its own and carry on.

    type_name, reason: of the value that could not be held.
    """

    def __init__(self, type_name: str, reason: str) -> None:
        super().__init__(f"{type_name} is not in the recording ({reason})")
        self.type_name, self.reason = type_name, reason


class StandIn:
    """In place of a value that could not be held. It can be passed on, kept and compared by `is`; nothing else.

    Args:
        type_name: of the value.
        reason: why it could not be held.
        number: tells it from others that were made together with it, and would be told in the same words.

    >>> try:
    ...     len(StandIn("socket:socket", "a socket"))
    ... except StandInUsed as used:
    ...     print(used)
    socket:socket is not in the recording (a socket)
    """

    __slots__ = ("__weakref__", "_number", "_reason", "_type_name")

    def __init__(self, type_name: str, reason: str, number: int = 0) -> None:
        object.__setattr__(self, "_type_name", type_name)
        object.__setattr__(self, "_reason", reason)
        object.__setattr__(self, "_number", number)

    __hash__ = object.__hash__


def number_of(stand_in: StandIn) -> int:
    """Which of those that were made together it is, from 1 on; 0 where nobody said."""
    get: Any = object.__getattribute__
    number: int = get(stand_in, "_number")
    return number


def told(stand_in: StandIn) -> tuple[str, str]:
    """The type and the reason that a stand-in was made with."""
    get: Any = object.__getattribute__
    return get(stand_in, "_type_name"), get(stand_in, "_reason")


def _refuse(self: StandIn, *args: object, **kwargs: object) -> NoReturn:
    raise StandInUsed(*told(self))


_ARITHMETIC = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor"
_OTHERS = (
    "abs aenter aexit aiter anext await bool bytes call ceil complex contains delattr delete delitem dir enter eq"
    " exit float floor format fspath ge get getattribute getitem gt index int invert iter le len length_hint lt ne"
    " neg next pos repr reversed round set setattr setitem str trunc"
)
for _name in _OTHERS.split():
    setattr(StandIn, f"__{_name}__", _refuse)
for _name in _ARITHMETIC.split():
    for _prefix in ("", "r", "i"):
        setattr(StandIn, f"__{_prefix}{_name}__", _refuse)
