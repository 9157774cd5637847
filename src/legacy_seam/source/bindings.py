"""What a name means where it stands: exactly one thing, or why that cannot be said.

An edit that takes `time.time` for the clock where it is a parameter, a stub or a compatibility module is a wrong
edit. So a name has a meaning only where one import, one definition or the builtins can give it, and everything else
(a name bound twice, a loop variable, a `match` capture, a star import) is unclear, with a reason and a line.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.source.scopes import Binding, By, Scope


class Why(StrEnum):
    """Why a name has no certain meaning."""

    PARAMETER = "parameter"
    ASSIGNED = "assigned"
    LOOP = "loop"
    WITH = "with"
    EXCEPT = "except"
    MATCH = "match"
    WALRUS = "walrus"
    TYPE_PARAMETER = "type-parameter"
    REBOUND = "rebound"
    DELETED = "deleted"
    CONDITIONAL_IMPORT = "conditional-import"
    STAR_IMPORT = "star-import"
    RELATIVE_IMPORT = "relative-import"
    CLASS_SCOPE = "class-scope"
    UNBOUND = "unbound"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Exactly:
    """The one thing that a name means.

    dotted:  its full name, `datetime.datetime.now`, `builtins.open`, `shop.rules.score`.
    by:      what binds the name it begins with; None for the builtins.
    line:    where that is bound, 0 for the builtins.
    binding: the name that is bound, as far as it goes: `datetime.datetime` where `from datetime import datetime`.
    """

    dotted: str
    by: By | None
    line: int
    binding: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why it cannot be said what a name means.

    why:        the kind of reason.
    line:       the line that makes it so, 0 where there is none.
    reason:     a sentence for people.
    candidates: the full names that it may have among other things.
    """

    why: Why
    line: int
    reason: str
    candidates: frozenset[str] = frozenset()


Meaning: TypeAlias = Exactly | Unclear

_UNCLEAR: Final[dict[By, tuple[Why, str]]] = {
    By.PARAMETER: (Why.PARAMETER, "is a parameter"),
    By.ASSIGNMENT: (Why.ASSIGNED, "is assigned"),
    By.LOOP: (Why.LOOP, "is a loop variable"),
    By.WITH: (Why.WITH, "is bound by `with`"),
    By.EXCEPT: (Why.EXCEPT, "is bound by `except`"),
    By.MATCH: (Why.MATCH, "is captured by `match`"),
    By.WALRUS: (Why.WALRUS, "is assigned by `:=`"),
    By.DELETE: (Why.DELETED, "is deleted"),
    By.TYPE: (Why.TYPE_PARAMETER, "is a type of this module"),
    By.ANNOTATION: (Why.UNBOUND, "is annotated and never bound"),
}


_OF_EVERY_MODULE: Final = frozenset({*dir(types.ModuleType("")), "__class__", "__file__", "__path__", "__cached__"})
"""Names that the builtins have as well, being a module themselves."""


def meaning(names: Sequence[str], scope: Scope, line: int, module: str, *, is_package: bool = False) -> Meaning:
    """What a chain of names means.

    Args:
        names: the chain, `("datetime", "now")`.
        scope: the scope it is evaluated in.
        line: where it stands.
        module: the full name of the module.
        is_package: is the module an `__init__`?

    >>> import ast
    >>> from legacy_seam.source.references import references
    >>> tree = ast.parse("import time\\nfor clock in (time,): clock.time(time.time)")
    >>> for one in references(tree):
    ...     found = meaning(one.names, one.scope, one.line, "m")
    ...     print(".".join(one.names), found.dotted if isinstance(found, Exactly) else found.reason)
    time time
    clock.time `clock` is a loop variable (line 2)
    time.time time.time
    """
    name = _mangled(names[0], scope)
    holder = scope.holder(name)
    stars = scope.module.stars
    if holder is None:
        return _builtin(name, names, stars, module, is_package)
    found = _bound(name, holder, module, is_package)
    if isinstance(found, Unclear):
        return _extended(found, names[1:])
    shaken = _order_matters(name, holder, scope, line, module, is_package)
    if shaken:
        return _extended(shaken, names[1:])
    return Exactly(".".join((found.dotted, *names[1:])), found.by, found.line, found.binding)


def _bound(name: str, holder: Scope, module: str, is_package: bool) -> Meaning:
    """What the bindings of a name in the scope that holds it say."""
    bindings = [one for one in holder.bindings[name] if one.by is not By.ANNOTATION]
    if not bindings:
        return _because(holder.bindings[name][0], name)
    meanings: dict[str, Binding] = {}
    others: list[Binding] = []
    for one in bindings:
        dotted = _dotted(one, name, holder, module, is_package)
        if dotted is None:
            others.append(one)
        else:
            meanings.setdefault(dotted, one)
    if len(meanings) == 1 and not others and (len(bindings) == 1 or bindings[0].by is By.IMPORT):
        ((dotted, only),) = meanings.items()
        return Exactly(dotted, only.by, only.line, dotted)
    if len(bindings) == 1:
        return _because(bindings[0], name)
    return _several(name, bindings, frozenset(meanings))


def _several(name: str, bindings: Sequence[Binding], candidates: frozenset[str]) -> Unclear:
    deleted = next((one for one in bindings if one.by is By.DELETE), None)
    if deleted:
        return Unclear(Why.DELETED, deleted.line, f"`{name}` is deleted (line {deleted.line})", candidates)
    if not any(one.by in (By.IMPORT, By.FUNCTION, By.CLASS) for one in bindings):
        return _because(bindings[0], name)
    lines = ", ".join(str(one.line) for one in bindings[:4])
    why = Why.CONDITIONAL_IMPORT if all(one.by is By.IMPORT for one in bindings) else Why.REBOUND
    return Unclear(why, bindings[1].line, f"`{name}` is bound {len(bindings)} times (lines {lines})", candidates)


def _because(binding: Binding, name: str) -> Unclear:
    if binding.by is By.IMPORT:
        reason = f"`{name}` is imported from beyond the top of its package (line {binding.line})"
        return Unclear(Why.RELATIVE_IMPORT, binding.line, reason)
    why, what = _UNCLEAR[binding.by]
    return Unclear(why, binding.line, f"`{name}` {what} (line {binding.line})")


def _dotted(binding: Binding, name: str, holder: Scope, module: str, is_package: bool) -> str | None:
    """The full name of what one binding binds, or None where it is not known."""
    if binding.by in (By.FUNCTION, By.CLASS):
        return f"{module}.{holder.qualname}{name}"
    return None if binding.dotted is None else absolute(binding.dotted, module, is_package)


def absolute(dotted: str, module: str, is_package: bool) -> str | None:
    """A dotted name as seen from a module, or None where its dots lead out of the top package.

    >>> absolute("..clock.now", "shop.rules.score", False), absolute("..x", "a", False)
    ('shop.clock.now', None)
    """
    rest = dotted.lstrip(".")
    level = len(dotted) - len(rest)
    if not level:
        return dotted
    package = module.split(".") if is_package else module.split(".")[:-1]
    if level > len(package):
        return None
    return ".".join((*package[: len(package) - level + 1], rest))


def _builtin(name: str, names: Sequence[str], stars: Sequence[object], module: str, is_package: bool) -> Meaning:
    if stars:
        return _from_a_star(name, names[1:], stars, module, is_package)
    if name in _OF_EVERY_MODULE:
        return Unclear(Why.OWN, 0, f"`{name}` is what Python gives each module or class of its own")
    if not hasattr(builtins, name):
        return Unclear(Why.UNBOUND, 0, f"`{name}` is bound nowhere in the module")
    return Exactly(".".join(("builtins", name, *names[1:])), None, 0, f"builtins.{name}")


def _from_a_star(name: str, rest: Sequence[str], stars: Iterable[object], module: str, is_package: bool) -> Unclear:
    origins = [
        (one.lineno, absolute("." * one.level + (one.module or ""), module, is_package))  # type: ignore[attr-defined]
        for one in stars
    ]
    candidates = {".".join((origin.rstrip("."), name, *rest)) for _, origin in origins if origin}
    candidates |= {".".join(("builtins", name, *rest))} if hasattr(builtins, name) else set()
    line = origins[0][0]
    reason = f"`{name}` may come from `import *` (line {line})"
    return Unclear(Why.STAR_IMPORT, line, reason, frozenset(candidates))


def _order_matters(
    name: str, holder: Scope, scope: Scope, line: int, module: str, is_package: bool
) -> Unclear | None:
    """What may give the name another meaning before, after or instead of its binding."""
    if holder.kind not in ("module", "class"):
        return None  # a local variable is bound or an error, nothing else
    bindings = holder.bindings[name]
    first, conditional = bindings[0].line, all(one.conditional for one in bindings)
    at_once = all(one.kind in ("module", "class", "comprehension") for one in _up_to(holder, scope))
    early = at_once and line < first
    candidates = frozenset(
        dotted for one in bindings if (dotted := _dotted(one, name, holder, module, is_package)) is not None
    )
    if holder.kind == "class" and (conditional or early):
        return Unclear(
            Why.CLASS_SCOPE, first, f"`{name}` is bound in the class, perhaps later (line {first})", candidates
        )
    late = [one for one in scope.module.stars if one.lineno > first or conditional or early]
    if late and holder.kind == "module":
        found = _from_a_star(name, (), late, module, is_package)
        return Unclear(found.why, found.line, found.reason, found.candidates | candidates)
    if (conditional or early) and hasattr(builtins, name):
        reason = f"`{name}` is bound under a condition, and a builtin otherwise (line {first})"
        return Unclear(Why.CONDITIONAL_IMPORT, first, reason, candidates | {f"builtins.{name}"})
    return None


def _up_to(holder: Scope, scope: Scope) -> Iterable[Scope]:
    while scope is not holder:
        yield scope
        if scope.parent is None:
            return
        scope = scope.parent


def _extended(found: Unclear, rest: Sequence[str]) -> Unclear:
    candidates = frozenset(".".join((one, *rest)) for one in found.candidates)
    return Unclear(found.why, found.line, found.reason, candidates)


def _mangled(name: str, scope: Scope) -> str:
    """A private name as a class spells it."""
    if not name.startswith("__") or name.endswith("__"):
        return name
    around: Scope | None = scope
    while around:
        if around.kind == "class":
            stem = str(getattr(around.node, "name", "")).lstrip("_")
            return f"_{stem}{name}" if stem else name
        around = around.parent
    return name
