import types
from typing import Any

import pytest

from legacy_seam.world.substitution import Substitution


@pytest.fixture
def home() -> Any:
    home = types.ModuleType("home")
    exec("def original(): return 'original'", vars(home))
    return home


def test_every_name_that_holds_it_is_changed(home: Any) -> None:
    taker: Any = types.ModuleType("taker")
    taker.original = taker.alias = home.original
    taker.other = len

    class Holder:
        held = staticmethod(home.original)

    Holder.__module__ = "taker"
    taker.Holder = Holder
    substitution = Substitution([(home, "original", lambda: "replaced")])
    substitution.apply_to(taker)
    assert home.original() == taker.original() == taker.alias() == taker.Holder.held() == "replaced"
    assert taker.other is len
    substitution.undo()
    assert home.original() == "original"
