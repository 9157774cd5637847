"""The state that a target can reach: what a call changed of it, and which of it is to be put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from legacy_seam.calls import MISSING, Effect
from legacy_seam.replay.stage import Stage
from legacy_seam.replay.wire import Job
from legacy_seam.values import changes, encode
from legacy_seam.world.places import ABSENT, ATOMS
from legacy_seam.world.watched import Watched


class Reached:
    """The places of the program's modules and classes that one function can reach, from one call to the next.

    Args:
        stage: the world.
        watched: these places, as they were right after the import.
        module: the name of the module of the function.
    """

    __slots__ = ("_departed", "_own", "_stage", "_suspects", "_texts", "_watched", "names")

    def __init__(self, stage: Stage, watched: Watched, module: str) -> None:
        self._stage, self._watched = stage, watched
        self._own = f"{module}:"
        self.names = watched.names
        self._suspects: list[str] = []
        self._departed: dict[str, object] | None = None
        self._texts: dict[str, str] = {}

    def is_still(self) -> bool:
        """Does all of it surely stand where it stood?"""
        if self._watched.suspects():
            self._departed = None
            return False
        self._suspects, self._departed = [], {}
        return True

    def disturbed(self) -> list[str]:
        """The places of which the content, or the object itself, is another one now: they are to be put back."""
        places, departed = self._stage.places, self._departed
        self._departed = None
        if departed is None:
            return [name for name in self._watched.suspects() if places.is_disturbed(name)]
        return [name for name in self._suspects if name in departed or places.is_rebound(name)]

    def changes(self, call: Job, names: Mapping[int, str]) -> Iterable[Effect]:
        """State that was as after the import when the call began, and is not any more.

        An input that has been put there is told as itself: `changed shop:Order.all[0] = *self`.
        """
        places = self._stage.places
        self._suspects = [name for name in self._watched.suspects() if name not in call.state]
        found = {name: places.departed(name) for name in self._suspects}
        live = self._departed = {name: departed[0] for name, departed in found.items() if departed is not None}
        told = self._each_once(live, call)
        after = {name: MISSING if value is ABSENT else encode(value, names=names) for name, value in told.items()}
        for name, text in after.items():
            before = self._baseline_text(name)
            if text != before:
                yield from changed(name, before, text)

    def _each_once(self, live: Mapping[str, object], call: Job) -> Mapping[str, object]:
        """Of places that hold the same object since their import (`from shop import *`) just one: what came with
        the call, the place in the module of the function, or whichever is first."""
        if not live or not (call.state or len(live) > 1):
            return live
        places = self._stage.places
        given = [place.read() for name in call.state if (place := places.place(name)) is not None]
        told, superfluous = set(map(id, given)), set[str]()
        for name in sorted(live, key=lambda name: not name.startswith(self._own)):
            if type(live[name]) in ATOMS or places.is_rebound(name):
                continue
            if id(live[name]) in told:
                superfluous.add(name)
            told.add(id(live[name]))
        return {name: value for name, value in live.items() if name not in superfluous}

    def _baseline_text(self, name: str) -> str:
        text = self._texts.get(name)
        if text is None:
            self._stage.state.put_back([name])
            place = self._stage.places.place(name)
            value = ABSENT if place is None else place.read()
            text = self._texts[name] = MISSING if value is ABSENT else encode(value)
        return text


def changed(name: str, before: str, after: str) -> Iterable[Effect]:
    """What is different between two texts of one thing, part by part.

    >>> [*changed("order", "{'sum': 1, 'paid': False}", "{'sum': 2, 'paid': False}")]
    [Effect(kind='changed', place="order['sum']", text='2')]
    """
    for one in changes(before, after, root=name):
        yield Effect("changed", one.path, one.got)
