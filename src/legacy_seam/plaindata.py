"""`dataclass`, made in a fraction of the time: for the modules that are loaded into the user's program.

To import `dataclasses` and have it write the methods of forty classes takes as long as all the rest of the
recorder. Here `__init__` is written when a class gets its first instance, which most classes of the recorder never
do before the program begins, and the other methods need not be written at all. `dataclasses.replace`, `fields` and
`asdict` work as ever.

>>> @dataclass(frozen=True, slots=True)
... class Point:
...     x: int
...     y: int = 0
>>> Point(1), Point(1) == Point(1, 0), hash(Point(1)) == hash(Point(1))
(Point(x=1, y=0), True, True)
"""

from __future__ import annotations

from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import asdict as asdict
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:

    def dataclass(*, frozen=False, slots=False, eq=True, order=False):
        """As `dataclasses.dataclass`, for classes that inherit no fields."""
        return lambda cls: _completed(cls, frozen, slots, eq, order)

    def field(*, default_factory):
        """As `dataclasses.field`."""
        return _Made(default_factory)

    def replace(noun, **changes):
        """As `dataclasses.replace`."""
        return type(noun)(**asdict(noun) | changes)

    def asdict(noun):
        """As `dataclasses.asdict`, for instances that hold no others."""
        return {name: getattr(noun, name) for name in noun.__match_args__}


def write_constructors(*classes: type) -> None:
    """Have `__init__` of these written now: for a process of which many are forked, that would each have to do it.

    Args:
        classes: made by `dataclass`.
    """
    for cls in classes:
        write_now = getattr(vars(cls)["__init__"], "write_now", None)
        if write_now is not None:
            write_now()


class _Made:
    """A default that is made anew for each instance."""

    __slots__ = ("factory",)

    def __init__(self, factory: Any) -> None:
        self.factory = factory


class _Fields:
    """What the functions of `dataclasses` look for in a class, made when they do."""

    def __init__(self, names: tuple[str, ...], defaults: dict[str, Any]) -> None:
        self._names, self._defaults = names, defaults

    def __get__(self, instance: object, cls: Any) -> Any:
        import dataclasses

        specified = [
            (
                name,
                cls.__annotations__[name],
                *([_specification(self._defaults[name])] if name in self._defaults else []),
            )
            for name in self._names
        ]
        cls.__dataclass_fields__ = vars(dataclasses.make_dataclass(cls.__name__, specified))["__dataclass_fields__"]
        return cls.__dataclass_fields__


def _specification(default: Any) -> Any:
    import dataclasses

    if type(default) is _Made:
        return dataclasses.field(default_factory=default.factory)
    return dataclasses.field(default=default)


def _completed(cls: Any, frozen: bool, slots: bool, eq: bool, order: bool) -> Any:
    names = tuple(vars(cls).get("__annotations__", {}))
    defaults = {name: vars(cls)[name] for name in names if name in vars(cls)}
    if slots:
        cls = _with_slots(cls, names)
    setattr(cls, "__match_args__", names)  # noqa: B010 - mypy takes it for a name of its own
    cls.__dataclass_fields__ = _Fields(names, defaults)
    cls.__init__ = _first_init(cls, names, defaults, frozen)
    cls.__reduce__ = lambda self: (type(self), tuple(getattr(self, name) for name in names))
    if "__repr__" not in vars(cls):
        cls.__repr__ = _repr
    if frozen:
        cls.__setattr__, cls.__delattr__ = _refuse, _refuse
    if eq:
        values = attrgetter(*names) if names else lambda self: ()
        cls.__eq__ = lambda self, other: values(self) == values(other) if type(other) is cls else NotImplemented
        cls.__hash__ = (lambda self: hash(values(self))) if frozen else None
        for compare in (lt, le, gt, ge) if order else ():
            setattr(cls, f"__{compare.__name__}__", _comparison(cls, values, compare))
    return cls


def _with_slots(cls: Any, names: tuple[str, ...]) -> Any:
    namespace = {
        name: value for name, value in vars(cls).items() if name not in (*names, "__dict__", "__weakref__")
    }
    namespace["__slots__"] = names
    namespace["__qualname__"] = cls.__qualname__
    return type(cls)(cls.__name__, cls.__bases__, namespace)


def _first_init(cls: Any, names: tuple[str, ...], defaults: dict[str, Any], frozen: bool) -> Any:
    def write(self: Any, *values: Any, **named: Any) -> None:
        write_now()
        cls.__init__(self, *values, **named)

    def write_now() -> None:
        cls.__init__ = _written_init(cls, names, defaults, frozen)

    vars(write)["write_now"] = write_now
    return write


def _written_init(cls: Any, names: tuple[str, ...], defaults: dict[str, Any], frozen: bool) -> Any:
    """`__init__` as one would write it by hand."""
    parameters = [f"{name}=_defaults[{name!r}]" if name in defaults else name for name in names]
    slots = {f"_set_{name}": vars(cls)[name].__set__ for name in names if hasattr(vars(cls).get(name), "__set__")}
    lines = [f"def __init__(self, {', '.join(parameters)}):"]
    for name in names:
        made = type(defaults.get(name)) is _Made
        value = f"_defaults[{name!r}].factory() if {name} is _defaults[{name!r}] else {name}" if made else name
        way = f"_set_{name}(self, {value})" if f"_set_{name}" in slots else f"_set(self, {name!r}, {value})"
        lines.append(f"    {way}" if frozen else f"    self.{name} = {value}")
    if "__post_init__" in vars(cls):
        lines.append("    self.__post_init__()")
    namespace: dict[str, Any] = {"_defaults": defaults, "_set": object.__setattr__, **slots}
    exec("\n".join(lines), namespace)
    written = namespace["__init__"]
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    written.__module__ = cls.__module__
    return written


def _repr(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({values})"


def _refuse(self: object, name: str, *value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")


def _comparison(cls: Any, values: Any, compare: Any) -> Any:
    return lambda self, other: compare(values(self), values(other)) if type(other) is cls else NotImplemented
