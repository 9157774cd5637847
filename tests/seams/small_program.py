"""A small program in a directory, and what a technique makes of it."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from legacy_seam.seams.catalogue import technique_named
from legacy_seam.seams.insertion import Proposal, propose
from legacy_seam.source import Program
from legacy_seam.targets import Target


def program(root: Path, files: Mapping[str, str | bytes]) -> Program:
    """Write files and read them as a program; text loses its common indentation and its first newline."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else plain(content).encode())
    return Program.at([root], roots=[root])


def plain(text: str) -> str:
    return textwrap.dedent(text.removeprefix("\n")).rstrip(" ")


def proposed(
    root: Path,
    technique: str,
    text: str | bytes,
    target: str = "f",
    options: Mapping[str, str] | None = None,
    others: Mapping[str, str] | None = None,
) -> Proposal:
    """What a technique proposes for the module `m`."""
    read = program(root, {"m.py": text, **(others or {})})
    return propose(technique_named(technique), read, Target("m", target), options or {})


def after(proposal: Proposal) -> str:
    (change,) = proposal.plan.changes
    return change.after.decode(change.source.encoding)


class Module:
    """A module that has been run, and expressions within it.

    Args:
        text: what it says.
        root: where its other modules are.
    """

    def __init__(self, text: str, root: Path) -> None:
        self._text, self._root = text, root

    def told(self, calls: Sequence[str]) -> list[str]:
        """What each expression gives, or raises."""
        module = ModuleType("m")
        before = sys.modules.get("m")
        sys.path.insert(0, str(self._root))
        sys.modules["m"] = module
        leaves_some_open = (
            "asyncio" in self._text or "sqlite3" in self._text
        )  # what a stub has ended, nobody closes
        try:
            with _what_is_left_collected() if leaves_some_open else contextlib.nullcontext():
                exec(compile(self._text, "m.py", "exec"), vars(module))
                return [self._one(compile(call, "call", "eval"), vars(module)) for call in calls]
        finally:
            sys.path.remove(str(self._root))
            del sys.modules["m"]
            for name in self._loaded():
                del sys.modules[name]
            if before is not None:
                sys.modules["m"] = before

    def _loaded(self) -> list[str]:
        """The other modules of the program, which the next one brings along itself."""
        files = {name: getattr(one, "__file__", None) or "" for name, one in sys.modules.items()}
        return [name for name, file in files.items() if file.startswith(f"{self._root}{os.sep}")]

    @staticmethod
    def _one(call: CodeType, namespace: dict[str, Any]) -> str:
        try:
            return repr(eval(call, namespace))
        except BaseException as error:
            return f"raised {type(error).__name__}: {error}"


@contextlib.contextmanager
def _what_is_left_collected() -> Iterator[None]:
    """Collect, without a word, what is made within and left: only this, for to go through all tests takes long."""
    gc.disable()
    gc.freeze()  # both together make old what there is so far
    gc.unfreeze()
    try:
        yield
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect(0)
        gc.enable()
