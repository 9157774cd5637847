from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.world.confinement.reading import Reading, of_the_interpreter, reading

PATHS = st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = Path(os.path.realpath(tmp_path)) / "home"
    for name in (".ssh", "shop/.git", "letters", ".venv/lib"):
        (home / name).mkdir(parents=True)
    (home / "shop/rules.py").write_text("")
    (home / "letters/love.txt").write_text("")
    (home / ".ssh/id_rsa").write_text("")
    return home


def test_a_project_at_home_is_read_and_nothing_beside_it(home: Path) -> None:
    found = reading([str(home)], [str(home / "shop"), str(home / ".venv")])
    assert found.allows(str(home / "shop/rules.py"))
    assert found.allows(str(home / ".venv/lib"))
    assert found.allows("/usr/lib/python3")
    assert not found.allows(str(home))
    assert not found.allows(str(home / "letters/love.txt"))
    assert not found.allows(str(home / ".ssh/id_rsa"))
    assert not found.allows(str(home / "shopping"))


def test_where_home_is_the_project_keys_stay_private(home: Path) -> None:
    found = reading([str(home)], [str(home)])
    assert found.allows(str(home / "letters/love.txt"))
    assert not found.allows(str(home / ".ssh/id_rsa"))
    assert str(home) in found.roots()
    assert str(home / "letters") in found.trees()
    assert str(home / ".ssh") not in found.trees()


def test_recorded_files_are_read_unless_they_are_hidden(home: Path) -> None:
    found = reading([str(home)], [], [str(home / "letters/love.txt"), str(home / ".ssh/id_rsa")])
    assert found.allows(str(home / "letters/love.txt"))
    assert not found.allows(str(home / ".ssh/id_rsa"))


def test_links_are_followed(home: Path) -> None:
    (home.parent / "way").symlink_to(home)
    found = reading([str(home.parent / "way")], [str(home.parent / "way/shop")])
    assert found.allows(str(home / "shop/rules.py"))
    assert not found.allows(str(home / "letters/love.txt"))


@pytest.mark.parametrize("nobody", ["/", "", "/nonexistent", "/usr/sbin"])
def test_what_is_no_home_hides_nothing(nobody: str) -> None:
    assert reading([nobody], []).homes == ()
    assert reading([nobody], []).allows("/usr/lib")


def test_paths_are_told_the_same_on_every_machine() -> None:
    assert Reading(homes=("/home/me",)).readable("/home/me/.ssh/id_rsa") == "~/.ssh/id_rsa"
    assert Reading(homes=("/home/me",)).readable("/home/meg/x") == "/home/meg/x"


def test_this_interpreter_can_be_read() -> None:
    found = reading([str(Path.home())], of_the_interpreter())
    assert found.allows(os.path.realpath(os.__file__))
    assert found.allows(os.path.realpath(pytest.__file__))


@given(st.lists(PATHS, max_size=4), st.lists(PATHS, max_size=4), PATHS)
def test_the_nearest_rule_decides(private: list[str], granted: list[str], path: str) -> None:
    above = ["/" + "/".join(path.split("/")[1 : n + 1]) for n in range(1, path.count("/") + 1)]
    verdict = True
    for place in above:
        verdict = place in granted or (verdict and place not in private)
    assert Reading(tuple(private), tuple(granted)).allows(path) is verdict
