"""One module of a program: its text, its tree, and what can be asked of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from legacy_seam.source.bindings import Exactly, Meaning, meaning
from legacy_seam.source.functions import Function, functions_of
from legacy_seam.source.parsing import Skipped, parse
from legacy_seam.source.references import Reference, references
from legacy_seam.source.scopes import Hints, Scope
from legacy_seam.source.text import SourceText

INIT: Final = "__init__"


class Module:
    """A module that has been parsed.

    Args:
        source: its text.
        tree: its syntax tree.
        name: its full name.

    >>> module = Module.of(SourceText.of(Path("shop.py"), b"import time as t\\ndef now(): return t.time()"), "shop")
    >>> [module.meaning(one).dotted for one in module.references()]
    ['time.time']
    """

    def __init__(self, source: SourceText, tree: ast.Module, name: str) -> None:
        self.source, self.tree, self.name = source, tree, name

    def __repr__(self) -> str:
        return f"<module {self.name}>"

    @classmethod
    def of(cls, source: SourceText, name: str) -> Module | Skipped:
        """Parse a text, or say why that cannot be done."""
        tree = parse(source)
        return tree if isinstance(tree, Skipped) else cls(source, tree, name)

    @property
    def path(self) -> Path:
        """Where its text lies."""
        return self.source.path

    @property
    def is_package(self) -> bool:
        """Is it an `__init__`?"""
        return self.path.stem == INIT

    @cached_property
    def scope(self) -> Scope:
        """Its outermost scope."""
        text = self.source.text
        return Scope("module", self.tree, None, Hints(":=" in text, "global" in text or "nonlocal" in text))

    @cached_property
    def functions(self) -> Sequence[Function]:
        """All its functions, in the order of the text."""
        return tuple(functions_of(self.tree, self.name))

    @cached_property
    def _by_qualname(self) -> Mapping[str, Sequence[Function]]:
        found: dict[str, list[Function]] = {}
        for one in self.functions:
            found.setdefault(one.target.qualname, []).append(one)
        return found

    def functions_named(self, qualname: str) -> Sequence[Function]:
        """Its functions of one qualified name: none, one, or several where it is defined anew."""
        return self._by_qualname.get(qualname, ())

    def function_at(self, line: int) -> Function | None:
        """The innermost function that a line is part of, decorators included."""
        around = [one for one in self.functions if one.first_line <= line <= one.last_line]
        return max(around, key=lambda one: one.first_line, default=None)

    def references(self, lines: Sequence[int] | None = None) -> Iterator[Reference]:
        """Where names are read (see `references.references`)."""
        return references(self.tree, lines=lines, scope=self.scope)

    def meaning(self, reference: Reference) -> Meaning:
        """What a reference means."""
        return self.meaning_of(reference.names, reference.scope, reference.line)

    def meaning_of(self, names: Sequence[str], scope: Scope, line: int) -> Meaning:
        """What a chain of names means where it stands (see `bindings.meaning`)."""
        return meaning(names, scope, line, self.name, is_package=self.is_package)

    def full_name_of(self, node: ast.expr) -> str:
        """The full name of what an expression names where it stands; empty where that is unclear, or no name."""
        reference = next((one for one in self.references([node.lineno]) if one.node is node), None)
        found = self.meaning(reference) if reference else None
        return found.dotted if isinstance(found, Exactly) else ""


def module_name(path: Path, roots: Iterable[Path] = ()) -> str:
    """The full name under which a file is imported.

    Args:
        path: the file.
        roots: directories that modules are imported from. Of those the file lies below, the innermost counts. A
            file below none of them is named from the outermost of the directories with an `__init__.py` around it.

    >>> module_name(Path("/project/src/shop/rules.py"), [Path("/project"), Path("/project/src")])
    'shop.rules'
    """
    path = path.absolute()
    around = [root.absolute() for root in roots if path.is_relative_to(root.absolute())]
    root = max(around, key=lambda one: len(one.parts)) if around else _outermost(path.parent)
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == INIT and len(parts) > 1 else parts)


@lru_cache(maxsize=4096)
def _outermost(directory: Path) -> Path:
    while (directory / "__init__.py").is_file() and directory != directory.parent:
        directory = directory.parent
    return directory
