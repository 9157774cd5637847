"""The interpreter that a program runs under, where it is another one than ours: it has to compile an edit, too."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from legacy_seam.errors import SeamError

_COMPILE: Final = """
import sys
content, told = sys.stdin.buffer.read(), ""
try:
    if len(sys.argv) > 1:
        compile(content, sys.argv[1], "exec", 0, True)
    else:
        told = ".".join(map(str, sys.version_info[:3]))
except (SyntaxError, ValueError, RecursionError, MemoryError):
    error = sys.exc_info()[1]
    told = "%d: %s" % (getattr(error, "lineno", 0) or 0, getattr(error, "msg", None) or error)
sys.stdout.buffer.write(told.encode("utf-8", "replace"))
"""
"""Asks an interpreter for its version, or to compile what it is given; in words that all of Python 3 knows."""
_SECONDS: Final = 60
_NO_PYTHON_3: Final = "it does not answer as a Python 3 does; give the program's interpreter"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can be asked.

    path:    of its executable.
    version: `3.8.18`.
    """

    path: str
    version: str

    @classmethod
    def at(cls, name: str) -> Interpreter:
        """The interpreter by its path, or by its name on the PATH.

        Raises:
            SeamError: where there is none, or it is no Python 3.

        >>> import sys
        >>> Interpreter.at(sys.executable).refusal(Path("m.py"), b"def f(:")
        '1: invalid syntax'
        """
        found = shutil.which(name)
        if found is None:
            raise SeamError(f"--python {name}: there is no such interpreter; give its path, or a name on the PATH")
        version = _answer(found, b"")
        if not version.startswith("3."):
            raise SeamError(f"--python {name}: {_NO_PYTHON_3}")
        return cls(found, version)

    def refusal(self, path: Path, content: bytes) -> str | None:
        """The line on which it refuses to compile a file, and why; None where it compiles. Nothing is run.

        Raises:
            SeamError: where it does not answer.
        """
        return _answer(self.path, content, str(path)) or None


def _answer(executable: str, content: bytes, *arguments: str) -> str:
    command = [executable, "-I", "-S", "-c", _COMPILE, *arguments]
    try:
        answer = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SeamError(f"--python {executable}: it cannot be asked ({error}); give another interpreter") from None
    if answer.returncode:
        last = answer.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise SeamError(f"--python {executable}: {_NO_PYTHON_3} ({last})")
    return answer.stdout.decode("utf-8", "replace")
