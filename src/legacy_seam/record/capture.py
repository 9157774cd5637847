"""What the probes report to: the inputs of a call before it begins, its outcome after it has ended.

Everything here runs inside the recorded program, in the middle of its calls. It never raises an error of its own,
never runs code of the program, never calls itself, and leaves no trace in what the program can see. What it cannot
take is counted.
"""

from __future__ import annotations

import sys
import threading
from _blake2 import blake2b
from collections.abc import Callable, Mapping
from time import perf_counter, time  # bound now: the program may put another clock in their place
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Protocol

from legacy_seam.calls import MISSING, Call, Count, Effect, FileState, Outcome
from legacy_seam.record.probes import Definition, Hooks
from legacy_seam.record.sampling import DEFAULT, Number, Policy
from legacy_seam.record.sites import Site
from legacy_seam.store.wire import call_to_data, count_to_data, finding_to_data
from legacy_seam.targets import Target, resolve
from legacy_seam.values import differences, encode, encode_roots, fingerprint

if TYPE_CHECKING:
    from types import ModuleType

    from legacy_seam.store.ledger import Finding
    from legacy_seam.world.files import Collector, FileObserver
    from legacy_seam.world.state import Places

_UNCHANGING = frozenset({type(None), bool, int, float, complex, str, bytes})
_NO_BRANCHES: frozenset[int] = frozenset()
_PATIENCE_SECONDS = 0.1
"""What looking at one function may cost before its next pause."""
_FLUSH_SECONDS = 1.0
_MOST_NUMBERS = 24
_AT_WORK = "called by the recorder's own work"
_CUT_SHORT = "interrupted while the recorder was at work"


class Journal(Protocol):
    """Where what was recorded goes."""

    def append(self, kind: str, data: Mapping[str, object]) -> None:
        """Write one frame."""


class _Thread(threading.local):
    """What one thread is doing: the calls it is in, and whether it is in the recorder itself."""

    def __init__(self) -> None:
        self.busy = False
        self.calls: list[_Taken] = []


class _Taken:
    """A call that is being looked at, from its beginning to its end."""

    __slots__ = (
        "branches_before",
        "collector",
        "departed",
        "files",
        "free",
        "instant",
        "is_unchanging",
        "numbers",
        "outcome",
        "raised",
        "reached",
        "returned",
        "site",
        "texts",
        "values",
    )

    def __init__(self, site: Site, values: tuple[object, ...]) -> None:
        self.site = site
        self.values = values
        self.free: dict[str, object] = {}
        self.reached: tuple[str, ...] = ()
        self.departed: dict[str, object] = {}
        self.numbers: dict[str, Number] = {}
        self.texts: dict[str, str] | None = None
        self.is_unchanging = False
        self.instant = 0.0
        self.files: tuple[FileState, ...] = ()
        self.collector: Collector | None = None
        self.branches_before = _NO_BRANCHES
        self.returned: object = None
        self.raised: BaseException | None = None

    def roots(self) -> dict[str, object]:
        """All inputs by name: parameters, variables of enclosing functions, state."""
        return dict(zip(self.site.definition.parameters, self.values, strict=True)) | self.free | self.departed


class Capture:
    """Takes calls, keeps the telling ones, and counts the rest.

    Args:
        journal: where they go.
        run: identifier of the `Run` they belong to.
        wanted: which targets are recorded.
        places: state of modules and classes, as it was after import.
        files: sees which files are opened.
        policy: how much is kept.
        module_of: gives the live module behind the module name of a target.
    """

    def __init__(
        self,
        journal: Journal,
        run: str,
        wanted: Callable[[Target], bool],
        places: Places,
        files: FileObserver | None = None,
        policy: Policy = DEFAULT,
        module_of: Callable[[str], ModuleType | None] = lambda name: sys.modules.get(name),
    ) -> None:
        self.sites: list[Site] = []
        self._journal = journal
        self._run = run
        self._wanted = wanted
        self._places = places
        self._files = files
        self._policy = policy
        self._module_of = module_of
        self._thread = _Thread()
        self._reached: dict[int, tuple[int, tuple[str, ...]]] = {}
        self._functions: dict[int, FunctionType] = {}
        self._baseline_texts: dict[str, str] = {}
        self._flushed: dict[Target, Count] = {}
        self._before_fork: dict[Target, Count] = {}
        self._next_flush = 0.0

    # --- what the probes are given -------------------------------------------------------------------------------

    def hooks(self, definition: Definition) -> Hooks | None:
        """The hooks for one function, or None where it is not wanted."""
        site = Site(definition, self._policy)
        if not self._wanted(site.target):
            return None
        self.sites.append(site)
        site.code = None
        whole = definition.whole
        return Hooks(
            gate=site.gate,
            tally=site.tally,
            enter=self._entering(site) if whole else self._announcing(site),
            note=self._noting(site) if whole else None,
            mark=site.path.add if whole else None,
            raised=self._raising(site) if whole else None,
            done=self._finishing(site) if whole else None,
        )

    def bind(self, definition: Definition, code: CodeType) -> None:
        """The body of that function was compiled."""
        for site in reversed(self.sites):
            if site.definition is definition:
                site.bind(code)
                return

    def _entering(self, site: Site) -> Callable[..., bool]:
        thread, take = self._thread, self._take

        def enter(*values: object) -> bool:
            if thread.busy:
                site.fail(_AT_WORK)
                return False
            thread.busy = True
            try:
                taken = take(site, values)
                if taken is None:
                    return False
                thread.calls.append(taken)
                return True
            except Exception as error:
                self._fail(site, error)
                return False
            finally:
                thread.busy = False

        return enter

    def _announcing(self, site: Site) -> Callable[..., None]:
        thread = self._thread

        def enter(*values: object) -> None:
            if thread.busy:
                site.fail(_AT_WORK)
                return
            thread.busy = True
            try:
                taken = self._take(site, values)
                if taken is not None:
                    self._drop_collector(taken)
                    self._decide(taken, "")
            except Exception as error:
                self._fail(site, error)
            finally:
                thread.busy = False

        return enter

    def _noting(self, site: Site) -> Callable[[Any], Any]:
        thread = self._thread

        def note(value: Any) -> Any:
            calls = thread.calls
            if calls and calls[-1].site is site:
                calls[-1].returned = value
            return value

        return note

    def _raising(self, site: Site) -> Callable[[], None]:
        thread = self._thread

        def raised() -> None:
            calls = thread.calls
            if calls and calls[-1].site is site:
                calls[-1].raised = sys.exc_info()[1]

        return raised

    def _finishing(self, site: Site) -> Callable[[], None]:
        thread = self._thread

        def done() -> None:
            calls = thread.calls
            while calls and calls[-1].site is not site:
                self._abandon(calls.pop())
            if not calls:
                return
            taken = calls.pop()
            thread.busy = True
            try:
                self._finish(taken)
            except Exception as error:
                self._fail(site, error)
            finally:
                thread.busy = False

        return done

    # --- before the call -----------------------------------------------------------------------------------------

    def _take(self, site: Site, values: tuple[object, ...]) -> _Taken | None:
        began = perf_counter()
        if site.is_retired:
            site.sampled_out.add()
            return None
        sampler = site.sampler
        taken = _Taken(site, values)
        if site.free:
            taken.free = _free_variables(site)
        taken.reached = self._places_reached(site)
        if taken.reached:
            taken.departed = self._places.changed_from_baseline(taken.reached)
        if not sampler.is_new(_key(taken)):
            site.duplicate.add()
            self._settle(site, began)
            return None
        taken.numbers = _numbers(site.definition.parameters, values)
        taken.is_unchanging = not taken.departed and _is_unchanging(values) and _is_unchanging(taken.free.values())
        taken.instant = time()
        if not taken.is_unchanging and sampler.is_promising(taken.numbers):
            taken.texts = encode_roots(taken.roots())
        if site.definition.whole:
            taken.branches_before = frozenset(site.path) if site.path else _NO_BRANCHES
            site.path.clear()
        if self._files is not None:
            taken.collector = self._files.collector()
            taken.collector.push()
        site.cost += perf_counter() - began
        return taken

    def _places_reached(self, site: Site) -> tuple[str, ...]:
        generation = len(self._places.modules())
        held = self._reached.get(id(site))
        if held is None or held[0] != generation:
            codes = () if site.code is None else (site.code,)
            held = self._reached[id(site)] = (generation, self._places.reachable(codes))
        return held[1]

    # --- after the call ------------------------------------------------------------------------------------------

    def _finish(self, taken: _Taken) -> None:
        site = taken.site
        path = frozenset(site.path)
        site.path.clear()
        site.path.update(taken.branches_before)
        self._drop_collector(taken)
        self._decide(taken, _outcome_type(taken), path)

    def _decide(self, taken: _Taken, outcome: str, path: frozenset[int] = _NO_BRANCHES) -> None:
        began = perf_counter()
        site, sampler = taken.site, taken.site.sampler
        if not sampler.is_worth_keeping(path, taken.numbers, outcome):
            site.sampled_out.add()
        elif taken.texts is None and not taken.is_unchanging:
            sampler.miss(path)
            site.sampled_out.add()
        else:
            self._keep(taken)
            sampler.keep(path)
            site.kept.add()
        self._settle(site, began)

    def _settle(self, site: Site, began: float) -> None:
        now = perf_counter()
        site.cost += now - began
        if site.cost > _PATIENCE_SECONDS:
            site.sampler.lose_patience()
        if site.sampler.has_learnt:
            site.learn()
        if now > self._next_flush:
            self.flush_counts()

    def _keep(self, taken: _Taken) -> None:
        site = taken.site
        texts = taken.texts if taken.texts is not None else encode_roots(taken.roots())
        defaulted = self._defaulted(taken)
        arguments = {name: texts[name] for name in site.definition.parameters if name not in defaulted}
        closure = {name: texts[name] for name in taken.free}
        state = {name: texts[name] for name in taken.departed}
        observed = self._observed(taken, texts) if site.definition.whole else None
        call = Call(
            target=site.target,
            identity=_identity(site.target, arguments, closure, state),
            arguments=arguments,
            closure=closure,
            state=state,
            instant=taken.instant,
            files=taken.files,
            observed=observed,
            run=self._run,
            defaulted=defaulted,
        )
        self._journal.append("call", call_to_data(call))

    def _defaulted(self, taken: _Taken) -> tuple[str, ...]:
        """The parameters that hold their own default, where that cannot change."""
        function = self._function(taken.site)
        if function is None:
            return ()
        code, defaults = function.__code__, function.__defaults__ or ()
        positional = code.co_varnames[: code.co_argcount]
        held = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=False))
        held |= function.__kwdefaults__ or {}
        given = zip(taken.site.definition.parameters, taken.values, strict=True)
        return tuple(name for name, value in given if name in held and held[name] is value and _cannot_change(value))

    def _function(self, site: Site) -> FunctionType | None:
        """The live function of a site, where it can be reached by its name."""
        held = self._functions.get(id(site))
        if held is None and ".<locals>." not in site.target.qualname:
            module = self._module_of(site.target.module)
            found = None if module is None else resolve(site.target, module)
            if found is not None and found.function.__code__ is site.code:
                held = self._functions[id(site)] = found.function
        return held

    def _observed(self, taken: _Taken, before: Mapping[str, str]) -> Outcome:
        roots = taken.roots()
        names = {id(value): name for name, value in roots.items() if type(value) not in _UNCHANGING}
        if taken.raised is not None:
            effects = [Effect("raised", "", encode(taken.raised, names=names))]
        else:
            effects = [Effect("returned", "", encode(taken.returned, names=names))]
        effects += self._changed(taken, roots, before)
        return Outcome(tuple(effects))

    def _changed(self, taken: _Taken, roots: dict[str, object], before: Mapping[str, str]) -> list[Effect]:
        """What the call changed of its arguments and of the state it can reach."""
        departed = self._places.changed_from_baseline(taken.reached) if taken.reached else {}
        if taken.is_unchanging and not departed:
            return []
        after = encode_roots(roots | departed)
        effects: list[Effect] = []
        for name, text in after.items():
            then = before.get(name)
            if then is None:
                then = self._baseline_text(name)
            if text != then:
                found = differences(then, text, root=name)
                effects += [Effect("changed", difference.path, difference.got) for difference in found]
        return effects

    def _baseline_text(self, place: str) -> str:
        return self._baseline_texts.get(place, MISSING)

    def _drop_collector(self, taken: _Taken) -> None:
        if taken.collector is not None:
            taken.collector.pop()
            taken.files = taken.collector.states()

    def _abandon(self, taken: _Taken) -> None:
        """A call whose end was never reported (an interrupt came between two steps of its probes)."""
        self._drop_collector(taken)
        taken.site.fail(_CUT_SHORT)

    # --- the ledger ----------------------------------------------------------------------------------------------

    def _fail(self, site: Site, error: Exception) -> None:
        try:
            site.fail(f"{type(error).__name__}: {error}"[:200])
        except Exception:  # no room left on the stack for more than this
            site.failed.add()

    def find(self, finding: Finding) -> None:
        """Write down something that could not be recorded."""
        try:
            self._journal.append("finding", finding_to_data(finding))
        except OSError:
            return

    def flush_counts(self) -> None:
        """Write down how many calls went where so far, for the targets where that changed."""
        self._next_flush = perf_counter() + _FLUSH_SECONDS
        for target, count in self.counts().items():
            if count.seen and self._flushed.get(target) != count:
                self._flushed[target] = count
                self._journal.append("count", count_to_data(target, count) | {"run": self._run})

    def counts(self) -> dict[Target, Count]:
        """How many calls of each target went where, in this process."""
        totals: dict[Target, Count] = {}
        for site in self.sites:
            before = totals.get(site.target)
            totals[site.target] = site.count() if before is None else _sum(before, site.count(), 1)
        return {target: _sum(count, self._before_fork.get(target, Count()), -1) for target, count in totals.items()}

    def begin_again_in_child(self) -> None:
        """After a fork: what was counted before is the parent's."""
        self._before_fork = {}
        self._before_fork = self.counts()
        self._flushed.clear()
        self._thread.busy = False

    def retire(self) -> None:
        """Look at no more calls; those which have not ended are counted as such."""
        for site in self.sites:
            site.retire()


def _sum(one: Count, other: Count, sign: int) -> Count:
    why = {key: one.why.get(key, 0) + sign * other.why.get(key, 0) for key in one.why | other.why}
    return Count(
        one.seen + sign * other.seen,
        one.kept + sign * other.kept,
        one.duplicate + sign * other.duplicate,
        one.sampled_out + sign * other.sampled_out,
        one.failed + sign * other.failed,
        {key: number for key, number in why.items() if number},
    )


def _key(taken: _Taken) -> int | bytes | None:
    try:
        if not (taken.free or taken.departed):
            return fingerprint(taken.values)
        return fingerprint((taken.values, tuple(taken.free.values()), tuple(taken.departed.values())))
    except Exception:  # inputs that have no key are taken to be new
        return None


def _free_variables(site: Site) -> dict[str, object]:
    """The variables of enclosing functions that the body uses, as they are now; unbound ones are left out.

    Must be called from `_take`, called from `enter`: two frames above here is the function itself.
    """
    frame = sys._getframe(3)
    local = frame.f_locals
    found = {name: local[name] for name in site.free if name in local}
    if sys.version_info < (3, 13):
        local.clear()  # a snapshot kept by the frame: `locals()` fills it anew, in its own order
    return found


def _is_unchanging(values: Any) -> bool:
    return all(type(value) in _UNCHANGING for value in values)


def _cannot_change(value: object) -> bool:
    kind = type(value)
    if kind in _UNCHANGING:
        return True
    if kind is tuple:
        return all(_cannot_change(item) for item in value)  # type: ignore[attr-defined]
    enum = sys.modules.get("enum")
    return enum is not None and issubclass(type(kind), enum.EnumMeta)


def _numbers(names: tuple[str, ...], values: tuple[object, ...]) -> dict[str, Number]:
    """The numbers among the inputs, by name: arguments, and what lies one step within dictionaries and objects."""
    numbers: dict[str, Number] = {}
    for name, value in zip(names, values, strict=True):
        kind = type(value)
        if kind is int or kind is float:
            numbers[name] = value  # type: ignore[assignment]
        elif kind is str or kind is list or kind is tuple:
            numbers[name] = len(value)  # type: ignore[arg-type]
        elif kind not in _UNCHANGING and len(numbers) < _MOST_NUMBERS:
            for key, inner in list(_fields(value).items())[:_MOST_NUMBERS]:
                if type(inner) is int or type(inner) is float:
                    numbers[f"{name}.{key}"] = inner
    return numbers


def _fields(value: object) -> dict[Any, Any]:
    if type(value) is dict:
        return value
    try:
        fields = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return fields if type(fields) is dict else {}


def _outcome_type(taken: _Taken) -> str:
    if taken.raised is not None:
        return f"raised {type(taken.raised).__qualname__}"
    return type(taken.returned).__qualname__


def _identity(target: Target, *inputs: Mapping[str, str]) -> str:
    digest = blake2b(str(target).encode("utf-8", "surrogatepass"), digest_size=6)
    for texts in inputs:
        digest.update(b"\0")
        for name in sorted(texts):
            digest.update(f"{name}={texts[name]}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
