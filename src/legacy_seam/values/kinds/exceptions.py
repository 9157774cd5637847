"""Exceptions: what they were made with, their attributes, what they came from. Tracebacks are left out."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from legacy_seam.values.anatomy import Anatomy, derives, getter, mro_of, name_of
from legacy_seam.values.kinds.kind import Unreadable, Written, call_of, put
from legacy_seam.values.layout import LIST, Draft
from legacy_seam.values.notation import name as spell_name

_FIELDS: Mapping[type, tuple[str, ...]] = {
    OSError: ("errno", "strerror", "filename", "filename2"),
    ImportError: ("msg", "name", "path"),
    SystemExit: ("code",),
    StopIteration: ("value",),
    SyntaxError: ("msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line"),
    UnicodeEncodeError: ("encoding", "object", "start", "end", "reason"),
    UnicodeDecodeError: ("encoding", "object", "start", "end", "reason"),
    UnicodeTranslateError: ("encoding", "object", "start", "end", "reason"),
}
"""What exceptions written in C hold beside their arguments. What the interpreter notes for its suggestions only
(`name` and `obj` of AttributeError and NameError) is not among it."""

_LINKS = ("__cause__", "__context__")
_PREFIX = "builtins:"
_base: Any = BaseException
_members = getter(BaseExceptionGroup, "exceptions")


class Exceptions:
    """All exceptions. Those of Python itself stand under their bare name."""

    types = ("builtins:BaseException",)

    def has_identity(self, anatomy: Anatomy) -> bool:
        """Always."""
        return True

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Arguments; fields that do not follow from them; attributes; what Python would show as the cause."""
        args = _base.args.__get__(value)
        own = anatomy.attributes(value)
        notes = own.pop("__notes__", None)
        state: dict[Any, object] = {**_fields(_builtin_base(anatomy.cls), value, args), **own, **_links(value)}
        if notes is not None:
            state["__notes__"] = notes
        if derives(anatomy.cls, BaseExceptionGroup):
            args = (args[0], Draft(LIST, _members(value)))
        return call_of(_spelling(anatomy), args, state)

    def blank(self, anatomy: Anatomy) -> Any:
        """An instance without arguments. Groups are made of their members."""
        return None if derives(anatomy.cls, BaseExceptionGroup) else _builtin_base(anatomy.cls).__new__(anatomy.cls)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put everything where the base in C keeps it."""
        base, state = _builtin_base(anatomy.cls), dict(attributes)
        made = base.__new__(anatomy.cls, *args) if blank is None else blank
        _initialise(base, made, args)
        for field, expected in _fields_after(base, args).items():
            if field in state or expected is not None:
                _descriptor(base, field).__set__(made, state.pop(field, expected))
        for link in _LINKS:
            if link in state:
                _descriptor(_base, link).__set__(made, state.pop(link))
        _base.__suppress_context__.__set__(made, "__cause__" in attributes)
        if state:
            put(anatomy, made, state)
        return made


def fields_of(error: BaseException) -> dict[str, object]:
    """What an exception holds in fields of its class in C (`errno`, `filename`), where it does not follow from its
    arguments.

    >>> fields_of(OSError(2, "gone")), fields_of(ValueError("x"))
    ({}, {})
    >>> error = OSError()
    >>> error.filename = "a.txt"
    >>> fields_of(error)
    {'filename': 'a.txt'}
    """
    return _fields(_builtin_base(type(error)), error, _base.args.__get__(error))


def _spelling(anatomy: Anatomy) -> str:
    name = anatomy.name
    bare = name.removeprefix(_PREFIX)
    return bare if bare != name and _is_builtin(anatomy.cls) else spell_name(name)


def _is_builtin(cls: type) -> bool:
    module, _, name = name_of(cls).partition(":")
    return module == "builtins" and getattr(builtins, name, None) is cls


def _builtin_base(cls: type) -> Any:
    """The nearest class that is written in C: its `__new__` and `__init__` run no code of the program."""
    for base in mro_of(cls):
        if _is_builtin(base):
            return base
    raise Unreadable("an exception of no known base")


def _fields_of(cls: type) -> tuple[str, ...]:
    return next((fields for base, fields in _FIELDS.items() if derives(cls, base)), ())


def _descriptor(base: type, field: str) -> Any:
    return next(vars(one)[field] for one in mro_of(base) if field in vars(one))


def _fields(base: Any, value: Any, args: Sequence[Any]) -> dict[str, object]:
    """The fields that hold something else than they would right after a call with these arguments."""
    found: dict[str, object] = {}
    for field, expected in _fields_after(base, args).items():
        held = _field(base, field, value)
        if held is not expected and not (type(held) is type(expected) is int and held == expected):
            found[field] = held
    return found


def _fields_after(base: Any, args: Sequence[Any]) -> dict[str, object]:
    """What the fields hold right after a call of the class in C with these arguments."""
    fields = _fields_of(base)
    if not fields:
        return {}
    try:
        fresh = base.__new__(base, *args)
    except Exception:  # the class of the program takes other arguments
        fresh = base.__new__(base)
    _initialise(base, fresh, args)
    return {field: _field(base, field, fresh) for field in fields}


def _field(base: Any, field: str, value: object) -> object:
    try:
        return _descriptor(base, field).__get__(value)
    except (AttributeError, TypeError):  # not filled
        return None


def _initialise(base: Any, made: Any, args: Sequence[Any]) -> None:
    """Fill what the base in C keeps, and the arguments."""
    with suppress(Exception):  # its own fields then come by name, or not at all
        base.__init__(made, *args)
    _base.args.__set__(made, tuple(args))


def _links(value: Any) -> dict[str, object]:
    """Cause and context, as Python would show them."""
    links = {"__cause__": _base.__cause__.__get__(value)}
    if not _base.__suppress_context__.__get__(value):
        links["__context__"] = _base.__context__.__get__(value)
    return {link: other for link, other in links.items() if other is not None}
