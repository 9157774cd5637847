"""Functions, classes, methods, modules: by reference where they can be found again, by their parts where not."""

from __future__ import annotations

import functools
import types
from collections.abc import Mapping
from typing import Any

from legacy_seam.values.anatomy import (
    attribute_of,
    attributes_of,
    called,
    derives,
    module_called,
    module_namespace,
    name_of,
)
from legacy_seam.values.code import find_code, index_of
from legacy_seam.values.kinds import django_handlers
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call
from legacy_seam.values.layout import PAIRS, Draft
from legacy_seam.values.notation import name as spell_name
from legacy_seam.values.references import (
    builtin_name,
    function_name,
    name_stood_for,
    shared_generator_name,
    wrapper_name,
)

_EMPTY_CELL = "an empty cell"


def _class(value: Any) -> str:
    return spell_name(name_of(value))


def _module(value: Any) -> Draft:
    name = module_namespace(value).get("__name__")
    if type(name) is not str:
        raise Unreadable("a module without a name")
    return call("module", called(name))


def _function(value: types.FunctionType) -> Written:
    if django_handlers.is_layer(value):
        return django_handlers.layer(value)
    name = function_name(value)
    return spell_name(name) if name is not None else _closure(value)


def _closure(function: types.FunctionType) -> Draft:
    """`closure(name, number, {variable: value}, defaults, keyword defaults)`: its code is in its module."""
    code = function.__code__
    module = function.__globals__.get("__name__")
    if type(module) is not str:
        raise Unreadable("a function of no module")
    index = index_of(called(module), code)
    if index is None:
        raise Unreadable(f"a function that is not found in the source of its module: {code.co_qualname}")
    cells: list[object] = []
    for variable, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            cells += variable, cell.cell_contents
        except ValueError:  # a variable that has no value yet
            continue
    parts = [f"{called(module)}:{code.co_qualname}", index, Draft(PAIRS, cells)]
    return call("closure", *parts, function.__defaults__, function.__kwdefaults__)


def blank_closure(name: str, index: int) -> types.FunctionType | None:
    """A function of that code, its variables without values; None where there is no such code in what is loaded."""
    module, _, qualname = name.partition(":")
    code, namespace = find_code(module, qualname, index), module_called(module)
    if code is None or namespace is None:
        return None
    cells = tuple(types.CellType() for _ in code.co_freevars)
    return types.FunctionType(code, namespace, code.co_name, None, cells)


def fill_closure(
    blank: types.FunctionType,
    variables: Mapping[str, object],
    defaults: tuple[object, ...] | None,
    keyword_defaults: dict[str, object] | None,
) -> types.FunctionType:
    """Give the variables and parameters of a blank closure their values."""
    cells = dict(zip(blank.__code__.co_freevars, blank.__closure__ or (), strict=True))
    for variable, value in variables.items():
        cells[variable].cell_contents = value
    blank.__defaults__, blank.__kwdefaults__ = defaults, keyword_defaults
    return blank


def _method(value: types.MethodType) -> Written:
    """By name where the class of its object has it under that name, else by its function."""
    known = name_stood_for(value) or shared_generator_name(value)
    if known is not None:
        return spell_name(known)
    owner, function = value.__self__, value.__func__
    name = getattr(function, "__name__", None) if type(function) is types.FunctionType else None
    if name is not None and _method_named(owner, name) is function:
        return call("method", owner, name)
    return call("method", owner, function)


def _builtin(value: Any) -> Written:
    name = name_stood_for(value) or shared_generator_name(value) or builtin_name(value)
    if name is not None:
        return spell_name(name)
    owner = value.__self__
    if owner is None or type(owner) is types.ModuleType:
        raise Unreadable("a function that is not found in its module")
    return call("method", owner, value.__name__)


def _method_named(owner: object, name: str) -> object:
    found = attribute_of(owner if derives(type(owner), type) else type(owner), name)  # type: ignore[arg-type]
    return found.__func__ if type(found) in (classmethod, staticmethod) else found


def _cached(value: Any) -> Written:
    name = wrapper_name(value, attributes_of(value))
    if name is None:
        raise Unreadable("a cached function that is not found in its module")
    return spell_name(name)


def _partial(value: Any) -> Draft:
    partial: Any = functools.partial
    keywords = dict.copy(partial.keywords.__get__(value))
    return call("partial", partial.func.__get__(value), *partial.args.__get__(value), **keywords)


def _pour_partial(blank: Any, value: Any) -> None:
    functools.partial.__setstate__(blank, (value.func, value.args, value.keywords, None))  # type: ignore[attr-defined]


def _blank_partial(cls: Any) -> object:
    return functools.partial.__new__(cls, id)


def _getter(word: str) -> Kind:
    def take(value: Any) -> Draft:
        made = value.__reduce__()
        if derives(type(made[0]), functools.partial):  # a caller with keyword arguments
            return call(word, *made[0].args, *made[1], **made[0].keywords)
        return call(word, *made[1])

    def make(*parts: object, **keywords: object) -> object:
        import operator

        return getattr(operator, word)(*parts, **keywords)

    return Kind((f"operator:{word}",), take, word, make)


def _alias(value: Any) -> Draft:
    """`list[int]`."""
    return call("GenericAlias", value.__origin__, value.__args__)


def _union(value: Any) -> Draft:
    """`int | None`."""
    return call("UnionType", *value.__args__)


def _make_union(*members: Any) -> object:
    if not all(derives(type(member), type) or type(member) is types.GenericAlias for member in members):
        raise ValueError("a union is made of types")
    return functools.reduce(type.__or__, members)


def _special_form(value: Any) -> Draft:
    """`typing.Union` and its like, of which there is one each."""
    return call("typing.form", attributes_of(value)["_name"])


def _make_special_form(name: str) -> object:
    import typing

    found = vars(typing).get(name)
    if type(found) is not type(typing.Union):
        raise ValueError(f"typing has no {name}")
    return found


KINDS = (
    Kind(("types:GenericAlias",), _alias, "GenericAlias", types.GenericAlias),
    Kind(("types:UnionType",), _union, "UnionType", _make_union),
    Kind(("typing:_SpecialForm",), _special_form, "typing.form", _make_special_form),
    Kind(("builtins:type",), _class),
    Kind(("builtins:module",), _module),
    Kind(("builtins:function",), _function, has_identity=True),
    Kind(("builtins:method",), _method),
    Kind(
        (
            "builtins:builtin_function_or_method",
            "builtins:builtin_method",
            "builtins:method_descriptor",
            "builtins:wrapper_descriptor",
            "builtins:classmethod_descriptor",
            "builtins:method-wrapper",
        ),
        _builtin,
    ),
    Kind(("functools:_lru_cache_wrapper",), _cached),
    Kind(
        ("functools:partial",),
        _partial,
        "partial",
        functools.partial,
        blank=_blank_partial,
        pour=_pour_partial,
        has_identity=True,
    ),
    *map(_getter, ("itemgetter", "attrgetter", "methodcaller")),
)
