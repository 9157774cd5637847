"""The examples of docs/how-to/without-editing.md are run as they stand there."""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.seams.without import PAGE, WITHOUT

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
RATES = "class Bank:\n    def percent(self):\n        raise OSError('no line to the bank')\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The module that the page is about, and the one that it needs."""
    (tmp_path / "shop.py").write_text(BLOCKS[0])
    (tmp_path / "rates.py").write_text(RATES)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("shop", "rates"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("code", BLOCKS[1:], ids=[re.findall(r"def test_(\w+)", one)[0] for one in BLOCKS[1:]])
def test_an_example_of_the_page_works(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    namespace: dict[str, Any] = {"sys": sys, "types": types, "pytest": pytest}
    exec(compile(code, PAGE, "exec"), namespace)
    test = next(one for name, one in namespace.items() if name.startswith("test_"))
    with monkeypatch.context() as patched:
        test(patched) if test.__code__.co_argcount else test()


def test_each_technique_that_is_answered_stands_on_the_page() -> None:
    for name in WITHOUT:
        assert name.replace("-", " ").title() in TEXT
