"""Whether a function can do nothing but compute: told by its code, once for all of its calls.

Such a function is given built-in data. All that it makes of that, by what is listed here, is built-in data again,
or an exception: no operator, method or conversion of these runs code of the program, and none of them reaches the
world. So there is nothing to look for after a call but what it returned or raised, and what became of the state
that it names. What is not listed is taken to be able to do anything.

The one thing built-in data can be led astray by is text made of bytes: a codec may be the program's own. So there
are no bytes, and nothing that makes them.
"""

from __future__ import annotations

import builtins
import dis
import gc
import inspect
import math
import re
import sys
from collections.abc import Callable, Iterable
from itertools import chain
from operator import attrgetter
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

_BUILTINS = (
    *("abs", "all", "any", "ascii", "bin", "bool", "chr", "dict", "divmod", "enumerate", "filter", "float"),
    *("format", "frozenset", "hex", "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max", "min"),
    *("next", "oct", "ord", "pow", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum"),
    *("tuple", "zip"),
)
_OF_MATH = {
    name: held
    for name, held in vars(math).items()
    if type(held) is float or (type(held) is BuiltinFunctionType and held.__module__ == "math")
}
_COMPUTING = {
    id(held): held
    for held in (
        *(vars(builtins)[name] for name in _BUILTINS),
        *(held for held in vars(builtins).values() if isinstance(held, type) and issubclass(held, BaseException)),
        *_OF_MATH.values(),
    )
    if not (isinstance(held, type) and issubclass(held, Warning))
}
"""What a name may stand for, by `id`: as it was before any program could put something else in its place."""
_DATA = (str, list, tuple, dict, set, frozenset, int, float, range, slice)
_METHODS = {name for kind in _DATA for name in dir(kind) if not name.startswith("_")}
_METHODS = (_METHODS | {"args"}) - {"encode", "to_bytes", "from_bytes", "fromhex", "format", "format_map"}
"""What may be asked of any object. (`format` reads whatever attributes a text names: see `_FIELD_LOOKS_INTO`.)"""
_FIELD_LOOKS_INTO = re.compile(r"\{[^{}:!]*[.\[]")
"""In a text for `format`: a field that asks a value for something in it."""

_INSTRUCTIONS = frozenset(
    {
        *("RESUME", "NOP", "CACHE", "EXTENDED_ARG", "PRECALL", "KW_NAMES", "NOT_TAKEN", "TO_BOOL"),
        *("POP_TOP", "PUSH_NULL", "COPY", "SWAP", "POP_ITER", "POP_BLOCK", "POP_EXCEPT", "PUSH_EXC_INFO"),
        *("CALL", "CALL_KW", "CALL_FUNCTION_EX", "RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE"),
        *("DELETE_FAST", "LOAD_CONST", "LOAD_SMALL_INT", "LOAD_DEREF", "STORE_DEREF", "LOAD_CLOSURE", "MAKE_CELL"),
        *("COPY_FREE_VARS", "MAKE_FUNCTION", "SET_FUNCTION_ATTRIBUTE", "RETURN_GENERATOR", "YIELD_VALUE"),
        *("GET_YIELD_FROM_ITER", "SEND", "END_SEND", "GET_ITER", "FOR_ITER", "END_FOR", "GET_LEN"),
        *("BINARY_OP", "BINARY_SUBSCR", "BINARY_SLICE", "STORE_SUBSCR", "STORE_SLICE", "DELETE_SUBSCR"),
        *("COMPARE_OP", "IS_OP", "CONTAINS_OP", "UNARY_NEGATIVE", "UNARY_POSITIVE", "UNARY_NOT"),
        *("BUILD_LIST", "BUILD_TUPLE", "BUILD_SET", "BUILD_MAP", "BUILD_CONST_KEY_MAP", "BUILD_STRING"),
        *("BUILD_SLICE", "LIST_APPEND", "LIST_EXTEND", "LIST_TO_TUPLE", "SET_ADD", "SET_UPDATE", "MAP_ADD"),
        *("DICT_UPDATE", "DICT_MERGE", "UNPACK_SEQUENCE", "UNPACK_EX", "MATCH_SEQUENCE", "MATCH_MAPPING"),
        *("MATCH_KEYS", "FORMAT_VALUE", "FORMAT_SIMPLE", "FORMAT_WITH_SPEC", "CONVERT_VALUE"),
        *("CHECK_EXC_MATCH", "LOAD_ASSERTION_ERROR"),
    }
)
"""`~` is none of them: of a bool, it warns."""
_OF_LOCAL_VARIABLES = re.compile(r"(LOAD|STORE)_FAST(_\w+)?|(POP_)?JUMP_\w+")
_INTRINSICS = frozenset({"INTRINSIC_STOPITERATION_ERROR", "INTRINSIC_UNARY_POSITIVE", "INTRINSIC_LIST_TO_TUPLE"})
_BARE_CLASS = frozenset(
    {"__module__", "__qualname__", "__doc__", "__weakref__", "__dict__", "__firstlineno__", "__static_attributes__"}
)
_LAZY = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
_ATOMS = (type(None), bool, int, float, str, type(...))
_NOTHING: Any = object()
_builtins_of: Callable[[FunctionType], dict[str, object]] = attrgetter("__builtins__")
_MOST_PARTS = 10_000
_MOST_FUNCTIONS = 100


def can_only_compute(function: FunctionType) -> bool:
    """Can a function, as it and all that it names are now, do nothing but compute, given built-in data but bytes?

    It may change data that its module holds, which is state as any other. Others may change what it names: that is
    known only as long as no other code of the program has run.

    >>> def net(price, rate):
    ...     if rate < 0:
    ...         raise ValueError(rate)
    ...     return round(price / (1 + rate), 2)
    >>> can_only_compute(net)
    True
    >>> def shown(price):
    ...     print(price)
    >>> can_only_compute(shown)
    False
    """
    if _is_watched() or not gc.isenabled():  # somebody has to collect what many calls leave behind
        return False
    met: list[FunctionType] = []
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if any(one is other for other in met):
            continue
        met.append(one)
        if len(met) > _MOST_FUNCTIONS or not _is_given_data_only(one):
            return False
        try:
            waiting += _Names(one).functions(one.__code__)
        except _MayDoAnything:
            return False
    return not function.__code__.co_flags & _LAZY


def _is_watched() -> bool:
    """Does anything else run whenever code of the program does?"""
    if sys.gettrace() is not None or sys.getprofile() is not None:
        return True
    monitoring = getattr(sys, "monitoring", None)
    return monitoring is not None and any(monitoring.get_tool(number) for number in range(6))


def _is_given_data_only(function: FunctionType) -> bool:
    """Does it hold nothing that its code can get at, but data that never changes?"""
    if type(function) is not FunctionType or function.__closure__ or type(function.__globals__) is not dict:
        return False
    held = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    return _are_data(held, fixed=True)


class _MayDoAnything(Exception):
    """There is something in it of which nobody knows what it does."""


class _Names:
    """What the names in the code of a function stand for."""

    def __init__(self, function: FunctionType) -> None:
        self._globals = function.__globals__
        self._builtins = _builtins_of(function)

    def functions(self, code: CodeType) -> Iterable[FunctionType]:
        """The functions of the program that code names.

        Raises:
            _MayDoAnything: where it can do more than compute.
        """
        inner = [constant for constant in code.co_consts if type(constant) is CodeType]
        if not _are_data([one for one in code.co_consts if type(one) is not CodeType], fixed=True):
            raise _MayDoAnything
        found = self._named(code)
        for one in inner:
            found += self.functions(one)
        return found

    def _named(self, code: CodeType) -> list[FunctionType]:
        found: list[FunctionType] = []
        before: object = None
        for step in dis.get_instructions(code):
            held: object = None
            if step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                self._judge_attribute(step.argval, before)
            elif before is math:
                raise _MayDoAnything
            elif step.opname == "LOAD_GLOBAL":
                held = self._held(step.argval)
                if type(held) is FunctionType:
                    found.append(held)
            elif step.opname == "LOAD_CONST":
                held = step.argval
            elif step.opname == "CALL_INTRINSIC_1":
                if step.argrepr not in _INTRINSICS:
                    raise _MayDoAnything
            elif step.opname not in _INSTRUCTIONS and not _OF_LOCAL_VARIABLES.fullmatch(step.opname):
                raise _MayDoAnything
            before = held
        return found

    def _judge_attribute(self, name: str, owner: object) -> None:
        if owner is math:
            if vars(math).get(name) is not _OF_MATH.get(name, _NOTHING):
                raise _MayDoAnything
        elif name == "format":
            if type(owner) is not str or _FIELD_LOOKS_INTO.search(owner):
                raise _MayDoAnything
        elif name not in _METHODS:
            raise _MayDoAnything

    def _held(self, name: str) -> object:
        """What stands under a name, where that is nothing but data, a function of the program, or known."""
        held = self._globals.get(name, self._builtins.get(name, _NOTHING))
        is_known = held is math or type(held) is FunctionType or id(held) in _COMPUTING
        if not (is_known or _is_bare_exception(held) or _are_data([held])):
            raise _MayDoAnything
        return held


def _is_bare_exception(held: object) -> bool:
    """Is it a class of exceptions that adds nothing but its name?"""
    if type(held) is not type or not issubclass(held, Exception):
        return False
    own = [base for base in held.__mro__ if id(base) not in _COMPUTING and base is not object]
    return all(type(base) is type and _BARE_CLASS.issuperset(vars(base)) for base in own)


def _are_data(values: Iterable[object], fixed: bool = False) -> bool:
    """Are these built-in data all the way down, without bytes?

    Args:
        values: what is looked at.
        fixed: none of it may ever change, either.
    """
    containers = (tuple, frozenset) if fixed else (tuple, frozenset, list, dict, set)
    waiting, left = [*values], _MOST_PARTS
    while waiting:
        part = waiting.pop()
        left -= 1
        if left < 0:
            return False
        kind = type(part)
        if any(kind is one for one in containers):
            parts: Any = part
            waiting += chain.from_iterable(parts.items()) if kind is dict else parts
        elif not any(kind is one for one in _ATOMS):
            return False
    return True
