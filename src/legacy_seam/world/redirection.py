"""Where a path of the program leads in a replay: into the private directory, or to a file of this machine.

The program sees the paths that it saw when it was recorded. Those below its working directory lead into the private
directory; all others into a second tree beside it, where `/data/x.csv` lies under its full name. What the recording
does not know is looked up on this machine, to be read only.

The project may lie elsewhere now than it did then. Whatever names a file of it by the directory of then (a constant
of the program, a line of its settings) means the file that is there now.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable

from legacy_seam.calls import FileState
from legacy_seam.world.calm import Calm
from legacy_seam.world.links import through_links
from legacy_seam.world.recorded_paths import SOURCE_SUFFIXES, STANDING, WORKING_DIRECTORY, interpreter_directories
from legacy_seam.world.templates import is_read_as_template

_MOST_TOLD = 5
_lstat, _stat, _getcwd, _readlink = os.lstat, os.stat, os.getcwd, os.readlink


class Redirection:
    """Tells where paths lead.

    Args:
        directory: the private directory: the working directory of every call; absolute, without symbolic links.
        outside: the tree of all that lies elsewhere.
        root: the directory whose content lies in the private directory: where the program ran, as that lies now.
        make: makes a directory in one of the two trees that is not a change of the program's.
        calm: is told of what is noted here.
        home: how the program knows its working directory: what it was given names files there by that. None where
            nobody can say; it sees the private directory then.
        project: where the project lies.
        formerly: where it lay when the program was recorded; empty where that is not known.

    `looked_up` are the paths that the recording does not know and that were found on this machine.
    """

    def __init__(
        self,
        directory: str,
        outside: str,
        root: str,
        make: Callable[[str], None],
        calm: Calm | None = None,
        home: str | None = None,
        project: str = "",
        formerly: str = "",
    ) -> None:
        self._home = home
        self._project = project
        self._formerly = "" if _is_within(project, formerly) or _is_within(formerly, project) else formerly
        self._stir = (calm or Calm()).stir
        self.looked_up: dict[str, None] = {}
        self.is_at_home = True
        self._directory, self._outside = directory, outside
        self._root = root.rstrip("/") or directory
        self._make = make
        self._system = interpreter_directories()
        self._files: tuple[FileState, ...] = ()
        self._known: set[str] = set()
        self._listed: set[str] = set()
        self._made: set[str] = set()

    def begin(self, files: Iterable[FileState]) -> None:
        """Another call begins, which opened these files when it was recorded."""
        files = tuple(files)
        if files != self._files:
            self._known = {self.place_of(self._absolute(file.path.rstrip("/"), None)) for file in files}
            self._listed = {os.path.dirname(place) for place in self._known}
            self._files = files
        self._made.clear()
        self.looked_up.clear()
        if not self.is_at_home:
            self.note_directory()

    def note_directory(self) -> None:
        """The working directory was changed."""
        self._stir()
        self.is_at_home = _getcwd() == self._directory

    def is_plain(self, path: object) -> bool:
        """Is it plain, without looking, that this path leads into the private directory?"""
        return type(path) is str and self.is_at_home and path[:1] != "/" and ".." not in path and path != ""

    def is_ours(self, actual: str) -> bool:
        """Does an actual path lie in one of the two trees?"""
        return any(actual == tree or actual.startswith(tree + "/") for tree in (self._directory, self._outside))

    def place_of(self, name: str) -> str:
        """Where an absolute path of the program has its place, whether or not anything is there."""
        name = self._as_of_now(name)
        if _is_within(name, self._root):
            return self._directory + name[len(self._root) :]
        return self._outside + name

    def start(self, files: Iterable[FileState]) -> str | None:
        """Where a call begins that found these files; None where that is where the program ran."""
        leads_to = next((file.link for file in files if file.path == STANDING), None)
        if leads_to is None:
            return None
        within = leads_to.removeprefix(WORKING_DIRECTORY)
        if within != leads_to:
            place = os.path.normpath(os.path.join(self._directory, within))
        else:
            place = self.place_of(os.path.normpath(leads_to)).rstrip("/")
        return place if self.is_ours(place) else None

    def seen(self, actual: str) -> str:
        """An actual path as the program sees it, but for the private directory."""
        if actual == self._outside:
            return "/"
        is_outside = actual.startswith(self._outside + "/")
        return self._as_of_now(actual[len(self._outside) :]) if is_outside else actual

    def working_directory(self, actual: str) -> str:
        """Where the process stands, as the program sees it."""
        if self._home is not None and (actual == self._directory or actual.startswith(self._directory + "/")):
            return self._home + actual[len(self._directory) :]
        return self.seen(actual)

    def original(self, path: str) -> str:
        """Where the file of a path, or of its place in our trees, lies on this machine."""
        name = self._absolute(path, None)
        if name == self._directory or name.startswith(self._directory + "/"):
            return self._root + name[len(self._directory) :]
        return self.seen(name)

    def reading(self, path: str, handle: int | None = None) -> str | None:
        """Where a path leads that is to be read; None where it is to be taken as it is.

        What the recording does not know is read where it lies on this machine.

        Args:
            path: as the program gives it.
            handle: the open directory that it is relative to.
        """
        name = self._absolute(path, handle)
        if self.is_ours(name) or name.startswith(self._system):
            return None
        place = self.place_of(name)
        if place in self._known or _is_there(place) or through_links(place)[1] in self._known:
            return place
        if _is_there(name):
            self._stir()
            if not is_read_as_template(sys._getframe(1)):
                self.looked_up[name] = None
            return None if name == os.path.normpath(path) else name
        return None

    def reading_otherwise(self, path: str) -> str | None:
        """Where a path leads that is plain, and at which nothing is in the private directory; None for nowhere."""
        place = os.path.join(self._directory, path)
        return None if os.path.normpath(place) in self._known else self.reading(path)

    def changing(self, path: str, handle: int | None = None, *, with_directory: bool = False) -> str | None:
        """The same for a path that is to be made or changed.

        A file of this machine that the recording does not know is not changed: the path is taken as it is, and the
        sandbox refuses. Below the project only sources are held so: other paths lead into the private directory, as
        relative ones do (`logging` makes absolute ones of those that it is given).

        Args:
            path: as the program gives it.
            handle: the open directory that it is relative to.
            with_directory: may the path be that of a directory, which is then not changed itself?
        """
        name = self._absolute(path, handle)
        if self.is_ours(name) or name.startswith(self._system):
            return None
        place = self.place_of(name)
        if place == self._directory:
            return place if with_directory else None
        if not (place in self._known or _is_there(place)):
            is_held = name.endswith(SOURCE_SUFFIXES) or not self._is_of_the_program(name)
            if is_held and _is_there(name) and not (with_directory and _is_directory(name)):
                return None
            if with_directory and _is_directory(name):
                self._reflect(name)
        self._reflect(os.path.dirname(name))
        return place

    def linked(self, path: str) -> str | None:
        """Where a link is to lead that the program makes to a path; None where it is to be taken as it is."""
        return self.changing(path) if path[:1] == "/" else None

    def also_real(self, path: str) -> str | None:
        """The directory of this machine of which only a part is in our trees, if this path leads to one.

        A directory that was listed when the call was recorded is there as a whole.
        """
        name = self._absolute(path, None)
        place = self.place_of(name)
        is_part = place in self._made or place not in self._listed
        return name if is_part and not self.is_ours(name) else None

    def unknown(self) -> list[str]:
        """What was looked up on this machine, sources and where modules are looked for left out; the first few."""
        found = [path for path in self.looked_up if not path.endswith(SOURCE_SUFFIXES) and path not in sys.path]
        return found[:_MOST_TOLD]

    def _reflect(self, directory: str) -> None:
        """Make a directory of this machine in our trees, so that something can be made in it."""
        place = self.place_of(directory)
        if place in self._known or _is_there(place) or not _is_directory(directory):
            return
        self._stir()
        self._make(place)
        self._made.add(place)

    def _absolute(self, path: str, handle: int | None) -> str:
        if path[:1] != "/":
            within = _getcwd() if handle is None else _readlink(f"/proc/self/fd/{handle}")
            if within == self._directory or within.startswith(self._directory + "/"):
                within = self._root + within[len(self._directory) :]
            path = os.path.join(self.seen(within), path)
        return self._as_of_now(os.path.normpath(path) if path[:2] != "//" else os.path.normpath(path[1:]))

    def _as_of_now(self, name: str) -> str:
        """An absolute path, in the directory in which the project lies now if it is one of the project's."""
        if self._formerly and _is_within(name, self._formerly):
            return self._project + name[len(self._formerly) :]
        return name

    def _is_of_the_program(self, name: str) -> bool:
        return _is_within(name, self._root) or (self._project != "" and _is_within(name, self._project))


def _is_within(path: str, directory: str) -> bool:
    """Is a path that of a directory, or of anything below it?

    >>> _is_within("/shop/x", "/shop"), _is_within("/shop", "/shop"), _is_within("/shops", "/shop")
    (True, True, False)
    """
    return path == directory or path.startswith(directory + "/")


def _is_there(path: str) -> bool:
    try:
        _lstat(path)
    except (OSError, ValueError):
        return False
    return True


def _is_directory(path: str) -> bool:
    try:
        return stat.S_ISDIR(_stat(path).st_mode)
    except (OSError, ValueError):
        return False
