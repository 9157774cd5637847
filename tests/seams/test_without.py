"""Whoever asks for a technique that Python does not need is told what to do instead."""

from __future__ import annotations

import pytest

from legacy_seam.cli import main
from legacy_seam.seams.catalogue import catalogue
from legacy_seam.seams.without import WITHOUT


@pytest.mark.parametrize("name", WITHOUT)
def test_it_is_told_in_a_sentence_and_the_exit_code_is_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert name not in catalogue()
    with pytest.raises(SystemExit) as left:
        main(["insert", name, "shop.rules:score"])
    told = capsys.readouterr().err
    assert left.value.code == 2
    assert name.replace("-", " ").title() in told and "without-editing.md" in told
