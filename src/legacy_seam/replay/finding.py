"""Finding the function behind a recorded target in today's code, also where it was moved."""

from __future__ import annotations

import ast
import pkgutil
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.batch import Refused
from legacy_seam.targets import Resolved, Target, executed, resolve
from legacy_seam.values import find_code

_INNER = ".<locals>."


@dataclass(frozen=True, slots=True)
class Found:
    """What stands behind a target today.

    module:   where it stands.
    code:     its body.
    function: the live function; None for a function inside another, which `make` builds for each call.
    note:     that it was moved, if it was.
    """

    module: types.ModuleType
    code: types.CodeType
    function: types.FunctionType | None
    note: str | None = None

    def make(self, closure: Mapping[str, object]) -> types.FunctionType:
        """The function to call, with its free variables filled in; those that had no value get none."""
        if self.function is not None:
            return self.function
        names = self.code.co_freevars
        cells = [types.CellType(closure[name]) if name in closure else types.CellType() for name in names]
        positional, keyword = _literal_defaults(self.module, self.code)
        made = types.FunctionType(self.code, vars(self.module), self.code.co_name, positional, tuple(cells))
        made.__kwdefaults__ = keyword or None
        made.__qualname__ = self.code.co_qualname
        made.__module__ = self.module.__name__
        return made


def find(target: Target, module_named: Callable[[str], types.ModuleType]) -> Found:
    """Find a target, in its module or, if it is gone from there, at the one other place that has its name.

    Args:
        target: the recorded target.
        module_named: imports a module; raises `Refused`.

    Raises:
        Refused: where it is gone, or there are several to choose from.
    """
    refusal: Refused | None = None
    try:
        found = _in_module(target, executed(module_named(target.module)))
    except Refused as refused:
        if refused.kind != "target-gone":
            raise
        found, refusal = None, refused
    return found or _moved(target, module_named, refusal)


def moved_class(name: str, among: Mapping[str, types.ModuleType]) -> str | None:
    """The present name of a class that is gone from where it was recorded; None where that cannot be told.

    A module-level name that still leads to it under its old name counts, and so does the one class of the same
    qualified name elsewhere in the package.

    Args:
        name: `module:Class` as recorded.
        among: loaded modules by name.
    """
    module_name, _, qualname = name.partition(":")
    home = among.get(module_name) or sys.modules.get(module_name)
    candidates: dict[int, type] = {}
    if home is not None:
        held = _follow(home, qualname)
        if isinstance(held, type):
            return f"{held.__module__}:{held.__qualname__}"
    package = module_name.partition(".")[0]
    for other in list(sys.modules):
        if other == package or other.startswith(package + ".") or other in among:
            held = _follow(sys.modules[other], qualname)
            if isinstance(held, type) and held.__module__ != module_name:
                candidates[id(held)] = held
    if len(candidates) != 1:
        return None
    (only,) = candidates.values()
    return f"{only.__module__}:{only.__qualname__}"


def _in_module(target: Target, module: types.ModuleType) -> Found | None:
    qualname, number = _numbered(target.qualname)
    if _INNER in qualname or number is not None or qualname.endswith("<lambda>"):
        code = find_code(module.__name__, qualname, (number or 1) - 1)
        return None if code is None else Found(module, code, None)
    resolved: Resolved | None = resolve(target, module)
    if resolved is None:  # it may have been taken out of its namespace: `del _get_status`, behind a property of it
        code = find_code(module.__name__, qualname)
        return None if code is None else Found(module, code, None)
    return Found(module, resolved.function.__code__, resolved.function)


def _numbered(qualname: str) -> tuple[str, int | None]:
    """A name, and the number among functions of that name in the order of the source (`score.2`), if it has one."""
    name, _, number = qualname.rpartition(".")
    return (name, int(number)) if number.isdecimal() else (qualname, None)


def _moved(target: Target, module_named: Callable[[str], types.ModuleType], refusal: Refused | None) -> Found:
    found: dict[types.CodeType, tuple[str, Found]] = {}
    for name in _modules_of_package(target.module, module_named):
        if name == target.module:
            continue
        elsewhere = _in_module(target, executed(sys.modules[name]))
        if elsewhere is not None and elsewhere.code not in found:
            home = (elsewhere.function.__module__ if elsewhere.function else None) or name
            found[elsewhere.code] = (home, elsewhere)
    if len(found) == 1:
        ((home, only),) = found.values()
        note = f"moved: {target} is now at {home}:{target.qualname}"
        return Found(only.module, only.code, only.function, note)
    if found:
        places = ", ".join(sorted(f"{home}:{target.qualname}" for home, _ in found.values()))
        raise Refused("target-gone", f"{target} is not there any more, and there are several of its name: {places}")
    raise refusal or Refused("target-gone", f"{target} is not there any more")


def _modules_of_package(module: str, module_named: Callable[[str], types.ModuleType]) -> Iterator[str]:
    """Loaded modules of the same top-level package, then all others of it (they are imported)."""
    top = module.partition(".")[0]
    package = sys.modules.get(top)
    if package is None:
        try:
            package = module_named(top)
        except Refused:
            return
    loaded = [name for name in list(sys.modules) if name == top or name.startswith(top + ".")]
    yield from loaded
    for _, name, _ in pkgutil.walk_packages(getattr(package, "__path__", None) or [], top + "."):
        if name not in loaded and not name.endswith(".__main__") and ".tests" not in name:
            try:
                module_named(name)
            except Refused:
                continue
            yield name


def _follow(module: types.ModuleType, qualname: str) -> object:
    held: object = module
    for part in qualname.split("."):
        held = vars(held).get(part) if isinstance(held, (types.ModuleType, type)) else None
    return held


def _literal_defaults(
    module: types.ModuleType, code: types.CodeType
) -> tuple[tuple[object, ...] | None, dict[str, object]]:
    """Defaults of a function inside another, as far as its source spells them as literals or module-level names."""
    definition = _definition_of(code.co_filename, code.co_name, code.co_firstlineno)
    if definition is None:
        return None, {}
    arguments = definition.args
    positional = [_literal(default, module) for default in arguments.defaults]
    keyword = {
        argument.arg: _literal(default, module)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    return tuple(positional) or None, keyword


@lru_cache
def _definition_of(file: str, name: str, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
    """The definition of that name which begins on a line; a file is read once, and not for each call."""
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if node.name == name and first == line:
                return node
        elif isinstance(node, ast.Lambda) and name == "<lambda>" and node.lineno == line:
            return node
    return None


def _literal(default: ast.expr, module: types.ModuleType) -> object:
    if isinstance(default, ast.Name) and default.id in vars(module):
        return vars(module)[default.id]
    try:
        return ast.literal_eval(default)
    except ValueError:
        return None
