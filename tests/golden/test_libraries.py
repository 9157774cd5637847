"""What tells where Python's libraries lie is found, in whatever way a path names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from legacy_seam.calls import Effect, Outcome
from legacy_seam.golden.libraries import Libraries

PACKAGES = "/srv/env/lib/site-packages"


def told(text: str, *given: str, directory: str = PACKAGES) -> str | None:
    outcome = Outcome((Effect("printed", "stdout", "'x'"), Effect("changed", "self.sheet", text)))
    return Libraries(Path("/srv/shop"), [directory]).told_by(outcome, lambda: given)


@pytest.mark.parametrize(
    "text", [f"'{PACKAGES}/docutils/a.css'", "'../../env/lib/site-packages/docutils/a.css'", f"['{PACKAGES}']"]
)
def test_paths_from_the_root_and_from_the_project_are_found(text: str) -> None:
    assert told(text) == "changed self.sheet"


@pytest.mark.parametrize("text", ["'a.css'", f"'{PACKAGES}-old/a.css'", "'lib/site-packages/a.css'"])
def test_other_paths_are_none_of_them(text: str) -> None:
    assert told(text) is None


def test_what_the_call_was_given_it_may_tell() -> None:
    assert told(f"'{PACKAGES}/a.css'", f"{{'root': '{PACKAGES}/a.css'}}") is None


def test_libraries_within_the_project_go_along_with_it() -> None:
    assert told("'<project>/.venv/site-packages/a.css'", directory="/srv/shop/.venv/site-packages") is None
    assert told("'.venv/site-packages/a.css'", directory="/srv/shop/.venv/site-packages") is None
