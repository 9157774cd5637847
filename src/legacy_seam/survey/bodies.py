"""One body of statements: what it uses, changes, goes through and gives back, in the order of the text.

What functions and classes within a function do is counted as done by that function: nobody else can reach them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from legacy_seam.source.scopes import Scope, parameters_of
from legacy_seam.survey.facts import IMPORT_TIME, IN_PLACE, Site, Use
from legacy_seam.survey.marks import mark_of
from legacy_seam.survey.names import Names, annotated, path_of

Define = Callable[[ast.stmt, str, Scope], None]
Definition = ast.FunctionDef | ast.AsyncFunctionDef
_Later = Callable[[], None]

_MUTATORS: Final = frozenset(
    [
        "append",
        "extend",
        "insert",
        "remove",
        "pop",
        "clear",
        "update",
        "setdefault",
        "popitem",
        "add",
        "discard",
        "sort",
        "reverse",
        "appendleft",
        "popleft",
        "extendleft",
        "rotate",
    ]
)
_ORDERING: Final = frozenset(
    f"builtins.{name}"
    for name in ["list", "tuple", "enumerate", "iter", "next", "zip", "map", "filter", "reversed", "repr", "str"]
)
"""Functions whose result depends on the order of what they are given."""
_ORDERLESS: Final = frozenset(
    f"builtins.{name}" for name in ["sorted", "set", "frozenset", "min", "max", "any", "all", "len"]
)
_COMPREHENSIONS: Final = frozenset({ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})


class _Found:
    """What is found in one body; bodies within it add to it."""

    def __init__(self) -> None:
        self.uses: dict[Use, None] = {}
        self.writes: dict[Site, None] = {}
        self.iterates: dict[Site, None] = {}


class Body:
    """Walks one body.

    Args:
        names: what is known at module level.
        scope: the body's scope.
        owner: path of the class whose method it is, if it is one.
        define: takes the functions and classes it defines, where these have names (module or class level).
        prefix: what stands before the names of those.
        outer: the body it stands in, of whose function it is a part.
    """

    def __init__(
        self,
        names: Names,
        scope: Scope,
        *,
        owner: str | None = None,
        define: Define | None = None,
        prefix: str = "",
        outer: Body | None = None,
    ) -> None:
        self._names, self._scope, self._owner, self._define, self._prefix = names, scope, owner, define, prefix
        self._held: dict[str, str | None] = dict(outer._held) if outer else {}
        self._found: _Found = outer._found if outer else _Found()
        self._self: str | None = outer._self if outer else None
        self._orderless: set[int] = set()
        self._waiting: list[ast.AST | _Later] = []
        self.attributes: dict[str, str] = outer.attributes if outer else {}
        self.returned: str | None = None

    @property
    def found(self) -> tuple[tuple[Use, ...], tuple[Site, ...], tuple[Site, ...]]:
        """Uses, writes and what is gone through, as `facts.Function` has them."""
        return tuple(self._found.uses), tuple(self._found.writes), tuple(self._found.iterates)

    def enter(self, arguments: ast.arguments, *, is_static: bool = False, is_of_class: bool = False) -> None:
        """Bind the parameters of a function."""
        parameters = parameters_of(arguments)
        for one in parameters:
            self._held[one.arg] = annotated(one.annotation, self._lookup)
        if self._owner is not None and not is_static and parameters:
            self._self = parameters[0].arg
            self._held[self._self] = self._owner if is_of_class else f"{self._owner}()"

    def run(self, body: Sequence[ast.AST]) -> None:
        """Walk statements."""
        waiting = self._waiting
        waiting.extend(reversed(body))
        while waiting:
            node = waiting.pop()
            if not isinstance(node, ast.AST):
                node()
                continue
            handler = _HANDLERS.get(type(node))
            if handler is None:
                waiting.extend(reversed(list(ast.iter_child_nodes(node))))
            else:
                handler(self, node)

    # -------------------------------------------------------------------------------------------- names

    def _lookup(self, name: str) -> str | None:
        if name in self._held:
            return self._held[name]
        if name == "super" and self._owner is not None:
            return f"{self._owner}.__super__"
        holder = self._scope.holder(name)
        if holder is None or holder.kind == "module":
            return self._names.lookup(name)
        return None

    def _path(self, node: ast.expr | None) -> str | None:
        return path_of(node, self._lookup)

    def _use(self, path: str, node: ast.AST, *, called: bool) -> None:
        self._found.uses[Use(path, getattr(node, "lineno", 0), called)] = None

    def _is_global(self, name: str) -> bool:
        return self._scope.declared.get(name) == "global"

    def _bind(self, target: ast.expr, path: str | None) -> None:
        if isinstance(target, ast.Name):
            if self._is_global(target.id):
                self._write(f"{self._names.module}.{target.id}", target)
            elif self._scope.kind != "module":
                self._held[target.id] = path
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._bind(one, None)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, None)
        elif isinstance(target, ast.Attribute):
            self._bind_attribute(target, path)
        elif isinstance(target, ast.Subscript):
            self._changed_in_place(target.value, target)
            self._waiting += [target.slice, target.value]

    def _bind_attribute(self, target: ast.Attribute, path: str | None) -> None:
        if isinstance(target.value, ast.Name) and target.value.id == self._self and path is not None:
            self.attributes.setdefault(target.attr, path)
        base = self._path(target.value)
        if base is not None and _is_plain(base):
            self._write(f"{base}.{target.attr}", target)
        if not isinstance(target.value, ast.Name):
            self._waiting.append(target.value)

    def _changed_in_place(self, holder: ast.expr, node: ast.AST) -> None:
        path = self._path(holder)
        if path is not None and _is_plain(path):
            self._write(f"{path}{IN_PLACE}", node)

    def _write(self, path: str, node: ast.AST) -> None:
        if self._scope.kind != "module":  # what a module does to its own variables at import is no effect
            self._found.writes[Site(path, getattr(node, "lineno", 0))] = None

    def _iterate(self, node: ast.expr) -> None:
        path = self._path(node)
        if path is not None:
            self._found.iterates[Site(path, node.lineno)] = None

    # -------------------------------------------------------------------------------------------- expressions

    def _name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and node.id not in self._held:
            path = self._lookup(node.id)
            if path is not None and not path.startswith("builtins."):
                self._use(path, node, called=False)

    def _attribute(self, node: ast.Attribute) -> None:
        path = self._path(node)
        if path is not None and not path.startswith("builtins."):
            self._use(path, node, called=False)
        self._within_chain(node)

    def _within_chain(self, node: ast.expr) -> None:
        """Go on with what a chain of attributes begins with, where that is not a plain name."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name):
            self._waiting.append(node)

    def _call(self, node: ast.Call) -> None:
        function = node.func
        path = self._path(function)
        if path is None and isinstance(function, ast.Attribute):
            path = f"?.{function.attr}"
        if path is not None:
            self._use(path + mark_of(path, node), node, called=True)
            self._arguments(path, node)
        if isinstance(function, ast.Attribute):
            if function.attr in _MUTATORS:
                self._changed_in_place(function.value, node)
            if function.attr == "pop" and not node.args:
                self._iterate(function.value)
        later: list[ast.AST] = [*node.args, *(one.value for one in node.keywords)]
        self._waiting.extend(reversed(later))
        if isinstance(function, ast.Name | ast.Attribute):
            self._within_chain(function)
        else:
            self._waiting.append(function)

    def _arguments(self, path: str, node: ast.Call) -> None:
        if path in _ORDERLESS:
            self._orderless.update(map(id, node.args))
        elif path in _ORDERING or path.endswith(".join"):
            for one in node.args:
                if type(one) not in _COMPREHENSIONS:
                    self._iterate(one)
        elif path == "builtins.setattr" and len(node.args) > 1:
            name = node.args[1]
            base = self._path(node.args[0])
            if base is not None and _is_plain(base):
                attribute = str(name.value) if isinstance(name, ast.Constant) else "*"
                self._write(f"{base}.{attribute}", node)

    def _comprehension(self, node: ast.AST) -> None:
        is_ordered = id(node) not in self._orderless and not isinstance(node, ast.SetComp | ast.DictComp)
        parts: list[ast.AST | _Later] = []
        for generator in node.generators:  # type: ignore[attr-defined]
            if is_ordered:
                self._iterate(generator.iter)
            parts += [generator.iter, self._binding(generator.target, None), *generator.ifs]
        elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]  # type: ignore[attr-defined]
        self._waiting.extend(reversed([*parts, *elements]))

    def _binding(self, target: ast.expr, path: str | None) -> _Later:
        return lambda: self._bind(target, path)

    def _walrus(self, node: ast.NamedExpr) -> None:
        self._waiting += [self._binding(node.target, self._path(node.value)), node.value]

    def _lambda(self, node: ast.Lambda) -> None:
        inner = Body(self._names, self._scope.within(node, "function"), outer=self)
        inner._owner = self._owner
        for one in parameters_of(node.args):
            inner._held[one.arg] = None
        inner.run([node.body])

    def _yield(self, node: ast.Yield) -> None:
        self.returned = self.returned or self._path(node.value)
        if node.value is not None:
            self._waiting.append(node.value)

    # -------------------------------------------------------------------------------------------- statements

    def _assign(self, node: ast.Assign) -> None:
        path = self._path(node.value)
        self._waiting.extend(self._binding(target, path) for target in reversed(node.targets))
        self._waiting.append(node.value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        path = annotated(node.annotation, self._lookup) or self._path(node.value)
        if node.value is not None or self._scope.kind == "function":
            self._waiting.append(self._binding(node.target, path))
        if node.value is not None:
            self._waiting.append(node.value)

    def _augmented(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            if self._is_global(node.target.id):
                self._write(f"{self._names.module}.{node.target.id}", node)
        else:
            self._bind(node.target, None)
        self._waiting.append(node.value)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if not isinstance(target, ast.Name) or self._is_global(target.id):
                self._bind(target, None)

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        self._iterate(node.iter)
        self._waiting.extend(reversed([node.iter, self._binding(node.target, None), *node.body, *node.orelse]))

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        parts: list[ast.AST | _Later] = []
        for item in node.items:
            path = self._path(item.context_expr)
            parts.append(item.context_expr)
            if path is not None:
                for name in ("__enter__", "__exit__"):
                    self._use(f"{path}.{name}", item.context_expr, called=False)
            if item.optional_vars is not None:
                parts.append(self._binding(item.optional_vars, path))
        self._waiting.extend(reversed([*parts, *node.body]))

    def _return(self, node: ast.Return) -> None:
        self.returned = self.returned or self._path(node.value)
        if node.value is not None:
            self._waiting.append(node.value)

    def _handler(self, node: ast.ExceptHandler) -> None:
        self._waiting.extend(reversed(node.body))  # the types of exceptions are no use of their modules
        if node.name:
            self._held[node.name] = None

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._imported(alias.name, node)
            if self._scope.kind != "module":
                first = alias.name if alias.asname else alias.name.partition(".")[0]
                self._held[alias.asname or first] = first

    def _import_from(self, node: ast.ImportFrom) -> None:
        origin = self._names.absolute("." * node.level + (node.module or ""))
        self._imported(origin, node)
        for alias in node.names:
            self._imported(f"{origin}.{alias.name}", node)
            if self._scope.kind != "module" and alias.name != "*":
                self._held[alias.asname or alias.name] = f"{origin}.{alias.name}"

    def _imported(self, module: str, node: ast.stmt) -> None:
        if self._define is not None:
            self._use(f"{module}.{IMPORT_TIME}", node, called=True)

    def _function(self, node: Definition) -> None:
        for one in node.decorator_list:
            if not isinstance(one, ast.Call):
                path = self._path(one)
                if path is not None:
                    self._use(path, one, called=True)
        calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
        self._waiting += [*calls, *node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        if self._define is not None:
            self._define(node, self._prefix, self._scope)
            return
        inner = Body(self._names, self._scope.within(node, "function"), outer=self)
        inner._owner = self._owner
        for parameter in parameters_of(node.args):
            inner._held[parameter.arg] = annotated(parameter.annotation, self._lookup)
        inner.run(node.body)

    def _class(self, node: ast.ClassDef) -> None:
        if self._define is not None:
            self._define(node, self._prefix, self._scope)
        inner = Body(
            self._names,
            self._scope.within(node, "class"),
            define=self._define,
            prefix=f"{self._prefix}{node.name}.",
            outer=self,
        )
        inner._held = dict(self._held)
        inner.run([*node.decorator_list, *(one.value for one in node.keywords), *node.body])

    def _nothing(self, node: ast.AST) -> None:
        """Constants, and statements that only declare."""

    def _match_case(self, node: ast.match_case) -> None:
        for one in ast.walk(node.pattern):
            name = one.rest if isinstance(one, ast.MatchMapping) else getattr(one, "name", None)
            if isinstance(name, str):
                self._held[name] = None
        later: Iterable[ast.AST] = [*([node.guard] if node.guard else ()), *node.body]
        self._waiting.extend(reversed(list(later)))


def _is_plain(path: str) -> bool:
    """Does the path name something that lives as long as the program, and nothing that a call gave back?"""
    return "(" not in path and not path.startswith(("?", "builtins."))


_HANDLERS: Final[dict[type, Callable[[Body, ast.AST], None]]] = {
    ast.Name: Body._name,  # type: ignore[dict-item]
    ast.Attribute: Body._attribute,  # type: ignore[dict-item]
    ast.Call: Body._call,  # type: ignore[dict-item]
    ast.Constant: Body._nothing,
    ast.Global: Body._nothing,
    ast.Nonlocal: Body._nothing,
    ast.Pass: Body._nothing,
    ast.NamedExpr: Body._walrus,  # type: ignore[dict-item]
    ast.Lambda: Body._lambda,  # type: ignore[dict-item]
    ast.Yield: Body._yield,  # type: ignore[dict-item]
    ast.Assign: Body._assign,  # type: ignore[dict-item]
    ast.AnnAssign: Body._annotated,  # type: ignore[dict-item]
    ast.AugAssign: Body._augmented,  # type: ignore[dict-item]
    ast.Delete: Body._delete,  # type: ignore[dict-item]
    ast.For: Body._loop,  # type: ignore[dict-item]
    ast.AsyncFor: Body._loop,  # type: ignore[dict-item]
    ast.With: Body._with,  # type: ignore[dict-item]
    ast.AsyncWith: Body._with,  # type: ignore[dict-item]
    ast.Return: Body._return,  # type: ignore[dict-item]
    ast.ExceptHandler: Body._handler,  # type: ignore[dict-item]
    ast.Import: Body._import,  # type: ignore[dict-item]
    ast.ImportFrom: Body._import_from,  # type: ignore[dict-item]
    ast.FunctionDef: Body._function,  # type: ignore[dict-item]
    ast.AsyncFunctionDef: Body._function,  # type: ignore[dict-item]
    ast.ClassDef: Body._class,  # type: ignore[dict-item]
    ast.match_case: Body._match_case,  # type: ignore[dict-item]
    **dict.fromkeys(_COMPREHENSIONS, Body._comprehension),
}
