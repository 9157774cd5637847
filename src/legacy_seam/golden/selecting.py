"""Which of the calls that hold still become cases: the fewest that show all that can be shown.

They are replayed once more, and watched while they run. What is a case already stays one; a call joins it that
shows something that no case shows (see `legacy_seam.golden.traits`), and a few do whose outcome is like no other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from legacy_seam.calls import Call
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.fewest import fewest, unlike
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.perturb import BASE
from legacy_seam.golden.traits import Seen, candidates
from legacy_seam.golden.trial import Results, Trial, replay
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay import Replayer
from legacy_seam.targets import Target

VARIETY = 10
"""So many cases a golden master has at the least, as long as there are outcomes that differ: they notice changes
that no path and no mutant stands for, as of an entry in a table."""


@dataclass(frozen=True, slots=True)
class Selection:
    """How cases are selected.

    variety: so many cases at the least, as long as their outcomes differ.
    most:    so many at most.
    notices: identity of a call -> mutants that it was found to notice.
    """

    variety: int = VARIETY
    most: int = 200
    notices: Mapping[str, Collection[str]] = field(default_factory=dict)


def leave_out_the_superfluous(
    replayer: Replayer,
    trials: Sequence[Trial],
    existing: Mapping[Target, GoldenMaster],
    directory: GoldenDirectory,
    selection: Selection,
    size_of: Callable[[Call], int],
) -> None:
    """Note in trials which of their stable calls show nothing that others do not show.

    Heavy trials are left alone: they have few calls, and watching them takes long. Of a single call there is
    nothing to leave out.

    Args:
        replayer: runs calls.
        trials: of which it is known what holds still.
        existing: the cases that are there already, by target.
        directory: where these lie.
        selection: how to select.
        size_of: how much there is to read of a call.

    Raises:
        GoldenDamaged: where the world of an existing case cannot be read.
    """
    wanted = [
        trial
        for trial in trials
        if not trial.is_heavy and (len(trial.stable()) > 1 or (trial.stable() and trial.target in existing))
    ]
    present = {
        trial.target: _as_trial(existing[trial.target], directory) for trial in wanted if trial.target in existing
    }
    some = [(trial, trial.stable()) for trial in wanted] + [(one, one.calls) for one in present.values()]
    ran = replay(replayer, some, BASE.replace(trace_steps=True)) if some else {}
    for trial in wanted:
        before = present.get(trial.target)
        seen = _seen(trial, ran, size_of) + (_seen(before, ran, size_of) if before else [])
        is_minimal = trial.target in existing and existing[trial.target].is_minimal
        found = candidates(trial.target, seen, selection.notices, ends=not is_minimal)
        there = [found[call.identity] for call in before.stable()] if before else []
        fresh = [found[call.identity] for call in trial.stable()]
        chosen = fewest(fresh, there)
        chosen += [] if is_minimal else unlike(fresh, [*there, *chosen], selection.variety)
        kept = {one.name for one in chosen[: max(selection.most - len(there), 0)]}
        trial.superfluous = {one.name for one in fresh} - kept


def _seen(trial: Trial, ran: Results, size_of: Callable[[Call], int]) -> list[Seen]:
    found: list[Seen] = []
    for call in trial.stable():
        replayed = ran.get((trial.target, call.identity))
        steps = replayed.steps if replayed else {}
        found.append(Seen(call, trial.outcomes[call.identity], steps, size_of(call)))
    return found


def watched(replayer: Replayer, master: GoldenMaster, directory: GoldenDirectory) -> list[Seen]:
    """The cases of a golden master, and what they run.

    Args:
        replayer: runs calls.
        master: whose cases.
        directory: where it lies.

    Raises:
        GoldenDamaged: where the world of a case cannot be read.
    """
    trial = _as_trial(master, directory)
    ran = replay(replayer, [(trial, trial.calls)], BASE.replace(trace_steps=True))
    return _seen(trial, ran, lambda call: sum(map(len, call.texts())))


def _as_trial(master: GoldenMaster, directory: GoldenDirectory) -> Trial:
    """A golden master, to be replayed with what is on trial."""
    calls = [case.call for case in master.cases]
    return Trial(
        master.target,
        calls,
        {name: directory.world(name) for name in {call.run for call in calls}},
        master.isolation,
        outcomes={case.call.identity: case.approved for case in master.cases},
    )
