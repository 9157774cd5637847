"""How a function is called, where that decides what it does: a mark in brackets behind its path.

open(path, "w")    builtins.open[w]      it may change the file
Random(4)          random.Random[seed]   it gives the same numbers every time
localtime(then)    time.localtime[given] it does not look at the clock
c.execute("select  ?.execute[select]     it asks the database, and changes nothing
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final


def mark_of(path: str, call: ast.Call) -> str:
    """The mark of a call, or nothing.

    >>> mark_of("builtins.open", ast.parse("open(x, 'ab')", mode="eval").body)
    '[w]'
    """
    marker = _MARKERS.get(path.rpartition(".")[2])
    return marker(call) if marker is not None else ""


def _opened(call: ast.Call) -> str:
    modes = [*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    texts = [mode.value for mode in modes if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
    return (
        "[w]"
        if any(len(text) <= 4 and set(text) & set("wax+") and set(text) <= set("rwaxbtU+") for text in texts)
        else ""
    )


def _seeded(call: ast.Call) -> str:
    return "[seed]" if call.args or call.keywords else ""


def _asking(call: ast.Call) -> str:
    statement = call.args[0] if call.args else None
    while isinstance(statement, ast.BinOp):  # "select ... %s" % name
        statement = statement.left
    if isinstance(statement, ast.JoinedStr) and statement.values:
        statement = statement.values[0]
    if not isinstance(statement, ast.Constant) or not isinstance(statement.value, str):
        return ""
    return "[select]" if statement.value.lstrip(" \n\t(").lower().startswith(_ASKS) else ""


def _given(most: int) -> Callable[[ast.Call], str]:
    return lambda call: "[given]" if len(call.args) > most else ""


_ASKS: Final = ("select", "pragma", "explain", "show", "describe")
_MARKERS: Final[dict[str, Callable[[ast.Call], str]]] = {
    "open": _opened,
    "ZipFile": _opened,
    "execute": _asking,
    "Random": _seeded,
    "default_rng": _seeded,
    "RandomState": _seeded,
    "localtime": _given(0),
    "gmtime": _given(0),
    "ctime": _given(0),
    "asctime": _given(0),
    "strftime": _given(1),
}
