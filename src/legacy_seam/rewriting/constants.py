"""Live objects among the constants of a code object: how code calls something that has no name.

The compiler takes plain constants only. So a stand-in is compiled, and exchanged for the live object afterwards.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeAlias, TypeVar

from legacy_seam.plaindata import dataclass, field

Position: TypeAlias = dict[str, Any]
"""Where a node stands in the source: the keyword arguments of its constructor that say so."""

NOWHERE: Position = {"lineno": -1, "end_lineno": -1, "col_offset": -1, "end_col_offset": -1}

_MARK = "\0legacy-seam"
_Owner = TypeVar("_Owner")


class Constants:
    """Live objects, and the constants that stand for them until the code is compiled."""

    def __init__(self) -> None:
        self.held: list[object] = []
        self._numbers: dict[int, int] = {}

    def constant(self, live: object, place: Position = NOWHERE) -> ast.Constant:
        """Stands for a live object."""
        number = self._numbers.get(id(live))
        if number is None:
            number = self._numbers[id(live)] = len(self.held)
            self.held.append(live)
        stand_in: Any = (_MARK, number)
        return ast.Constant(stand_in, **place)

    def report(self, live: object, names: Iterable[str], place: Position) -> ast.Call:
        """A call of a live object with the values of these variables."""
        return ast.Call(self.constant(live, place), [ast.Name(n, ast.Load(), **place) for n in names], [], **place)

    def call(self, live: object, *arguments: ast.expr) -> ast.Expr:
        """A statement that calls a live object, and has no place in the source."""
        return ast.Expr(ast.Call(self.constant(live), list(arguments), [], **NOWHERE), **NOWHERE)


@dataclass(slots=True)
class Patcher(Generic[_Owner]):
    """Puts live objects where their stand-ins are, in a code object and all code within it.

    held:   the live objects, by number.
    owners: `id` of a live object -> whatever the code object in which it stands belongs to.
    bind:   told which code object that is.
    """

    held: list[object]
    owners: dict[int, _Owner]
    bind: Callable[[_Owner, types.CodeType], None]
    done: dict[int, tuple[types.CodeType, types.CodeType]] = field(default_factory=dict)

    def patched(self, code: types.CodeType) -> types.CodeType:
        """The same code with live objects in it."""
        before = self.done.get(id(code))
        if before is not None:
            return before[1]
        owner: _Owner | None = None
        constants: list[object] = []
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                constants.append(self.patched(constant))
            elif type(constant) is tuple and len(constant) == 2 and constant[0] == _MARK:
                live = self.held[constant[1]]
                owner = self.owners.get(id(live), owner)
                constants.append(live)
            else:
                constants.append(constant)
        result = code.replace(co_consts=tuple(constants))
        self.done[id(code)] = (code, result)
        if owner is not None:
            self.bind(owner, result)
        return result
