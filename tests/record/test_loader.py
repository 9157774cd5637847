"""Modules of the project get probes, others do not, and nothing about importing changes."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.record.launcher import Settings
from legacy_seam.record.session import Recorder
from legacy_seam.record.sources import Sources, search_directory


def test_which_files_belong_to_the_project(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "env/pyvenv.cfg").touch()
    sources = Sources([tmp_path], exclude=["migrations/*"])
    for name in ("rules.py", "shop/rules.py", "testing.py", "shop/protest.py"):
        assert sources.covers(str(tmp_path / name)), name
    for name in (
        "test_rules.py",
        "shop/rules_test.py",
        "conftest.py",
        "tests/helper.py",
        ".hidden/rules.py",
        "env/rules.py",
        "lib/site-packages/rules.py",
        "node_modules/x.py",
        "migrations/one.py",
    ):
        assert not sources.covers(str(tmp_path / name)), name
    assert not sources.covers("/elsewhere/rules.py")


def test_a_directory_that_is_named_is_searched_whatever_it_is_called(tmp_path: Path) -> None:
    assert Sources([tmp_path / "tests"]).covers(str(tmp_path / "tests/helper.py"))
    assert Sources([tmp_path / "env/site-packages/shop"]).covers(str(tmp_path / "env/site-packages/shop/rules.py"))


def test_the_library_and_the_recorder_itself_are_never_watched() -> None:
    everything = Sources(["/"])
    assert not everything.covers(Path(importlib.__file__ or "").as_posix())
    import legacy_seam.calls

    assert not everything.covers(legacy_seam.calls.__file__)


def test_search_directory() -> None:
    assert search_directory("/lib/rules.py", "rules") == "/lib"
    assert search_directory("/lib/shop/__init__.py", "shop") == "/lib"
    assert search_directory("/lib/shop/deep/rules.py", "shop.deep.rules") == "/lib"
    assert search_directory("/bin/tool", "tool") == "/bin"


def test_sources_and_targets_choose_what_is_recorded(project: Any) -> None:
    project.write(
        program="""
        import sys; sys.path += ["one", "two"]
        import first, second
        first.f(1); second.f(2); second.g(3)
        """,
        one__first="def f(x): return x\n",
        two__second="def f(x): return x\ndef g(x): return x\n",
    )
    project.record("program.py", settings=Settings(sources=("two",), targets=("second:g",)))
    recorded = project.recorded()
    assert recorded.counts.keys() == {"second:g"}
    assert recorded.run.search_path == ("two",)


def test_tests_and_virtual_environments_are_left_out(project: Any) -> None:
    project.write(
        program="""
        import sys; sys.path += ["env/lib", "tests"]
        import test_rules, installed, helper
        print(test_rules.f(1), installed.f(2), helper.f(3))
        """,
        test_rules="def f(x): return x\n",
        env__lib__installed="def f(x): return x\n",
        tests__helper="def f(x): return x\n",
    )
    (project.directory / "env/pyvenv.cfg").touch()
    assert project.both("program.py")[1].counts == {}


def test_packages_relative_imports_and_cycles(project: Any) -> None:
    project.write(
        program="import shop\nprint(shop.a.f(1), shop.b.g(2))\n",
        shop__init="from . import a, b\n",
        shop__a="from .b import g\ndef f(x): return g(x)\n",
        shop__b="from . import a\ndef g(x): return x if x > 1 else a.g(x + 1)\n",
    )
    _, recorded = project.both("program.py")
    assert recorded.counts["shop.b:g"].seen == 3
    assert recorded.run.search_path == (".",)


def test_a_module_that_cannot_take_probes_runs_without(project: Any) -> None:
    project.write(
        program="""
        import legacy_seam.record.loader as loader
        def fails(*a, **k): raise ValueError("cannot")
        loader.instrument = fails
        import shop
        print(shop.f(1))
        """,
        shop="def f(x): return x\n",
    )
    assert project.record("program.py").stdout == "1\n"
    finding = project.recorded().findings[0]
    assert finding.what.endswith("shop.py")
    assert finding.why == "runs without probes: ValueError: cannot"


def test_loaders_that_rewrite_source_are_left_alone(project: Any) -> None:
    project.write(
        program="""
        import sys
        from importlib.machinery import PathFinder, SourceFileLoader
        class Rewriting(SourceFileLoader):
            def source_to_code(self, data, path, *, _optimize=-1):
                return super().source_to_code(data.replace(b"ONE", b"1"), path)
        class Finder:
            @staticmethod
            def find_spec(name, path=None, target=None):
                spec = PathFinder.find_spec(name, path, target)
                if spec and name == "shop": spec.loader = Rewriting(name, spec.origin)
                return spec
        sys.meta_path.insert(0, Finder)
        import shop
        print(shop.f())
        """,
        shop="def f(): return ONE\n",
    )
    _, recorded = project.both("program.py")
    assert any("Rewriting rewrites it" in finding.why for finding in recorded.findings)


def test_files_opened_while_modules_are_imported_belong_to_the_run(project: Any) -> None:
    (project.directory / "rates.ini").write_text("[r]\nvat=2\n")
    project.write(
        program="import os, shop\nos.environ.get('SHOP_MODE')\nprint(shop.f())\n",
        shop="RATES = open('rates.ini').read()\ndef f(): return len(RATES)\n",
    )
    project.both("program.py", flags=["-W", "ignore"])
    run = project.recorded().run
    assert [file.path for file in run.files] == ["rates.ini"]
    assert run.environment["SHOP_MODE"] is None


def test_run_path_and_run_module(project: Any) -> None:
    project.write(
        program="""
        import runpy
        print(runpy.run_path("script.py")["f"](1), runpy.run_module("script")["f"](2))
        """,
        script="def f(x): return x\n",
    )
    _, recorded = project.both("program.py")
    assert [i["x"] for i in recorded.inputs("script:f")] == ["1", "2"]


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module that was imported before any recording began."""
    (tmp_path / "loaded_before.py").write_text(
        "import functools\n"
        "LEVEL = 1\n"
        "def f(x): return x + LEVEL\n"
        "def outer(n):\n"
        "    def inner(k): return n + k\n"
        "    return inner\n"
        "made_before = outer(5)\n"
        "TABLE = {'f': f}\n"
        "@functools.lru_cache\n"
        "def cached(x): return x\n"
        "class A:\n"
        "    @property\n"
        "    def p(self): return 3\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("loaded_before")
    del sys.modules["loaded_before"]


def test_functions_that_exist_already_get_probes_in_place_and_lose_them_again(loaded: Any, tmp_path: Path) -> None:
    function, table, before = loaded.f, loaded.TABLE["f"], loaded.f.__code__
    with Recorder(tmp_path / "store", sources=[tmp_path]) as recorder:
        assert loaded.f is function
        assert function.__code__ is not before
        assert (table(1), loaded.made_before(1), loaded.outer(1)(1), loaded.cached(4), loaded.A().p) == (
            2,
            6,
            2,
            4,
            3,
        )
        counts = {str(target): count.seen for target, count in recorder.counts().items() if count.seen}
    assert counts == {
        "loaded_before:f": 1,
        "loaded_before:outer": 1,
        "loaded_before:outer.<locals>.inner": 2,
        "loaded_before:cached": 1,
        "loaded_before:A.p": 1,
    }
    assert function.__code__ is before


def test_source_that_changed_since_it_was_imported_is_left_alone(loaded: Any, tmp_path: Path) -> None:
    path = Path(loaded.__file__)
    path.write_text(path.read_text().replace("x + LEVEL", "x - LEVEL"))
    with Recorder(tmp_path / "store", sources=[tmp_path]) as recorder:
        assert loaded.f(1) == 2
        assert loaded.outer(1)(1) == 2
        assert {str(t) for t, c in recorder.counts().items() if c.seen} == {
            "loaded_before:outer",
            "loaded_before:outer.<locals>.inner",
        }
