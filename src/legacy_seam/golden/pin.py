"""Make golden masters: replay recorded calls until it is plain what of them holds still.

Each call is run several times under surroundings that must not matter. Where its outcome is the same every time it
becomes a case, where it is not the reason is looked for and named. Nothing is written that has not been verified,
twice, from its own text, by processes that knew nothing of how it was made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from legacy_seam.calls import Call, Case, Run
from legacy_seam.errors import SeamError
from legacy_seam.golden.approval import approve
from legacy_seam.golden.choose import choose
from legacy_seam.golden.compare import not_compared
from legacy_seam.golden.directory import CannotWrite, GoldenDirectory
from legacy_seam.golden.libraries import WHY, Libraries
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.perturb import BASE, ELSEWHERE, surroundings
from legacy_seam.golden.portable import portable
from legacy_seam.golden.recorded import Recorded, Settling
from legacy_seam.golden.selecting import VARIETY, Selection, leave_out_the_superfluous
from legacy_seam.golden.text import GoldenDamaged, read
from legacy_seam.golden.trial import Trial, cause, dependencies, hold_still, replay
from legacy_seam.golden.verify import Verification, verify
from legacy_seam.golden.wild import cut_short, departures
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay import Replayer
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import StoreError
from legacy_seam.store.pieces import Sizes, digests, join
from legacy_seam.targets import Target
from legacy_seam.values.tolerance import Tolerance, tolerances_for

State = Literal["pinned", "unstable", "refused"]
_FIRST_CHUNK, _CHUNK = 40, 200
"""So many targets go through all steps together, each of which imports the program: that may take the longest.

What is pinned is safe from an interrupt after each chunk, so the first one is small."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly to pin, and how much to keep.

    runs:            how often each call is replayed before it is believed.
    most_cases:      at most so many cases for one target.
    most_characters: stop choosing cases once their inputs are longer than this together.
    heavy:           targets whose inputs are longer than this together are replayed less often.
    tolerances:      how far numbers in outcomes may be apart and still be said to hold still.
    keep_all:        make a case of every call that holds still, not only of those that show something new.
    variety:         so many cases of one target at the least, as long as their outcomes differ.
    notices:         identity of a call -> mutants that it was found to notice; such a call shows something.
    """

    runs: int = 3
    most_cases: int = 100
    most_characters: int = 400_000
    heavy: int = 2_000_000
    tolerances: tuple[Tolerance, ...] = ()
    keep_all: bool = False
    variety: int = VARIETY
    notices: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pinned:
    """What became of one target.

    reason:     why it is not wholly pinned: what moved, or why it could not be replayed. None where all is well.
    site:       the place in the source that is the reason, where it is known.
    depends_on: what of the controlled world moves its outcome, with the place where it is read.
    asks:       who it asks outside; a replay is answered from the recording.
    departures: how many cases come out otherwise than was seen in the wild, and the first such place.
    differs:    for a target that had a golden master which no longer verifies; nothing was written then.
    problem:    a file of it that cannot be read or written, and what to do; the golden master is then as it was.
    left_out:   how many calls hold still and are no cases, since the cases show all that they show.
    unread:     what its cases change and is too large to be compared.
    """

    target: Target
    state: State
    cases: int
    reason: str | None = None
    site: str | None = None
    depends_on: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    departures: tuple[int, str] | None = None
    differs: Verification | None = None
    problem: str | None = None
    left_out: int = 0
    unread: str = ""


class Pinner:
    """Pins targets into one golden directory.

    Args:
        project: the directory that modules are imported from.
        directory: where golden masters are written.
        blobs: contents of the files that recorded calls opened.
        replayer: runs calls; it has the contents of the recordings, and of the golden directory.
        checker: another replayer, whose processes see nothing but what is going to be written. They come from
            another zygote: what has an address of its own in each looks stable among the children of one.
        plan: how thoroughly, how much.
    """

    def __init__(
        self,
        project: Path,
        directory: GoldenDirectory,
        blobs: Blobs,
        replayer: Replayer,
        checker: Replayer,
        plan: Plan,
    ) -> None:
        self.directory = directory
        self.blobs = blobs
        self.replayer = replayer
        self.checker = checker
        self.plan = plan
        self.sizes = Sizes(blobs.get)
        root = project.resolve()
        self.libraries = Libraries(root)
        self._settling = Settling(root, blobs.get)
        self._root = str(root)

    def pin(self, recorded: Sequence[Recorded], *, afresh: bool = False) -> Iterator[Pinned]:
        """Pin targets in the order given; golden masters are written chunk by chunk.

        Args:
            recorded: what to pin.
            afresh: forget existing golden masters of these targets, whatever was approved.

        Raises:
            CannotWrite: where the golden directory cannot be written at all.
        """
        start, until = 0, _FIRST_CHUNK
        while start < len(recorded):
            chunk = [self._settling.settled(one) for one in recorded[start:until]]
            yield from self._pin_chunk(chunk, afresh=afresh)
            start, until = until, until + _CHUNK

    def _pin_chunk(self, chunk: Sequence[Recorded], *, afresh: bool) -> Iterator[Pinned]:
        results: dict[Target, Pinned] = {}
        existing = {} if afresh else self._existing(chunk, results)
        results |= self._departed(existing)
        trials = self._trials([one for one in chunk if one.target not in results], existing, results)
        hold_still(self.replayer, trials, surroundings(self.plan.runs))
        trials = self._alone_where_that_helps(trials)
        self._leave_out_what_tells_of_libraries(trials)
        depends_on = dependencies(self.replayer, trials)
        self._leave_out(trials, existing)
        for trial in trials:
            self._keep_files(trial.stable(), trial.runs)
        masters = {
            trial.target: _master(trial, existing.get(trial.target), depends_on.get(trial.target, ()))
            for trial in trials
        }
        masters = self._only_green(masters, {trial.target: trial for trial in trials})
        on_trial = {trial.target: trial for trial in trials}
        for one in chunk:
            target = one.target
            if target in on_trial:
                yield self._conclude(on_trial[target], masters[target], existing.get(target))
            else:
                yield results[target]

    # ---------------------------------------------------------------------------------------- what is there

    def _existing(self, chunk: Sequence[Recorded], results: dict[Target, Pinned]) -> dict[Target, GoldenMaster]:
        """The golden masters that are there; those that cannot be read are noted in the results, and left alone."""
        existing: dict[Target, GoldenMaster] = {}
        for one in chunk:
            path = self.directory.path_of(one.target)
            try:
                if path.exists():
                    existing[one.target] = self.directory.load(path)
            except GoldenDamaged as damage:
                results[one.target] = _troubled(one.target, damage)
        return existing

    def _departed(self, existing: Mapping[Target, GoldenMaster]) -> dict[Target, Pinned]:
        """Targets whose golden master does not hold any more: nothing is added to it before a person decides."""
        goldens = [(self.directory.path_of(target), master) for target, master in existing.items()]
        return {
            one.target: Pinned(
                one.target,
                "pinned",
                one.cases,
                reason=one.problem or "behaves otherwise than its golden master says",
                differs=one,
            )
            for one in verify(goldens, self.directory, self.checker, tolerances=self.plan.tolerances)
            if one.status != "passed"
        }

    def _trials(
        self,
        recorded: Sequence[Recorded],
        existing: Mapping[Target, GoldenMaster],
        results: dict[Target, Pinned],
    ) -> list[Trial]:
        """Trials of all targets; those whose recordings are damaged are noted in the results."""
        trials: list[Trial] = []
        for one in recorded:
            try:
                trials.append(self._trial(one, existing.get(one.target)))
            except StoreError as damage:
                results[one.target] = _troubled(one.target, damage)
        return trials

    def _trial(self, recorded: Recorded, existing: GoldenMaster | None) -> Trial:
        """The calls that are to become cases."""
        known = {case.call.identity for case in existing.cases} if existing else set()
        room = self.plan.most_cases - len(known)
        most = room if self.plan.keep_all else self.plan.most_cases
        fresh = [call for call in recorded.calls if call.identity not in known]
        chosen = choose(fresh, self.sizes, most, self.plan.most_characters) if room > 0 else []
        calls = [portable(call, (self._root, recorded.places[call.run]), self.blobs) for call in chosen]
        for digest in self._needed(calls, recorded.runs):
            self.blobs.get(digest)  # what is damaged is told of before anything is replayed
        isolation = existing.isolation if existing else "shared"
        is_heavy = sum(map(self._size_of, calls)) > self.plan.heavy
        tolerances = tolerances_for(recorded.target, self.plan.tolerances)
        return Trial(recorded.target, calls, recorded.runs, isolation, is_heavy, tolerances=tolerances)

    def _size_of(self, call: Call) -> int:
        return sum(map(self.sizes.of, call.texts()))

    def _keep_files(self, calls: Sequence[Call], runs: Mapping[str, Run]) -> None:
        """Copy what replays need from the recordings to the golden directory: files, pieces of large inputs."""
        for digest in self._needed(calls, runs):
            self.directory.keep(self.blobs.get(digest))

    def _needed(self, calls: Sequence[Call], runs: Mapping[str, Run]) -> set[str]:
        """The contents that calls need and the golden directory does not have, by their digests."""
        states = [state for call in calls for state in call.files]
        states += [state for run in dict.fromkeys(call.run for call in calls) for state in runs[run].files]
        needed = {state.digest for state in states if state.digest is not None}
        for call in calls:
            for text in call.texts():
                needed |= digests(text, self.blobs.get)
        return {digest for digest in needed if not self.directory.files.has(digest)}

    # ---------------------------------------------------------------------------------------- trying

    def _alone_where_that_helps(self, trials: Sequence[Trial]) -> list[Trial]:
        """Cases that disturb each other are tried again, each in a process of its own."""
        moved = [trial for trial in trials if trial.moved and trial.isolation == "shared"]
        alone = [
            Trial(trial.target, trial.calls, trial.runs, "fresh", trial.is_heavy, tolerances=trial.tolerances)
            for trial in moved
        ]
        hold_still(self.replayer, alone, surroundings(self.plan.runs))
        better = {
            one.target: one for one, trial in zip(alone, moved, strict=True) if len(one.moved) < len(trial.moved)
        }
        return [better.get(trial.target, trial) for trial in trials]

    def _leave_out_what_tells_of_libraries(self, trials: Sequence[Trial]) -> None:
        for trial in trials:
            for call in trial.stable():
                place = self.libraries.told_by(trial.outcomes[call.identity], partial(self._whole_texts, call))
                if place is not None:
                    trial.moved[call.identity], trial.why[call.identity] = place, WHY

    def _whole_texts(self, call: Call) -> list[str]:
        return [join(text, self.blobs.get) for text in call.texts()]

    def _leave_out(self, trials: Sequence[Trial], existing: Mapping[Target, GoldenMaster]) -> None:
        """Calls that show nothing that others do not show are no cases."""
        if not self.plan.keep_all:
            selection = Selection(self.plan.variety, self.plan.most_cases, self.plan.notices)
            leave_out_the_superfluous(self.replayer, trials, existing, self.directory, selection, self._size_of)

    def _only_green(
        self, masters: Mapping[Target, GoldenMaster], trials: Mapping[Target, Trial]
    ) -> dict[Target, GoldenMaster]:
        """Verify what would be written, twice, from its own text; leave out what is not green."""
        green = dict(masters)
        for conditions in (BASE, ELSEWHERE):
            copies = [
                self._as_it_will_be_read(master, trials[target])
                for target, master in green.items()
                if conditions is BASE or not trials[target].is_heavy
            ]
            results = replay(self.checker, [(copy, copy.calls) for copy in copies], conditions)
            for copy in copies:
                for call in copy.calls:
                    replayed = results.get((copy.target, call.identity))
                    outcome = replayed.outcome if replayed else None
                    if outcome is None or (found := copy.departures(copy.outcomes[call.identity], outcome)):
                        place = "the whole outcome" if outcome is None else found[0].path
                        trials[copy.target].moved.setdefault(call.identity, place)
            for target, master in green.items():
                moved = trials[target].moved
                cases = tuple(case for case in master.cases if case.call.identity not in moved)
                green[target] = replace(master, cases=cases)
        return green

    def _as_it_will_be_read(self, master: GoldenMaster, trial: Trial) -> Trial:
        copy = read(self.directory.write(master), str(master.target), self.directory.files.get)
        worlds = {case.call.run for case in copy.cases}
        runs = {name: trial.runs[name] if name in trial.runs else self.directory.world(name) for name in worlds}
        outcomes = {case.call.identity: case.approved for case in copy.cases}
        return Trial(
            copy.target,
            [case.call for case in copy.cases],
            runs,
            copy.isolation,
            outcomes=outcomes,
            tolerances=trial.tolerances,
        )

    # ---------------------------------------------------------------------------------------- concluding

    def _conclude(self, trial: Trial, master: GoldenMaster, existing: GoldenMaster | None) -> Pinned:
        reason, site = self._what_is_missing(trial)
        if not master.cases:
            state: State = "unstable" if trial.moved else "refused"
            return Pinned(trial.target, state, 0, reason or "no call of it was kept", site)
        if existing is None or {case.call.identity for case in master.cases} != {
            case.call.identity for case in existing.cases
        }:
            try:
                self._write(master, trial.runs)
            except CannotWrite as error:
                return _troubled(trial.target, error)
        return Pinned(
            trial.target,
            "pinned",
            len(master.cases),
            reason,
            site,
            depends_on=master.depends_on,
            asks=tuple(dict.fromkeys(name for case in master.cases for name in case.call.asks())),
            departures=departures(trial),
            left_out=len(trial.superfluous),
            unread=not_compared(case.approved for case in master.cases),
        )

    def _what_is_missing(self, trial: Trial) -> tuple[str | None, str | None]:
        if recent := [identity for identity in trial.moved if any(c.identity == identity for c in trial.calls)]:
            reason, site = cause(self.replayer, trial, recent[0])
            return f"{_of(len(recent), len(trial.calls))}: {reason}", site
        if trial.refusals:
            first = trial.refusals[0]
            return f"{_of(len(trial.refusals), len(trial.calls))}: {first.refusal}", first.site
        if denied := cut_short(trial):
            return f"{_of(len(denied), len(trial.calls))}: pinned up to what a replay may not do: {denied[0]}", None
        return None, None

    def _write(self, master: GoldenMaster, runs: Mapping[str, Run]) -> None:
        path = self.directory.path_of(master.target)
        text = self.directory.write(master)
        used = dict.fromkeys(case.call.run for case in master.cases)
        self.directory.save_worlds([runs[identity] for identity in used if identity in runs])
        try:
            approve(path, text)
        except OSError as error:
            raise CannotWrite(self.directory.path, error) from error


def _troubled(target: Target, error: SeamError) -> Pinned:
    return Pinned(target, "refused", 0, reason=str(error), problem=str(error))


def _master(trial: Trial, existing: GoldenMaster | None, depends_on: Sequence[str]) -> GoldenMaster:
    cases = [Case(call, trial.outcomes[call.identity]) for call in trial.stable()]
    cases += existing.cases if existing else ()
    names = dict.fromkeys(name for call in trial.calls for name in (*call.arguments, *call.defaulted))
    return GoldenMaster(
        trial.target,
        tuple(sorted(cases, key=lambda case: case.call.identity)),
        signature=existing.signature if existing else f"({', '.join(names)})",
        isolation=trial.isolation,
        is_minimal=existing is not None and existing.is_minimal,
        depends_on=tuple(dict.fromkeys((*(existing.depends_on if existing else ()), *depends_on))),
    )


def _of(some: int, all_of_them: int) -> str:
    return f"{some} of {all_of_them} calls" if some < all_of_them else "every call"
