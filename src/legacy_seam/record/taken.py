"""A call that is being looked at: what went into it, and what can be told of that at a glance.

No code of the program runs here, whatever the classes of its values define.
"""

from __future__ import annotations

import sys
from _blake2 import blake2b
from collections.abc import Callable, Iterable, Mapping
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from legacy_seam.calls import FileState
from legacy_seam.record.sampling import Number, Words
from legacy_seam.record.sites import Site
from legacy_seam.targets import Target
from legacy_seam.values import fingerprint

if TYPE_CHECKING:
    from legacy_seam.world.files import Collector

UNCHANGING = frozenset({type(None), bool, int, float, complex, str, bytes})
"""Types whose instances are what they are for ever."""
NO_BRANCHES: frozenset[int] = frozenset()

_MOST_NUMBERS = 24
_qualname_of: Callable[[type], str] = type.__dict__["__qualname__"].__get__  # whatever its metaclass may say


class Taken:
    """A call that is being looked at, from its beginning to its end."""

    __slots__ = (
        "branches_before",
        "can_wait",
        "collector",
        "departed",
        "files",
        "free",
        "instant",
        "is_glance",
        "key",
        "numbers",
        "raised",
        "returned",
        "site",
        "texts",
        "values",
        "words",
    )

    def __init__(self, site: Site, values: tuple[object, ...]) -> None:
        self.site = site
        self.values = values
        self.free: dict[str, object] = {}
        self.departed: dict[str, object] = {}
        self.numbers: dict[str, Number] = {}
        self.words: Words = ()
        self.key: int | bytes | None = None
        self.texts: dict[str, str] | None = None
        self.can_wait = False
        self.is_glance = False
        self.instant = 0.0
        self.files: tuple[FileState, ...] = ()
        self.collector: Collector | None = None
        self.branches_before = NO_BRANCHES
        self.returned: object = None
        self.raised: BaseException | None = None

    def make_key(self, departed: Mapping[str, object] | None = None) -> int | bytes | None:
        """Stands for the values of all inputs as they are now; None where no key can be made.

        Args:
            departed: the state, where it is not that of the beginning of the call.
        """
        state = self.departed if departed is None else departed
        try:
            if not (self.free or state):
                return fingerprint(self.values)
            return fingerprint((self.values, tuple(self.free.values()), tuple(state.values())))
        except Exception:  # inputs that have no key are taken to be new
            return None

    def holds_nothing_that_changes(self) -> bool:
        """Will all inputs be the same after the call, whatever it does?"""
        if self.departed:
            return False
        return _are_unchanging(self.values) and (not self.free or _are_unchanging(self.free.values()))

    def outcome_type(self) -> str:
        """The type of what was returned or raised."""
        if self.raised is not None:
            return f"raised {_qualname_of(type(self.raised))}"
        return _qualname_of(type(self.returned))

    def roots(self) -> dict[str, object]:
        """All inputs by name: parameters, variables of enclosing functions, state."""
        return dict(zip(self.site.definition.parameters, self.values, strict=True)) | self.free | self.departed


def free_variables(site: Site) -> dict[str, object]:
    """The variables of enclosing functions that the body uses, as they are now; unbound ones are left out.

    Called from `Capture._look`, from `Capture.take`, from a method of `Reporter`: four frames up is the function.
    """
    frame = sys._getframe(4)
    local = frame.f_locals
    found = {name: local[name] for name in site.free if name in local}
    if sys.version_info < (3, 13):
        local.clear()  # a snapshot kept by the frame: `locals()` fills it anew, in its own order
    return found


def _are_unchanging(values: Iterable[object]) -> bool:
    return all(type(value) in UNCHANGING for value in values)


_REFERRED_TO = frozenset({type, ModuleType, FunctionType, BuiltinFunctionType})
"""What a default names rather than holds."""
_LONGEST_WORD = 24


def cannot_change(value: object) -> bool:
    """Is this value what it is for ever?"""
    kind = type(value)
    if kind in UNCHANGING or kind in _REFERRED_TO:
        return True
    if kind is tuple:
        return all(cannot_change(item) for item in value)  # type: ignore[attr-defined]
    enum = sys.modules.get("enum")
    return enum is not None and issubclass(type(kind), enum.EnumMeta)


def numbers_among(names: tuple[str, ...], values: tuple[object, ...]) -> dict[str, Number]:
    """The numbers among the inputs, by name: arguments, lengths, and what lies one step within them.

    >>> numbers_among(("count", "name", "row"), (3, "Ann", {"due": 1.5}))
    {'count': 3, 'name': 3, 'row.due': 1.5}
    """
    numbers: dict[str, Number] = {}
    for name, value in zip(names, values, strict=True):
        kind = type(value)
        if kind is int or kind is float:
            numbers[name] = value  # type: ignore[assignment]
        elif kind is str or kind is list or kind is tuple:
            numbers[name] = len(value)  # type: ignore[arg-type]
        elif kind not in UNCHANGING and len(numbers) < _MOST_NUMBERS:
            for key, inner in list(_fields(value).items())[:_MOST_NUMBERS]:
                if type(key) is str and (type(inner) is int or type(inner) is float):
                    numbers[f"{name}.{key}"] = inner
    return numbers


def words_among(names: tuple[str, ...], values: tuple[object, ...]) -> tuple[tuple[str, object], ...]:
    """What among the arguments chooses rather than measures: short texts, booleans, None.

    >>> words_among(("table", "style", "wide"), ([1], "grid", True))
    (('style', 'grid'), ('wide', True))
    """
    return tuple(
        (name, value)
        for name, value in zip(names, values, strict=True)
        if value is None or type(value) is bool or (type(value) is str and len(value) <= _LONGEST_WORD)
    )


def _fields(value: object) -> dict[Any, Any]:
    if type(value) is dict:
        return value
    try:
        fields = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return fields if type(fields) is dict else {}


def identity_of(target: Target, *inputs: Mapping[str, str]) -> str:
    """The identifier of a call: the same for the same inputs, in any run."""
    digest = blake2b(str(target).encode("utf-8", "surrogatepass"), digest_size=6)
    for texts in inputs:
        digest.update(b"\0")
        for name in sorted(texts):
            digest.update(f"{name}={texts[name]}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
