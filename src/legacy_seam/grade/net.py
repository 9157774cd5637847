"""The cases of a world before there is any mutant: they must hold, and those that move are left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from legacy_seam.calls import Outcome
from legacy_seam.errors import SeamError
from legacy_seam.golden.compare import compare
from legacy_seam.grade.worlds import Came, World
from legacy_seam.plaindata import dataclass
from legacy_seam.replay.mutation.asked import Expected
from legacy_seam.replay.wire import gist_of
from legacy_seam.targets import Target
from legacy_seam.values.tolerance import Tolerance, tolerances_for

_TIMES_THE_STEPS = 10
_MORE_ROUNDS = 10_000


class NetNotGreen(SeamError):
    """A golden master that does not hold without any mutant: it cannot notice one."""


@dataclass(frozen=True, slots=True)
class Net:
    """The cases of a world that hold still.

    came:     what comes of each without a mutant, by its number.
    stateful: those of which something may be left in the process.
    apart:    those of them that hold only in a process in which no other case was replayed.
    unstable: how many do not hold still.
    """

    came: Mapping[int, Came]
    stateful: frozenset[int]
    apart: frozenset[int]
    unstable: int

    def expect(self, world: World, steps: Mapping[int, int]) -> None:
        """Tell a world what is to come of its cases.

        Args:
            world: whose cases they are.
            steps: how many each takes, by its number.
        """
        world.expect([self._expected(number, steps.get(number, 0)) for number in range(len(world.cases))])

    def _expected(self, number: int, steps: int) -> Expected:
        came = self.came.get(number)
        return Expected(
            gist=None if came is None else _gist(came),
            rounds=_TIMES_THE_STEPS * steps + _MORE_ROUNDS,
            seconds=0.0 if came is None else came.seconds,
            is_apart=number in self.apart,
        )


def net_of(world: World, isolated: Collection[Target], tolerances: tuple[Tolerance, ...]) -> Net:
    """Replay all cases of a world twice, in both directions.

    They are replayed in one process, one target after the other. A case that does not hold there is replayed twice
    in a process of its own, as are those of targets whose cases disturb each other.

    Args:
        world: the world.
        isolated: targets whose cases disturb each other.
        tolerances: how far numbers in outcomes may be apart.

    Raises:
        NetNotGreen: where one does not hold.
    """
    numbers = list(range(len(world.cases)))
    came, left = world.baseline(numbers)
    departures = {number: _departure(world, number, came[number], tolerances) for number in numbers}
    again, left_again = world.baseline(numbers[::-1])
    apart = [
        number
        for number in numbers
        if world.target(number) in isolated or _gist(came[number]) != _gist(again[number]) or departures[number]
    ]
    if apart:
        alone, alone_again = world.baseline(apart, apart=True)[0], world.baseline(apart, apart=True)[0]
        for number in apart:
            if departures[number] or _gist(alone[number]) != _gist(came[number]):
                departures[number] = _departure(world, number, alone[number], tolerances)
        came, again = came | alone, again | alone_again
    unstable = {number for number in apart if _gist(came[number]) != _gist(again[number])}
    for number in numbers:
        if number not in unstable and departures[number]:
            target, identity = world.target(number), world.cases[number].call.identity
            raise NetNotGreen(
                f"the golden master of {target} does not hold, so it cannot notice a mutant: case {identity}:"
                f" {departures[number]}. Run `legacy-seam verify {target}`, then `accept` or repair"
            )
    return Net(
        came={number: one for number, one in came.items() if number not in unstable},
        stateful=frozenset({*left, *left_again, *apart}),
        apart=frozenset(apart) - unstable,
        unstable=len(unstable),
    )


def _departure(world: World, number: int, came: Came, tolerances: tuple[Tolerance, ...]) -> str:
    """Where what came of a case departs from what is approved; nothing where it does not.

    To be asked once of each case, in their order: what stands in for secrets depends on those met before.
    """
    if came.effects is None:
        return came.refusal or "it cannot be replayed"
    target = world.target(number)
    outcome = world.redactor.outcome(Outcome(came.effects), str(target))
    differences = compare(world.cases[number].approved, outcome, tolerances_for(target, tolerances))
    return f"{differences[0].path} differs" if differences else ""


def _gist(came: Came) -> str:
    return f"refused {came.refusal}" if came.effects is None else gist_of(came.effects)
