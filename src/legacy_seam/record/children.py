"""Programs that the recorded program starts: the same Python is told to run them under a recorder, too.

Forked processes go on recording by themselves. What is started afresh (by `subprocess`, by the methods *spawn* and
*forkserver* of `multiprocessing`, by `os.exec…` and `os.posix_spawn…`) is another matter: its command line is
changed on its way to the operating system, and only there. What the program gave is what `Popen.args` and audit
hooks show, the environment is left alone, and the child finds the arguments that it was given (see
`legacy_seam.record.launcher`).

Another Python, a shell, and Python with options that we would be in the way of are left alone, and that is noted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any, Protocol

from legacy_seam.record.invocation import BOOTSTRAP, Settings, arguments
from legacy_seam.store.ledger import Finding

_MOST_NOTED = 100
_BEHIND_A_SHELL = "is not recorded: a shell stands between"
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh"})


class Parent(Protocol):
    """The recorder of this process."""

    def child_settings(self) -> Settings:
        """What is to be recorded in a process that this one starts."""

    def before_exec(self) -> None:
        """This process is about to become another program."""

    def find(self, finding: Finding) -> None:
        """Something could not be recorded."""


def follow(parent: Parent) -> Callable[[], None]:
    """From now on, record what this process starts; gives what undoes it.

    Args:
        parent: the recorder of this process.
    """
    global _parent
    _parent = parent
    _listen()
    if not _in_place:
        _put_in_place()

    def undo() -> None:
        global _parent
        if _parent is parent:
            _parent = None
            _noted.clear()
            _take_away()

    return undo


_parent: Parent | None = None
_noted: set[str] = set()
_in_place: list[tuple[Any, str, Any, Any]] = []
_is_listening = False


def _listen() -> None:
    """Hear of `os.system`, which starts a shell in C. The hook stays for good; without a parent it is idle."""
    global _is_listening
    if not _is_listening:
        _is_listening = True
        sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    parent = _parent
    if event != "os.system" or parent is None:
        return
    try:
        if "python" in (_text(arguments[0]) or ""):
            _note(parent, "a child process (os.system)", _BEHIND_A_SHELL)
    except Exception:  # what was started is not told of; the program goes on
        return


def _put_in_place() -> None:
    import _posixsubprocess

    for module, name, ours in (
        (_posixsubprocess, "fork_exec", _fork_exec),
        (sys.modules.get("subprocess"), "_fork_exec", _fork_exec),
        (os, "execv", _execv),
        (os, "execve", _execve),
        (os, "posix_spawn", _posix_spawn),
        (os, "posix_spawnp", _posix_spawnp),
    ):
        plain = getattr(module, name, None)
        if plain is not None:
            _in_place.append((module, name, plain, ours))
            _plain.setdefault(ours, plain)
            ours.__doc__ = plain.__doc__
            ours.__name__ = ours.__qualname__ = plain.__name__
            setattr(module, name, ours)


def _take_away() -> None:
    for module, name, plain, ours in _in_place:
        if getattr(module, name, None) is ours:
            setattr(module, name, plain)
    subprocess: Any = sys.modules.get("subprocess")  # it may have been imported meanwhile
    if getattr(subprocess, "_fork_exec", None) is _fork_exec:
        subprocess._fork_exec = _plain[_fork_exec]
    _in_place.clear()


# --- what stands in for functions of the operating system ---------------------------------------------------------


def _fork_exec(args: Any, executable_list: Any, /, *others: Any) -> int:
    child = _as_child(args, executable_list, others[2], others[3])
    pid: int = _plain[_fork_exec](*(child or (args, executable_list)), *others)
    return pid


def _execv(path: Any, argv: Any, /) -> None:
    child = _as_child(argv, [path])
    _tell_of_exec()
    _plain[_execv](*((child[1][0], child[0]) if child else (path, argv)))


def _execve(path: Any, argv: Any, env: Any) -> None:
    child = _as_child(argv, [path], env=env)
    _tell_of_exec()
    _plain[_execve](*((child[1][0], child[0]) if child else (path, argv)), env)


def _posix_spawn(path: Any, argv: Any, env: Any, /, **options: Any) -> int:
    child = _as_child(argv, [path], env=env)
    pid: int = _plain[_posix_spawn](*((child[1][0], child[0]) if child else (path, argv)), env, **options)
    return pid


def _posix_spawnp(path: Any, argv: Any, env: Any, /, **options: Any) -> int:
    child = _as_child(argv, _candidates(path))
    pid: int = _plain[_posix_spawnp](path, child[0] if child else argv, env, **options)
    return pid


_plain: dict[Callable[..., Any], Callable[..., Any]] = {}


def _tell_of_exec() -> None:
    parent = _parent
    if parent is not None:
        parent.before_exec()


def _candidates(name: Any) -> list[str]:
    """Where a program of that name may lie."""
    given = _text(name)
    if given is None or "/" in given:
        return [given or ""]
    return [os.path.join(directory, given) for directory in os.environ.get("PATH", os.defpath).split(os.pathsep)]


# --- the command line of a child ----------------------------------------------------------------------------------


def _as_child(argv: Any, places: Any, cwd: Any = None, env: Any = None) -> tuple[list[Any], list[Any]] | None:
    """The arguments and the places of the program with which a child is recorded; None: start what was given."""
    parent = _parent
    if parent is None:
        return None
    try:
        return _rewritten(parent, argv, places, cwd, env)
    except Exception as error:  # the child starts as it was meant to
        _note(parent, "a child process", f"is not recorded: {type(error).__name__}: {error}")
        return None


def _rewritten(parent: Parent, argv: Any, places: Any, cwd: Any, env: Any) -> tuple[list[Any], list[Any]] | None:
    if type(argv) not in (list, tuple) or not argv:
        return None
    words = [_text(word) for word in argv]
    found = _first_that_exists(places, _text(cwd) if cwd is not None else None)
    if found is None or None in words:
        return None
    place, path = found
    known = [word for word in words if word is not None]
    if _is_this_python(path):
        changed = _changed(parent, known[1:], path)
        return None if changed is None else ([argv[0], *changed], list(places))
    behind = _behind_shebang(path, env)
    if behind is not None:
        interpreter, first, flags = behind
        changed = _changed(parent, [*flags, place, *known[1:]], path)
        return None if changed is None else ([first, *changed], [os.fsencode(interpreter)])
    _note_stranger(parent, path, known)
    return None


def _changed(parent: Parent, words: Sequence[str], path: str) -> list[str] | None:
    if BOOTSTRAP in words:
        return None
    changed = arguments(parent.child_settings(), words)
    if isinstance(changed, str):
        if changed:
            _note(parent, f"a child process ({os.path.basename(path)})", f"is not recorded: {changed}")
        return None
    return changed


def _text(word: Any) -> str | None:
    """A word as text; None where it would take code of the program to tell."""
    if type(word) is str:
        return word
    if type(word) is bytes:
        return os.fsdecode(word)
    return str(word) if isinstance(word, PurePath) and type(word).__module__.startswith("pathlib") else None


def _first_that_exists(places: Any, cwd: str | None) -> tuple[str, str] | None:
    """The first of these places with a program in it, as it was given and as it is reached from here."""
    for place in map(_text, places if type(places) in (list, tuple) else ()):
        if place is None:
            return None
        path = os.path.join(cwd or "", place)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return place, path
    return None


def _is_this_python(path: str) -> bool:
    return bool(sys.executable) and os.path.realpath(path) == os.path.realpath(sys.executable)


def _behind_shebang(path: str, env: Any) -> tuple[str, str, list[str]] | None:
    """How the kernel would start this Python for a script that names it in its first line.

    Returns:
        the interpreter, its name as its first argument, and its options; None where it is no such script.
    """
    with open(path, "rb") as file:
        line = file.readline(256)
    if not line.startswith(b"#!") or not line.endswith(b"\n"):
        return None
    named, _, option = os.fsdecode(line[2:]).strip().partition(" ")
    option = option.strip()
    if os.path.basename(named) == "env" and option and not option.startswith("-") and " " not in option:
        for directory in _search_path(env):
            found = os.path.join(directory, option)
            if os.path.isfile(found) and os.access(found, os.X_OK):
                return (found, option, []) if _is_this_python(found) else None
        return None
    return (named, named, [option] if option else []) if _is_this_python(named) else None


def _search_path(env: Any) -> list[str]:
    """Where a child looks for programs that has this environment: a dictionary, a list of assignments, or None."""
    found: Any = os.environ.get("PATH", os.defpath)
    if type(env) is dict:
        found = env.get("PATH", env.get(b"PATH", os.defpath))
    elif type(env) is list:
        found = dict(variable.partition(b"=")[::2] for variable in env).get(b"PATH", os.defpath)
    return os.fsdecode(found).split(os.pathsep)


def _note_stranger(parent: Parent, path: str, words: Sequence[str]) -> None:
    name = os.path.basename(path)
    if name.startswith(("python", "pypy")):
        _note(parent, f"a child process ({path})", "is not recorded: it is another Python")
    elif name in _SHELLS and any("python" in word for word in words[1:]):
        _note(parent, f"a child process ({name})", _BEHIND_A_SHELL)


def _note(parent: Parent, what: str, why: str) -> None:
    if len(_noted) < _MOST_NOTED and f"{what} {why}" not in _noted:
        _noted.add(f"{what} {why}")
        parent.find(Finding(None, what, why))
