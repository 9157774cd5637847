"""Scopes after an edit: a name that was local, global, a parameter or free is so still.

Asked of Python's own symbol table, which knows nothing of how the edit was made.
"""

from __future__ import annotations

import ast
import builtins
import symtable
import sys
from collections.abc import Iterator
from typing import TypeAlias

from legacy_seam.seams.trial import Broken, Trial
from legacy_seam.source.deep import deep


def no_other_name_changes_its_scope(trial: Trial) -> str:
    """Every name of every scope that was there lives where it did.

    New are only those that the plan introduces, and uses of what the module or Python itself binds.
    """
    introduced = trial.plan.introduces
    for change, before, after in trial.pairs:
        old = _by_place(before.source.text, introduced)
        new = _by_place(after.source.text, introduced)
        known = new["the module"][0].keys()
        inlined = _of_comprehensions(before.tree)
        for place, names, found in _alike(old, new):
            for name, how in names.items():
                if name not in introduced | inlined and found.get(name, how) != how:
                    raise Broken(f"{change.path}: `{name}` in {place} was {how}, and would be {found[name]}")
            strange = [
                name
                for name in found.keys() - names.keys() - introduced
                if found[name] != "global" or not (name in known or hasattr(builtins, name))
            ]
            if strange:
                raise Broken(f"{change.path}: `{min(strange)}` would be new in {place}")
    return ""


_Places: TypeAlias = dict[str, list[dict[str, str]]]
"""The names of each scope, by where it is; several where lambdas, say, stand in one place."""


def _alike(old: _Places, new: _Places) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """The scopes that are there before and after: one that has moved, or been renamed, is another one."""
    for place, scopes in old.items():
        others = new.get(place, [])
        if len(scopes) == len(others):
            yield from ((place, one, other) for one, other in zip(scopes, others, strict=True))


def _by_place(text: str, introduced: frozenset[str]) -> _Places:
    found: _Places = {}
    for place, names in _scopes(text, introduced):
        found.setdefault(place, []).append(names)
    return found


def _scopes(text: str, introduced: frozenset[str]) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        top = symtable.symtable(text, "m", "exec")
    except RecursionError:
        top = deep(symtable.symtable, text, "m", "exec")
    waiting = [("the module", top)]
    while waiting:
        place, table = waiting.pop()
        if any(part in introduced for part in place.split(".")):
            continue
        yield (
            place,
            {name: _how(one) for one in table.get_symbols() if not (name := one.get_name()).startswith(".")},
        )
        for child in table.get_children():
            inner = child.get_name() if place == "the module" else f"{place}.{child.get_name()}"
            waiting.append((inner, child))


def _of_comprehensions(tree: ast.Module) -> set[str]:
    """The variables of comprehensions: since Python 3.12 they stand in the table of what is around them.

    There they are told from a name of that scope by nothing, and look like one or the other by what else is used.
    """
    if sys.version_info < (3, 12):
        return set()
    made = [node for node in ast.walk(tree) if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)]
    targets = [generator.target for node in made for generator in node.generators]
    return {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}


def _how(symbol: symtable.Symbol) -> str:
    if symbol.is_parameter():
        return "a parameter"
    if symbol.is_free():
        return "a name of a function around it"
    return "local" if symbol.is_local() else "global"
