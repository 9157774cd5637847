"""Calls that can be replayed wherever the project lies: its directory goes by a mark in what they were given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from legacy_seam.calls import Call, Outcome
from legacy_seam.replay.relocation import place_without_directory, without_directory
from legacy_seam.replay.tracebacks import without_lines
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.pieces import cut, digests, join


def portable(call: Call, project: Path, blobs: Blobs) -> Call:
    """The call as a golden master is to hold it.

    Args:
        call: a recorded call.
        project: the directory that modules are imported from.
        blobs: holds the pieces of its large texts, and gets those that become others.
    """
    directory = str(project.resolve())

    def text_of(text: str) -> str:
        if not digests(text, blobs.get):
            return without_directory(text, directory)
        whole = join(text, blobs.get)
        moved = without_directory(whole, directory)
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
        observed=call.observed and _as_replayed(call.observed, directory),
    )


def _as_replayed(outcome: Outcome, directory: str) -> Outcome:
    """What was seen in the wild, as a replay tells it."""
    return Outcome(
        tuple(
            replace(
                effect,
                place=place_without_directory(effect.place, directory),
                text=without_lines(without_directory(effect.text, directory)),
            )
            for effect in outcome.effects
        )
    )
