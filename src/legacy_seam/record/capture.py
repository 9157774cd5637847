"""Looks at calls: the inputs before a call begins, its outcome after it has ended; keeps the telling ones.

Everything here runs inside the recorded program, in the middle of its calls, and never runs code of the program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import perf_counter, time  # bound now: the program may put another clock in their place
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from legacy_seam.calls import Call, Count, Effect, Outcome
from legacy_seam.record.counting import Counting, Journal
from legacy_seam.record.probes import Definition, Hooks
from legacy_seam.record.reporter import Reporter, Thread
from legacy_seam.record.sampling import DEFAULT, Policy
from legacy_seam.record.sites import LARGE, Site
from legacy_seam.record.taken import (
    NO_BRANCHES,
    UNCHANGING,
    Taken,
    cannot_change,
    free_variables,
    identity_of,
    numbers_among,
    words_among,
)
from legacy_seam.store.ledger import Finding
from legacy_seam.store.pieces import LIMIT, cut
from legacy_seam.store.wire import call_to_data, finding_to_data
from legacy_seam.targets import Target, resolve
from legacy_seam.values import changes, encode, encode_roots

if TYPE_CHECKING:
    from types import ModuleType

    from legacy_seam.world.files import FileObserver
    from legacy_seam.world.state import Places

_BULKY = 1_000_000
"""Inputs of more characters than this are written down seldom."""
_COMPARED = 200_000
"""Inputs of more characters than this are not compared with what the call made of them."""
_NOT_ENDED = "had not ended when the recording did"
_ANOTHER_OF_THAT_NAME = "another function of this module bears the same name"


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
        put: Callable[[bytes], str] | None = None,
    ) -> None:
        self._journal = journal
        self._run = run
        self._wanted = wanted
        self._places = places
        self._files = files
        self._policy = policy
        self._module_of = module_of
        self._put = put
        self._sites: dict[Definition, Site] = {}
        self._all_sites: list[Site] = []
        self._by_target: dict[Target, list[Site]] = {}
        self._thread = Thread()
        self._counting = Counting(journal, run)
        self._baseline_texts: dict[str, str] = {}

    # --- for `probes` --------------------------------------------------------------------------------------------

    def hooks(self, definition: Definition) -> Hooks | None:
        """What one function reports to, or None where it is not wanted."""
        site = Site(definition, self._policy)
        if not self._wanted(site.target):
            return None
        self._sites[definition] = site
        self._all_sites.append(site)
        namesakes = self._by_target.setdefault(site.target, [])
        namesakes.append(site)
        for namesake in namesakes if len(namesakes) > 1 else ():
            namesake.has_namesakes = True
        reporter = Reporter(site, self, self._thread)
        if not definition.whole:
            return Hooks(site.gate, site.tally, reporter.begin)
        return Hooks(
            gate=site.gate,
            tally=site.tally,
            enter=reporter.enter,
            note=reporter.note,
            mark=site.path.add,
            raised=reporter.raised,
            done=reporter.done,
        )

    def bind(self, definition: Definition, code: CodeType) -> None:
        """The body of that function was compiled."""
        self._sites[definition].bind(code)

    # --- for `reporter` ------------------------------------------------------------------------------------------

    def take(self, site: Site, values: tuple[object, ...]) -> Taken | None:
        """A call begins; None where it needs no looking at."""
        if site.is_retired or site.gate:  # learnt, but its tally broke off (an interrupt came in the middle of it)
            site.sampled_out.add()
            return None
        began = perf_counter()
        try:
            return self._look(site, values)
        finally:
            site.spend(perf_counter() - began)

    def _look(self, site: Site, values: tuple[object, ...]) -> Taken | None:
        if site.has_namesakes and self._is_hidden(site):
            site.fail(_ANOTHER_OF_THAT_NAME)
            return None
        taken = Taken(site, values)
        if site.is_costly and not site.sampler.has_missed:
            return self._glance(taken)
        if site.free:
            taken.free = free_variables(site)
        self._look_at_state(taken)
        if site.sampler.is_untouched and not taken.holds_nothing_that_changes():
            taken.texts = encode_roots(taken.roots())
            size = _size(taken.texts)
            site.is_large, site.is_bulky = size > LARGE, size > _BULKY
        taken.key = None if site.is_bulky else taken.make_key()
        if not site.sampler.is_new(taken.key):
            site.duplicate.add()
            return None
        self._write_down_inputs(taken)
        return taken

    def _glance(self, taken: Taken) -> Taken | None:
        """Look only which branches a call takes and what comes of it: that costs next to nothing."""
        taken.is_glance = True
        taken.site.sampler.is_new(None)
        if not taken.site.definition.whole:
            taken.site.sampled_out.add()
            return None
        self._follow(taken)
        return taken

    def _look_at_state(self, taken: Taken) -> None:
        reached = self._places_reached(taken.site)
        if reached:
            taken.departed = self._places.changed_from_baseline(reached)
            if taken.site.definition.whole:
                self._write_down_baselines(taken, reached)

    def finish(self, taken: Taken) -> None:
        """A call has ended: was it worth keeping?"""
        site = taken.site
        path = frozenset(site.path)
        site.path.clear()
        site.path.update(taken.branches_before)
        self._drop_collector(taken)
        self._decide(taken, taken.outcome_type(), path)

    def keep_beginning(self, taken: Taken) -> None:
        """A call has begun whose end will not be reported: are its inputs worth keeping?"""
        self._decide(taken, "", NO_BRANCHES)

    def abandon(self, taken: Taken, why: str) -> None:
        """The end of a call was never reported."""
        self._drop_collector(taken)
        taken.site.fail(why)

    def _is_hidden(self, site: Site) -> bool:
        """Does another function stand under the name of this one?"""
        if ".<locals>." in site.target.qualname:
            return False
        module = self._module_of(site.target.module)
        found = None if module is None else resolve(site.target, module)
        return found is not None and found.function.__code__ is not site.code

    # --- before the call -----------------------------------------------------------------------------------------

    def _write_down_inputs(self, taken: Taken) -> None:
        """Take what may be gone when the call has ended."""
        site = taken.site
        taken.numbers = numbers_among(site.definition.parameters, taken.values)
        taken.words = words_among(site.definition.parameters, taken.values)
        taken.instant = time()
        if not site.definition.whole:
            return
        taken.can_wait = taken.holds_nothing_that_changes()
        is_promising = site.sampler.is_promising(taken.numbers, taken.words)
        if is_promising and taken.texts is None and not taken.can_wait:
            taken.texts = encode_roots(taken.roots())
        self._follow(taken)

    def _follow(self, taken: Taken) -> None:
        """From now on, branches and files are those of this call."""
        site = taken.site
        if site.path:
            taken.branches_before = frozenset(site.path)
            site.path.clear()
        if self._files is not None:
            taken.collector = self._files.collector()
            taken.collector.push()

    def _places_reached(self, site: Site) -> tuple[str, ...]:
        generation = len(self._places.modules())
        if site.reached is None or site.reached[0] != generation:
            codes = () if site.code is None else (site.code,)
            site.reached = (generation, self._places.reachable(codes))
        return site.reached[1]

    def _write_down_baselines(self, taken: Taken, reached: tuple[str, ...]) -> None:
        """While places that can change hold what they held after the import, keep their texts for comparison."""
        for name in reached:
            if name not in self._baseline_texts and name not in taken.departed:
                value = self._places.at_baseline(name)
                self._baseline_texts[name] = "" if type(value) in UNCHANGING else encode(value)

    # --- after the call ------------------------------------------------------------------------------------------

    def _decide(self, taken: Taken, outcome: str, path: frozenset[int]) -> None:
        began = perf_counter()
        site, sampler = taken.site, taken.site.sampler
        try:
            if taken.is_glance:
                self._note_glance(site, path, outcome)
            elif not sampler.is_worth_keeping(path, taken.numbers, outcome, taken.words):
                site.sampled_out.add()
            elif taken.texts is None and not taken.can_wait and site.definition.whole:
                sampler.miss()
                site.sampled_out.add()
            else:
                self._keep(taken)
                sampler.keep(path, outcome)
                site.kept.add()
        finally:
            site.spend(perf_counter() - began)
        with suppress(OSError):
            self._write_counts_now_and_then(site)

    def _note_glance(self, site: Site, path: frozenset[int], outcome: str) -> None:
        site.sampled_out.add()
        if site.is_exhausted:
            site.retire()
            why = f"writing down its inputs takes too long: {site.kept.value} calls were kept, the others counted"
            self.find(Finding(site.target, str(site.target), why))
        elif site.sampler.is_surprising(path, outcome):
            site.sampler.miss()

    def _write_counts_now_and_then(self, site: Site) -> None:
        if self._counting.is_due():
            self._counting.write(self._all_sites)
        elif self._counting.is_in_child:
            self._counting.write_at_once(self._by_target[site.target])

    def _keep(self, taken: Taken, *, ended: bool = True) -> None:
        site = taken.site
        if taken.texts is None:
            taken.texts = encode_roots(taken.roots())
        texts, defaulted = taken.texts, self._defaulted(taken)
        arguments = {name: texts[name] for name in site.definition.parameters if name not in defaulted}
        closure = {name: texts[name] for name in taken.free}
        state = {name: texts[name] for name in taken.departed}
        identity = identity_of(site.target, arguments, closure, state)
        observed = self._observed(taken, texts) if site.definition.whole and ended else None
        call = Call(
            target=site.target,
            identity=identity,
            arguments=self._in_pieces(arguments),
            closure=self._in_pieces(closure),
            state=self._in_pieces(state),
            instant=taken.instant,
            files=taken.files,
            observed=observed,
            run=self._run,
            defaulted=defaulted,
        )
        self._journal.append("call", call_to_data(call))

    def _in_pieces(self, texts: dict[str, str]) -> dict[str, str]:
        """Large texts with their pieces in the blobs, where each is kept once."""
        put = self._put
        if put is None or _size(texts) <= LIMIT:
            return texts
        return {name: cut(text, put) for name, text in texts.items()}

    def _defaulted(self, taken: Taken) -> tuple[str, ...]:
        """The parameters that hold their own default, where that cannot change."""
        function = self._function(taken.site)
        if function is None:
            return ()
        code, defaults = function.__code__, function.__defaults__ or ()
        positional = code.co_varnames[: code.co_argcount]
        held = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=False))
        held |= function.__kwdefaults__ or {}
        given = zip(taken.site.definition.parameters, taken.values, strict=True)
        return tuple(name for name, value in given if name in held and held[name] is value and cannot_change(value))

    def _function(self, site: Site) -> FunctionType | None:
        """The live function of a site, where it can be reached by its name."""
        if site.function is None and ".<locals>." not in site.target.qualname:
            module = self._module_of(site.target.module)
            found = None if module is None else resolve(site.target, module)
            if found is not None and found.function.__code__ is site.code:
                site.function = found.function
        return site.function

    def _observed(self, taken: Taken, before: Mapping[str, str]) -> Outcome | None:
        roots = taken.roots()
        names = {id(value): name for name, value in roots.items() if type(value) not in UNCHANGING}
        if taken.raised is not None:
            effects = [Effect("raised", "", encode(taken.raised, names=names))]
        else:
            effects = [Effect("returned", "", encode(taken.returned, names=names))]
        changed = self._changed(taken, roots, before)
        return None if changed is None else Outcome((*effects, *changed))

    def _changed(self, taken: Taken, roots: dict[str, object], before: Mapping[str, str]) -> list[Effect] | None:
        """What the call changed of its arguments and of the state it can reach; None where that is too much."""
        if _size(before) > _COMPARED:
            return None
        departed = self._places.changed_from_baseline(self._places_reached(taken.site))
        same_places = departed.keys() == taken.departed.keys()
        if same_places and taken.key is not None and taken.make_key(departed) == taken.key:
            return []
        after = encode_roots(roots | departed)
        if _size(after) > _COMPARED:
            return None
        effects: list[Effect] = []
        for name, text in after.items():
            then = before[name] if name in before else self._baseline_text(name)
            if then is None:
                effects.append(Effect("changed", name, text))
            elif text != then:
                effects += [Effect("changed", one.path, one.got) for one in changes(then, text, root=name)]
        return effects

    def _baseline_text(self, place: str) -> str | None:
        """What a place held right after the import; None where nobody wrote that down while it was so."""
        value = self._places.at_baseline(place)
        return encode(value) if type(value) in UNCHANGING else self._baseline_texts.get(place)

    def _drop_collector(self, taken: Taken) -> None:
        if taken.collector is not None:
            taken.collector.pop()
            taken.files = taken.collector.states()
            taken.collector = None

    # --- for `session` -------------------------------------------------------------------------------------------

    def find(self, finding: Finding) -> None:
        """Write down something that could not be recorded."""
        with suppress(OSError):
            self._journal.append("finding", finding_to_data(finding))

    def counts(self) -> dict[Target, Count]:
        """How many calls of each target went where, in this process."""
        return self._counting.totals(self._all_sites)

    def write_counts(self) -> None:
        """Write down how many calls went where so far.

        Raises:
            OSError: where that cannot be done.
        """
        self._counting.write(self._all_sites)

    def begin_again_in_child(self) -> None:
        """After a fork: what was counted before is the parent's."""
        self._counting.begin_again(self._all_sites)
        self._thread.busy = False

    def end_calls(self) -> None:
        """The process is about to end in the middle of calls of this thread: keep what is known of them."""
        calls = self._thread.calls
        while calls:
            taken = calls.pop()
            self._drop_collector(taken)
            if taken.texts is None and not taken.can_wait:
                taken.site.fail(_NOT_ENDED)
                continue
            try:
                self._keep(taken, ended=False)
                taken.site.kept.add()
            except Exception as error:
                taken.site.fail(type(error).__name__)

    def retire(self) -> None:
        """Look at no more calls."""
        for site in self._all_sites:
            site.retire()


def _size(texts: Mapping[str, str]) -> int:
    return sum(map(len, texts.values()))
