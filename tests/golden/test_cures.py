"""Sources that move outcomes, and what frees code from them."""

from __future__ import annotations

import pytest

from legacy_seam.golden.cures import CURES, OUTSIDE, insert_command
from legacy_seam.golden.perturb import HELD_STILL
from legacy_seam.targets import Target


def test_every_source_that_the_world_holds_still_has_a_cure() -> None:
    assert CURES.keys() >= HELD_STILL


@pytest.mark.parametrize("source", CURES)
def test_a_cure_is_a_technique_by_its_name_on_the_command_line(source: str) -> None:
    command = insert_command(Target.parse("shop:Till.close"), CURES[source])
    assert command is not None
    assert command.split()[:2] == ["legacy-seam", "insert"]
    assert CURES[source].technique == CURES[source].name.replace(" ", "-").lower()


def test_a_function_is_parameterized_as_a_function_and_a_method_as_a_method() -> None:
    assert "parameterize-function" in str(insert_command(Target.parse("shop:price"), CURES["random"]))
    assert "parameterize-method" in str(insert_command(Target.parse("shop:Till.close"), CURES["random"]))


def test_a_question_needs_to_know_who_is_asked() -> None:
    target = Target.parse("shop:Till.close")
    assert insert_command(target, OUTSIDE) is None
    assert insert_command(target, OUTSIDE, "bureau.fetch_score") == (
        "legacy-seam insert extract-and-override-call shop:Till.close --call bureau.fetch_score"
    )
