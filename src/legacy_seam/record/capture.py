"""Looks at calls: the inputs before a call begins, its outcome after it has ended; keeps the telling ones.

Everything here runs inside the recorded program, in the middle of its calls, and never runs code of the program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import get_ident
from time import perf_counter, thread_time  # bound now: the program may put another clock in their place
from types import CodeType, FrameType
from typing import TYPE_CHECKING

from legacy_seam.boundary.call_sites import SiteHooks
from legacy_seam.calls import Answer, Call, Count
from legacy_seam.record.budget import SAVINGS, Budget
from legacy_seam.record.counting import Counting, Journal
from legacy_seam.record.definitions import Definition
from legacy_seam.record.delegation import Delegations
from legacy_seam.record.hearing import Ear
from legacy_seam.record.looking import Looking
from legacy_seam.record.novelty import Novelty
from legacy_seam.record.outside import Outside
from legacy_seam.record.probes import Hooks
from legacy_seam.record.reporter import Reporter, Running, Thread
from legacy_seam.record.sampling import DEFAULT, Policy
from legacy_seam.record.scribe import Scribe
from legacy_seam.record.sites import Site
from legacy_seam.record.taken import NO_BRANCHES, Taken
from legacy_seam.record.workers import Workers
from legacy_seam.store.ledger import Finding
from legacy_seam.store.wire import finding_to_data
from legacy_seam.targets import Target
from legacy_seam.values import encode

if TYPE_CHECKING:
    from types import ModuleType

    from legacy_seam.world.files import FileObserver
    from legacy_seam.world.state import Places


class Capture:
    """Takes calls, keeps the telling ones, and counts the rest.

    Args:
        journal: where they go.
        run: identifier of the `Run` they belong to.
        wanted: which targets are recorded.
        places: state of modules and classes, as it was after import.
        files: sees which files are opened.
        covered: gives a call without its secrets.
        policy: how much is kept.
        module_of: gives the live module behind the module name of a target.
        boundaries: patterns of targets that lie outside the program.
        savings: seconds that may be spent before recording is rationed (see `budget`).
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
        covered: Callable[[Call], Call] = lambda call: call,
        boundaries: Sequence[str] = (),
        savings: float = SAVINGS,
    ) -> None:
        self._journal = journal
        self._wanted = wanted
        self._files = files
        self._policy = policy
        self._scribe = Scribe(journal, run, places, module_of, put, covered, files)
        self._sites: dict[Definition, Site] = {}
        self._all_sites: list[Site] = []
        self._by_target: dict[Target, list[Site]] = {}
        self._thread = Thread()
        self._running = Running()
        self._ear = Ear(self._thread.contain)
        self._reporters: dict[Definition, Reporter] = {}
        self._delegations = Delegations()
        self._counting = Counting(journal, run)
        self._budget = Budget(savings)
        self._workers = Workers(self._running, files)
        self._outside = Outside(self._running, boundaries, lambda: places.modules(), self._workers, files)
        self._novelty = Novelty()
        self._looking = Looking(self._scribe, self._running, files, self._delegations, self._settle_name)

    # --- for `probes` --------------------------------------------------------------------------------------------

    def hooks(self, definition: Definition) -> Hooks | None:
        """What one function reports to, or None where it is not wanted."""
        site = Site(definition, self._policy, self._budget)
        if not self._wanted(site.target):
            return None
        site.pause_ends = self._write_counts_after_a_pause
        self._sites[definition] = site
        self._all_sites.append(site)
        namesakes = self._by_target.setdefault(site.target, [])
        namesakes.append(site)
        for namesake in namesakes if len(namesakes) > 1 else ():
            namesake.has_namesakes = True
        reporter = Reporter(site, self, self._thread, self._running)
        if definition.delegates:
            self._reporters[definition] = reporter
        if not definition.whole:
            return Hooks(site.gate, site.tally, reporter.begin)
        if definition.kind == "lambda":
            return Hooks(site.gate, site.tally.__next__, reporter.open, mark=site.path.add)
        runs_alone = definition.form == "doubled" and not definition.is_suspended
        return Hooks(
            gate=site.gate,
            tally=site.tally,
            enter=reporter.enter,
            note=reporter.note,
            mark=site.path.add if runs_alone else reporter.mark,
            raised=reporter.raised,
            done=reporter.done,
            yielded=reporter.yielded,
            resumed=reporter.resumed,
            thrown=reporter.thrown,
        )

    def ear(self) -> Ear:
        """What the items of generator expressions go past."""
        return self._ear

    def call_sites(self) -> SiteHooks:
        """What the call sites of watched bodies report to."""
        return self._outside.hooks()

    def bind(self, definition: Definition, code: CodeType) -> None:
        """The body of that function was compiled."""
        site = self._sites[definition]
        site.bind(code)
        self._novelty.watch(site)
        if definition.delegates and definition.whole:
            self._delegations.watch(code, self._reporters[definition].passed_on)

    def runs_at_import(self, code: CodeType) -> None:
        """This is the code of a module of the program."""
        self._outside.runs_at_import(code)

    def main_begins(self, module: ModuleType) -> None:
        """The script has defined everything: what is asked now is no part of its import."""
        self._outside.is_imported(vars(module).get("__file__"))

    def asked_at_import(self) -> tuple[Answer, ...]:
        """What the modules of the program asked outside while they were imported."""
        return self._outside.at_import.answers()

    # --- for `reporter` ------------------------------------------------------------------------------------------

    def take(self, site: Site, values: tuple[object, ...], frame: FrameType | None) -> Taken | None:
        """A call begins; None where it needs no looking at."""
        return self._looking.take(site, values, frame)

    def begun(self, taken: Taken, key: int) -> None:
        """A call that is looked at has begun: from now on, branches and files are those of this call."""
        site = taken.site
        taken.thread = get_ident()
        if site.definition.is_suspended:  # what is started by others that they call, they have on their stack
            self._workers.see_tasks()
        if not taken.can_wait and not taken.is_glance:
            self._listen(taken)
            self._outside.begun(taken)
        if site.path:
            taken.branches_before = frozenset(site.path)
            site.path.clear()
        if self._files is not None:
            taken.collector = self._files.collector()
            if site.definition.is_suspended:
                taken.collector.follow(key)
            else:
                taken.collector.push()

    def _listen(self, taken: Taken) -> None:
        """Hear what the call takes from generators that it was given."""
        for value in (*taken.values, *taken.free.values()):
            taken.given.seen(value)
        taken.given.listen(self._ear, self._tells_all)

    def _tells_all(self, key: int) -> bool | None:
        watched = self._running.get(key)
        return None if watched is None or watched.story is None else not watched.site.definition.delegates

    def _hear_no_more(self, taken: Taken) -> None:
        taken.given.stop(self._ear)
        if taken.texts is not None:
            taken.texts = taken.given.completed(taken.texts)

    def finish(self, taken: Taken) -> None:
        """A call has ended: was it worth keeping?"""
        site = taken.site
        path = frozenset(site.path | taken.branches)
        site.path.clear()
        site.path.update(taken.branches_before)
        self._drop_collector(taken)
        if taken.is_told_at_its_end() and not taken.is_glance and not site.sampler.is_first(taken.key_at_end()):
            site.duplicate.add()
            return
        self._decide(taken, taken.outcome_type(), path)

    def keep_beginning(self, taken: Taken) -> None:
        """A call has begun whose end will not be reported: are its inputs worth keeping?"""
        self._decide(taken, "", NO_BRANCHES)

    def left(self, frame: FrameType, error: BaseException | None) -> None:
        """An exception is leaving a watched body."""
        self._outside.left(frame, error)

    def ended(self, frame: FrameType) -> None:
        """A watched body has ended."""
        self._outside.ended(frame)

    def abandon(self, taken: Taken, why: str) -> None:
        """The end of a call was never reported."""
        self._drop_collector(taken)
        taken.site.fail(why)

    def is_heard(self, taken: Taken, key: int) -> None:
        """The body of a generator has begun: somebody may have been listening for it."""
        if not taken.site.definition.delegates:
            self._ear.begins(key)

    def overhear(self, key: int, value: object) -> None:
        """A generator yields this: somebody may be listening."""
        self._ear.overhear(key, value)

    def item(self, taken: Taken, value: object) -> str:
        """What a generator yields, as text."""
        return encode(value, names=taken.names())

    def input(self, taken: Taken, value: object) -> str:
        """What was sent or thrown into a generator, as text."""
        return encode(value)

    def _settle_name(self, site: Site) -> None:
        """Several functions bear one name; all but the one that stands under it are known by their number."""
        if ".<locals>." in site.definition.qualname or site.is_settled:
            return
        function = self._scribe.live_function(site, site.target)
        if function is None:  # its module is being imported, as it may be
            return
        site.is_settled = True
        if function.__code__ is not site.code:
            self._by_target[site.target].remove(site)
            site.target = Target(site.target.module, site.definition.numbered)
            self._by_target.setdefault(site.target, []).append(site)

    # --- after the call ------------------------------------------------------------------------------------------

    def _decide(self, taken: Taken, outcome: str, path: frozenset[int]) -> None:
        began, began_at = thread_time(), perf_counter()
        site, sampler = taken.site, taken.site.sampler
        try:
            if taken.is_glance:
                self._note_glance(taken, path, outcome)
            elif not sampler.is_worth_keeping(path, taken.numbers, outcome, taken.words):
                site.sampled_out.add()
            elif taken.texts is None and not taken.can_wait and site.definition.whole:
                sampler.miss()
                site.sampled_out.add()
            else:
                site.keep(self._scribe.keep(taken))
                sampler.keep(path, outcome)
        finally:
            site.spend(thread_time() - began, perf_counter() - began_at)
        with suppress(OSError):
            self._write_counts_now_and_then(site)

    def _note_glance(self, taken: Taken, path: frozenset[int], outcome: str) -> None:
        site = taken.site
        if taken.is_counted:
            return
        site.sampled_out.add()
        if site.is_exhausted:
            site.retire()
            why = f"writing down its inputs takes too long: {site.kept.value} calls were kept, the others counted"
            self.find(Finding(site.target, str(site.target), why))
        elif not site.is_rationed and site.sampler.is_surprising(path, outcome):
            site.sampler.miss()

    def _write_counts_now_and_then(self, site: Site) -> None:
        if self._counting.is_due():
            self._counting.write(self._all_sites)
        elif self._counting.is_in_child:
            self._counting.write_at_once(self._by_target[site.target])

    def _write_counts_after_a_pause(self) -> None:
        """Calls that nobody looks at are counted on disk, too: a program that is killed has no last word."""
        with suppress(OSError):
            self.write_counts_if_due()

    def _drop_collector(self, taken: Taken) -> None:
        self._hear_no_more(taken)
        if taken.transcript is not None:
            taken.transcript.close()
        if taken.collector is not None:
            taken.collector.pop()
            taken.files, taken.later = taken.collector.states(), taken.collector.noted
            taken.site.uses_databases |= bool(taken.later)
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

    def write_counts_if_due(self) -> None:
        """The same, where the last time is long enough ago.

        Raises:
            OSError: where that cannot be done.
        """
        if self._counting.is_due():
            self._counting.write(self._all_sites)

    def expect_a_sudden_end(self) -> None:
        """This process belongs to another, which may end it without a warning."""
        self._counting.is_in_child = True

    def begin_again_in_child(self) -> None:
        """After a fork: what was counted before is the parent's, and so are the calls of its other threads, and
        those that the process ends in the middle of."""
        self._counting.begin_again(self._all_sites)
        self._thread.busy = False
        self._outside.begin_again()
        mine = get_ident()
        for key, taken in list(self._running.items()):
            taken.is_of_parent = True
            if taken.thread != mine:
                del self._running[key]

    def end_calls(self, *, of_this_thread: bool = False) -> None:
        """The recording is about to end in the middle of calls: keep what is known of them.

        Args:
            of_this_thread: only of those that began in this thread.
        """
        mine = get_ident()
        for key, taken in list(self._running.items()):
            if (of_this_thread and taken.thread != mine) or self._running.pop(key, None) is None:
                continue
            self._drop_collector(taken)
            if taken.is_of_parent:
                continue
            if taken.is_glance or (taken.texts is None and not taken.can_wait):
                taken.site.sampled_out.add()
                continue
            try:
                taken.site.keep(self._scribe.keep(taken, ended=False))
            except Exception as error:
                taken.site.fail(type(error).__name__)

    def begin(self) -> None:
        """The program is about to run."""
        self._workers.start()

    def retire(self) -> None:
        """Look at no more calls."""
        self._workers.stop()
        self._novelty.stop()
        for site in self._all_sites:
            site.retire()
        self._delegations.stop()
