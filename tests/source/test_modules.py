from __future__ import annotations

from pathlib import Path

from legacy_seam.source import Module, Program, SourceText
from legacy_seam.source.modules import module_name


def test_a_module_is_named_from_the_root_it_is_imported_from(tmp_path: Path) -> None:
    (tmp_path / "src/shop/sub").mkdir(parents=True)
    (tmp_path / "src/shop/__init__.py").touch()
    (tmp_path / "src/shop/sub/__init__.py").touch()
    assert module_name(tmp_path / "src/shop/sub/a.py") == "shop.sub.a"
    assert module_name(tmp_path / "src/shop/__init__.py") == "shop"
    assert module_name(tmp_path / "src/a.py") == "a"
    assert module_name(tmp_path / "src/space/a.py") == "a"
    assert module_name(tmp_path / "src/space/a.py", [tmp_path, tmp_path / "src"]) == "space.a"
    assert module_name(tmp_path / "src/space/a.py", [tmp_path]) == "src.space.a"


def test_functions_are_found_by_name_and_by_line() -> None:
    text = b"def f():\n    def g():\n        pass\n    return g\n\n@a\ndef f(): ...\n"
    module = Module.of(SourceText.of(Path("m.py"), text), "m")
    assert isinstance(module, Module)
    assert [one.first_line for one in module.functions_named("f")] == [1, 6]
    assert module.functions_named("h") == ()
    places = {line: module.function_at(line) for line in (1, 3, 4, 5, 6)}
    names = {line: one and one.target.qualname for line, one in places.items()}
    assert names == {1: "f", 3: "f.<locals>.g", 4: "f", 5: None, 6: "f"}


def test_a_program_gives_its_modules_and_puts_down_what_it_skips(tmp_path: Path) -> None:
    for name, raw in {"a.py": b"x = 1", "two.py": b"print 'x'", "b/c.py": b"", "bad.py": b"\xff"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    program = Program.at([tmp_path], roots=[tmp_path])
    assert [module.name for module in program.modules()] == ["a", "b.c"]
    assert {path.name: one.code for path, one in program.skipped.items()} == {
        "two.py": "python-2",
        "bad.py": "not-text",
    }
    assert program.path_of("b.c") == tmp_path / "b/c.py"
    assert isinstance(program.module("a"), Module)
    assert program.module("nowhere") is None
