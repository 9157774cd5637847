"""Replay golden masters and say where today's behaviour departs from the approved one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from legacy_seam.calls import Case, Outcome, Run
from legacy_seam.golden.compare import CaseDifference, Group, compare, group
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster, Isolation
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.plaindata import dataclass
from legacy_seam.replay import Batch, Conditions, Replayed, Replayer
from legacy_seam.targets import Target
from legacy_seam.values.tolerance import Tolerance, tolerances_for

Status = Literal["passed", "failed", "error"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying one golden master gave.

    status:      passed; failed (behaviour differs); error (nothing differs, but some or all cases could not be
                 replayed: the function is gone, takes other arguments, its module does not import).
    failed:      how many cases differ.
    differences: all of them; the same ones put together by behaviour are `groups`.
    notes:       what is worth telling though nothing is wrong (a parameter was added, a function moved).
    problem:     why some or all cases could not be replayed: what, where, what to do. None where all could.
    received:    the golden master as it would be if today's behaviour were approved; None where no case could be
                 replayed.
    """

    target: Target
    path: Path
    status: Status
    cases: int
    failed: int = 0
    differences: tuple[CaseDifference, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str | None = None
    received: GoldenMaster | None = None

    @property
    def groups(self) -> list[Group]:
        """The differences, put together by behaviour."""
        return group(self.target, self.differences)


def verify(
    goldens: Sequence[tuple[Path, GoldenMaster]],
    directory: GoldenDirectory,
    replayer: Replayer,
    conditions: Conditions | None = None,
    tolerances: tuple[Tolerance, ...] = (),
) -> Iterator[Verification]:
    """Replay golden masters, all together, and compare; each is told as soon as it is known.

    Args:
        goldens: approved files and what they say.
        directory: where they lie, with the worlds they were recorded in.
        replayer: runs calls; its blobs must be those of `directory`.
        conditions: the surroundings to replay under; by default those under which they were pinned.
        tolerances: how far numbers in outcomes may be apart.
    """
    base = conditions or Conditions()
    waiting: dict[Target, tuple[Path, GoldenMaster]] = {}
    batches: dict[Isolation, list[Batch]] = {"shared": [], "fresh": []}
    for path, master in goldens:
        try:
            batches[master.isolation] += batches_of(master, directory)
            waiting[master.target] = (path, master)
        except GoldenDamaged as damage:
            yield Verification(master.target, path, "error", len(master.cases), problem=str(damage))
    replays: dict[Target, dict[str, Replayed]] = {target: {} for target in waiting}
    for isolation, some in batches.items():
        for replayed in replayer.run(some, base.replace(isolation=isolation)) if some else ():
            if replayed.target not in waiting:
                continue
            replays[replayed.target][replayed.identity] = replayed
            path, master = waiting[replayed.target]
            if len(replays[replayed.target]) == len(master.cases):
                del waiting[replayed.target]
                yield judge(path, master, replays.pop(replayed.target), tolerances)
    for target, (path, master) in waiting.items():
        yield judge(path, master, replays[target], tolerances)


def batches_of(master: GoldenMaster, directory: GoldenDirectory) -> list[Batch]:
    """The calls of a golden master, by the world in which they were recorded.

    Raises:
        GoldenDamaged: where a world is not there or cannot be read.
    """
    by_world: dict[str, list[Case]] = defaultdict(list)
    for case in master.cases:
        by_world[case.call.run].append(case)
    worlds: dict[str, Run] = {name: directory.world(name) for name in by_world}
    return [
        Batch(
            target=master.target,
            calls=tuple(case.call for case in cases),
            run=worlds[name],
            approved={case.call.identity: case.approved for case in cases},
        )
        for name, cases in by_world.items()
    ]


def judge(
    path: Path, master: GoldenMaster, replays: dict[str, Replayed], tolerances: tuple[Tolerance, ...] = ()
) -> Verification:
    """Compare what was replayed with what is approved."""
    tolerated = tolerances_for(master.target, tolerances)
    found: list[CaseDifference] = []
    outcomes: dict[str, Outcome] = {}
    refused: list[Replayed] = []
    for case in master.cases:
        identity = case.call.identity
        replayed = replays.get(identity)
        if replayed is None or replayed.outcome is None:
            refused.append(replayed or Replayed(identity, refusal="it was not replayed", refusal_kind="lost"))
            continue
        try:
            departures = compare(case.approved, replayed.outcome, tolerated)
        except ValueError as error:
            sentence = f"case {identity}: its approved outcome cannot be read: {error}"
            refused.append(Replayed(identity, refusal=sentence, refusal_kind="unreadable"))
            continue
        outcomes[identity] = replayed.outcome if departures else case.approved  # what is tolerated does not add up
        found += [CaseDifference(identity, one) for one in departures]
    return Verification(
        target=master.target,
        path=path,
        status="failed" if found else "error" if refused else "passed",
        cases=len(master.cases),
        failed=len({one.case for one in found}),
        differences=tuple(found),
        notes=tuple(dict.fromkeys(note for replayed in replays.values() for note in replayed.notes)),
        problem=_problem(refused, len(master.cases), path),
        received=master.with_outcomes(outcomes) if outcomes else None,
    )


_MOST_SENTENCES = 20
_REPLACE = "or replace it: legacy-seam pin --afresh"
_ADVICE: Mapping[str | None, str] = {
    "unreadable": f"restore {{path}} from version control, {_REPLACE}",
    "file-gone": f"restore the files beside {{path}} from version control, {_REPLACE}",
    "type-gone": f"put it back; where it is gone for good, delete {{path}}, {_REPLACE}",
    "target-gone": "put it back; where it is gone for good, delete {path}",
    "signature": f"take them again; where that is meant, delete {{path}}, {_REPLACE}",
}
"""What to do about a case that cannot be replayed, by the kind of reason."""


def _problem(refused: Sequence[Replayed], cases: int, path: Path) -> str | None:
    if not refused:
        return None
    how_many = "" if len(refused) == cases else f"{len(refused)} of {cases} cases: "
    sentences = list(dict.fromkeys(map(_sentence, refused)))
    if len(sentences) > _MOST_SENTENCES:
        sentences[_MOST_SENTENCES:] = [f"and {len(sentences) - _MOST_SENTENCES} more reasons"]
    advice = dict.fromkeys(
        _ADVICE[one.refusal_kind].format(path=path) for one in refused if one.refusal_kind in _ADVICE
    )
    return how_many + "; ".join((*sentences, *advice))


def _sentence(refused: Replayed) -> str:
    sentence = refused.refusal or "it could not be replayed"
    return f"{sentence} ({refused.site})" if refused.site else sentence
