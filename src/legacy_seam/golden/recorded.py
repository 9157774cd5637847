"""Recorded calls on their way into a golden master, with the names and the precision that they have there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from legacy_seam.calls import Call, Run
from legacy_seam.golden.instants import read_instant, write_instant
from legacy_seam.golden.portable import portable_run
from legacy_seam.golden.world_text import named_by_content, seen_from
from legacy_seam.plaindata import dataclass, field
from legacy_seam.store.errors import StoreError
from legacy_seam.targets import Target
from legacy_seam.values.kinds.web_applications import module_of


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of one target: its calls, and the runs that they belong to.

    places: where the project lay in these runs, by their identities.
    """

    target: Target
    calls: tuple[Call, ...]
    runs: Mapping[str, Run]
    places: Mapping[str, str] = field(default_factory=dict)


class Settling:
    """Gives recorded calls the names and the precision that golden masters give them.

    Args:
        project: the directory that modules are imported from.
        content_of: gives the content of a file that was read, by its digest.
    """

    def __init__(self, project: Path, content_of: Callable[[str], bytes]) -> None:
        self._project = project
        self._content_of = content_of
        self._named: dict[tuple[str, str], bool] = {}

    def settled(self, recorded: Recorded) -> Recorded:
        """The same calls, as a golden master will have them."""
        runs: dict[str, Run] = {}
        places: dict[str, str] = {}
        for identity, run in recorded.runs.items():
            seen = portable_run(seen_from(self._project, run), self._project)
            place = seen.project
            if not (place and self._is_named(place, seen, recorded)):
                seen = replace(seen, project="")
            runs[identity] = named_by_content(seen)
            places[runs[identity].identity] = place
        calls = tuple(
            replace(call, run=runs[call.run].identity, instant=read_instant(write_instant(call.instant)))
            for call in recorded.calls
            if call.run in runs
        )
        return Recorded(recorded.target, calls, {run.identity: run for run in runs.values()}, places)

    def _is_named(self, place: str, run: Run, recorded: Recorded) -> bool:
        """Is the place where the project lay named by a module of the program, or by a file that was read?"""
        modules = dict.fromkeys((recorded.target.module, *(run.main or ())[:1], *map(module_of, run.imports)))
        if any(self._source_names(place, source) for name in modules for source in self._sources(name, run)):
            return True
        states = [*run.files, *(state for call in recorded.calls for state in call.files)]
        return any(
            self._content_names(place, digest) for digest in dict.fromkeys(one.digest for one in states) if digest
        )

    def _sources(self, module: str, run: Run) -> Iterator[Path]:
        if run.main is not None and module == run.main[0]:
            yield self._project / run.main[1]
        for directory in run.search_path:
            stem = self._project / directory / module.replace(".", "/")
            yield stem.with_name(f"{stem.name}.py")
            yield stem / "__init__.py"

    def _source_names(self, place: str, source: Path) -> bool:
        """A source that cannot be read names nothing."""
        return self._names(place, str(source), source.read_bytes, OSError)

    def _content_names(self, place: str, digest: str) -> bool:
        """What is missing or damaged is told of where it is needed."""
        return self._names(place, digest, lambda: self._content_of(digest), StoreError)

    def _names(self, place: str, name: str, read: Callable[[], bytes], trouble: type[Exception]) -> bool:
        if (place, name) not in self._named:
            try:
                self._named[place, name] = os.fsencode(place) in read()
            except trouble:
                self._named[place, name] = False
        return self._named[place, name]
