"""An experiment looks like the function whose place it takes: its name, its signature, and `async` if it is."""

from __future__ import annotations

from typing import Any

_TAKEN_OVER = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__", "__type_params__")


def look_like(instance: Any, control: Any) -> None:
    """As `functools.update_wrapper`, which is not for instances with names of their own."""
    for name in _TAKEN_OVER:
        if hasattr(control, name):
            setattr(instance, name, getattr(control, name))
    instance.__dict__.setdefault("__name__", type(control).__name__)
    instance.__dict__.setdefault("__qualname__", type(control).__qualname__)
    instance.__dict__["__wrapped__"] = control


def mark_as_coroutine_function(instance: Any) -> None:
    """Let `asyncio` and `inspect` take an instance for a coroutine function."""
    import asyncio
    import inspect

    if hasattr(inspect, "markcoroutinefunction"):
        inspect.markcoroutinefunction(instance)
    else:
        coroutines: Any = asyncio.coroutines
        instance._is_coroutine = coroutines._is_coroutine
        for name in ("__code__", "__defaults__", "__kwdefaults__"):  # what `inspect` takes for a function
            if hasattr(instance.control, name):
                setattr(instance, name, getattr(instance.control, name))
