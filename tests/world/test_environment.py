import os
import subprocess
import traceback
from collections.abc import Callable, Iterator
from wsgiref.handlers import read_environ

import pytest

from legacy_seam.world.environment import EnvironmentObserver, for_replay


@pytest.fixture
def observer(monkeypatch: pytest.MonkeyPatch) -> Iterator[EnvironmentObserver]:
    monkeypatch.setenv("SEAM_COLOUR", "green")
    observer = EnvironmentObserver()
    observer.start()
    yield observer
    observer.stop()


@pytest.mark.parametrize(
    "read",
    [
        lambda: os.environ["SEAM_COLOUR"],
        lambda: os.environ.get("SEAM_COLOUR"),
        lambda: os.getenv("SEAM_COLOUR"),
        lambda: "SEAM_COLOUR" in os.environ,
        lambda: os.environb[b"SEAM_COLOUR"],
        lambda: os.path.expandvars("$SEAM_COLOUR/x"),
        lambda: dict(os.environ),
        lambda: {name: value for name, value in os.environ.items() if name.startswith("SEAM_")},
        lambda: os.environ.copy(),
    ],
)
def test_every_way_of_reading_is_seen(observer: EnvironmentObserver, read: Callable[[], object]) -> None:
    read()
    assert observer.reads["SEAM_COLOUR"] == "green"


def test_what_is_not_set_is_noted_as_such(observer: EnvironmentObserver) -> None:
    assert os.environ.get("SEAM_NOT_SET", "x") == "x"
    assert observer.reads["SEAM_NOT_SET"] is None


def test_what_was_not_read_is_not_noted(observer: EnvironmentObserver) -> None:
    os.environ.get("SEAM_NOT_SET")
    assert "SEAM_COLOUR" not in observer.reads


def test_the_first_value_counts(observer: EnvironmentObserver) -> None:
    assert os.environ["SEAM_COLOUR"] == "green"
    os.environ["SEAM_COLOUR"] = "red"
    assert os.environ["SEAM_COLOUR"] == "red"
    assert observer.reads["SEAM_COLOUR"] == "green"


def test_what_the_program_set_itself_was_not_taken_from_outside(observer: EnvironmentObserver) -> None:
    os.environ["SEAM_OWN"] = "1"
    assert os.environ["SEAM_OWN"] == "1"
    del os.environ["SEAM_OWN"]
    assert os.environ.get("SEAM_OWN") is None
    assert "SEAM_OWN" not in observer.reads


def test_writes_reach_child_processes(observer: EnvironmentObserver) -> None:
    os.environ["SEAM_CHILD"] = "seen"
    try:
        assert subprocess.check_output(["/bin/sh", "-c", "printf %s $SEAM_CHILD"]) == b"seen"
    finally:
        del os.environ["SEAM_CHILD"]


def _failure(read: Callable[[], object]) -> tuple[object, ...]:
    try:
        read()
    except Exception as error:
        stack = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
        return type(error), error.args, error.__suppress_context__, stack
    raise AssertionError("it did not fail")


@pytest.mark.parametrize("key", ["SEAM_NOT_THERE", 3, b"bytes"])
def test_failures_are_those_of_an_unobserved_program(key: object) -> None:
    def read() -> object:
        return os.environ[key]  # type: ignore[index]

    before = _failure(read)
    observer = EnvironmentObserver()
    observer.start()
    try:
        assert _failure(read) == before
    finally:
        observer.stop()


def test_stopping_leaves_a_plain_dictionary_with_the_present_content(monkeypatch: pytest.MonkeyPatch) -> None:
    observer = EnvironmentObserver()
    observer.start()
    monkeypatch.setenv("SEAM_LATE", "kept")
    observer.stop()
    assert type(vars(os.environ)["_data"]) is dict
    assert os.environ["SEAM_LATE"] == "kept"
    assert os.environb[b"SEAM_LATE"] == b"kept"


def test_a_replay_sees_what_was_read_and_little_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAM_HERE", "not there then")
    environment = for_replay({"COLOUR": "green", "PATH": None}, "/private", "Europe/Berlin")
    assert environment == {
        "COLOUR": "green",
        "HOME": "/private",
        "TMPDIR": "/private",
        "TZ": "Europe/Berlin",
    }


def test_a_copy_that_the_standard_library_makes_reads_nothing(observer: EnvironmentObserver) -> None:
    assert read_environ()["SEAM_COLOUR"] == "green"
    assert "SEAM_COLOUR" not in observer.reads
