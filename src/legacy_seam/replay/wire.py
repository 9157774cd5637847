"""What goes to a worker, as plain data: the setting once, then calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from legacy_seam.calls import Call, Effect, FileState
from legacy_seam.replay.batch import Conditions, Limits, Setting
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.wire import run_from_data, run_to_data
from legacy_seam.targets import Target


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
        "blobs": str(blobs),
    }


def setting_from_data(data: dict[str, Any]) -> tuple[Setting, Blobs]:
    """The inverse of `setting_to_data`."""
    setting = Setting(
        run=run_from_data(data["run"]),
        conditions=Conditions(**data["conditions"]),
        limits=Limits(**data["limits"]),
        project=data["project"],
        directory=data["directory"],
        search_path=tuple(data["search_path"]),
        allow=tuple(data["allow"]),
    )
    return setting, Blobs(Path(data["blobs"]))


def digest_of(effects: Iterable[Effect]) -> str:
    """A digest by which two processes find out whether they speak of the same effects.

    >>> digest_of([Effect("returned", "", "1")]) == digest_of([Effect("returned", "", "2")])
    False
    """
    told = [f"{one.kind} {len(one.place)} {one.place} {len(one.text)} {one.text}" for one in effects]
    return blake2b("\n".join(told).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def call_to_data(call: Call) -> list[Any]:
    """What a worker needs to know of a call."""
    files = [(state.path, state.digest) for state in call.files]
    return [
        str(call.target),
        call.identity,
        dict(call.arguments),
        dict(call.closure),
        dict(call.state),
        call.instant,
        files,
        call.run,
        call.defaulted,
    ]


def call_from_data(data: list[Any]) -> Call:
    """The inverse of `call_to_data`; what was observed in the wild is not sent."""
    target, identity, arguments, closure, state, instant, files, run, defaulted = data
    return Call(
        target=Target.parse(target),
        identity=identity,
        arguments=arguments,
        closure=closure,
        state=state,
        instant=instant,
        files=tuple(FileState(path, digest) for path, digest in files),
        observed=None,
        run=run,
        defaulted=tuple(defaulted),
    )
