"""Where something is used, by its full name.

Most files of a program cannot use a given clock at all: their bytes do not contain its name. Those are not parsed.
Of the others only the lines that contain the name, or a name it is imported as, are looked at in the tree.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from legacy_seam.plaindata import dataclass
from legacy_seam.source.bindings import Exactly, Meaning, Unclear
from legacy_seam.source.modules import Module
from legacy_seam.source.program import Program
from legacy_seam.source.references import Chain, Reference
from legacy_seam.source.text import lines_of


@dataclass(frozen=True, slots=True)
class Site:
    """A place where something that was looked for is used, or may be.

    module:    the module it stands in.
    reference: the whole chain of names.
    node:      the part of the chain that means what was looked for: `os.environ` of `os.environ.get`.
    dotted:    what was looked for.
    meaning:   what the chain means; `Unclear` where it may be something else.
    """

    module: Module
    reference: Reference
    node: Chain
    dotted: str
    meaning: Meaning

    @property
    def is_certain(self) -> bool:
        """Is it what was looked for, and nothing else?"""
        return isinstance(self.meaning, Exactly)

    @property
    def call(self) -> ast.Call | None:
        """The call of what was looked for, if it is called where it stands."""
        return self.reference.call if self.node is self.reference.node else None

    @property
    def beyond(self) -> tuple[str, ...]:
        """The names of the chain that follow: `get` of `os.environ.get` where `os.environ` was looked for."""
        node, count = self.node, 1
        while isinstance(node, ast.Attribute):
            node, count = node.value, count + 1  # type: ignore[assignment]
        return self.reference.names[count:]

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.node.lineno


class Wanted:
    """What is looked for, prepared for reading many files.

    Args:
        targets: full names, `datetime.datetime.now`, `builtins.open`.
    """

    def __init__(self, targets: Iterable[str]) -> None:
        self.targets = frozenset(targets)
        self._signs = tuple(_Signs.of(one) for one in sorted(self.targets))
        lasts = sorted({one.rpartition(".")[2] for one in self.targets})
        self._words = tuple(re.compile(_word(one)) for one in lasts)
        self._renamed = tuple(re.compile(rf"{_word(one)}(?:\s|\\)+as(?:\s|\\)+(\w+)") for one in lasts)

    def may_be_in(self, raw: bytes, module: str) -> bool:
        """Can a file with these bytes use any of it? Only where it spells the name and its home, and imports that.

        Args:
            raw: the bytes.
            module: the full name of the module.
        """
        return any(one.may_be_in(raw, module) for one in self._signs)

    def lines(self, text: str) -> Sequence[int]:
        """The lines of a text that may use any of it, sorted."""
        aliases = sorted({name for renamed in self._renamed for name in renamed.findall(text)})
        words = (*self._words, *(re.compile(_word(one)) for one in aliases))
        at = sorted({found.start() for word in words for found in word.finditer(text)})
        if "\r" in text:
            starts = list(accumulate(map(len, lines_of(text))))
            return sorted({bisect_right(starts, one) + 1 for one in at})
        lines, line, before = [], 1, 0
        for one in at:
            line += text.count("\n", before, one)
            before = one
            lines.append(line)
        return lines

    def sites(self, module: Module) -> Iterator[Site]:
        """Where a module uses any of it."""
        for reference in module.references(self.lines(module.source.text)):
            meaning = module.meaning(reference)
            possible = {meaning.dotted} if isinstance(meaning, Exactly) else meaning.candidates
            for one in possible:
                site = self._site(module, reference, meaning, one)
                if site:
                    yield site

    def _site(self, module: Module, reference: Reference, meaning: Exactly | Unclear, dotted: str) -> Site | None:
        parts, rest = dotted.split("."), 0
        node: ast.expr = reference.node
        while parts:
            name = ".".join(parts)
            if name in self.targets:
                return Site(module, reference, node, name, meaning)  # type: ignore[arg-type]
            rest += 1
            if rest >= len(reference.names):
                return None  # the rest is not written here: it is part of what was imported
            parts.pop()
            node = node.value  # type: ignore[attr-defined]
        return None


def _word(word: str) -> str:
    """A pattern for a whole word that begins with the word itself: so `re` finds it as fast as `in` does."""
    return rf"{re.escape(word)}(?!\w)(?<!\w{re.escape(word)})"


_RELATIVE: Final = re.compile(rb"from\s*\\?\s*\.")


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the bytes of a file have that uses a target.

    last:     its last name.
    home:     the full name of what has it. Nothing else is asked of the file of a module of this name, nor of one
              that imports relatively: `from . import now` spells no more.
    parent:   the last name of its home, spelled in an import or where it is used.
    imported: an import of where it lies.
    """

    last: re.Pattern[bytes]
    home: str
    parent: re.Pattern[bytes]
    imported: re.Pattern[bytes]

    @classmethod
    def of(cls, target: str) -> _Signs:
        home, _, last = target.rpartition(".")
        root = re.escape(target.partition(".")[0])
        between = r"(?:\\\s*[\r\n]|[^\r\n])*?"
        imported = rf"(?:import|from)(?!\w){between}(?<![\w.]){root}(?!\w)"
        words = (re.compile(_word(one).encode()) for one in (last, home.rpartition(".")[2]))
        return cls(next(words), home, next(words), re.compile(imported.encode()))

    def may_be_in(self, raw: bytes, module: str) -> bool:
        if not self.last.search(raw):
            return False
        if self.home in ("builtins", module) or _RELATIVE.search(raw):
            return True
        return bool(self.parent.search(raw) and self.imported.search(raw))


def find(program: Program, targets: Iterable[str]) -> Iterator[Site]:
    """Where a program uses something, file by file.

    Args:
        program: where to look.
        targets: full names, `datetime.datetime.now`, `builtins.open`.

    Yields:
        the sites of each file in the order of lines; those that are not certain too. A file that spells the names
        and cannot be parsed is put down in `program.skipped`.
    """
    wanted = Wanted(targets)
    for path in program.files:
        try:
            raw = program.bytes_of(path)
        except OSError:
            program.read(path)  # puts down why
            continue
        if not wanted.may_be_in(raw, program.names[path]):
            continue
        module = program.read(path, raw)
        if isinstance(module, Module):
            yield from sorted(wanted.sites(module), key=lambda site: (site.node.lineno, site.node.col_offset))
