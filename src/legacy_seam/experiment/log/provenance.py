"""Which code and which libraries a prediction was made with, found without starting or importing anything."""

from __future__ import annotations

import os
import sys

_LIBRARIES = (("numpy", "numpy"), ("pandas", "pandas"), ("scikit-learn", "sklearn"), ("scipy", "scipy"))

_known: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}


def library_versions(named: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The versions of the libraries that a model names, and of Python; without any, of the usual ones in use."""
    found = _known.get(named)
    if found is None:
        found = {"python": ".".join(map(str, sys.version_info[:3]))} | (_installed(named) if named else _loaded())
        if named:
            _known[named] = found
    return found


def _installed(named: tuple[tuple[str, str], ...]) -> dict[str, str]:
    from importlib import metadata

    versions = {}
    for name, _ in named:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = ""
    return versions


def _loaded() -> dict[str, str]:
    versions = {name: getattr(sys.modules.get(module), "__version__", "") for name, module in _LIBRARIES}
    return {name: str(version) for name, version in versions.items() if version}


def code_version(start: str | None = None) -> str:
    """The commit that is checked out where the program runs, or in a directory above; empty if there is none."""
    try:
        place = os.path.abspath(start or os.getcwd())
        while not os.path.exists(os.path.join(place, ".git")):
            above = os.path.dirname(place)
            if above == place:
                return ""
            place = above
        return _commit(os.path.join(place, ".git"))
    except OSError:
        return ""


def _commit(git: str) -> str:
    if os.path.isfile(git):  # a worktree: the file names the directory
        git = os.path.join(os.path.dirname(git), _read(git).partition("gitdir: ")[2])
    head = _read(os.path.join(git, "HEAD"))
    if not head.startswith("ref: "):
        return head
    name = head[5:]
    common = os.path.join(git, "commondir")
    homes = [git, os.path.join(git, _read(common))] if os.path.exists(common) else [git]
    for home in homes:
        loose = os.path.join(home, name)
        if os.path.exists(loose):
            return _read(loose)
        packed = os.path.join(home, "packed-refs")
        if os.path.exists(packed):
            for line in _read(packed).splitlines():
                if line.endswith(f" {name}"):
                    return line.partition(" ")[0]
    return ""


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read().strip()
