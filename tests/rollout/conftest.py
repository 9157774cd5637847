"""Fixtures: a program that is recorded once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from once import made_once
from rollout.collections_program import FILES
from shop_project import run_seam


@pytest.fixture(scope="session")
def recorded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "recorded-collections", _record)


def _record(place: Path) -> None:
    for name, text in FILES.items():
        (place / name).write_text(text)
    done = run_seam(place, "record", "--", "night.py")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def here(recorded_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, recorded, as the current directory."""
    place = tmp_path / "project"
    shutil.copytree(recorded_once, place)
    monkeypatch.chdir(place)
    return place
