from __future__ import annotations

import ast
import gc
import weakref
from pathlib import Path

import pytest

from legacy_seam.source import Hierarchy, Module, Program, Skipped, SourceText
from legacy_seam.source.hierarchy import Outline

FILES = {
    "shop/__init__.py": "from .base import Base\n",
    "shop/base.py": "class Base:\n    x = 1\n    def f(self): self.y = 1\n    def g(self): ...\n",
    "shop/mid.py": "from shop import Base as B\nclass Mid(B):\n    def f(self): ...\n",
    "shop/leaf.py": "import shop.mid\nimport threading\nclass Leaf(shop.mid.Mid, threading.Thread): z = 1\n",
    "odd.py": "def make(): ...\nclass Odd(make()): ...\nclass G(list[int], metaclass=M): ...\nclass S(S): ...\n",
    "nested.py": "class A:\n    class B: ...\n    class C(B): ...\ndef f():\n    class D(A.B): ...\n",
}


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Hierarchy:
    root = tmp_path_factory.mktemp("program")
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return Program.at([root], roots=[root]).hierarchy


def test_a_class_is_one_class_however_it_is_imported(classes: Hierarchy) -> None:
    assert classes.ancestors("shop.leaf.Leaf") == ["shop.mid.Mid", "threading.Thread", "shop.base.Base"]
    assert classes.descendants("shop.Base") == ["shop.mid.Mid", "shop.leaf.Leaf"]
    base = classes.get("shop.Base")
    assert base is not None and base.name == "shop.base.Base" and base.fields == {"y"}


def test_overriding_methods_are_found_above_and_below(classes: Hierarchy) -> None:
    assert classes.overrides("shop.base.Base", "f") == ["shop.mid.Mid"]
    assert classes.overrides("shop.base.Base", "g") == []
    assert classes.overridden("shop.mid.Mid", "f") == ["shop.base.Base"]


def test_a_name_in_use_anywhere_in_the_family_is_found(classes: Hierarchy) -> None:
    assert classes.binds("shop.base.Base", "z") == ["shop.leaf.Leaf"]
    assert classes.binds("shop.leaf.Leaf", "y") == ["shop.base.Base"]
    assert classes.binds("shop.mid.Mid", "w") == []


def test_what_lies_outside_the_program_or_cannot_be_known_is_said(classes: Hierarchy) -> None:
    assert classes.outside("shop.leaf.Leaf") == ["threading.Thread"]
    assert classes.outside("odd.Odd") == ["make()"]
    assert classes.outside("shop.mid.Mid") == []
    generic = classes.get("odd.G")
    assert generic is not None and generic.bases == ("builtins.list",) and generic.keywords == {"metaclass"}


def test_a_class_that_inherits_from_its_own_name_ends(classes: Hierarchy) -> None:
    assert classes.ancestors("odd.S") == []


def test_nested_classes_are_named_by_where_they_stand(classes: Hierarchy) -> None:
    assert classes.descendants("nested.A.B") == ["nested.A.C", "nested.f.<locals>.D"]


def test_a_program_is_read_for_it_once_and_an_edited_one_only_where_it_was_edited(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("class A: ...\n")
    other.write_text("from one import A\nclass B(A): ...\n")
    program = Program.at([tmp_path], roots=[tmp_path])
    assert program.hierarchy.descendants("one.A") == ["other.B"]
    other.write_text("class Later: ...\n")
    edited = program.edited({one: b"class A: ...\nclass C(A): ...\n"})
    assert sorted(edited.hierarchy.descendants("one.A")) == ["one.C", "other.B"]
    assert program.hierarchy.descendants("one.A") == ["other.B"]


def test_a_field_is_found_however_it_is_set() -> None:
    text = b"""
class A:
    def f(self, other):
        self.a = self.b[self.no] = other.no = 1
        self.c += 1
        self.d: int = 2
        (self.e, [*self.f]) = 3, [4]
        for self.g in ():
            try:
                with open("x") as (self.h, x):
                    self.no()
            except OSError:
                self.i = 5
            else:
                match x:
                    case 1: self.j = 6
        def inner(): self.no = 7
"""
    module = Module.of(SourceText.of(Path("m.py"), text), "m")
    assert isinstance(module, Module)
    (found,) = Outline.of(module).classes
    assert sorted(found.fields) == list("acdefghij")


def test_trees_do_not_wait_for_the_garbage_collector_when_all_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (tmp_path / f"m{number}.py").write_text(FILES["nested.py"] + "def g():\n    global h\n    def h(): ...\n")
    trees: list[weakref.ref[ast.Module]] = []
    program = Program.at([tmp_path], roots=[tmp_path])
    reading = program.read

    def read(path: Path, raw: bytes | None = None) -> Module | Skipped:
        module = reading(path, raw)
        assert isinstance(module, Module)
        trees.append(weakref.ref(module.tree))
        return module

    monkeypatch.setattr(program, "read", read)
    gc.disable()
    try:
        assert "m0.A" in program.hierarchy.classes
        assert [one() for one in trees] == [None] * 3
    finally:
        gc.enable()
