"""Effects as they are in every replay: without what differs by our own doing, or by where the project lies."""

from __future__ import annotations

import re

from legacy_seam.calls import Effect
from legacy_seam.replay.relocation import laid_out, place_without_directory, without_directory
from legacy_seam.replay.tracebacks import without_lines

_ADDRESS = re.compile(r"(?<= at )0x[0-9a-fA-F]{6,16}\b")


def is_neutral(text: str) -> bool:
    """Does a text surely hold nothing that differs by our own doing?"""
    return "/" not in text and " at 0x" not in text and "File " not in text


def neutral(effect: Effect, directory: str, elsewhere: str, project: str, formerly: str = "") -> Effect:
    """An effect without the private directory, addresses of objects, and the places of the project and its lines.

    Args:
        effect: as it was found.
        directory: the private one, in which the program works.
        elsewhere: where its files outside of that are kept.
        project: the directory of the project.
        formerly: where it lay when the program was recorded, where something names it so.

    >>> printed = Effect("printed", "stdout", "'/run/1/work/a.csv'")
    >>> neutral(printed, directory="/run/1/work", elsewhere="/run/1/beyond", project="/shop").text
    "'<directory>/a.csv'"
    """
    text, place = effect.text, effect.place
    if is_neutral(place) and is_neutral(text):
        return effect
    elsewhere += "/"
    text = text.replace(elsewhere, "/") if elsewhere in text else text
    place = place.replace(elsewhere, "/").replace(directory, "<directory>")
    place = _ADDRESS.sub("0x...", place_without_directory(place_without_directory(place, project), formerly))
    if directory in text or " at 0x" in text:
        text = laid_out(_ADDRESS.sub("0x...", text.replace(directory, "<directory>")))
    text = without_lines(without_directory(without_directory(text, project), formerly))
    if text is effect.text and place == effect.place:
        return effect
    return Effect(effect.kind, place, text)
