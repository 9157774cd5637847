"""What a middleware of Django calls to get a response: all that comes after it, by how much that is."""

from __future__ import annotations

from importlib import import_module
from types import FunctionType, MethodType
from typing import Any

from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.layout import Draft

_MODULE = "django.core.handlers.exception"
_LAYER = "convert_exception_to_response.<locals>.inner"


def is_layer(function: FunctionType) -> bool:
    """Does Django call a middleware, or the view, by this function?"""
    return function.__code__.co_qualname == _LAYER and function.__globals__.get("__name__") == _MODULE


def layer(function: FunctionType) -> Draft:
    """By the number of middlewares that there are below: the settings name them.

    Raises:
        Unreadable: it is no part of what the settings describe.
    """
    count, below = 0, _below(function)
    while below is not None:
        count, below = count + 1, _below(below)
    return call("django.get_response", count)


def _below(function: FunctionType) -> FunctionType | None:
    """The next layer; None below the last."""
    held = _variable(function, "get_response")
    if type(held) is FunctionType:
        if is_layer(held):
            return held
        inner = _variable(held, "get_response")
    elif type(held) is MethodType:
        return None
    else:
        inner = attributes_of(held).get("get_response")
    if type(inner) is FunctionType and is_layer(inner):
        return inner
    raise Unreadable("what calls a middleware in another way than the settings describe")


def _variable(function: FunctionType, name: str) -> object:
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    return cells[name].cell_contents if name in cells else None


def _make_layer(count: int) -> object:
    handler: Any = import_module("django.core.handlers.base").BaseHandler()
    handler.load_middleware()
    layers = [handler._middleware_chain]
    while (below := _below(layers[-1])) is not None:
        layers.append(below)
    return layers[-1 - count]


KINDS = (Kind((), layer, "django.get_response", _make_layer),)
