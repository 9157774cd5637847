import types
from typing import Any

from legacy_seam.world.reach import CodeIndex, globals_stored, names_used


def compiled(source: str) -> dict[str, types.CodeType]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return {name: value.__code__ for name, value in namespace.items() if hasattr(value, "__code__")}


def test_names_of_globals_attributes_and_inner_functions() -> None:
    codes = compiled("def f(x):\n    return [lambda: TABLE[i] for i in x.items], getattr(x, 'hidden')")
    assert {"TABLE", "items", "getattr", "hidden"} <= names_used(codes["f"])


def test_globals_that_are_assigned() -> None:
    codes = compiled(
        "def f():\n    global a, b\n    a = 1\n    def g():\n        global c\n        del c\n    local = b"
    )
    assert globals_stored(codes["f"]) == {"a", "c"}


def test_globals_that_are_assigned_in_code_with_many_names() -> None:
    lines = "".join(f"    x{i}.y{i}\n" for i in range(300))
    codes = compiled(f"def f():\n    global last\n{lines}    last = 1")
    assert globals_stored(codes["f"]) == {"last"}


def test_names_are_followed_through_functions() -> None:
    codes = compiled("def a(): b()\ndef b(): c.d()\ndef d(): return DEEP\ndef unrelated(): return OTHER")
    index = CodeIndex()
    for name, code in codes.items():
        index.add_function(name, code)
    names = index.names_reached([codes["a"]])
    assert "DEEP" in names
    assert "OTHER" not in names


def test_recursion_ends() -> None:
    codes = compiled("def a(): b()\ndef b(): a()")
    index = CodeIndex()
    for name, code in codes.items():
        index.add_function(name, code)
    assert index.names_reached([codes["a"]]) == {"a", "b"}


def test_special_methods_are_reached_by_operators() -> None:
    index = CodeIndex()
    index.add_function("__add__", compiled("def __add__(a, b): return RATES")["__add__"])
    assert "RATES" in index.names_reached([compiled("def f(a): return a + a")["f"]])
