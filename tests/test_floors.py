"""What is loaded into somebody else's process is light, and stays so.

The floors themselves are contracts in pyproject.toml, which `lint-imports` checks. Here is what those cannot see:
what an import really loads.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = {"asyncio", "concurrent", "ctypes", "email", "http", "multiprocessing", "sqlite3", "ssl", "unittest", "xml"}

IN_THE_USERS_PROGRAM = [
    "legacy_seam.record.session",
    "legacy_seam.record.launcher",
    "legacy_seam.values",
    "legacy_seam.world.environment",
    "legacy_seam.world.files",
    "legacy_seam.world.state",
    "legacy_seam.store.spool",
    "legacy_seam.store.blobs",
    "legacy_seam.store.layout",
]


def loaded_by(*modules: str) -> set[str]:
    """Names of the modules that importing these loads, in a fresh interpreter, besides what any start loads."""
    statements = "\n".join(f"import {module}" for module in modules)
    source = f"import sys\nbefore = set(sys.modules)\n{statements}\nprint(*(set(sys.modules) - before), sep='\\n')"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-c", source]
    return set(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split())


def packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("module", IN_THE_USERS_PROGRAM)
def test_the_users_program_gets_the_standard_library_only(module: str) -> None:
    loaded = packages(loaded_by(module))
    assert loaded - sys.stdlib_module_names == {"legacy_seam"}
    assert not loaded & HEAVY


def test_the_pytest_plugin_costs_next_to_nothing() -> None:
    loaded = loaded_by("pytest", "legacy_seam.pytest_plugin") - loaded_by("pytest")
    assert {module for module in loaded if "legacy_seam" in module} == {"legacy_seam", "legacy_seam.pytest_plugin"}
    assert packages(loaded) - sys.stdlib_module_names == {"legacy_seam"}


def test_the_public_face_loads_no_room() -> None:
    assert loaded_by("legacy_seam") == {"legacy_seam"}


def test_every_dependency_is_forbidden_in_the_users_program() -> None:
    forbidden = next(
        contract["forbidden_modules"]
        for contract in PROJECT["tool"]["importlinter"]["contracts"]
        if contract["type"] == "forbidden"
    )
    dependencies = [requirement.partition(">")[0] for requirement in PROJECT["project"]["dependencies"]]
    assert sorted(forbidden) == sorted(name.lower().replace("-", "_") for name in dependencies)


def test_every_room_has_a_floor() -> None:
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    listed = {name.strip(" ()") for layer in layers for name in layer.replace("|", ":").split(":")}
    package = ROOT / "src" / "legacy_seam"
    rooms = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__"} <= listed
