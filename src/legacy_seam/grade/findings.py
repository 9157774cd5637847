"""What a grading works on, and what it has found so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from legacy_seam.calls import Kind
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.grade.mutants import Function, Source
from legacy_seam.grade.plan import Plan, Watcher
from legacy_seam.grade.verdicts import Graded, Judged, Killer, Module
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay import Replayer
from legacy_seam.targets import Target


@dataclass(slots=True)
class Findings:
    """What a grading works on, and what it has found so far, world by world.

    goldens:   approved files, and what they say; directory: where they lie.
    replayer:  runs calls; plan: what is graded, and how; watcher: told how far it is.
    judged:    the verdict on each mutant, by its identity.
    sources:   the modules that are graded: text, and file; functions: theirs, by module and label.
    killers:   inputs that no case has and that would show a survivor.
    noticing:  which cases notice a mutant, where all were asked.
    problems:  why there is no score; notes: what else is to be said.
    cases:     of the net; unstable: of them, those that do not hold still; reused: verdicts of an earlier run.
    """

    goldens: Sequence[tuple[Path, GoldenMaster]]
    directory: GoldenDirectory
    replayer: Replayer
    plan: Plan
    watcher: Watcher
    judged: dict[str, Judged] = field(default_factory=dict)
    sources: dict[str, tuple[Source, str]] = field(default_factory=dict)
    functions: dict[str, dict[str, Function]] = field(default_factory=lambda: defaultdict(dict))
    killers: dict[str, Killer] = field(default_factory=dict)
    noticing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cases: int = 0
    unstable: int = 0
    reused: int = 0

    def digests(self) -> dict[tuple[str, str], str]:
        """The digests of what was graded, by module and label of the function."""
        return {
            (module, label): function.digest
            for module, functions in self.functions.items()
            for label, function in functions.items()
        }

    def modules(self) -> dict[str, Module]:
        """The modules that are graded, by name."""
        return {name: Module(name, file, source.text.source) for name, (source, file) in self.sources.items()}

    def recorded(self) -> set[Kind]:
        """The kinds of effect that the golden masters record."""
        return {
            effect.kind for _, master in self.goldens for case in master.cases for effect in case.approved.effects
        }

    def targets(self) -> set[Target]:
        """What the golden masters are of."""
        return {master.target for _, master in self.goldens}

    def isolated(self) -> set[Target]:
        """Targets whose cases disturb each other."""
        return {master.target for _, master in self.goldens if master.isolation == "fresh"}

    def graded(self) -> Graded:
        """What came of it, in the order of the source."""
        order = {name: place for place, name in enumerate(sorted(self.sources))}
        judged = sorted(self.judged.values(), key=lambda one: (order[one.mutant.module], one.mutant.start))
        return Graded(
            judged=tuple(judged),
            modules=self.modules(),
            killers={name: one for name, one in self.killers.items() if self.judged[name].state == "survived"},
            noticing=self.noticing,
            functions=self.digests(),
            problems=tuple(dict.fromkeys(self.problems)),
            notes=tuple(dict.fromkeys(self.notes)),
            cases=self.cases,
            unstable=self.unstable,
            reused=self.reused,
            operators=tuple(one.name for one in self.plan.operators),
        )
