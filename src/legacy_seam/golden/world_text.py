"""The surroundings of recorded calls (`Run`) as text beside the golden masters, and back.

What a replay needs to know is here: the moment at which the program's modules were imported, its arguments, zone,
the environment variables that it read, the files that were opened during import, what was asked outside then and
what came of it. Nothing that tells one machine
from another (directories, process numbers) is written, so that equal surroundings give equal text.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legacy_seam.calls import Answer, FileState, Run
from legacy_seam.golden.file_states import read_state, write_state
from legacy_seam.golden.instants import read_instant, write_instant
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.values import encode, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_LINE = "world 1 of recorded calls"
_RESTORE = "restore the file from version control, or replace it: legacy-seam pin --afresh"
_ELSEWHERE = ".."
"""Stands for a working directory that is not in the project."""
_LINE = re.compile(r"(?P<word>[a-z]+)(?: (?P<place>.*?))?? = (?P<text>.*)")


def identify(run: Run) -> str:
    """The name of these surroundings: 12 hexadecimal digits of their content."""
    return hashlib.blake2b(write_world(run).encode(), digest_size=6).hexdigest()


def write_world(run: Run) -> str:
    """Write the part of a run that replays depend on."""
    fields: list[tuple[str, str, Any]] = [
        ("command", "", run.command),
        ("main", "", run.main),
        *([("directory", "", _told_directory(run.directory))] if run.directory else []),
        *([("project", "", run.project)] if run.project else []),
        ("path", "", run.search_path),
        ("imports", "", run.imports),
        ("boundaries", "", run.boundaries),
        ("started", "", write_instant(run.started)),
        ("timezone", "", run.timezone),
        *(("environ", name, value) for name, value in sorted(run.environment.items())),
        *(("file", state.path, _told_of(state)) for state in run.files),
        *(("asked", str(number), _told_answer(answer)) for number, answer in enumerate(run.answers, 1)),
        ("python", "", run.python),
        ("platform", "", run.platform),
        ("commit", "", run.commit),
    ]
    lines = [_FIRST_LINE, "# Written by legacy-seam; golden masters name it in their `world` lines."]
    for word, place, value in fields:
        head = f"{word} {_write_place(place)}" if place else word
        lines.append(f"{head} = {encode(value, width=None)}")
    return "\n".join(lines) + "\n"


def read_world(text: str, identity: str, where: str) -> Run:
    """The inverse of `write_world`.

    Raises:
        GoldenDamaged: naming the file, the line and what is wrong with it.
    """
    lines = text.splitlines()
    if not lines or lines[0] != _FIRST_LINE:
        raise GoldenDamaged(f"{where}:1: this is not a world that this legacy-seam can read; {_RESTORE}")
    plain: dict[str, Any] = {}
    environment: dict[str, str | None] = {}
    files: list[FileState] = []
    answers: list[Answer] = []
    for number, line in enumerate(lines[1:], 2):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        try:
            value: Any = parse(match["text"]) if match else None
        except ValueError as error:
            raise GoldenDamaged(f"{where}:{number}: {error}; {_RESTORE}") from None
        if match is None:
            raise GoldenDamaged(f"{where}:{number}: {line[:40]!r} cannot be read; {_RESTORE}")
        if match["word"] == "environ":
            environment[match["place"]] = value
        elif match["word"] == "file":
            place = _read_place(match["place"] or "")
            try:
                files.append(FileState(place, None) if value is None else read_state(place, str(value)))
            except ValueError as error:
                raise GoldenDamaged(f"{where}:{number}: {error}; {_RESTORE}") from None
        elif match["word"] == "asked":
            try:
                answers.append(_read_answer(value))
            except (TypeError, ValueError):
                raise GoldenDamaged(f"{where}:{number}: this is no question with its answer; {_RESTORE}") from None
        else:
            plain[match["word"]] = value
    try:
        return replace(_run(identity, plain, environment), files=tuple(files), answers=tuple(answers))
    except (KeyError, ValueError, TypeError) as error:
        raise GoldenDamaged(f"{where}: an entry is missing or wrong ({error}); {_RESTORE}") from None


def _told_directory(directory: str) -> str:
    return _ELSEWHERE if Path(directory).is_absolute() else directory


def _told_of(state: FileState) -> str | None:
    told = write_state(state)
    return None if told == write_state(FileState(state.path, None)) else told


def _told_answer(answer: Answer) -> tuple[str, str, str, dict[str, str]]:
    return answer.question, answer.form, answer.text, dict(answer.handles)


def _read_answer(told: Any) -> Answer:
    question, form, text, handles = told
    return Answer(str(question), form, str(text), "", dict(handles))


def _write_place(place: str) -> str:
    """A path as it is; in quotes, and without `=`, where it would not be read back as it is."""
    if place.isprintable() and "=" not in place and place[0] not in "'\" " and place[-1] != " ":
        return place
    return ascii(place).replace("=", "\\x3d")


def _read_place(written: str) -> str:
    return str(parse(written)) if written[:1] in ("'", '"') else written


def _run(identity: str, plain: Mapping[str, Any], environment: dict[str, str | None]) -> Run:
    main = plain["main"]
    return Run(
        identity=identity,
        command=tuple(plain["command"]),
        directory=str(plain.get("directory", "")),
        project=str(plain.get("project", "")),
        main=None if main is None else (str(main[0]), str(main[1])),
        search_path=tuple(plain["path"]),
        started=read_instant(plain["started"]),
        timezone=plain["timezone"],
        environment=environment,
        files=(),
        python=plain["python"],
        platform=plain["platform"],
        commit=plain.get("commit"),
        imports=tuple(plain.get("imports", ())),
        boundaries=tuple(plain.get("boundaries", ())),
    )


def named_by_content(run: Run) -> Run:
    """The same run under the name of its content, as golden masters refer to it."""
    return replace(run, identity=identify(run))


def seen_from(project: Path, run: Run) -> Run:
    """The same run with its paths relative to the project's directory, from which it will be replayed.

    A program may have been recorded in a directory below that of the project, and the project moved since.
    """
    directory = _where_it_lies_now(project, run)

    def rebased(path: str) -> str:
        place = Path(os.path.normpath(Path(directory, path)))
        return place.relative_to(project).as_posix() if place.is_relative_to(project) else str(place)

    main = None if run.main is None else (run.main[0], rebased(run.main[1]))
    search_path = tuple(rebased(path) for path in run.search_path)
    where = directory.relative_to(project).as_posix() if directory.is_relative_to(project) else str(directory)
    where = "" if where == "." else where
    return replace(run, main=main, search_path=search_path, directory=where, project=_where_it_lay(run, where))


def _where_it_lay(run: Run, where: str) -> str:
    """The directory of the project when a program was recorded in one below it; empty where it was not.

    Args:
        run: as it was recorded.
        where: its working directory, from where the project lies now.
    """
    if Path(where).is_absolute():
        return ""
    tail = f"/{where}" if where else ""
    return run.directory.removesuffix(tail).rstrip("/") if run.directory.endswith(tail) else ""


def _where_it_lies_now(project: Path, run: Run) -> Path:
    """The working directory of a run, as far as can be told also after the project was moved."""
    directory = Path(run.directory)
    if directory.is_relative_to(project) or directory.is_dir():
        return directory
    named = [*run.search_path, *(run.main[1:] if run.main else ())]
    relative = [path for path in named if not Path(path).is_absolute()]
    tails = (directory.parts[start:] for start in range(1, len(directory.parts) + 1))
    places = (project.joinpath(*tail) for tail in tails)
    return next(
        (place for place in places if relative and all((place / path).exists() for path in relative)), directory
    )
