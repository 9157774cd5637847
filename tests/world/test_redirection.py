"""Where paths lead in a replay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from legacy_seam.calls import FileState
from legacy_seam.world.recorded_paths import STANDING
from legacy_seam.world.redirection import Redirection


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path.resolve() / "private" / "work"
    home.mkdir(parents=True)
    (home.parent / "beyond").mkdir()
    (home.parent.parent / "real").mkdir()
    (home.parent.parent / "real" / "file").write_text("real")
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def redirection(home: Path) -> Redirection:
    redirection = Redirection(
        str(home), str(home.parent / "beyond"), "/project", lambda place: Path(place).mkdir(parents=True)
    )
    redirection.begin([FileState("/data/gone.csv", None), FileState("/data/kept/", None)])
    return redirection


def test_what_is_plainly_inside_is_not_looked_at(redirection: Redirection) -> None:
    assert redirection.is_plain("out/report.txt")
    assert not any(map(redirection.is_plain, ["/data/x", "../x", "", b"x", Path("x"), 3]))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/project/data/x.csv", "work/data/x.csv"),
        ("/project", "work"),
        ("/projects/x", "beyond/projects/x"),
        ("/data/x.csv", "beyond/data/x.csv"),
    ],
)
def test_every_path_has_its_place(redirection: Redirection, home: Path, path: str, place: str) -> None:
    assert redirection.place_of(path) == str(home.parent / place)


@pytest.mark.parametrize(
    ("leads_to", "place"),
    [
        ("<directory>/in/er", "work/in/er"),
        ("/project/in", "work/in"),
        ("/data/kept", "beyond/data/kept"),
        ("/", "beyond"),
        ("<directory>/../../real", None),
        ("/data/../../../etc", "beyond/etc"),
    ],
)
def test_a_call_begins_where_it_began_and_nowhere_outside(
    redirection: Redirection, home: Path, leads_to: str, place: str | None
) -> None:
    begun = redirection.start([FileState("a", None), FileState(STANDING, None, link=leads_to)])
    assert begun == (None if place is None else str(home.parent / place))
    assert redirection.start([FileState("a", None)]) is None


def test_the_root_of_what_lies_elsewhere_is_seen_as_the_root(redirection: Redirection, home: Path) -> None:
    assert redirection.seen(str(home.parent / "beyond")) == "/"


def test_what_was_recorded_leads_to_its_place_whether_or_not_it_was_there(
    redirection: Redirection, home: Path
) -> None:
    beyond = home.parent / "beyond"
    assert redirection.reading("/data/gone.csv") == str(beyond / "data" / "gone.csv")
    assert redirection.reading("/data/../data//kept") == str(beyond / "data" / "kept")
    assert redirection.unknown() == []


def test_what_is_not_known_is_read_where_it_is_and_said_so(redirection: Redirection, home: Path) -> None:
    real = str(home.parent.parent / "real" / "file")
    assert redirection.reading(real) is None
    assert redirection.reading(real + " and nothing else") is None
    assert redirection.unknown() == [real]


def test_what_is_plain_and_not_there_is_read_in_the_project_unless_it_was_recorded_as_missing(home: Path) -> None:
    project = home.parent.parent / "real"
    at_home = Redirection(str(home), str(home.parent / "beyond"), str(project), os.mkdir)
    at_home.begin([])
    assert at_home.reading_otherwise("file") == str(project / "file")
    assert at_home.unknown() == [str(project / "file")]
    assert at_home.reading_otherwise("nothing") is None
    at_home.begin([FileState("file", None)])
    assert at_home.reading_otherwise("file") is None


def test_what_is_not_known_is_not_changed(redirection: Redirection, home: Path) -> None:
    assert redirection.changing(str(home.parent.parent / "real" / "file")) is None
    assert redirection.changing("/dev/null") is None
    assert redirection.changing("/project") is None


def test_below_the_project_a_full_path_leads_where_a_relative_one_does_but_for_sources(home: Path) -> None:
    project = home.parent.parent / "real"
    (project / "a.py").write_text("")
    at_home = Redirection(str(home), str(home.parent / "beyond"), str(project), os.mkdir)
    assert at_home.changing(str(project / "file")) == str(home / "file")
    assert at_home.changing(str(project / "a.py")) is None


def test_paths_of_then_lead_where_the_project_lies_now(home: Path) -> None:
    project, beyond = home.parent.parent / "real", home.parent / "beyond"
    moved = Redirection(
        str(home), str(beyond), str(project / "bin"), os.mkdir, project=str(project), formerly="/srv/shop"
    )
    moved.begin([FileState(f"{project}/kept", None)])
    assert moved.place_of("/srv/shop/bin/a.csv") == str(home / "a.csv")
    assert moved.reading("/srv/shop/kept") == f"{beyond}{project}/kept"
    assert moved.reading("/srv/shop/file") == str(project / "file")
    assert moved.unknown() == [str(project / "file")]
    assert moved.reading("/srv/shops/file") is None
    assert moved.place_of("/srv/shops") == f"{beyond}/srv/shops"


def test_what_is_made_is_made_in_its_place_in_a_directory_that_is_there(
    redirection: Redirection, home: Path
) -> None:
    real = home.parent.parent / "real"
    place = redirection.changing(str(real / "new"))
    assert place == str(home.parent / "beyond") + str(real / "new")
    assert Path(place).parent.is_dir()
    assert redirection.also_real(str(real)) == str(real)
    assert not (real / "new").exists()


def test_the_program_sees_its_own_paths(redirection: Redirection, home: Path) -> None:
    beyond = str(home.parent / "beyond")
    assert redirection.seen(beyond + "/data/x") == "/data/x"
    assert redirection.seen(str(home / "x")) == str(home / "x")
    assert redirection.seen(beyond + "-others/x") == beyond + "-others/x"


def test_paths_that_lead_upwards_start_where_the_program_ran(redirection: Redirection, home: Path) -> None:
    assert redirection.changing("../data/gone.csv") == str(home.parent / "beyond" / "data" / "gone.csv")


def test_paths_relative_to_another_directory(redirection: Redirection, home: Path) -> None:
    real = home.parent.parent / "real"
    os.chdir(real)
    redirection.note_directory()
    assert not redirection.is_at_home
    assert redirection.changing("new") == str(home.parent / "beyond") + str(real / "new")
