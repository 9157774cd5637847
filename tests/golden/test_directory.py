"""Where golden masters lie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from legacy_seam.calls import Call, Case, Effect, Outcome
from legacy_seam.golden.directory import CannotWrite, GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.targets import Pattern, Target

SCORE = Target("shop.rules", "Account.score")


def master(target: Target = SCORE, text: str = "1") -> GoldenMaster:
    call = Call(target, "0" * 12, {"late": text}, {}, {}, 0.0, (), None, "f" * 12)
    return GoldenMaster(target, (Case(call, Outcome((Effect("returned", "", "2"),))),))


def save(directory: GoldenDirectory, one: GoldenMaster) -> Path:
    path = directory.path_of(one.target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(directory.write(one))
    return path


@pytest.fixture
def directory(tmp_path: Path) -> GoldenDirectory:
    return GoldenDirectory(tmp_path / "golden")


def test_a_golden_master_lies_under_its_module_and_name(directory: GoldenDirectory) -> None:
    assert directory.path_of(SCORE) == directory.path / "shop.rules/Account.score.approved.txt"


def test_names_that_a_file_system_does_not_take_are_kept_apart(directory: GoldenDirectory) -> None:
    targets = [
        Target("m", "f.<locals>.g"),
        Target("m", "f.g"),
        Target("m", "f.<locals>.<lambda>"),
        Target("m", "x" * 300),
        Target("m", "x" * 301),
    ]

    assert len({directory.path_of(target).name for target in targets}) == len(targets)


def test_a_file_of_another_target_is_not_taken(directory: GoldenDirectory) -> None:
    path = save(directory, master())
    path.write_text(path.read_text().replace("Account.score", "account.score"))

    assert directory.path_of(SCORE) != path


def test_what_is_written_is_selected_and_read(directory: GoldenDirectory) -> None:
    path = save(directory, master())
    save(directory, master(Target("other", "f")))

    assert list(directory.select([Pattern("shop")])) == [(path, master())]
    assert [directory.target_of(one) for one in directory.paths()] == [Target("other", "f"), SCORE]


def test_one_that_cannot_be_read_is_given_as_damage_and_the_others_as_they_are(directory: GoldenDirectory) -> None:
    path = save(directory, master())
    save(directory, master(Target("other", "f")))
    path.write_text("golden master 1 of nothing\n")

    found = dict(directory.select())

    assert isinstance(found[path], GoldenDamaged)
    assert str(path) in str(found[path])
    assert len(found) == 2


def test_a_piece_of_an_outcome_that_is_missing_is_told_with_the_line(directory: GoldenDirectory) -> None:
    rows = "[\n" + "".join(f"    'row {number}',\n" for number in range(9_000)) + "]"
    one = master()
    large = replace(one, cases=(replace(one.cases[0], approved=Outcome((Effect("returned", "", rows),))),))
    path = save(directory, large)
    assert directory.load(path) == large
    for piece in directory.path.glob("_files/*/*"):
        piece.unlink()

    with pytest.raises(GoldenDamaged, match=r"score\.approved\.txt:\d+: a piece of this value is missing"):
        directory.load(path)


def test_a_world_that_is_not_there_is_told_with_its_file(directory: GoldenDirectory) -> None:
    with pytest.raises(GoldenDamaged, match=r"_worlds/abc\.txt: cannot be read \(No such file or directory\)"):
        directory.world("abc")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotWrite, match=r"file/golden \(Not a directory\); make it writable"):
        GoldenDirectory(tmp_path / "file/golden").keep(b"content")
