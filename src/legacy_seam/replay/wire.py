"""What goes to a worker, as plain data: the setting once, then calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

from legacy_seam.calls import Answer, Call, Effect, FileState, Outcome, Step
from legacy_seam.plaindata import dataclass
from legacy_seam.replay.batch import Conditions, Limits, Setting
from legacy_seam.replay.relocation import run_with_directory
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.wire import (
    answers_from_data,
    answers_to_data,
    run_from_data,
    run_to_data,
    steps_from_data,
    steps_to_data,
)

_SHORT = 200
NONE: Mapping[str, str] = MappingProxyType({})
_DIGEST_BYTES = 16


def setting_to_data(setting: Setting, blobs: Path) -> dict[str, Any]:
    """What a worker is told first.

    Args:
        setting: the world it makes.
        blobs: the directory of the contents of files.
    """
    return {
        "run": run_to_data(setting.run),
        "conditions": dataclasses.asdict(setting.conditions),
        "limits": dataclasses.asdict(setting.limits),
        "project": setting.project,
        "directory": setting.directory,
        "search_path": setting.search_path,
        "allow": setting.allow,
        "readable": setting.readable,
        "asks": setting.asks,
        "seal": setting.seal.hex(),
        "blobs": str(blobs),
    }


def setting_from_data(data: dict[str, Any]) -> tuple[Setting, Blobs]:
    """The inverse of `setting_to_data`."""
    setting = Setting(
        run=run_with_directory(run_from_data(data["run"]), data["project"]),
        conditions=Conditions(**data["conditions"]),
        limits=Limits(**data["limits"]),
        project=data["project"],
        directory=data["directory"],
        search_path=tuple(data["search_path"]),
        allow=tuple(data["allow"]),
        readable=tuple(data["readable"]),
        asks=data["asks"],
        seal=bytes.fromhex(data["seal"]),
    )
    return setting, Blobs(Path(data["blobs"]))


def gist_of(effects: Iterable[Effect]) -> str:
    """By this two processes find out whether they speak of the same effects: the text of them, or its digest.

    >>> gist_of([Effect("returned", "", "1")]) == gist_of([Effect("returned", "", "2")])
    False
    """
    told = "\n".join([f"{one.kind} {len(one.place)} {one.place} {len(one.text)} {one.text}" for one in effects])
    return told if len(told) < _SHORT else _digest(told)


def _digest(told: str) -> str:
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()


def gist_of_returned(text: str) -> str:
    """The gist of nothing but that a call returned this.

    >>> gist_of_returned("[1, 2]") == gist_of([Effect("returned", "", "[1, 2]")])
    True
    """
    told = f"returned 0  {len(text)} {text}"
    return told if len(told) < _SHORT else _digest(told)


@dataclass(slots=True)
class Job:
    """A call that is to be replayed: what a worker needs of it (see `Call`), and no more: there may be many.

    expected: the gist of what is expected of it, if that is known.
    atoms:    its arguments, where somebody has read them ahead.
    """

    arguments: Mapping[str, str]
    instant: float
    defaulted: tuple[str, ...]
    expected: str | None
    closure: Mapping[str, str]
    state: Mapping[str, str]
    files: tuple[FileState, ...] = ()
    driven: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()
    in_loop: bool = False
    atoms: dict[str, object] | None = None


def returned_alone(approved: Outcome | None) -> str | None:
    """The text of what a call is to return, where that is short and all that is expected of it; None for all else.

    >>> returned_alone(Outcome((Effect("returned", "", "1.5"),)))
    '1.5'
    """
    if approved is None or len(approved.effects) != 1:
        return None
    [effect] = approved.effects
    is_alone = effect.kind == "returned" and not effect.place and len(effect.text) < _SHORT
    return effect.text if is_alone else None


def expected_of(approved: Outcome | None) -> str | None:
    """The gist of what is expected of a call."""
    if approved is None:
        return None
    effects = approved.effects
    if len(effects) == 1 and effects[0].kind == "returned" and not effects[0].place:
        return gist_of_returned(effects[0].text)
    return gist_of(effects)


def job_to_data(call: Call, approved: Outcome | None) -> list[Any]:
    """What a worker needs to know of a call.

    Args:
        call: the call.
        approved: what is expected of it.
    """
    expected = expected_of(approved)
    rare: dict[str, Any] = {}
    if call.closure:
        rare["closure"] = dict(call.closure)
    if call.state:
        rare["state"] = dict(call.state)
    if call.files:
        rare["files"] = [_file_to_data(state) for state in call.files]
    if call.driven:
        rare["driven"] = steps_to_data(call.driven)
    if call.answers:
        rare["answers"] = answers_to_data(call.answers)
    if call.in_loop:
        rare["in_loop"] = True
    return [dict(call.arguments), call.instant, call.defaulted, expected, rare]


def job_from_data(data: list[Any]) -> Job:
    """What `job_to_data` has said."""
    arguments, instant, defaulted, expected, rare = data
    if not rare:
        return Job(arguments, instant, tuple(defaulted), expected, NONE, NONE)
    return Job(
        arguments,
        instant,
        tuple(defaulted),
        expected,
        closure=rare.get("closure", NONE),
        state=rare.get("state", NONE),
        files=tuple([_file_state(*told) for told in rare.get("files", ())]),
        driven=steps_from_data(rare.get("driven", [])),
        answers=answers_from_data(rare.get("answers", [])),
        in_loop=rare.get("in_loop", False),
    )


def _file_to_data(state: FileState) -> tuple[Any, ...]:
    asked = (state.size, state.mode, state.modified, state.link)
    return (
        (state.path, state.digest, *asked) if any(one is not None for one in asked) else (state.path, state.digest)
    )


@cache
def _file_state(path: str, digest: str | None, *asked: Any) -> FileState:
    """The very same one for the same file: calls of one target mostly find the same files."""
    return FileState(path, digest, *asked)
