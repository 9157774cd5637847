"""Make golden masters: replay recorded calls until it is plain what of them holds still.

Each call is run several times under surroundings that must not matter. Where its outcome is the same every time it
becomes a case, where it is not the reason is looked for and named. Nothing is written that has not been verified,
twice, from its own text, by processes that knew nothing of how it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from legacy_seam.calls import Call, Case, Outcome, Run
from legacy_seam.errors import SeamError
from legacy_seam.golden.approval import approve
from legacy_seam.golden.choose import choose
from legacy_seam.golden.compare import compare
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster, Isolation
from legacy_seam.golden.perturb import BASE, CONTROLLED, UNCONTROLLED, surroundings
from legacy_seam.golden.text import read, read_instant, write_instant
from legacy_seam.golden.verify import Verification, judge, verify
from legacy_seam.golden.world_text import named_by_content, seen_from
from legacy_seam.replay import Batch, Conditions, Replayed, Replayer
from legacy_seam.store.blobs import Blobs
from legacy_seam.targets import Target

State = Literal["pinned", "unstable", "refused"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly to pin, and how much to keep.

    runs:            how often each call is replayed before it is believed.
    most_cases:      at most so many cases for one target.
    most_characters: stop choosing cases once their inputs are longer than this together.
    """

    runs: int = 3
    most_cases: int = 100
    most_characters: int = 400_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of one target: its calls, and the runs that they belong to."""

    target: Target
    calls: tuple[Call, ...]
    runs: Mapping[str, Run]


@dataclass(frozen=True, slots=True)
class Pinned:
    """What became of one target.

    reason:     why it is not wholly pinned: what moved, or why it could not be replayed. None where all is well.
    site:       the place in the source that is the reason, where it is known.
    depends_on: what of the controlled world moves its outcome, with the place where it is read.
    departures: how many cases come out otherwise than was seen in the wild, and the first such place.
    differs:    for a target that had a golden master which no longer verifies; nothing was written then.
    """

    target: Target
    state: State
    cases: int
    reason: str | None = None
    site: str | None = None
    depends_on: tuple[str, ...] = ()
    departures: tuple[int, str] | None = None
    differs: Verification | None = None


@dataclass(slots=True)
class _Replays:
    """What is known so far of one target's calls."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    refusals: list[Replayed] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)  # identity -> path of the first difference


class Pinner:
    """Pins targets one after the other into one golden directory.

    Args:
        project: the directory that modules are imported from.
        directory: where golden masters are written.
        blobs: contents of the files that recorded calls opened.
        replayer: runs calls.
        checker: another replayer, whose processes see nothing but what is going to be written.
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
        self.project = project
        self.directory = directory
        self.blobs = blobs
        self.replayer = replayer
        self.checker = checker
        self.plan = plan

    def pin(self, recorded: Sequence[Recorded], *, afresh: bool = False) -> Iterator[Pinned]:
        """Pin targets in the order given; each golden master is written as soon as it is known to hold.

        Args:
            recorded: what to pin.
            afresh: forget existing golden masters of these targets, whatever was approved.
        """
        for one in recorded:
            yield self._pin(_settled(one, self.project), afresh=afresh)

    def _pin(self, recorded: Recorded, *, afresh: bool) -> Pinned:
        path = self.directory.path_of(recorded.target)
        existing = self.directory.load(path) if path.exists() and not afresh else None
        if existing is not None:
            verification = next(iter(verify([(path, existing)], self.directory, self.checker)))
            if verification.status != "passed":
                return Pinned(
                    recorded.target,
                    "pinned",
                    len(existing.cases),
                    reason=verification.problem or "behaves otherwise than its golden master says",
                    differs=verification,
                )
        return self._pin_calls(path, recorded, existing)

    def _pin_calls(self, path: Path, recorded: Recorded, existing: GoldenMaster | None) -> Pinned:
        known = {case.call.identity for case in existing.cases} if existing else set()
        room = max(self.plan.most_cases - len(known), 0)
        fresh = [call for call in recorded.calls if call.identity not in known]
        calls = choose(fresh, most=room, most_characters=self.plan.most_characters) if room else []
        self._keep_files(calls, recorded.runs)
        isolation: Isolation = existing.isolation if existing else "shared"
        replays = self._replay_until_sure(recorded, calls, isolation)
        if isolation == "shared" and replays.moved:
            alone = self._replay_until_sure(recorded, calls, "fresh")
            if len(alone.moved) < len(replays.moved):
                replays, isolation = alone, "fresh"
        stable = [call for call in calls if call.identity in replays.outcomes and call.identity not in replays.moved]
        cases = [Case(call, replays.outcomes[call.identity]) for call in stable]
        cases += existing.cases if existing else ()
        depends_on = self._dependencies(recorded, stable, replays.outcomes, isolation)
        if existing:
            depends_on = tuple(dict.fromkeys((*existing.depends_on, *depends_on)))
        signature = self._signature(calls) or (existing.signature if existing else "")
        master = GoldenMaster(
            recorded.target,
            tuple(sorted(cases, key=lambda case: case.call.identity)),
            signature=signature,
            isolation=isolation,
            depends_on=depends_on,
        )
        master, red = self._only_green(path, master, recorded.runs)
        replays.moved.update(red)
        if not master.cases:
            return self._not_pinned(recorded, calls, replays)
        self._write(path, master, recorded.runs)
        return Pinned(
            recorded.target,
            "pinned",
            len(master.cases),
            *self._what_is_missing(recorded, calls, replays),
            depends_on=depends_on,
            departures=_departures(stable, replays.outcomes),
        )

    # ---------------------------------------------------------------------------------------- replaying

    def _replay(self, recorded: Recorded, calls: Sequence[Call], conditions: Conditions) -> dict[str, Replayed]:
        by_run: dict[str, list[Call]] = {}
        for call in calls:
            by_run.setdefault(call.run, []).append(call)
        batches = [Batch(recorded.target, tuple(some), recorded.runs[run]) for run, some in by_run.items()]
        return {replayed.identity: replayed for replayed in self.replayer.run(batches, conditions)}

    def _replay_until_sure(self, recorded: Recorded, calls: Sequence[Call], isolation: Isolation) -> _Replays:
        found = _Replays()
        waiting = list(calls)
        for number, conditions in enumerate(surroundings(self.plan.runs)):
            if not waiting:
                break
            replays = self._replay(recorded, waiting, conditions.replace(isolation=isolation))
            for call in waiting:
                replayed = replays.get(call.identity)
                if replayed is None or replayed.outcome is None:
                    found.refusals.append(
                        replayed or Replayed(call.identity, refusal="it was not replayed", refusal_kind="lost")
                    )
                    found.outcomes.pop(call.identity, None)
                elif number == 0:
                    found.outcomes[call.identity] = replayed.outcome
                elif differences := compare(found.outcomes[call.identity], replayed.outcome):
                    found.moved.setdefault(call.identity, differences[0].path)
            waiting = [call for call in waiting if call.identity in found.outcomes]
        return found

    # ---------------------------------------------------------------------------------------- naming causes

    def _dependencies(
        self, recorded: Recorded, calls: Sequence[Call], outcomes: Mapping[str, Outcome], isolation: Isolation
    ) -> tuple[str, ...]:
        """What of the controlled world moves these outcomes, each with the place where it is read."""
        moving: dict[str, Call] = {}
        for perturbation in CONTROLLED:
            if perturbation.moves in moving or not calls:
                continue
            replays = self._replay(recorded, calls, perturbation.conditions.replace(isolation=isolation))
            for call in calls:
                replayed = replays.get(call.identity)
                if replayed and replayed.outcome and compare(outcomes[call.identity], replayed.outcome):
                    moving[perturbation.moves] = call
                    break
        return tuple(
            f"{source} at {site}" if (site := self._site(recorded, call, source)) else source
            for source, call in moving.items()
        )

    def _site(self, recorded: Recorded, call: Call, source: str) -> str | None:
        traced = self._replay(recorded, [call], BASE.replace(isolation="fresh", trace_sources=True))
        for replayed in traced.values():
            for read in replayed.sources:
                if read.source.kind == source:
                    return read.site
        return None

    def _cause(self, recorded: Recorded, call: Call, place: str) -> tuple[str, str | None]:
        """Why the outcome of a call does not hold still, and where in the source that comes from."""
        conditions = BASE.replace(isolation="fresh", trace_sources=True)
        base = self._replay(recorded, [call], conditions).get(call.identity)
        moved_by = "one run to the next"
        for perturbation in UNCONTROLLED:
            replayed = self._replay(recorded, [call], perturbation.conditions.replace(isolation="fresh"))
            one = replayed.get(call.identity)
            if base and base.outcome and one and one.outcome and compare(base.outcome, one.outcome):
                moved_by = perturbation.moves
                break
        reads = [read for read in (base.sources if base else ()) if not read.source.controlled]
        if reads:
            names = ", ".join(dict.fromkeys(read.source.name for read in reads))
            return f"{place} differs with {moved_by}; it reads {names}", reads[0].site
        return f"{place} differs with {moved_by}; no source that is known to move was seen", None

    # ---------------------------------------------------------------------------------------- verdicts

    def _not_pinned(self, recorded: Recorded, calls: Sequence[Call], replays: _Replays) -> Pinned:
        state: State = "unstable" if replays.moved else "refused"
        reason, site = self._what_is_missing(recorded, calls, replays)
        return Pinned(recorded.target, state, 0, reason or "no call of it was kept", site)

    def _what_is_missing(
        self, recorded: Recorded, calls: Sequence[Call], replays: _Replays
    ) -> tuple[str | None, str | None]:
        if replays.moved:
            identity, place = next(iter(replays.moved.items()))
            call = next(call for call in calls if call.identity == identity)
            reason, site = self._cause(recorded, call, place)
            return f"{_of(len(replays.moved), len(calls))}: {reason}", site
        if replays.refusals:
            first = replays.refusals[0]
            return f"{_of(len(replays.refusals), len(calls))}: {first.refusal}", first.site
        return None, None

    # ---------------------------------------------------------------------------------------- writing

    def _only_green(
        self, path: Path, master: GoldenMaster, runs: Mapping[str, Run]
    ) -> tuple[GoldenMaster, dict[str, str]]:
        """Verify what would be written, twice, from its own text; leave out what is not green."""
        red: dict[str, str] = {}
        for conditions in (BASE, surroundings(3)[1]):
            if not master.cases:
                break
            written = self.directory.write(master)
            copy = read(written.text, str(path), lambda digest, large=written.large: large[digest])  # type: ignore[misc]
            by_run: dict[str, list[Call]] = {}
            for case in copy.cases:
                by_run.setdefault(case.call.run, []).append(case.call)
            batches = [Batch(copy.target, tuple(calls), self._world(run, runs)) for run, calls in by_run.items()]
            replays = self.checker.run(batches, conditions.replace(isolation=copy.isolation))
            verification = judge(path, copy, {replayed.identity: replayed for replayed in replays})
            if verification.status == "error":
                return replace(master, cases=()), red
            red |= {one.case: one.difference.path for one in reversed(verification.differences)}
            master = replace(
                master, cases=tuple(case for case in master.cases if case.call.identity not in red)
            )
        return master, red

    def _world(self, identity: str, runs: Mapping[str, Run]) -> Run:
        return runs[identity] if identity in runs else self.directory.world(identity)

    def _write(self, path: Path, master: GoldenMaster, runs: Mapping[str, Run]) -> None:
        written = self.directory.write(master)
        used = dict.fromkeys(case.call.run for case in master.cases)
        self.directory.save_beside(written, [runs[identity] for identity in used if identity in runs])
        try:
            approve(path, written.text)
        except OSError as error:
            raise SeamError(
                f"{path} cannot be written ({error.strerror}); make it writable, or name another directory with"
                " --golden"
            ) from error

    def _keep_files(self, calls: Sequence[Call], runs: Mapping[str, Run]) -> None:
        """Copy the contents that replays need from the recordings to the golden directory."""
        states = [state for call in calls for state in call.files]
        states += [state for run in dict.fromkeys(call.run for call in calls) for state in runs[run].files]
        for digest in dict.fromkeys(state.digest for state in states):
            if digest is not None and not self.directory.files.has(digest):
                self.directory.files.put(self.blobs.get(digest))

    def _signature(self, calls: Sequence[Call]) -> str:
        names = dict.fromkeys(name for call in calls for name in (*call.arguments, *call.defaulted))
        return f"({', '.join(names)})" if calls else ""


def _settled(recorded: Recorded, project: Path) -> Recorded:
    """The same calls under the names and with the precision that the golden master will give them."""
    runs = {identity: named_by_content(seen_from(project, run)) for identity, run in recorded.runs.items()}
    calls = tuple(
        replace(call, run=runs[call.run].identity, instant=read_instant(write_instant(call.instant)))
        for call in recorded.calls
        if call.run in runs
    )
    return Recorded(recorded.target, calls, {run.identity: run for run in runs.values()})


def _departures(calls: Sequence[Call], outcomes: Mapping[str, Outcome]) -> tuple[int, str] | None:
    """How many calls came out otherwise than in the wild, of what can be seen from outside, and where first."""
    places: list[str] = []
    for call in calls:
        if call.observed is None:
            continue
        kinds = ("returned", "raised", "changed")
        seen = Outcome(tuple(effect for effect in call.observed.effects if effect.kind in kinds))
        names = {effect.place for effect in seen.effects}
        again = Outcome(
            tuple(
                effect
                for effect in outcomes[call.identity].effects
                if effect.kind in kinds and (effect.kind != "changed" or effect.place in names or ":" not in effect.place)
            )
        )
        if differences := compare(seen, again):
            places.append(differences[0].path)
    return (len(places), places[0]) if places else None


def _of(some: int, all_of_them: int) -> str:
    return f"{some} of {all_of_them} calls" if some < all_of_them else "every call"
