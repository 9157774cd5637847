"""Paths of the project's own files within texts: golden masters say `<project>/prices.csv`, wherever it lies.

What a call was given may hold the directory in which the project was recorded (`Path(__file__).parent`, a settings
dictionary, the working directory). A golden master names no directory of one machine, and a replay puts in the
directory of the project that is replayed.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from legacy_seam.calls import FileState, Run
from legacy_seam.values import NotationError, encode, parse

MARK = "<project>"
_SHORTEST = 2
"""A shorter directory (`/`, `/p`) would be found where nobody named it."""


def without_directory(text: str, project: str) -> str:
    """A text of a value in which the directory of the project goes by its mark.

    >>> without_directory("('/home/ann/shop/prices.csv', '/home/ann/shop', '/home/ann/shops')", "/home/ann/shop")
    "('<project>/prices.csv', '<project>', '/home/ann/shops')"
    """
    marked = place_without_directory(text, project)
    return text if marked is text else laid_out(marked)


def place_without_directory(place: str, project: str) -> str:
    """The same for the place of an effect, which may name an entry by a path: `rates:CACHE['<project>/rates.ini']`.

    >>> place_without_directory("rates:CACHE['/home/ann/shop/rates.ini']", "/home/ann/shop")
    "rates:CACHE['<project>/rates.ini']"
    """
    if len(project) < _SHORTEST or project not in place:
        return place
    return _pattern(project).sub(MARK, place)


def with_directory(text: str, project: str) -> str:
    """The inverse: the directory of the project in the place of its mark.

    >>> with_directory("'<project>/prices.csv'", "/srv/shop")
    "'/srv/shop/prices.csv'"
    """
    return text.replace(MARK, project) if MARK in text else text


def path_without_directory(path: str, project: str) -> str:
    """The same for the path of a file.

    >>> path_without_directory("/home/ann/shop/in/", "/home/ann/shop"), path_without_directory("a.csv", "/home")
    ('<project>/in/', 'a.csv')
    """
    is_below = len(project) >= _SHORTEST and f"{path}/".startswith(f"{project}/")
    return MARK + path[len(project) :] if is_below else path


def word_without_directory(word: str, project: str) -> str:
    """The same for plain text: a word of a command line, the value of a variable of the environment.

    >>> word_without_directory("--file=/home/ann/shop/prices.csv", "/home/ann/shop")
    '--file=<project>/prices.csv'
    >>> word_without_directory("/home/ann/shop/bin:/home/ann/shop:/home/ann/shops", "/home/ann/shop")
    '<project>/bin:<project>:/home/ann/shops'
    """
    if len(project) < _SHORTEST or project not in word:
        return word
    return re.sub(rf"(?<![\w./-]){re.escape(project)}(?=[{re.escape(os.sep + os.pathsep)}]|$)", MARK, word)


def without_directory_in_files(files: Iterable[FileState], project: str) -> tuple[FileState, ...]:
    """The same for the states of files."""
    return _renamed(files, lambda path: path_without_directory(path, project))


def files_with_directory(files: tuple[FileState, ...], project: str) -> tuple[FileState, ...]:
    """The inverse for the states of files; the very same ones where nothing goes by the mark."""
    if not any(state.path.startswith(MARK) or (state.link or "").startswith(MARK) for state in files):
        return files
    return _renamed(files, lambda path: with_directory(path, project))


def _renamed(files: Iterable[FileState], name_of: Callable[[str], str]) -> tuple[FileState, ...]:
    return tuple(
        replace(state, path=name_of(state.path), link=state.link and name_of(state.link)) for state in files
    )


def run_with_directory(run: Run, project: str) -> Run:
    """The inverse for a run."""
    return replace(
        run,
        command=tuple(with_directory(word, project) for word in run.command),
        environment={name: value and with_directory(value, project) for name, value in run.environment.items()},
        files=files_with_directory(run.files, project),
    )


@lru_cache(maxsize=4)
def _pattern(project: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(project)}(?=[{re.escape(os.sep)}'\"])")


def laid_out(text: str) -> str:
    """The same text, with its lines broken as if the value were written anew."""
    with contextlib.suppress(NotationError):
        return encode(parse(text))
    return text
