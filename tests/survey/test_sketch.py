from __future__ import annotations

from pathlib import Path

from legacy_seam.survey.sketch import Arrow, Sketch, sketch
from small_program import survey_of

TEXT = """
import time
def top(): middle()
def middle(): bottom()
def bottom(): open("x", "w").write("a"); time.time()
def other(): print(1)
def harmless(): return 1
"""


def drawn(place: Path, *names: str, most: int = 9) -> Sketch:
    found = survey_of(place, {"a.py": TEXT})
    chosen = [one for one in found.functions if not names or one.function.qualname in names]
    return sketch(found, chosen, most)


def test_functions_without_effects_are_not_drawn(tmp_path: Path) -> None:
    assert set(drawn(tmp_path).functions) == {"a.top", "a.middle", "a.bottom", "a.other"}


def test_functions_that_are_not_drawn_are_passed_over(tmp_path: Path) -> None:
    found = drawn(tmp_path, "top", "bottom")

    assert found.calls == [Arrow("a.top", "a.bottom", is_direct=False)]
    assert set(found.touches) == {
        Arrow("a.bottom", "files", is_direct=True, writes=True),
        Arrow("a.bottom", "clock", is_direct=True),
    }


def test_effects_of_what_is_not_drawn_are_not_lost(tmp_path: Path) -> None:
    found = drawn(tmp_path, "top")

    assert set(found.touches) == {
        Arrow("a.top", "files", is_direct=False, writes=True),
        Arrow("a.top", "clock", is_direct=False),
    }


def test_what_has_no_room_is_counted(tmp_path: Path) -> None:
    found = drawn(tmp_path, most=1)

    assert (len(found.functions), found.left_out) == (1, 3)
