"""A program: all its source files, read one after the other, so that a large one needs no more memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from legacy_seam.source.files import find_files
from legacy_seam.source.hierarchy import Hierarchy, Outline
from legacy_seam.source.modules import Module, module_name
from legacy_seam.source.parsing import Skipped, decode, parse, read
from legacy_seam.source.text import SourceText


class Program:
    """The Python files below some paths.

    Args:
        files: the files.
        roots: directories that modules are imported from (see `module_name`).
        contents: bytes of files as they would be after an edit; all others are read.

    Attributes:
        skipped: what could not be worked with so far, by path.
    """

    def __init__(
        self, files: Iterable[Path], roots: Iterable[Path] = (), contents: Mapping[Path, bytes] | None = None
    ) -> None:
        self.files: Sequence[Path] = tuple(files)
        self.roots: Sequence[Path] = tuple(roots)
        self._contents: Mapping[Path, bytes] = contents or {}
        self.skipped: dict[Path, Skipped] = {}
        self._outlines: dict[Path, Outline] = {}

    @classmethod
    def at(
        cls,
        paths: Iterable[Path],
        *,
        roots: Iterable[Path] = (),
        exclude: Sequence[str] = (),
        root: Path | None = None,
    ) -> Program:
        """The files at and below paths (see `files.find_files`)."""
        return cls(find_files(paths, exclude=exclude, root=root), roots)

    def edited(self, contents: Mapping[Path, bytes]) -> Program:
        """The same program as it would be with other bytes in some of its files."""
        files = dict.fromkeys((*self.files, *contents))
        edited = Program(files, self.roots, {**self._contents, **contents})
        added = [path for path in contents if path not in self.names]
        edited.names = {**self.names, **{path: module_name(path, self.roots) for path in added}}
        edited._outlines = {path: one for path, one in self._outlines.items() if path not in contents}
        return edited

    def bytes_of(self, path: Path) -> bytes:
        """The bytes of a file.

        Raises:
            OSError: where it cannot be read.
        """
        held = self._contents.get(path)
        return path.read_bytes() if held is None else held

    @cached_property
    def names(self) -> dict[Path, str]:
        """The full name of each file's module."""
        return {path: module_name(path, self.roots) for path in self.files}

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {name: path for path, name in reversed(self.names.items())}

    def path_of(self, module: str) -> Path | None:
        """The file of a module, by its full name."""
        return self._paths.get(module)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Its classes. Every file is read for this, once: an edited program reads again only what was edited."""
        return Hierarchy(found for path in self.files if (found := self._outline(path)))

    def _outline(self, path: Path) -> Outline | None:
        if path not in self._outlines:
            module = self.read(path)
            if isinstance(module, Skipped):
                return None
            self._outlines[path] = Outline.of(module)
        return self._outlines[path]

    def module(self, name: str) -> Module | Skipped | None:
        """One module by its full name; None where no file has it."""
        path = self.path_of(name)
        return None if path is None else self.read(path)

    def read(self, path: Path, raw: bytes | None = None) -> Module | Skipped:
        """The module in a file.

        Args:
            path: one of `files`.
            raw: its bytes, where they are at hand.
        """
        raw = self._contents.get(path) if raw is None else raw
        source = read(path) if raw is None else decode(path, raw)
        tree = parse(source) if isinstance(source, SourceText) else source
        if isinstance(source, Skipped) or isinstance(tree, Skipped):
            skipped = source if isinstance(source, Skipped) else tree
            assert isinstance(skipped, Skipped)
            self.skipped[path] = skipped
            return skipped
        return Module(source, tree, self.names[path])

    def modules(self) -> Iterator[Module]:
        """Every module that can be parsed; the others are in `skipped` once this is exhausted."""
        for path in self.files:
            found = self.read(path)
            if isinstance(found, Module):
                yield found
