"""Which files belong to the project whose functions are watched."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

_FOREIGN = frozenset({"site-packages", "dist-packages", "node_modules", "__pycache__", "tests"})
_TESTS = ("test_*.py", "*_test.py", "conftest.py")
_OURSELVES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
_INSTALLED_SCRIPTS = os.path.dirname(os.path.abspath(sys.executable))


class Sources:
    """The source files below some directories, without tests, virtual environments and what was installed.

    A directory that is given is searched whatever it is called itself: `tests` or `site-packages/shop` may be
    asked for. What counts is what lies below it.

    Args:
        roots: the directories.
        exclude: shell-style patterns over paths relative to a root (`migrations/*`).

    >>> Sources(["/shop"]).covers("/shop/rules.py"), Sources(["/shop"]).covers("/shop/tests/rules.py")
    (True, False)
    """

    def __init__(self, roots: Sequence[str | os.PathLike[str]], exclude: Iterable[str] = ()) -> None:
        given = dict.fromkeys(path for root in roots for path in (os.path.abspath(root), os.path.realpath(root)))
        self.roots = tuple(given)
        self._exclude = tuple(exclude)
        self._directories: dict[tuple[str, str], bool] = {}

    def covers(self, path: str) -> bool:
        """Does this source file belong to the project?"""
        path = os.path.abspath(path)
        return any(self._lies_within(path, root) for root in self.roots)

    def _lies_within(self, path: str, root: str) -> bool:
        prefix = root.rstrip(os.sep) + os.sep
        if not path.startswith(prefix):
            return False
        relative = path[len(prefix) :]
        directory, _, name = relative.rpartition(os.sep)
        if any(fnmatchcase(name, pattern) for pattern in _TESTS):
            return False
        if any(fnmatchcase(relative.replace(os.sep, "/"), pattern) for pattern in self._exclude):
            return False
        return self._is_ours(root, directory)

    def _is_ours(self, root: str, directory: str) -> bool:
        known = self._directories.get((root, directory))
        if known is None:
            known = self._directories[root, directory] = self._judge(root, directory)
        return known

    def _judge(self, root: str, directory: str) -> bool:
        whole = os.path.join(root, directory).rstrip(os.sep)
        if _is_at_or_below(whole, _OURSELVES):
            return False
        if _is_at_or_below(whole, _LIBRARY) and not _is_at_or_below(root, _LIBRARY):
            return False
        current = root
        for part in directory.split(os.sep) if directory else ():
            current = os.path.join(current, part)
            if part in _FOREIGN or part.startswith(".") or os.path.exists(os.path.join(current, "pyvenv.cfg")):
                return False
        return True


def is_own_script(path: str) -> bool:
    """Is a script that is started somebody's own, rather than one that was installed (`bin/pytest`)?"""
    installed = any(_is_at_or_below(os.path.abspath(path), place) for place in (_LIBRARY, _INSTALLED_SCRIPTS))
    return path.endswith(".py") and not installed


def _is_at_or_below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory + os.sep)


def search_directory(path: str, module: str) -> str:
    """The entry of `sys.path` under which `module` was found in the file `path`.

    >>> search_directory("/lib/shop/rules.py", "shop.rules")
    '/lib'
    """
    directory = os.path.dirname(os.path.abspath(path))
    packages = module.split(".")
    if os.path.basename(path).partition(".")[0] != "__init__":
        packages.pop()
    for package in reversed(packages):
        if os.path.basename(directory) != package:
            break
        directory = os.path.dirname(directory)
    return directory
