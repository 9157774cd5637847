"""Iterators: what they have still to give, read without taking anything from them.

What the notation has for them:

    list_iterator([3, 4])                            what is left, for all iterators over containers
    zip(list_iterator([3]), str_iterator('c'))       what is built on others, with those others inside
    itertools.chain(state=(tuple_iterator(()),))     those of itertools, with the state they keep beside
    generator([1, 2, 3], ended=True)                 what a call took from a generator (see `Seen`)

The types in C tell their state for pickling, and that runs no code of the program. A generator does not: it stands
in the middle of its code. Whoever watched what it gave passes that on, as a `Seen`, to `encode(.., seen=..)`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Callable, Generator
from importlib import import_module
from itertools import islice
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType, MethodDescriptorType
from typing import Any, NoReturn

from legacy_seam.plaindata import dataclass
from legacy_seam.values.anatomy import attribute_of, mro_of, namespace_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, call, call_of
from legacy_seam.values.layout import LIST, Draft, Unordered
from legacy_seam.values.standin import StandInUsed

USED_UP = "an iterator: reading it would use it up"


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was seen of a generator (or a coroutine) while a call had it; written in its place.

    items:    what it gave, in order.
    ended:    it came to its end; otherwise nobody asked for more, and what would have come is not known.
    kind:     `generator`, `async_generator` or `coroutine` (which gives no items).
    returned: what it returned at its end.
    raised:   the exception in which it ended, or None.

    >>> from legacy_seam.values import encode
    >>> rows = (row for row in "abc")
    >>> encode([rows], seen=lambda generator: Seen((next(rows),), ended=False))
    "[generator(['a'], ended=False)]"
    """

    items: tuple[object, ...]
    ended: bool
    kind: str = "generator"
    returned: object = None
    raised: BaseException | None = None


SUSPENDED = (GeneratorType, AsyncGeneratorType, CoroutineType)
"""The types in whose place a `Seen` may be written."""


def take_seen(seen: Seen) -> Draft:
    """See `Seen`."""
    more: dict[str, object] = {"ended": seen.ended}
    if seen.returned is not None:
        more["returned"] = seen.returned
    if seen.raised is not None:
        more["raised"] = seen.raised
    return call_of(seen.kind, (Draft(LIST, seen.items),), more)


def _not_seen(kind: str, items: list[object]) -> NoReturn:
    raise StandInUsed(f"builtins:{kind}", f"the recorded call took {len(items)} of its items and no more")


def _generator(
    items: list[object], *, ended: bool, returned: object = None, raised: BaseException | None = None
) -> Generator[object, None, object]:
    """Gives again what was seen, whatever it is sent."""
    for item in items:  # noqa: UP028, an iterator over a list takes nothing that is sent to it
        yield item
    if not ended:
        _not_seen("generator", items)
    if raised is not None:
        raise raised
    return returned


async def _async_generator(
    items: list[object], *, ended: bool, returned: object = None, raised: BaseException | None = None
) -> AsyncGenerator[object, None]:
    """Gives again what was seen."""
    for item in items:
        yield item
    if not ended:
        _not_seen("async_generator", items)
    if raised is not None:
        raise raised


async def _coroutine(
    items: list[object], *, ended: bool, returned: object = None, raised: BaseException | None = None
) -> object:
    """Comes at once to what was seen."""
    if not ended:
        _not_seen("coroutine", items)
    if raised is not None:
        raise raised
    return returned


# --- reading state in silence ------------------------------------------------------------------------------------


def _apply(act: Callable[..., Any], *args: object) -> Any:
    return act(*args)


_DEPRECATION = "Pickle, copy, and deepcopy support will be removed from itertools in Python 3.14."
_said: dict[Any, Any] = {}
_APPLY_LINES = range(_apply.__code__.co_firstlineno, _apply.__code__.co_firstlineno + 3)
_apply_quietly = FunctionType(_apply.__code__, {"__name__": __name__, "__warningregistry__": _said})


class _NoCategory:
    """Makes `warn_explicit` stop short of a warning, on any set of filters."""

    __hash__ = None  # type: ignore[assignment]

    def __call__(self, message: str) -> str:
        """In place of the class of a warning."""
        return message


def _quietly(act: Callable[..., Any], *args: object) -> Any:
    """Call what may warn of its deprecation, as from a place that has warned of it before.

    `warnings.catch_warnings` would do for a program with one thread, and make it repeat all its own warnings.
    """
    import _warnings

    try:
        _warnings.warn_explicit("", _NoCategory(), "", 1, "", _said)  # type: ignore[call-overload]
    except TypeError:  # by now the registry holds the number of the present filters
        _said.update({(_DEPRECATION, DeprecationWarning, line): 1 for line in _APPLY_LINES})
    return _apply_quietly(act, *args)


def _state_of(value: Any) -> tuple[Any, ...]:
    """What the type in C gives for pickling: what makes it, from what, and what is set afterwards.

    Raises:
        Unreadable: it gives nothing.
    """
    for base in mro_of(type(value)):
        reduce = namespace_of(base).get("__reduce__")
        if type(reduce) is MethodDescriptorType and base is not object:
            break
    else:
        raise Unreadable(USED_UP)
    try:
        state: tuple[Any, ...] = _quietly(reduce, value)
    except (TypeError, DeprecationWarning):
        raise Unreadable(USED_UP) from None
    except RuntimeError:
        raise Unreadable("an iterator whose container has changed since") from None
    return state


# --- over containers ---------------------------------------------------------------------------------------------


def _over(types: str, sort: Any, spell: Callable[[Any], object], make: Callable[[Any], object] = iter) -> Kind:
    """Iterators over a sequence, written with what is left of it.

    Args:
        types: of the iterators, the word first.
        sort: the type of the sequence.
        spell: what is written for the rest of it.
        make: the iterator over a sequence.
    """
    word, *others = types.split()

    def take(value: Any) -> Draft:
        _, (sequence,), *position = _state_of(value)
        if not position:  # at its end, it has let go of the sequence
            return call(word, spell(sort()))
        return call(word, spell(sort.__getitem__(sequence, slice(position[0], None))))

    return Kind(tuple(f"builtins:{one}" for one in (word, *others)), take, word, make, has_identity=True)


def _over_list_backwards(value: Any) -> Draft:
    _, (sequence,), *position = _state_of(value)
    left = list.__getitem__(sequence, slice(position[0], None, -1)) if position and position[0] >= 0 else []
    return call("list_reverseiterator", Draft(LIST, left))


def _over_range(value: Any) -> Draft:
    _, (numbers,), position = _state_of(value)
    return call("range_iterator", numbers[position:])


def _over_set(value: Any) -> Draft:
    """A set has no order of its own, and what is left of it has none either."""
    _, (members,) = _state_of(value)
    return call("set_iterator", Draft(_MEMBERS, members))


_MEMBERS = Unordered("[", "]")


def _over_dict(word: str, make: Callable[[Any], object]) -> Kind:
    """Iterators over dicts, with the rest of what they give."""

    def take(value: Any) -> Draft:
        return call(word, Draft(LIST, _state_of(value)[1][0]))

    return Kind((f"builtins:{word}",), take, word, make, has_identity=True)


def _over_deque(word: str, way: Callable[[Any], Any]) -> Kind:
    """Iterators over a deque, one way or the other."""

    def take(value: Any) -> Draft:
        _, (items, position) = _state_of(value)
        return call(word, Draft(LIST, list(islice(way(items), position, None))))

    def make(left: Any) -> object:
        return way(deque(way(deque(left))))  # backwards twice is forwards

    return Kind((f"collections:{word}", f"_collections:{word}"), take, word, make, has_identity=True)


def _over_array(value: Any) -> Draft:
    from array import array

    _, (items,), *position = _state_of(value)
    left = array.__getitem__(items, slice(position[0], None)) if position else array("b")
    return call("arrayiterator", call("array", left.typecode, Draft(LIST, left.tolist())))


def _over_anything(value: Any) -> Draft:
    """An object of the program that gives its items by number, and the next number."""
    _, (sequence,), *position = _state_of(value)
    return call("sequence_iterator", sequence, *position) if position else call("sequence_iterator")


def _make_over_anything(sequence: Any = (), position: int = 0) -> Any:
    if type(sequence) is tuple and not sequence:
        made: Any = iter(_Empty())
        next(made, None)
        return made
    if attribute_of(type(sequence), "__iter__") is not None:
        raise ValueError("it has an iterator of its own by now")
    made = iter(sequence)
    made.__setstate__(position)
    return made


class _Empty:
    """A sequence of nothing."""

    def __getitem__(self, place: int) -> object:
        raise IndexError(place)


def _over_calls(value: Any) -> Draft:
    _, parts = _state_of(value)
    return call("callable_iterator", *parts) if len(parts) == 2 else call("callable_iterator")


def _make_over_calls(*parts: Any) -> Any:
    if parts:
        return iter(*parts)
    made = iter(bool, False)
    next(made, None)
    return made


# --- on other iterators ------------------------------------------------------------------------------------------


def _on_others(module: str, name: str) -> Kind:
    """Iterators which are made by a call of their type, and may be given a state afterwards."""
    word = name if module == "builtins" else f"{module}.{name}"

    def base() -> Any:
        return getattr(import_module(module), name)

    def parts_and_state(value: Any) -> tuple[tuple[Any, ...], dict[str, object]]:
        _, parts, *state = _state_of(value)
        if word == "reversed" and not _IMMUTABLE.issuperset(map(id, map(type, parts))):
            raise Unreadable("an iterator over a sequence that tells its length in its own way")
        key = "strict" if word == "zip" else "state"
        return parts, {key: state[0]} if state and state[0] is not None else {}

    def take(value: Any) -> Draft:
        parts, state = parts_and_state(value)
        return call(word, *parts, **state)

    def rebuilt(cls: Any, parts: tuple[Any, ...], state: dict[str, Any]) -> object:
        if "state" not in state:
            return base().__new__(cls, *parts, **state)
        made = base().__new__(cls, *parts)
        _quietly(base().__setstate__, made, state["state"])
        return made

    return Kind(
        (f"{module}:{name}",),
        take,
        word,
        lambda *parts, **state: rebuilt(base(), parts, state),
        adopt=lambda cls, value: rebuilt(cls, *parts_and_state(value)),
        has_identity=True,
    )


_IMMUTABLE = frozenset(map(id, (tuple, str, bytes, range)))

_ON_OTHERS = (
    *[("builtins", name) for name in ("enumerate", "filter", "map", "reversed", "zip")],
    *[
        ("itertools", name)
        for name in (
            "accumulate",
            "chain",
            "combinations",
            "combinations_with_replacement",
            "compress",
            "count",
            "cycle",
            "dropwhile",
            "filterfalse",
            "groupby",
            "islice",
            "permutations",
            "product",
            "repeat",
            "starmap",
            "takewhile",
            "zip_longest",
            "_grouper",
            "_tee",
            "_tee_dataobject",
        )
    ],
)


KINDS = (
    Kind((f"{__name__}:Seen",), take_seen, "generator", _generator, has_identity=True),
    Kind((), take_seen, "async_generator", _async_generator, has_identity=True),
    Kind((), take_seen, "coroutine", _coroutine, has_identity=True),
    _over("list_iterator", list, lambda left: Draft(LIST, left)),
    _over("tuple_iterator", tuple, lambda left: left),
    _over("str_iterator str_ascii_iterator", str, lambda left: left),
    _over("bytes_iterator", bytes, lambda left: left),
    _over("bytearray_iterator", bytearray, lambda left: call("bytearray", bytes(left))),
    Kind(
        ("builtins:list_reverseiterator",),
        _over_list_backwards,
        "list_reverseiterator",
        lambda left: reversed(list(reversed(left))),
        has_identity=True,
    ),
    Kind(
        ("builtins:range_iterator", "builtins:longrange_iterator"),
        _over_range,
        "range_iterator",
        iter,
        has_identity=True,
    ),
    Kind(("builtins:set_iterator",), _over_set, "set_iterator", lambda left: iter(set(left)), has_identity=True),
    _over_dict("dict_keyiterator", lambda left: iter(dict.fromkeys(left))),
    _over_dict("dict_valueiterator", lambda left: iter(dict(enumerate(left)).values())),
    _over_dict("dict_itemiterator", lambda left: iter(dict(left).items())),
    _over_dict("dict_reversekeyiterator", lambda left: reversed(dict.fromkeys(left[::-1]))),
    _over_dict("dict_reversevalueiterator", lambda left: reversed(dict(enumerate(left[::-1])).values())),
    _over_dict("dict_reverseitemiterator", lambda left: reversed(dict(left[::-1]).items())),
    _over_dict("odict_iterator", lambda left: iter(OrderedDict.fromkeys(left))),
    _over_deque("_deque_iterator", deque.__iter__),
    _over_deque("_deque_reverse_iterator", deque.__reversed__),
    Kind(("array:arrayiterator",), _over_array, "arrayiterator", iter, has_identity=True),
    Kind(("builtins:iterator",), _over_anything, "sequence_iterator", _make_over_anything, has_identity=True),
    Kind(("builtins:callable_iterator",), _over_calls, "callable_iterator", _make_over_calls, has_identity=True),
    *[_on_others(module, name) for module, name in _ON_OTHERS],
)
