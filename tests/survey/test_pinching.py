from __future__ import annotations

from pathlib import Path

from legacy_seam.survey.pinching import WHOLE
from small_program import survey_of

NIGHTLY = """
import logging
def main(): night()
def night():
    load(); send(); tell()
def load(): return open("in").read()
def send(): return write()
def write(): open("out", "w")
def tell(): print("done")
"""


def test_the_function_through_which_all_effects_pass_is_found(tmp_path: Path) -> None:
    found = survey_of(tmp_path, {"nightly.py": NIGHTLY})

    [pinch] = found.pinches
    assert (pinch.part, pinch.points, pinch.effects, pinch.held, pinch.covered) == (
        WHOLE,
        ("nightly.night",),
        3,
        3,
        5,
    )


def test_where_every_effect_has_its_own_way_in_there_is_none(tmp_path: Path) -> None:
    text = "".join(f"def f{number}(): print({number})\n" for number in range(6))

    assert survey_of(tmp_path, {"a.py": text}).pinches == []


def test_a_stray_effect_does_not_hide_the_rest(tmp_path: Path) -> None:
    effects = "".join(f"def e{number}(): print({number})\n" for number in range(8))
    text = f"def hub(): {'; '.join(f'e{number}()' for number in range(8))}\n{effects}def stray(): print('x')\n"

    [pinch] = survey_of(tmp_path, {"a.py": text}).pinches
    assert (pinch.points, pinch.held, pinch.effects) == (("a.hub",), 8, 9)
