"""Small programs that are written to files and surveyed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from legacy_seam.source import Program
from legacy_seam.survey.survey import Survey, Surveyed, survey


def write_program(place: Path, files: Mapping[str, str]) -> Path:
    """Write source files below a directory."""
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    return place


def survey_of(place: Path, files: Mapping[str, str]) -> Survey:
    """Write a program and survey it."""
    write_program(place, files)
    return survey(Program.at([place]), place)


def only(found: Survey, target: str) -> Surveyed:
    """One function of a survey."""
    [one] = [one for one in found.functions if str(one.target) == target]
    return one


def effects(found: Survey, target: str) -> dict[str, int]:
    """The effects of one function, writes with an exclamation mark, and how many calls away each is."""
    reaches = only(found, target).reaches
    return {f"{kind}!" if writes else kind: reach.steps for (kind, writes), reach in reaches.items()}
