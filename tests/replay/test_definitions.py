import ast
import textwrap
from typing import Any

import pytest

from legacy_seam.replay.compiling import as_written
from legacy_seam.replay.definitions import run_definitions
from legacy_seam.rewriting.scripts import read_script


def defined(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "script"}
    run_definitions(read_script(ast.parse(textwrap.dedent(source))), "script.py", namespace, as_written)
    return {name: value for name, value in namespace.items() if not name.startswith("__")}


@pytest.mark.parametrize(
    "source",
    [
        "x = 1 + 2",
        "x: int = 3",
        "x = {'a': [1, (2,)], 'b': {3}}",
        "import re\nx = re.compile('a')",
        "from collections import namedtuple\nx = namedtuple('P', 'a b')",
        "import os\nx = os.path.join('a', 'b')",
        "x = [i * 2 for i in range(3)]",
        "x = lambda n: n",
        "import sys\nif len(sys.argv) > 100:\n    x = 1\nelse:\n    x = 2",
        "try:\n    import not_installed_here as x\nexcept ImportError:\n    x = None",
        "class x:\n    y = 1",
        "def x(): return 1",
        "x = 1\nx += 1",
    ],
)
def test_what_defines_something_is_kept(source: str) -> None:
    assert "x" in defined(source)


@pytest.mark.parametrize(
    "source",
    [
        "x = open('data.txt')",
        "x = load()",
        "x = input('?')",
        "for x in range(3): pass",
        "with open('data.txt') as x: pass",
        "while True: x = 1",
        "try:\n    x = load()\nexcept Exception:\n    pass",
        "raise SystemExit",
        "print('ran')",
        "x = [load(i) for i in range(3)]",
    ],
)
def test_what_acts_is_left_out(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "x" not in defined(source)
    assert capsys.readouterr().out == ""


def test_what_rests_on_something_left_out_is_left_out_but_for_decorators() -> None:
    found = defined(
        """
        config = load()
        rate = config["rate"]
        @register(config)
        # of the first
        def first(): pass
        def second(n=1): return n
        def third(n=config): return n
        @register
        class Fourth: pass
        class Fifth(config): pass
        """
    )
    assert list(found) == ["first", "second", "Fourth"]
    assert found["first"].__code__.co_firstlineno == 4, "the line of its decorator, as ever"
