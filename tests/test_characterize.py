"""Hand-written characterization tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from legacy_seam.characterize import Characterize, NotApproved


def of(place: Path, *, read_only: bool = False, name: str = "test_it[a/b]") -> Characterize:
    return Characterize(place / "test_x.py", name, place, read_only=read_only)


def accept(place: Path) -> None:
    for received in place.glob("*.received.txt"):
        received.rename(received.with_name(received.name.replace(".received.", ".approved.")))


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def test_a_value_that_nobody_approved_fails_and_says_how_to_accept_it(tmp_path: Path) -> None:
    with pytest.raises(NotApproved, match=r"nothing is approved yet as test_x.*txt.*\n.*mv "):
        of(tmp_path)({"total": 12})

    accept(tmp_path)
    of(tmp_path)({"total": 12})
    assert names(tmp_path) == ["test_x.test_it-a-b-.approved.txt"]


def test_a_difference_is_told_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(NotApproved):
        of(tmp_path)({"total": 12})
    accept(tmp_path)

    with pytest.raises(NotApproved, match=r"\['total'\]: expected 12, got 13"):
        of(tmp_path)({"total": 13})


def test_each_value_of_a_test_has_a_file_of_its_own(tmp_path: Path) -> None:
    one = of(tmp_path, name="test_two")
    for value in (1, 2):
        with pytest.raises(NotApproved):
            one(value)

    assert names(tmp_path) == ["test_x.test_two.2.received.txt", "test_x.test_two.received.txt"]


def test_a_call_is_compared_with_all_that_it_did(tmp_path: Path) -> None:
    def post(ledger: list[int], amount: int) -> int:
        print("posted")
        ledger.append(amount)
        return len(ledger)

    with pytest.raises(NotApproved):
        of(tmp_path).call(post, [1], amount=3)

    (received,) = tmp_path.iterdir()
    text = received.read_text()
    assert "returned = 2" in text
    assert "changed argument 0[1] = 3" in text
    assert "printed stdout = 'posted\\n'" in text


def test_a_call_that_raises_is_compared_as_such(tmp_path: Path) -> None:
    with pytest.raises(NotApproved, match="raised = ValueError"):
        of(tmp_path).call(int, "x")


def test_nothing_is_written_in_ci(tmp_path: Path) -> None:
    with pytest.raises(NotApproved, match="Nothing was written, since CI is set"):
        of(tmp_path, read_only=True)(1)

    assert names(tmp_path) == []
