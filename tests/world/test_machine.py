"""What a program is told of the machine."""

from __future__ import annotations

import getpass
import os
import platform
from collections.abc import Iterator

import pytest

from legacy_seam.world import machine
from legacy_seam.world.substitution import Substitution


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Substitution]:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    substitution = Substitution(machine.replacements())
    yield substitution
    substitution.undo()
    platform._uname_cache = None  # type: ignore[attr-defined]


def test_it_is_the_same_machine_everywhere(elsewhere: Substitution) -> None:
    assert (os.uname().nodename, platform.node()) == ("localhost", "localhost")
    assert (os.cpu_count(), os.sched_getaffinity(0)) == (4, {0, 1, 2, 3})
    assert (os.getuid(), os.getegid(), os.getloadavg()) == (1000, 1000, (0.0, 0.0, 0.0))


def test_a_recorded_variable_names_the_user(elsewhere: Substitution, monkeypatch: pytest.MonkeyPatch) -> None:
    assert getpass.getuser() == os.getlogin() == "user"
    monkeypatch.setenv("USER", "ann")
    assert getpass.getuser() == "ann"
