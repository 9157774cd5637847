"""An import that closes a cycle moves into functions, and each module can then be imported first."""

# ruff: noqa: E501 - a case of a table is one row

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from legacy_seam.seams.cycles import way_back
from seams.small_program import Module, after, program, proposed

TECHNIQUE = "break-import-cycle"
MAIL = "import m\n\ndef send(*a): return a\nlimit = 3\n"
DONE = {
    "one line": ("from mail import send\ndef f(): return send(1)", "f()"),
    "a generator": ("from mail import send\ndef f():\n    yield send(1)", "list(f())"),
    "a coroutine": (
        "import asyncio\nfrom mail import send\nasync def f():\n    await asyncio.sleep(0)\n    return send(1)",
        "asyncio.run(f())",
    ),
    "an inner default": (
        "from mail import send, limit\ndef f():\n    def g(a=limit): return send(a)\n    return g()",
        "f()",
    ),
    "a class within": (
        "from mail import limit\ndef f():\n    class A:\n        x = limit\n        y = [limit for _ in (1,)]\n    return A.x, A.y",
        "f()",
    ),
    "a docstring on a line of its own": (
        'from mail import send\ndef f():\n    """Send."""\n    return send(1)',
        "f()",
    ),
    "a parameter of that name": (
        "from mail import send\ndef f(): return send(1)\ndef g(send): return send",
        "[f(), g(2)]",
    ),
    "a method and its lambda": (
        "from mail import send\nclass A:\n    def f(self): return (lambda: send(1))()",
        "A().f()",
    ),
    "two imports": ("from mail import send\nfrom mail import limit\ndef f(): return send(limit)", "f()"),
    "brackets": ("from mail import (\n    limit,\n    send,\n)\ndef f(): return send(limit)", "f()"),
}


@pytest.mark.parametrize(("code", "call"), DONE.values(), ids=DONE)
def test_it_behaves_as_before(code: str, call: str, tmp_path: Path) -> None:
    name = "send" if "send" in code else "limit"
    proposal = proposed(tmp_path, TECHNIQUE, code + "\n", name, others={"mail.py": MAIL})
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    new = after(proposal)
    assert not [line for line in new.splitlines() if line.startswith("from mail")]
    assert Module(new, tmp_path).told([call]) == Module(code, tmp_path).told([call])


REFUSED = {
    "a lambda of the module": ("from mail import send\nf = lambda: send(1)", "evaluated-later"),
    "a docstring that shares its line": ('from mail import send\ndef f(): "doc"; return send(1)', "shared-line"),
    "a line with another statement": ("x = 1; from mail import send\ndef f(): return send(1)", "shared-line"),
    "a comprehension of the module": ("from mail import send\nx = [send(n) for n in (1,)]", "evaluated-later"),
    "under a condition": ("if 1:\n    from mail import send\ndef f(): return send(1)", "unclear-name"),
    "exported": ("from mail import send\n__all__ = ['send']\ndef f(): return send(1)", "used-elsewhere"),
}


@pytest.mark.parametrize(("code", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_needed_at_once_is_refused(code: str, reason: str, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, TECHNIQUE, code + "\n", "send", others={"mail.py": MAIL})
    assert [one.code.value for one in proposal.plan.refusals] == [reason]


def test_a_module_that_could_not_be_imported_first_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"m.py": "from mail import send\ndef price(): return 3\ndef f(): return send()\n"}
    files["mail.py"] = "from m import price\ndef send(): return price()\n"
    proposal = proposed(tmp_path, TECHNIQUE, files["m.py"], "send", others={"mail.py": files["mail.py"]})
    (tmp_path / "m.py").write_text(after(proposal))
    monkeypatch.syspath_prepend(tmp_path)
    try:
        import mail  # type: ignore[import-not-found]

        assert mail.send() == 3
    finally:
        for name in ("m", "mail"):
            sys.modules.pop(name, None)


def test_imports_for_types_and_within_functions_close_no_cycle(tmp_path: Path) -> None:
    read = program(
        tmp_path,
        {
            "a.py": "import b\n",
            "b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nelse:\n    import c\n",
            "c.py": "def f():\n    import a\n",
            "d.py": "class A:\n    try:\n        from pack import x\n    except ImportError: pass\n",
            "pack/__init__.py": "",
            "pack/x.py": "import d\n",
        },
    )
    assert way_back(read, "b", "a") == []
    assert way_back(read, "pack.x", "pack.x") == ["pack.x", "d", "pack.x"]
