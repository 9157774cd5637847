"""Of what sort an effect is: the same for effects that differ in their numbers and texts only."""

from __future__ import annotations

import re

from legacy_seam.calls import Effect
from legacy_seam.values import Name, Node, NotationError, Tree, parse

_DETAIL = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?""")
SAID = re.compile(r"""(?<=: ).*|'(?:'|[^']*)'|"[^"]*"|0x[0-9a-fA-F]+|\d+""", re.DOTALL)
"""What of a message is of one occasion: what it quotes, numbers, what comes after a colon."""


def sort_of(effect: Effect) -> str:
    """The sort of an effect.

    >>> sort_of(Effect("returned", "", "-7")), sort_of(Effect("changed", "account['score']", "[]"))
    ('returned : -int', 'changed account[#]: list of nothing')
    """
    return f"{effect.kind} {_place(effect)}: {_of_text(effect)}"


def kind_of(tree: Tree) -> str:
    """The name of the type of a value.

    >>> kind_of(3), kind_of(Node("shop:Order", (), {}))
    ('int', 'shop:Order')
    """
    if type(tree) is Node:
        return tree.name
    if type(tree) is Name:
        return tree.name.rpartition(".")[0] or tree.name
    return type(tree).__name__


def _place(effect: Effect) -> str:
    return "#" if effect.kind == "wrote" or effect.place.isdigit() else _DETAIL.sub("#", effect.place)


def _of_text(effect: Effect) -> str:
    try:
        tree = parse(effect.text)
    except NotationError:
        return ""
    if effect.kind in ("raised", "logged", "warned", "denied") and type(tree) is Node:
        said = [SAID.sub("#", one) if " " in one else "#" for one in tree.args if type(one) is str]
        return f"{tree.name}({', '.join(map(repr, said))})"
    if tree is None or type(tree) is bool:
        return str(tree)
    if type(tree) in (int, float):
        sign = "0" if tree == 0 else "-" if tree < 0 else "+"
        return f"{sign}{kind_of(tree)}"
    if type(tree) is dict:
        return "{" + ", ".join(sorted({repr(key) if type(key) is str else kind_of(key) for key in tree})) + "}"
    if type(tree) in (list, tuple, set, frozenset):
        return f"{kind_of(tree)} of {', '.join(sorted({kind_of(one) for one in tree})) or 'nothing'}"
    if type(tree) in (str, bytes):
        return kind_of(tree) if tree else f"no {kind_of(tree)}"
    return kind_of(tree)
