"""Calls that can be replayed wherever the project lies: its directory goes by a mark in what they were given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from legacy_seam.calls import Call, FileState, Outcome, Run
from legacy_seam.replay.relocation import (
    place_without_directory,
    without_directory,
    without_directory_in_files,
    word_without_directory,
)
from legacy_seam.replay.tracebacks import without_lines
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.pieces import cut, digests, join


def portable(call: Call, directories: Collection[str], blobs: Blobs) -> Call:
    """The call as a golden master is to hold it.

    Args:
        call: a recorded call.
        directories: where the project lies, and where it lay when the call was recorded.
        blobs: holds the pieces of its large texts, and gets those that become others.
    """

    def without(text: str) -> str:
        for directory in directories:
            text = without_directory(text, directory)
        return text

    def text_of(text: str) -> str:
        if not digests(text, blobs.get):
            return without(text)
        whole = join(text, blobs.get)
        moved = without(whole)
        return text if moved is whole else cut(moved, blobs.put)

    def texts_of(texts: Mapping[str, str]) -> Mapping[str, str]:
        return {name: text_of(text) for name, text in texts.items()}

    return replace(
        call,
        arguments=texts_of(call.arguments),
        closure=texts_of(call.closure),
        state=texts_of(call.state),
        driven=tuple(replace(step, text=text_of(step.text)) if step.text else step for step in call.driven),
        answers=tuple(replace(answer, text=text_of(answer.text)) for answer in call.answers),
        files=_files_of(call.files, directories),
        observed=call.observed and _as_replayed(call.observed, directories),
    )


def portable_run(run: Run, project: Path) -> Run:
    """The run as a golden master is to hold it, but for `project`, about which see `recorded`.

    Args:
        run: as it is seen from the project.
        project: the directory that modules are imported from.
    """
    for directory in dict.fromkeys((str(project), run.project)):
        run = replace(
            run,
            command=tuple(word_without_directory(word, directory) for word in run.command),
            environment={
                name: value and word_without_directory(value, directory) for name, value in run.environment.items()
            },
            files=without_directory_in_files(run.files, directory),
            answers=tuple(replace(one, text=without_directory(one.text, directory)) for one in run.answers),
        )
    return run


def _files_of(files: tuple[FileState, ...], directories: Iterable[str]) -> tuple[FileState, ...]:
    for directory in directories:
        files = without_directory_in_files(files, directory)
    return files


def _as_replayed(outcome: Outcome, directories: Iterable[str]) -> Outcome:
    """What was seen in the wild, as a replay tells it."""
    effects = outcome.effects
    for directory in directories:
        effects = tuple(
            replace(
                effect,
                place=place_without_directory(effect.place, directory),
                text=without_directory(effect.text, directory),
            )
            for effect in effects
        )
    return Outcome(tuple(replace(effect, text=without_lines(effect.text)) for effect in effects))
