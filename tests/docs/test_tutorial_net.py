"""The first tutorial works: every command prints what the page shows."""

from __future__ import annotations

from pathlib import Path

from docs.journeys import A_NET, departures


def test_every_command_prints_what_the_page_shows(tmp_path: Path) -> None:
    assert departures(A_NET, tmp_path) == ""
