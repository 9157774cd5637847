"""What is graded: which functions of which modules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from legacy_seam.grade.mutants import Function, Source
from legacy_seam.plaindata import dataclass
from legacy_seam.source.parsing import Skipped, parse, read
from legacy_seam.targets import Pattern, Target


@dataclass(frozen=True, slots=True)
class Scope:
    """What is graded.

    patterns: of functions; where there are none, those that cases run in the modules of the golden masters.
    changed:  lines that were changed, by file: only functions with such lines count. None: all of them.
    everywhere: without patterns, in all modules of the program.
    """

    patterns: tuple[Pattern, ...] = ()
    changed: Mapping[Path, Collection[int]] | None = None
    everywhere: bool = False

    def modules(self, files: Mapping[str, str], targets: Collection[Target]) -> dict[str, str]:
        """Those of the modules of a program (name -> file) that may hold what is graded.

        Args:
            files: all modules of the program.
            targets: those of the golden masters.
        """
        if not self.patterns and self.everywhere:
            return dict(files)
        if not self.patterns:
            named = {target.module for target in targets}
            return {name: file for name, file in files.items() if name in named}
        return {name: file for name, file in files.items() if any(_may_be_in(one, name) for one in self.patterns)}

    def functions(
        self, source: Source, file: str, called: Collection[str], targets: Collection[str]
    ) -> list[Function]:
        """The functions of a module that are graded, in the order of the source.

        Args:
            source: the module.
            file: where it is.
            called: names of its functions that cases call.
            targets: names of its functions that have golden masters.
        """
        found = []
        for label, function in source.functions.items():
            if self.patterns:
                target = Target(source.module, label)
                is_wanted = any(pattern.matches(target) for pattern in self.patterns)
            else:
                is_wanted = label in called or label in targets
            if is_wanted and self._is_changed(function, file):
                found.append(function)
        return sorted(found, key=lambda function: function.first)

    def covers_outside(self, module: str) -> bool:
        """Does what stands outside of the functions of a module belong to what is graded?"""
        if self.changed is not None:
            return False
        return not self.patterns or any(":" not in one.text for one in self.patterns if _may_be_in(one, module))

    def _is_changed(self, function: Function, file: str) -> bool:
        if self.changed is None:
            return True
        lines = self.changed.get(Path(file).resolve(), ())
        return any(function.first <= line <= function.last for line in lines)


def _may_be_in(pattern: Pattern, module: str) -> bool:
    name, colon, _ = pattern.text.partition(":")
    return Pattern(f"{name}:*" if colon else name).matches(Target(module, "f"))


def source_of(module: str, file: str) -> Source | Skipped:
    """A module as mutants are found in it, or why it cannot be read."""
    text = read(Path(file))
    if isinstance(text, Skipped):
        return text
    tree = parse(text)
    return tree if isinstance(tree, Skipped) else Source(module, text.text, tree)
