"""Recorded calls on trial: replayed under many surroundings, until it is known which of them hold still.

All targets of a chunk are replayed together, as they will be when they are verified, so that whatever one target
leaves behind for the next comes to light here and not in somebody's build.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from legacy_seam.calls import Call, Difference, Outcome, Run
from legacy_seam.golden.compare import compare, unread_ending
from legacy_seam.golden.master import Isolation
from legacy_seam.golden.perturb import AT_ONCE, BASE, CONTROLLED, HELD_STILL, UNCONTROLLED, Perturbation
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay import NO_ANSWER, WAITS_FOR_EVER, Batch, Conditions, Replayed, Replayer
from legacy_seam.targets import Target
from legacy_seam.values import decode
from legacy_seam.values.tolerance import Tolerance


@dataclass(slots=True)
class Trial:
    """The calls of one target, and what is known of them so far.

    is_heavy: its inputs are so large that each replay takes seconds; it is replayed no more often than needed.
    outcomes: identity -> outcome under the base conditions, for calls that could be replayed.
    refusals: calls that could not.
    moved:    identity -> place of the first difference, for calls whose outcome did not hold still.
    swayed:   identity -> places of its outcome that another clock, randomness or hash seed moves.
    tolerances: how far numbers in outcomes may be apart and still be said to hold still.
    superfluous: calls that hold still and are left out, since others show all that they show.
    why:      identity -> what is wrong with the place in `moved`, where that is known without another replay.
    """

    target: Target
    calls: Sequence[Call]
    runs: Mapping[str, Run]
    isolation: Isolation = "shared"
    is_heavy: bool = False
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    refusals: list[Replayed] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    swayed: dict[str, frozenset[str]] = field(default_factory=dict)
    tolerances: tuple[Tolerance, ...] = ()
    superfluous: set[str] = field(default_factory=set)
    why: dict[str, str] = field(default_factory=dict)

    def stable(self) -> list[Call]:
        """The calls that came out the same every time, without those that are left out."""
        excluded = self.moved.keys() | self.superfluous
        return [call for call in self.calls if call.identity in self.outcomes and call.identity not in excluded]

    def departures(self, one: Outcome, other: Outcome) -> list[Difference]:
        """Where two outcomes of a call part."""
        return [] if one is other else compare(one, other, self.tolerances)

    def call(self, identity: str) -> Call:
        """The call of that name."""
        return next(call for call in self.calls if call.identity == identity)


_ENOUGH = 2
"""Replays under different surroundings that are enough for a heavy trial."""

Results = dict[tuple[Target, str], Replayed]


def replay(replayer: Replayer, wanted: Iterable[tuple[Trial, Sequence[Call]]], conditions: Conditions) -> Results:
    """Replay calls of several trials together.

    Args:
        replayer: runs calls.
        wanted: which calls of which trial.
        conditions: the surroundings; the isolation is each trial's own.
    """
    by_isolation: dict[Isolation, list[Batch]] = defaultdict(list)
    for trial, calls in wanted:
        by_run: dict[str, list[Call]] = defaultdict(list)
        for call in calls:
            by_run[call.run].append(call)
        for run, some in by_run.items():
            by_isolation[trial.isolation].append(Batch(trial.target, tuple(some), trial.runs[run], trial.outcomes))
    results: Results = {}
    for isolation, batches in by_isolation.items():
        for replayed in replayer.run(batches, conditions.replace(isolation=isolation)):
            if replayed.target is not None:
                results[replayed.target, replayed.identity] = replayed
    return results


def hold_still(replayer: Replayer, trials: Sequence[Trial], surroundings: Sequence[Conditions]) -> None:
    """Replay all calls under all surroundings, and note in the trials what could not be replayed or moved."""
    waiting = {trial.target: list(trial.calls) for trial in trials}
    for number, conditions in enumerate(surroundings):
        tried = [trial for trial in trials if number < _ENOUGH or not trial.is_heavy]
        results = replay(replayer, [(trial, waiting[trial.target]) for trial in tried], conditions)
        for trial in tried:
            for call in waiting[trial.target]:
                _note(trial, call, results.get((trial.target, call.identity)), is_first=number == 0)
            waiting[trial.target] = [call for call in trial.calls if call.identity in trial.outcomes]


def _note(trial: Trial, call: Call, replayed: Replayed | None, *, is_first: bool) -> None:
    if replayed is None or replayed.outcome is None:
        lost = Replayed(call.identity, refusal="it was not replayed", refusal_kind="lost")
        trial.refusals.append(replayed or lost)
        trial.outcomes.pop(call.identity, None)
    elif unanswered := next((one for one in replayed.outcome.effects if one.kind == "unanswered"), None):
        why = str(decode(unanswered.text))
        trial.refusals.append(Replayed(call.identity, refusal=why, refusal_kind="unanswered"))
        trial.outcomes.pop(call.identity, None)
    elif endless := _endless(replayed.outcome):
        trial.refusals.append(Replayed(call.identity, refusal=endless, refusal_kind="endless"))
        trial.outcomes.pop(call.identity, None)
    elif is_first:
        trial.outcomes[call.identity] = replayed.outcome
        if unread := unread_ending(replayed.outcome):
            trial.moved.setdefault(call.identity, unread)
    elif differences := trial.departures(trial.outcomes[call.identity], replayed.outcome):
        trial.moved.setdefault(call.identity, differences[0].path)


def _endless(outcome: Outcome) -> str | None:
    """Why a call that does not come to its end cannot be pinned: how far it gets depends on the machine."""
    ended = next((str(decode(one.text)) for one in outcome.effects if one.kind == "ended"), "")
    if ended == WAITS_FOR_EVER:
        return f"{ended}: when it was recorded, another thread or task, or a signal, did; record its caller"
    if ended.startswith(NO_ANSWER):
        return f"{ended}; cpu_seconds and wall_seconds in [tool.legacy-seam] are the limits"
    return None


def dependencies(replayer: Replayer, trials: Sequence[Trial]) -> dict[Target, tuple[str, ...]]:
    """What of the controlled world moves the outcomes of each target, with the place where it is read.

    Of heavy trials it is only told what they read.
    """
    heavy = [trial for trial in trials if trial.is_heavy and trial.stable()]
    trials = [trial for trial in trials if not trial.is_heavy and trial.stable()]
    moving: dict[Target, dict[str, tuple[Perturbation, Call]]] = {trial.target: {} for trial in trials}
    suspects = _moved_by_any(replayer, trials)
    for perturbation in CONTROLLED:
        wanted = [(t, calls) for t, calls in suspects if perturbation.moves not in moving[t.target]]
        for trial, call, _ in _departing(replayer, wanted, perturbation.conditions):
            moving[trial.target].setdefault(perturbation.moves, (perturbation, call))
    traced = replay(
        replayer,
        [(t, list({call.identity: call for _, call in moving[t.target].values()}.values())) for t in trials],
        BASE.replace(trace_sources=True),
    )
    return _read_by(replayer, heavy) | {
        target: tuple(
            f"{moves} at {site} (seam: {perturbation.seam})"
            if (site := _site(traced.get((target, call.identity)), perturbation))
            else moves
            for moves, (perturbation, call) in found.items()
        )
        for target, found in moving.items()
    }


def _moved_by_any(replayer: Replayer, trials: Sequence[Trial]) -> list[tuple[Trial, Sequence[Call]]]:
    """The calls of which anything that the world holds still moves the outcome: most depend on nothing of it."""
    suspects: dict[Target, dict[str, Call]] = {trial.target: {} for trial in trials}
    for conditions in AT_ONCE:
        rest = [
            (trial, [call for call in trial.stable() if call.identity not in suspects[trial.target]])
            for trial in trials
        ]
        for trial, call, places in _departing(replayer, rest, conditions):
            suspects[trial.target][call.identity] = call
            trial.swayed[call.identity] = places
    return [(trial, list(suspects[trial.target].values())) for trial in trials if suspects[trial.target]]


def _departing(
    replayer: Replayer, wanted: Sequence[tuple[Trial, Sequence[Call]]], conditions: Conditions
) -> Iterator[tuple[Trial, Call, frozenset[str]]]:
    """The calls that come out otherwise than under the base conditions, and in which places."""
    results = replay(replayer, wanted, conditions)
    for trial, calls in wanted:
        for call in calls:
            replayed = results.get((trial.target, call.identity))
            if replayed is None or replayed.outcome is None:
                continue
            if found := trial.departures(trial.outcomes[call.identity], replayed.outcome):
                yield trial, call, frozenset(one.path for one in found)


def _read_by(replayer: Replayer, heavy: Sequence[Trial]) -> dict[Target, tuple[str, ...]]:
    """What heavy trials read of the controlled world; whether it matters would take too many replays."""
    wanted = [(trial, trial.stable()[:1]) for trial in heavy]
    traced = replay(replayer, wanted, BASE.replace(trace_sources=True))
    found: dict[Target, tuple[str, ...]] = {}
    for trial, calls in wanted:
        replayed = traced.get((trial.target, calls[0].identity))
        sites = {one.moves: (site, one.seam) for one in CONTROLLED if (site := _site(replayed, one))}
        found[trial.target] = tuple(
            f"{moves} (it reads it) at {site} (seam: {seam})" for moves, (site, seam) in sites.items()
        )
    return found


def _site(traced: Replayed | None, perturbation: Perturbation) -> str | None:
    """Where the call first reads what was moved."""
    reads = traced.sources if traced else ()
    return next((one.site for one in reads if one.source in perturbation.sources), None)


def cause(replayer: Replayer, trial: Trial, identity: str) -> tuple[str, str | None]:
    """Why the outcome of a call does not hold still, and where in the source that comes from.

    Returns:
        a few words, and the place (`rules.py:31`) where a source that may move is read; None where none was seen.
    """
    call, place = trial.call(identity), trial.moved[identity]
    if identity in trial.why:
        return f"{place} {trial.why[identity]}", None
    alone = Trial(trial.target, [call], trial.runs, "fresh", tolerances=trial.tolerances)
    key = (trial.target, identity)
    base = replay(replayer, [(alone, [call])], BASE.replace(trace_sources=True)).get(key)
    moved_by = "one run to the next"
    for perturbation in UNCONTROLLED:
        other = replay(replayer, [(alone, [call])], perturbation.conditions).get(key)
        if base and base.outcome and other and other.outcome and trial.departures(base.outcome, other.outcome):
            moved_by = perturbation.moves
            break
    loose = [one for one in (base.sources if base else ()) if one.source not in HELD_STILL]
    if loose:
        names = ", ".join(dict.fromkeys(one.source for one in loose))
        return f"{place} differs with {moved_by}; it reads: {names}", loose[0].site
    unseen = "no source that is known to move was seen (objects in a set lie in the order of their addresses)"
    return f"{place} differs with {moved_by}; {unseen}", None
