"""Reading recorded values, with classes that have moved found again."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Mapping, Sequence

from legacy_seam.replay.batch import Refused
from legacy_seam.replay.finding import moved_class
from legacy_seam.replay.relocation import MARK, with_directory
from legacy_seam.store.errors import StoreError
from legacy_seam.store.pieces import join
from legacy_seam.values import Allow, DecodeError, NotAllowed, NotationError, TypeGone, decode, decode_roots
from legacy_seam.values.reading import atoms_of, atoms_of_column, data_of
from legacy_seam.world.state import Places

_MOST_MOVES = 20
_HASHED = re.compile(r"\{|dict_\w+\(")
"""In the texts of tables and sets, which are made by asking their keys for a hash."""


def atoms_ahead(texts: Mapping[str, str]) -> dict[str, object] | None:
    """What `Reader.read` will give of what `Reader.whole` makes of some texts, where that is the same in every
    program and at any time: short atoms, and no more. None for all others. (To ask whether `NotImplemented` is true
    is a warning: that is no data like others.)

    >>> atoms_ahead({"n": "1", "unit": "'kg'"}), atoms_ahead({"path": "'<project>/a.csv'"})
    ({'n': 1, 'unit': 'kg'}, None)
    """
    atoms = atoms_of(texts)
    return None if atoms is None or _is_more_than_data("".join(texts.values())) else atoms


def atoms_ahead_in_columns(columns: Sequence[Sequence[str]]) -> list[list[object]] | None:
    """The same for the arguments of many calls, parameter by parameter; None where any of them is something else.

    >>> atoms_ahead_in_columns([["1", "2"], ["'kg'", "None"]])
    [[1, 2], ['kg', None]]
    """
    found: list[list[object]] = []
    for texts in columns:
        atoms = None if _is_more_than_data("".join(texts)) else atoms_of_column(texts)
        if atoms is None:
            return None
        found.append(atoms)
    return found


def data_ahead(texts: Mapping[str, str]) -> dict[str, object] | None:
    """What `Reader.read` will give of some texts, where that is the same in every program and at any time, and only
    numbers, strings, and lists and tables of these, which share nothing. None for all others.

    >>> data_ahead({"lines": "[{'item': 'a'}]"}), data_ahead({"paths": "['<project>/a.csv']"})
    ({'lines': [{'item': 'a'}]}, None)
    """
    return None if _is_more_than_data("".join(texts.values())) else data_of(texts)


def _is_more_than_data(text: str) -> bool:
    return _may_be_incomplete(text) or "NotImplemented" in text


def _may_be_incomplete(text: str) -> bool:
    """May a piece, or the directory of the project, have to be put in?"""
    return "@" in text or MARK in text


def _is_exception(name: str) -> bool:
    """Is `module:Qualname` the name of a class of exceptions that is loaded?"""
    module, _, path = name.partition(":")
    found: object = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _was_imported(module: str) -> bool:
    """Import what may be rebuilt but is not loaded: functions import modules, too, and other calls than this one
    did so when it was recorded. False where it was loaded all along, or cannot be."""
    if module in sys.modules:
        return False
    try:
        importlib.import_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException:  # a module may do anything while it is imported
        return False
    return True


def _what_to_do(name: str) -> str:
    """Why `module:Qualname` is not rebuilt, and what a person can do where it should be."""
    module = name.partition(":")[0]
    allow = "" if module == "__main__" else f", or name {module} in allow of [tool.legacy-seam]"
    return (
        f"{name} is not code under test, and is not rebuilt; if it should be, record with its directory in"
        f" --source{allow}"
    )


class Reader:
    """Turns recorded texts into values of the program as it is today.

    Args:
        allow: what may be rebuilt.
        places: knows the modules of the program.
        get: gives a piece of a large value by its digest.
        project: the directory of the project.
        stranger: stands in for an object of a type that is not rebuilt, if it lies outside the program.
    """

    def __init__(
        self,
        allow: Allow,
        places: Places,
        get: Callable[[str], bytes],
        project: str,
        stranger: Callable[[str, str], object | None] = lambda kind, name: None,
    ) -> None:
        self._allow = allow
        self._stranger = stranger
        self._places = places
        self._get = get
        self._project = project
        self._moved: dict[str, str] = {}

    def whole(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """Texts with their pieces put back (`store.pieces`) and the project's directory (`relocation`).

        Raises:
            Refused: where a piece is not there.
        """
        if not _may_be_incomplete("".join(texts.values())):
            return texts
        try:
            return {name: with_directory(join(text, self._get), self._project) for name, text in texts.items()}
        except StoreError:
            raise Refused("file-gone", "a piece of a large value is missing, or was altered") from None

    def may_run_code(self, texts: Mapping[str, str]) -> bool:
        """May code of the program run when these are read? Its objects are asked for their hash, and no more."""
        return _HASHED.search("".join(texts.values())) is not None

    def read(self, texts: Mapping[str, str]) -> dict[str, object]:
        """All values of one call.

        Raises:
            Refused: where a class is gone, or is not code under test, or a text is none.
        """
        for _ in range(_MOST_MOVES):
            try:
                return decode_roots(self._with_new_names(texts), allow=self._allow, stranger=self._stranger)
            except TypeGone as gone:
                self._find_again(gone.name)
            except NotAllowed as stranger:
                raise Refused("not-allowed", _what_to_do(stranger.name)) from None
            except (NotationError, DecodeError) as unreadable:
                raise Refused("unreadable", f"a recorded value cannot be read: {unreadable}") from None
        raise Refused("type-gone", "too many of the classes that the recorded values name are gone")

    def answer(self, text: str, handles: Mapping[str, object]) -> object:
        """What something outside answered; an exception is made again whatever module it is of.

        Raises:
            Refused: as `read` does.
        """
        text = self.whole({"": text})[""]
        name = text.partition("(")[0]
        module = name.partition(":")[0]
        allow = Allow(self._allow.modules | {module}) if _is_exception(name) else self._allow
        try:
            return decode(text, allow=allow, known=handles, stranger=self._stranger)
        except (NotationError, DecodeError) as unreadable:
            raise Refused("unreadable", f"a recorded answer cannot be read: {unreadable}") from None

    @property
    def has_moved(self) -> bool:
        """Was anything found elsewhere?"""
        return bool(self._moved)

    def notes(self) -> list[str]:
        """What was found elsewhere."""
        return [f"type moved: {old} is now {new}" for old, new in self._moved.items()]

    def _find_again(self, name: str) -> None:
        if _was_imported(name.partition(":")[0]):
            return
        new = None if name in self._moved else moved_class(name, self._places.modules())
        if new is None or new == name:
            raise Refused("type-gone", f"{name}, which a recorded value names, is not there any more")
        self._moved[name] = new

    def _with_new_names(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        if not self._moved:
            return texts
        moved = self._moved
        pattern = re.compile("|".join(rf"(?<![\w.:'\"]){re.escape(old)}(?![\w.:])" for old in moved))
        return {name: pattern.sub(lambda found: moved[found[0]], text) for name, text in texts.items()}
