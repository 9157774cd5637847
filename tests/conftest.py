"""Fixtures for all rooms: a project that is recorded and pinned once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

from once import made_once
from postgres_server import postgres
from shop_project import SHOP, run_seam
from warm import ZYGOTES

__all__ = ["postgres"]

ZYGOTES.take_over()

hypothesis.settings.register_profile("unhurried", deadline=None)  # machines that run suites are busy
hypothesis.settings.register_profile("brief", deadline=None, max_examples=25)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "unhurried"))

_NAMES_OF_JOURNEYS = (
    "acceptance boundary/test_end_to_end cli dataset docs examples experiment/test_alone"
    " experiment/test_prediction_log experiment/test_server experiment/test_untouched experiment/test_worker"
    " golden grade/test_at_import grade/test_gate_and_reports grade/test_minimizing"
    " grade/test_outside grade/test_suite hazards model record/test_secrets redaction"
    " replay/test_frames replay/test_jobs report rollout seams/test_alternatives seams/test_handbook"
    " seams/test_journal seams/test_ladder security store survey test_scanning test_settings test_workspace"
)
_JOURNEYS = tuple(_NAMES_OF_JOURNEYS.split())
"""Whole journeys of a program, what the kernel is asked to forbid, and what deals in texts only: much the same
whatever the interpreter."""


_HERE = f"{Path(__file__).parent}/"

_LONGEST = (
    *("docs/test_tutorial", "acceptance/test_hard_cases", "cli/test_demo", "cli/test_bad_input"),
    *("record/test_children", "replay/test_replayer", "test_pytest_plugin", "grade/test_grading"),
    *("explore/test_session", "record/test_host_transparency", "record/test_launcher", "record/test_every_kind"),
)
"""Those that take longest go first: whoever gets them last works on alone, while the others have nothing to do."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where journeys are left out their files are not even loaded."""
    left_out = config.option.markexpr == "not journey" and _name_of(collection_path).startswith(_JOURNEYS)
    return True if left_out else None  # whoever else may ignore it is asked


def pytest_itemcollected(item: pytest.Item) -> None:
    if _name_of(item.path).startswith(_JOURNEYS):
        item.add_marker(pytest.mark.journey)


@pytest.hookimpl(trylast=True)  # after they were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place_of(_name_of(item.path)))


def _place_of(name: str) -> int:
    return next((place for place, long in enumerate(_LONGEST) if name.startswith(long)), len(_LONGEST))


def _name_of(path: Path) -> str:
    return str(path).removeprefix(_HERE)  # of thousands of tests, in each process


@pytest.fixture(scope="session")
def pinned_shop_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "pinned-shop", _pin_shop)


def _pin_shop(place: Path) -> None:
    for name, text in SHOP.items():
        path = place / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    recorded = run_seam(place, "record", "--", "night.py", "--fast")
    assert recorded.returncode == 3, recorded.stderr
    pinned = run_seam(place, "pin")
    assert pinned.returncode == 0, pinned.stderr + pinned.stdout
    (place / "letter.txt").unlink()


@pytest.fixture
def shop(pinned_shop_once: Path, tmp_path: Path) -> Path:
    """A private copy of the recorded and pinned project."""
    place = tmp_path / "shop"
    shutil.copytree(pinned_shop_once, place)
    return place
