"""Looking for a call on which a mutant and the original part: calls are made of others, and either makes them all.

What a call gives back is not enough: it may print, log, or change what it is given. So calls are replayed here and
not glanced at, many with the original and then as many with the mutant.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.case import Replay
from legacy_seam.replay.mutation.asked import Trial
from legacy_seam.replay.mutation.bodies import Bodies, NoCode, SameCode, Unreachable
from legacy_seam.replay.mutation.cases import Came, Cases
from legacy_seam.replay.mutation.fuel import Fuel
from legacy_seam.replay.mutation.processes import limit_cpu
from legacy_seam.replay.searching.loop import given_to
from legacy_seam.replay.searching.mutating import Inputs, Mutator
from legacy_seam.replay.searching.trees import read, written
from legacy_seam.replay.wire import Job
from legacy_seam.rewriting.edits import NoSuchPlace
from legacy_seam.values import Tree

_AT_ONCE = 60
_MOST_THOUGHTS = 5
"""How often a call may be thought of for each that is made: many of them were made before."""
_ROUNDS_OF_A_CALL = 20_000
_SECONDS_OF_A_CALL = 0.2
_process_time = time.process_time  # bound before the clock is replaced


@dataclass(slots=True)
class Parting:
    """Looks for a call.

    Args:
        replay: of the target.
        seeds: calls of which others are made.
        mutator: makes them.
        trial: the mutant.
        bodies: of its file.
        fuel: what loops burn.
        is_familiar: may the program get such inputs? No others are made.
    """

    replay: Replay
    seeds: Sequence[Job]
    mutator: Mutator
    trial: Trial
    bodies: Bodies
    fuel: Fuel
    is_familiar: Callable[[Mapping[str, Tree]], bool]
    _trees: list[dict[str, Tree]] = field(default_factory=list)
    _tried: set[tuple[str, ...]] = field(default_factory=set)

    def run(self, calls: int, seconds: float) -> tuple[int, dict[str, str], tuple[str, ...]] | None:
        """The first call that is found: the seed that it was made of, its arguments, what is left to defaults.

        Args:
            calls: so many are made at most.
            seconds: of processor time that it may take.
        """
        self._trees = [read(job.arguments) for job in self.seeds]
        until, made = _process_time() + seconds, 0
        while made < calls and _process_time() < until:
            some = self._some()
            if not some:
                return None
            place = self._where_they_part([self._job(*one) for one in some])
            if place is not None:
                return some[place]
            made += len(some)
        return None

    def _some(self) -> list[tuple[int, dict[str, str], tuple[str, ...]]]:
        """Calls that were not made before."""
        some: list[tuple[int, dict[str, str], tuple[str, ...]]] = []
        for _ in range(_MOST_THOUGHTS * _AT_ONCE):
            root = int(self.mutator.chance.random() * len(self.seeds))
            made = self._changed(root)
            if made is not None and not self.is_familiar(made.trees):
                continue
            texts = None if made is None else _written(made.trees)
            if made is None or texts is None:
                continue
            key = (str(root), *texts.values(), *made.defaulted)
            if key not in self._tried:
                self._tried.add(key)
                some.append((root, texts, made.defaulted))
                if len(some) == _AT_ONCE:
                    break
        return some

    def _changed(self, root: int) -> Inputs | None:
        return self.mutator.changed(self._trees[root], self.seeds[root].defaulted, self._another)

    def _another(self) -> Mapping[str, Tree]:
        return self.mutator.chance.choice(self._trees)

    def _job(self, root: int, texts: Mapping[str, str], defaulted: tuple[str, ...]) -> Job:
        job = self.seeds[root]
        arguments = given_to(job, texts, defaulted)
        rest = job.closure, job.state, job.files, job.driven, job.answers, job.in_loop
        return Job(arguments, job.instant, defaulted, None, *rest)

    def _where_they_part(self, jobs: Sequence[Job]) -> int | None:
        tried = Cases(self.fuel)
        tried.add(self.replay, jobs)
        for case in tried.held:
            case.rounds = _ROUNDS_OF_A_CALL
        originals = [self._came(tried, place) for place in range(len(jobs))]
        try:
            with self.bodies.changed(self.trial.function, self.trial.edit) as code, tried.within(code, [0]):
                others = [one and self._came(tried, place) for place, one in enumerate(originals)]
        except (SameCode, Unreachable, NoCode, NoSuchPlace, SyntaxError, ValueError):
            return None
        for place, (original, other) in enumerate(zip(originals, others, strict=True)):
            if original is None or other is None or original.gist == other.gist:
                continue
            again = self._came(tried, place)
            if again is not None and again.gist == original.gist:
                return place
        return None

    def _came(self, tried: Cases, place: int) -> Came | None:
        """What comes of a call; None where it tells nothing."""
        limit_cpu(_SECONDS_OF_A_CALL)
        came = tried.run(place)
        limit_cpu(0)
        return None if came.effects is None or self.fuel.is_out else came


def _written(trees: Mapping[str, Tree]) -> dict[str, str] | None:
    texts = {name: written(tree) for name, tree in trees.items()}
    told = {name: text for name, text in texts.items() if text is not None}
    return told if len(told) == len(texts) else None
