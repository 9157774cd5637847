"""The scopes of names, compared with what Python's own symbol table says."""

from __future__ import annotations

import ast
import symtable
import sys
from pathlib import Path

import pytest

from legacy_seam.source import Module, SourceText
from legacy_seam.source.scopes import By

LIBRARY = Path(ast.__file__).parent
FILES = (
    *("ast.py", "argparse.py", "dataclasses.py", "typing.py", "enum.py", "inspect.py", "functools.py"),
    *("asyncio/base_events.py", "contextlib.py", "doctest.py", "pydoc.py", "subprocess.py", "_pydatetime.py"),
)

ODD = """
import time
def f(a, *b, c=(w := 1), e=lambda w=(w3 := 1): (w4 := w), **d):
    global g
    g = 1
    def inner():
        nonlocal a
        a = [w2 := i for i in b]
        return lambda q: q + a + c
    class K:
        x = y = 1
        def m(self): return __class__, x
        z = [x for x in y]
    try: pass
    except E as e: pass
    with o as (p, [r, *s]): pass
    match a:
        case [t, *u] | {"k": t, **u}: pass
    for v in b: del v
    import os.path, sys as system
    from m import n as nn
    k: int
    (j): int = 1
    return {p: r for p, r in s}
"""


@pytest.mark.parametrize("name", ["", *FILES])
def test_names_live_in_the_scope_that_the_interpreter_says(name: str) -> None:
    path = LIBRARY / name
    if name and not path.is_file():
        pytest.skip(f"this Python has no {name}")
    text = path.read_text("utf-8") if name else ODD
    module = Module.of(SourceText.of(path, text.encode()), "m")
    assert isinstance(module, Module)
    tables: dict[tuple[str, int], list[symtable.SymbolTable]] = {}
    waiting = [symtable.symtable(text, "m", "exec")]
    while waiting:
        table = waiting.pop()
        tables.setdefault((table.get_name(), table.get_lineno()), []).append(table)
        waiting.extend(table.get_children())
    compared = 0
    for reference in module.references():
        scope, used = reference.scope, reference.names[0]
        named = {"module": "top", "comprehension": None}.get(scope.kind, getattr(scope.node, "name", "lambda"))
        if named is None or any(step.place == "annotation" for step in reference.steps) or used.startswith("__"):
            continue
        line = 0 if scope.kind == "module" else scope.node.lineno  # type: ignore[attr-defined]
        found = tables.get((named, line), [])
        if len(found) != 1 or used not in found[0].get_identifiers():
            continue
        symbol = found[0].lookup(used)
        holder = scope.holder(used)
        compared += 1
        where = f"{used} in {named}, line {reference.line}"
        if scope.kind == "module":
            assert (holder is scope) == (symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()), (
                where
            )
        elif symbol.is_global():
            assert holder is None or holder.kind == "module", where
        elif symbol.is_free():
            assert holder is not None and holder is not scope and holder.kind != "module", where
        else:
            assert holder is scope, where
            bys = {one.by for one in scope.bindings[used]}
            assert symbol.is_parameter() == (By.PARAMETER in bys), where
            assert symbol.is_imported() == (By.IMPORT in bys), where
    assert compared > (10 if not name else 50)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
def test_type_parameters_are_a_scope_of_their_own() -> None:
    text = "import T\nclass A[T](B[T]):\n    def f[U](self, x: T) -> U: return T, U\ntype X = int\nT.y"
    module = Module.of(SourceText.of(Path("m.py"), text.encode()), "m")
    assert isinstance(module, Module)
    held = [
        (one.names[0], h.kind if (h := one.scope.holder(one.names[0])) else None) for one in module.references()
    ]
    assert [kind for name, kind in held if name == "T"] == [*["type parameters"] * 3, "module"]
    assert [kind for name, kind in held if name == "U"] == ["type parameters"] * 2
    assert module.scope.bindings["X"][0].by is By.TYPE
