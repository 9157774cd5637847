from __future__ import annotations

from pathlib import Path

from legacy_seam.seams.handbook import handbook

PAGE = Path(__file__).parents[2] / "docs/reference/techniques.md"


def test_the_reference_is_current() -> None:
    how = "python -m legacy_seam.seams.handbook > docs/reference/techniques.md"
    assert PAGE.read_text("utf-8") == handbook(), f"make it anew: {how}"
