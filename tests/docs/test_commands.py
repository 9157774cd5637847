"""The reference of the commands says what their `--help` says, and names all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from legacy_seam.cli import VERBS, handbook

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
HOW = "python -m legacy_seam.cli.handbook docs/reference/commands"


@pytest.mark.parametrize("verb", VERBS)
def test_the_page_of_a_command_is_what_its_help_says(verb: str) -> None:
    assert (REFERENCE / "commands" / f"{verb}.md").read_text(encoding="utf-8") == handbook.page(verb), HOW


def test_there_is_no_page_of_a_command_that_is_gone() -> None:
    assert {path.name for path in (REFERENCE / "commands").iterdir()} == {f"{verb}.md" for verb in VERBS}


def test_the_overview_leads_to_each_command() -> None:
    overview = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert not [verb for verb in VERBS if f"](commands/{verb}.md)" not in overview]
