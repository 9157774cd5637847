"""The steps of the ladder that run the program: golden masters, an import in a fresh process, liveness.

All of it happens in the worker processes of `legacy_seam.replay`, where nothing of the real world can be reached.
"""

from __future__ import annotations

import sys
from ast import literal_eval
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from legacy_seam.calls import Call, Run
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.golden.verify import Verification, verify
from legacy_seam.replay import Batch, Replayed, Replayer
from legacy_seam.seams.plan import EnablingPoint
from legacy_seam.seams.trial import Shape
from legacy_seam.targets import Target
from legacy_seam.values.tolerance import Tolerance

_STUB: Final = "_legacy_seam_stub"
_NAMES: Final = "_legacy_seam_names"
_INSTANT: Final = 1_700_000_000.0


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of importing a module.

    names:   its public names.
    printed: what it prints, stream by stream.
    """

    names: frozenset[str]
    printed: str


class Net:
    """The golden masters of a project, and its program in a worker.

    Args:
        golden: where they lie.
        replayer: makes one; the program is imported anew in each.
        search_path: directories that modules are imported from.
        tolerances: how far numbers may be apart.
    """

    def __init__(
        self,
        golden: GoldenDirectory,
        replayer: Callable[[], Replayer],
        search_path: Sequence[str] = (),
        tolerances: tuple[Tolerance, ...] = (),
    ) -> None:
        self.golden, self._replayer, self._tolerances = golden, replayer, tolerances
        self._search_path = tuple(search_path)

    def masters(self) -> list[GoldenMaster]:
        """Those that can be read."""
        return [one for _, one in self.golden.select() if not isinstance(one, GoldenDamaged)]

    def verify(self, told: Callable[[Verification], None] = lambda _: None) -> list[Verification]:
        """Replay them all.

        Args:
            told: is told each as soon as it is known.
        """
        found: list[Verification] = []
        readable = []
        for path, one in self.golden.select():
            if isinstance(one, GoldenDamaged):
                found.append(Verification(Target(path.parent.name, path.name), path, "error", 0, problem=str(one)))
            else:
                readable.append((path, one))
        if readable:
            with self._replayer() as replayer:
                for verification in verify(readable, self.golden, replayer, tolerances=self._tolerances):
                    found.append(verification)
                    told(verification)
        return found

    def imported(self, module: str) -> Imported | str:
        """What comes of importing a module that was prepared by `with_names`, or why it cannot be imported."""
        run = Run(
            identity="import",
            command=(module,),
            directory=str(self.golden.path.parent),
            main=None,
            search_path=self._search_path,
            started=_INSTANT,
            timezone="UTC",
            environment={},
            files=(),
            python=".".join(map(str, sys.version_info[:3])),
            platform=sys.platform,
        )
        target = Target(module, _NAMES)
        call = Call(target, "import", {}, {}, {}, _INSTANT, (), None, run.identity)
        with self._replayer() as replayer:
            (replayed,) = replayer.run([Batch(target, (call,), run)])
        return _told(replayed)

    def shapes(self, target: Target) -> list[Shape]:
        """How a target was seen to be called: a recording keeps parameters by name."""
        found: dict[Shape, None] = {}
        for master in self.masters():
            if master.target == target:
                found.update({Shape(0, tuple(case.call.arguments)): None for case in master.cases})
        return list(found)


def _told(replayed: Replayed) -> Imported | str:
    if replayed.outcome is None:
        return replayed.refusal or "it cannot be imported"
    effects = replayed.outcome.effects
    printed = "".join(f"{one.place}: {literal_eval(one.text)}" for one in effects if one.kind == "printed")
    for effect in effects:
        if effect.kind == "returned":
            return Imported(frozenset(literal_eval(effect.text)), printed)
    return "; ".join(f"{effect.kind} {effect.place}: {effect.text}" for effect in effects)


def with_names(text: str) -> str:
    """A module that can tell its public names and say again what it says at import, in addition to all it does.

    What is printed during the first import belongs to no case; a module that cannot be run twice says it in part.
    """
    return f"""{text}

def {_NAMES}():
    import importlib, sys
    found = sorted(name for name in globals() if not name.startswith("_"))
    try:
        importlib.reload(sys.modules[__name__])
    except BaseException:
        pass
    return found
"""


def with_stub(text: str, points: Iterable[EnablingPoint]) -> str:
    """A module through whose seams a stub has been put, which ends every call that comes to it.

    It raises what no `except Exception` takes for its own, so that nothing covers it up. It is falsy, so that a
    seam which takes whatever is true (`stub or default`) throws it away, and is found out.
    """
    put = "".join(f"{point.statement.format(stub=_STUB)}\n" for point in points)
    return f"""{text}

class {_STUB}:
    def __bool__(self):
        return False

    def __call__(self, *arguments, **keywords):
        raise BaseException("a stub was called")


{_STUB} = {_STUB}()
{put}"""


def is_reached(verified: Sequence[Verification], before: Mapping[Target, str]) -> list[Target]:
    """The targets whose golden masters noticed a stub."""
    return [one.target for one in verified if one.status != "passed" and before.get(one.target) == "passed"]
