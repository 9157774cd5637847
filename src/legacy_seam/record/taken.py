"""A call that is being looked at: what went into it, and what can be told of that at a glance.

No code of the program runs here, whatever the classes of its values define.
"""

from __future__ import annotations

import sys
from _blake2 import blake2b
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, GeneratorType, ModuleType
from typing import TYPE_CHECKING, Any

from legacy_seam.calls import Call, FileState, Step
from legacy_seam.record.hearing import Given
from legacy_seam.record.sampling import Number, Words
from legacy_seam.record.sites import Site
from legacy_seam.record.story import Story
from legacy_seam.values import fingerprint
from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.extent import parts_within
from legacy_seam.values.held import Held

if TYPE_CHECKING:
    from legacy_seam.boundary.transcripts import Transcript
    from legacy_seam.world.collecting import Collector

_UNCHANGING = frozenset(map(id, (type(None), bool, int, float, complex, str, bytes)))
"""Types, by `id`: to look for one by itself would run the `__hash__` of a metaclass."""
NO_BRANCHES: frozenset[int] = frozenset()

_MOST_NUMBERS = 24
_qualname_of: Callable[[type], str] = type.__dict__["__qualname__"].__get__  # whatever its metaclass may say


class Taken:
    """A call that is being looked at, from its beginning to its end."""

    __slots__ = (
        "branches",
        "branches_before",
        "can_wait",
        "collector",
        "departed",
        "files",
        "free",
        "given",
        "held",
        "in_loop",
        "instant",
        "is_counted",
        "is_glance",
        "is_of_parent",
        "is_unseen",
        "key",
        "later",
        "numbers",
        "raised",
        "returned",
        "site",
        "standing",
        "story",
        "texts",
        "thread",
        "transcript",
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
        self.is_glance = self.is_counted = self.is_of_parent = False
        self.instant = 0.0
        self.files: tuple[FileState, ...] = ()
        self.standing: tuple[FileState, ...] = ()
        self.collector: Collector | None = None
        self.held: Held | None = None
        self.later: dict[str, str] = {}
        self.in_loop = False
        self.given = Given()
        self.branches: set[int] = set()
        self.branches_before = NO_BRANCHES
        self.story: Story | None = None
        self.is_unseen = False
        self.thread = 0
        self.transcript: Transcript | None = None
        self.returned: object = None
        self.raised: BaseException | None = None

    def codes_given(self) -> tuple[CodeType, ...]:
        """The code of the functions that it was given as arguments and as variables of enclosing functions."""
        given = [value.__code__ for value in (*self.values, *self.free.values()) if type(value) is FunctionType]
        return tuple(given)

    def make_key(self, departed: Mapping[str, object] | None = None) -> int | bytes | None:
        """Stands for the values of all inputs as they are now; None where no key can be made.

        Args:
            departed: the state, where it is not that of the beginning of the call.
        """
        state = self.departed if departed is None else departed
        try:
            if self.standing or self.in_loop:
                where = self.standing and self.standing[0].link, self.in_loop
                return fingerprint((self.values, tuple(self.free.values()), tuple(state.values()), where))
            if not (self.free or state):
                return fingerprint(self.values)
            return fingerprint((self.values, tuple(self.free.values()), tuple(state.values())))
        except Exception:  # inputs that have no key are taken to be new
            return None

    def holds_nothing_that_changes(self) -> bool:
        """Will all inputs be the same after the call, whatever it does?"""
        if self.departed:
            return False
        return all(map(is_unchanging, self.values)) and all(map(is_unchanging, self.free.values()))

    def parts(self, most: int) -> int:
        """How many parts its inputs have; the count ends soon after `most`."""
        return parts_within((self.values, tuple(self.free.values()), tuple(self.departed.values())), most)

    def outcome_type(self) -> str:
        """The type of what was returned or raised."""
        if self.is_unseen:
            return "unseen"
        ending = _qualname_of(type(self.returned if self.raised is None else self.raised))
        how = "" if self.story is None else " ".join(sorted({step.kind for step in self.story.steps}))
        return f"raised {ending} {how}" if self.raised is not None else f"{ending} {how}"

    def names(self) -> dict[int, str]:
        """`id` -> name of the inputs that have an identity."""
        return {id(value): name for name, value in self.roots().items() if not is_unchanging(value)}

    def all_files(self) -> tuple[FileState, ...]:
        """Where it began, what its inputs hold on to, and the files that it opened, as they were before it."""
        held = {} if self.held is None else self.held.contents
        if not (held or self.standing):
            return self.files
        known = {state.path for state in self.standing} | held.keys()
        opened = [state for state in self.files if state.path not in known]
        return (*self.standing, *(FileState(path, digest) for path, digest in held.items()), *opened)

    def lose_story(self) -> None:
        """What happened to a generator cannot be told any more."""
        if self.story is not None:
            self.story.lose_items()

    def is_told_at_its_end(self) -> bool:
        """Is a part of its inputs known at its end only: how it was driven, what it took from a generator?"""
        if self.story is not None or self.site.takes_generators or self.site.uses_databases:
            return True
        return any(type(value) is GeneratorType for value in (*self.values, *self.free.values()))

    def key_at_end(self) -> object:
        """Stands for all inputs, when the call has ended; None where no key can be made."""
        if self.key is None:
            return None
        steps = () if self.story is None else self.story.steps
        return self.key, steps, self.given.texts(), tuple(self.later.items()), self.files if self.later else ()

    def steps(self, *, ended: bool) -> tuple[Step, ...]:
        """How the generator was driven; empty where it simply gave all its items.

        Args:
            ended: it came to its end.
        """
        story = self.story
        if story is None or story.is_blind or (story.is_plain and ended):
            return ()
        return story.steps

    def roots(self) -> dict[str, object]:
        """All inputs by name: parameters, variables of enclosing functions, state."""
        return dict(zip(self.site.definition.parameters, self.values, strict=True)) | self.free | self.departed


def free_variables(site: Site, frame: FrameType) -> dict[str, object]:
    """The variables of enclosing functions that the body uses, as they are now; unbound ones are left out."""
    local = frame.f_locals
    found = {name: local[name] for name in site.free if name in local}
    if sys.version_info < (3, 13):
        local.clear()  # a snapshot kept by the frame: `locals()` fills it anew, in its own order
    return found


def is_unchanging(value: object) -> bool:
    """Is this value what it is for ever, by its type alone?"""
    return id(type(value)) in _UNCHANGING


_REFERRED_TO = frozenset(map(id, (type, ModuleType, FunctionType)))
"""What a default names rather than holds. So it does a function in C, but no method of an object (`CACHE.get`)."""
_LONGEST_WORD = 24


def cannot_change(value: object) -> bool:
    """Is this value what it is for ever?"""
    kind = type(value)
    if is_unchanging(value) or id(kind) in _REFERRED_TO:
        return True
    if kind is BuiltinFunctionType:
        owner: object = value.__self__  # type: ignore[attr-defined]
        return owner is None or id(type(owner)) in _REFERRED_TO
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
        elif not is_unchanging(value) and len(numbers) < _MOST_NUMBERS:
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
    return attributes_of(value)


def identity_of(call: Call, *more: Mapping[str, str]) -> str:
    """The identifier of a call: the same for the same inputs, in any run.

    Args:
        call: the call.
        more: what else it depends on: contents that its inputs hold on to, where it began.
    """
    how = {f"step {n}": f"{step.kind} {step.times} {step.text}" for n, step in enumerate(call.driven)}
    told = {
        f"answer {n}": f"{answer.question} {answer.form} {answer.text}" for n, answer in enumerate(call.answers)
    }
    loop = {"loop": "running"} if call.in_loop else {}
    rare = filter(None, (how, told, *more, loop))
    parts = [str(call.target)]
    for texts in (call.arguments, call.closure, call.state, *rare):
        parts.append("\0")
        parts += [f"{name}={texts[name]}\n" for name in sorted(texts)]
    return blake2b("".join(parts).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
