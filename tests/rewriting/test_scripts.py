"""Which statements of a script define something, and which names a replay knows by them."""

import ast
import textwrap

import pytest

from legacy_seam.rewriting.scripts import guard_of, read_script


def uncertain(source: str) -> set[str]:
    return set(read_script(ast.parse(textwrap.dedent(source))).uncertain)


def defined(source: str) -> list[str]:
    return [ast.unparse(one) for one in read_script(ast.parse(textwrap.dedent(source))).definitions]


def test_guards() -> None:
    assert guard_of(ast.parse("if '__main__' == __name__:\n    main()")) == 0
    assert guard_of(ast.parse("import sys\nif __name__ == '__main__' and sys.argv:\n    main()")) == 1
    assert guard_of(ast.parse("if name == 'main':\n    main()\nprint(__name__)")) is None


@pytest.mark.parametrize(
    "source",
    [
        "RATE = 2\nTABLE = {'a': RATE}\ndef f(): return TABLE\nfor n in range(3): f()",
        "import re\nclass A: pass\nx = re.compile('a')\nprint(x)",
        "LIMIT = 3\nprint(LIMIT)\nDOUBLE = LIMIT * 2",
        "def f(n: int) -> int: return n\nprint(f(1))\ndef g(n=1): return n",
        "import sys\nif len(sys.argv) > 100:\n    x = 1\nelse:\n    x = 2\nprint(x)",
    ],
)
def test_what_only_definitions_give_a_value_is_certain(source: str) -> None:
    assert uncertain(source) - {"n"} == set()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("rows = load()\nn = len(rows)", {"rows", "n"}),
        ("for row in open('a'): print(row)", {"row"}),
        ("with open('a') as stream: text = stream.read()", {"stream", "text"}),
        ("import sys\nif sys.argv:\n    x = load()\nelse:\n    x = 2", {"x"}),
        ("x = 1\nprint(x)\nx = 2", {"x"}),
        ("x = 1\nx += load()", {"x"}),
        ("rows = []\nrows.append(1)\nn = len(rows)", {"n"}),
        ("rows = []\ndef add(): rows.append(1)\nadd()\nn = len(rows)", {"n"}),
        ("total = 0\ndef add():\n    global total\n    total += 1\nadd()\nhalf = total / 2", {"total", "half"}),
        ("app = make()\n@app.route('/')\ndef f(): pass\nclass C(app.Base): pass", {"app", "f", "C"}),
        ("x = 1\ndel x\n(y := load())", {"x", "y"}),
        ("n = [m := load() for k in 'ab']\nmatch n:\n    case [a, *b]: pass", {"n", "m", "a", "b"}),
    ],
)
def test_what_something_that_acts_gives_a_value_or_may_have_changed_is_uncertain(
    source: str, names: set[str]
) -> None:
    assert uncertain(source) == names


def test_an_object_without_which_a_class_or_function_could_not_be_defined_is_made() -> None:
    source = """
    from flask import Flask
    import db as database
    name = settings()
    base = database.connect("a.db")
    other = database.connect("b.db")
    app = Flask(base, debug=True)
    app.run()
    rows = load()
    @app.route("/")
    def f(n=name): return rows
    """
    found = defined(source)
    assert "base = database.connect('a.db')" in found
    assert "app = Flask(base, debug=True)" in found
    assert not {"other = database.connect('b.db')", "app.run()", "rows = load()", "name = settings()"} & {*found}


def test_where_names_are_given_a_value() -> None:
    runs = read_script(ast.parse("import os\nx = 1\nprint(x)\ny = load()\nz = 2")).runs
    assert [(run.end, set(run.names)) for run in runs] == [(2, {"os", "x"}), (4, {"y"}), (5, {"z"})]
