"""A copied name becomes a look-up, wherever it is used, and only where nobody needs the copy."""

# ruff: noqa: E501 - a case of a table is one row

from __future__ import annotations

from pathlib import Path

import pytest

from seams.small_program import Module, after, plain, proposed

TECHNIQUE = "qualify-import"
DB = "class Error(Exception): pass\nlimit = 3\nother = 4\ndef query(q=1): return q\n"
DONE = {
    "alone": ("from db import query\ndef f(): return query(2)", "import db\ndef f(): return db.query(2)"),
    "the last of two": (
        "from db import other, query\ndef f(): return query(other)",
        "import db\nfrom db import other\ndef f(): return db.query(other)",
    ),
    "the first of two": (
        "from db import query, other\ndef f(): return query(other)",
        "import db\nfrom db import other\ndef f(): return db.query(other)",
    ),
    "over lines with a backslash": (
        "from db import other, \\\n    query\ndef f(): return query(other)",
        "import db\nfrom db import other\ndef f(): return db.query(other)",
    ),
    "in brackets on one line": (
        "from db import (other, query)\ndef f(): return query(other)",
        "import db\nfrom db import (other)\ndef f(): return db.query(other)",
    ),
    "imported already": ("import db\nfrom db import query\ndef f(): return query(2), db.limit", None),
    "after another statement": (
        "x = 1; from db import query\ndef f(): return query(2)",
        "x = 1; import db\ndef f(): return db.query(2)",
    ),
    "a docstring that speaks of it": (
        'from db import query\ndef f():\n    """See query."""\n    return query(2)',
        None,
    ),
    "a string that is a sentence": ("from db import query\ndef f(): return query('no query yet')", None),
    "a decorator": ("from db import query\n@query\ndef f(): return 3", None),
    "an error that is caught": (
        "from db import Error as query\ndef f():\n    try: raise query('x')\n    except query as error: return str(error)",
        None,
    ),
    "a match": (
        "from db import Error as query\ndef f():\n    match ValueError():\n        case query(): return 1\n        case _: return 2",
        None,
    ),
    "a parameter of that name": (
        "from db import query\ndef g(query): return query\ndef f(): return query(2), g(3)",
        None,
    ),
    "a variable that hides the module": (
        "from db import query\ndef f():\n    db = 2\n    return query(db)",
        "import db as _db\ndef f():\n    db = 2\n    return _db.query(db)",
    ),
    "an f-string": ("from db import query\ndef f(): return f'{query(2)!r:>3} {query(3)}'", None),
    "within a class": (
        "from db import query\nclass A:\n    x = query(2)\n    y = [query(n) for n in (1, 2)]\ndef f(): return A.x, A.y",
        None,
    ),
    "set on itself": ("from db import query\nquery.seen = 1\ndef f(): return query.seen", None),
}


@pytest.mark.parametrize(("code", "expected"), DONE.values(), ids=DONE)
def test_it_behaves_as_before_and_sees_what_is_replaced(code: str, expected: str | None, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, TECHNIQUE, code + "\n", "query", others={"db.py": DB})
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    new = after(proposal)
    assert expected is None or new == expected + "\n"
    assert Module(new, tmp_path).told(["f()"]) == Module(code, tmp_path).told(["f()"])


REFUSED = {
    "deleted": ("from db import query\ndel query", "no-such-target"),
    "set later": ("from db import query\ndef g():\n    global query\n    query = 1", "no-such-target"),
    "under a condition": ("if 1:\n    from db import query", "unclear-name"),
    "for types only": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from db import query",
        "unclear-name",
    ),
    "an annotation that is a string": ("from db import query\ndef f(a: 'query'): pass", "used-elsewhere"),
    "looked up by name": ("from db import query\nx = globals()['query']", "used-elsewhere"),
    "within a function": ("def f():\n    from db import query\n    return query()", "no-such-target"),
    "everything": ("from db import *", "no-such-target"),
    "a module": ("import db as query", "already-done"),
    "a module of a package": ("from xml import dom as query", "already-done"),
    "from the package around": ("from . import limit as query", "unclear-name"),
}


@pytest.mark.parametrize(("code", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_needs_the_copy_is_refused(code: str, reason: str, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, TECHNIQUE, code + "\n", "query", others={"db.py": DB})
    assert [one.code.value for one in proposal.plan.refusals] == [reason]


ELSEWHERE = {
    "monkeypatch": "import m\ndef test(monkeypatch): monkeypatch.setattr(m, 'query', int)",
    "monkeypatch by text": "def test(monkeypatch): monkeypatch.setattr('m.query', int)",
    "an attribute": "import m as rules\nx = rules.query",
    "an attribute of what a star may hide": "import m\nfrom db import *\nx = m.query",
    "set": "import m\nm.query = 1",
    "set where it lives": "import db\ndb.query = 1",
    "a star": "from m import *",
}


@pytest.mark.parametrize("code", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_others_find_or_replace_is_refused(code: str, tmp_path: Path) -> None:
    others = {"db.py": DB, "other.py": code + "\n"}
    (refusal,) = proposed(
        tmp_path, TECHNIQUE, "from db import query\nx = query()\n", "query", others=others
    ).plan.refusals
    assert refusal.code.value in ("used-elsewhere", "written") and refusal.path.name == "other.py"


def test_a_relative_import_stays_relative(tmp_path: Path) -> None:
    from legacy_seam.seams.catalogue import technique_named
    from legacy_seam.seams.insertion import propose
    from legacy_seam.targets import Target
    from seams.small_program import program

    files = {
        "shop/__init__.py": "",
        "shop/store/__init__.py": "",
        "shop/store/db.py": DB,
        "shop/rules.py": plain("from .store.db import query\n\ndef f(): return query()\n"),
    }
    proposal = propose(technique_named(TECHNIQUE), program(tmp_path, files), Target("shop.rules", "query"), {})
    assert proposal.is_sound
    assert after(proposal) == "from .store import db\n\ndef f(): return db.query()\n"


def test_a_package_that_hides_its_module_is_refused(tmp_path: Path) -> None:
    others = {"tool/__init__.py": "from tool.tool import tool\n", "tool/tool.py": "def tool(): return 1\n"}
    proposal = proposed(tmp_path, TECHNIQUE, "from tool.tool import tool\n", "tool", others=others)
    assert [one.code.value for one in proposal.plan.refusals] == ["unsafe"]
