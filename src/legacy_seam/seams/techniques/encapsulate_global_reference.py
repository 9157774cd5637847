"""Encapsulate Global References: functions reach a global through one object, which a test can replace."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from legacy_seam.seams.importers import importers
from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import capitals
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source.functions import own_nodes
from legacy_seam.source.scopes import Scope


class EncapsulateGlobalReference:
    """`LIMIT` in functions becomes `_globals.LIMIT`, a property of an object which reads and sets the global.

    The global itself stays where it is and is looked up at each use. So `module.LIMIT` is read and set by others as
    before, `mock.patch("module.LIMIT")` does what it did, and no copy that was imported is older than it would be.
    """

    name: ClassVar = "encapsulate-global-reference"
    feathers: ClassVar = "Encapsulate Global References"
    summary: ClassVar = "Lets the functions of a module reach a global variable through an object."
    when: ClassVar = (
        "When functions share state in a global: the object shows who reads and who sets it, can be replaced by one"
        " that counts or refuses, and can later be handed in. The target is the variable: `shop.rules:LIMIT`. Use"
        " the technique again for the next variable, and the same object gets another property."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The module binds the name, and functions of it use it.",
        "Where functions bind it (`global LIMIT`), they assign it: no `del`, no import, no `:=`, no definition.",
    )
    options: ClassVar[Sequence[Option]] = (Option("name", "the name of the object; by default `_globals`"),)
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a variable that is read and set",
            before="""
                count = 0

                def f(step=1):
                    global count
                    if count < 10:
                        count += step
                    return count
            """,
            after='''
                count = 0

                class _Globals:
                    """The globals of `m`, which its functions reach through one object."""

                    @property
                    def count(self):
                        return count

                    @count.setter
                    def count(self, value):
                        global count
                        count = value


                _globals = _Globals()


                def f(step=1):
                    if _globals.count < 10:
                        _globals.count += step
                    return _globals.count
            ''',
            target="count",
            calls=["f()", "f(3)"],
        ),
        Example(
            "one that is only read; what is evaluated at import stays",
            before="""
                LIMIT = 3

                def f(a, most=LIMIT):
                    return [a for _ in range(most) if a < LIMIT]
            """,
            after='''
                LIMIT = 3

                class _Globals:
                    """The globals of `m`, which its functions reach through one object."""

                    @property
                    def LIMIT(self):
                        return LIMIT


                _globals = _Globals()


                def f(a, most=LIMIT):
                    return [a for _ in range(most) if a < _globals.LIMIT]
            ''',
            target="LIMIT",
            calls=["f(1)", "f(5, 2)"],
        ),
        Example(
            "the next variable of the same object",
            before="""
                LIMIT, RATE = 3, 4

                class _Globals:
                    @property
                    def LIMIT(self):
                        return LIMIT


                _globals = _Globals()


                def f(a):
                    return RATE * a
            """,
            after="""
                LIMIT, RATE = 3, 4

                class _Globals:
                    @property
                    def RATE(self):
                        return RATE

                    @property
                    def LIMIT(self):
                        return LIMIT


                _globals = _Globals()


                def f(a):
                    return _globals.RATE * a
            """,
            target="RATE",
            calls=["f(1)"],
        ),
        Refuses(
            "no function uses it",
            before="""
                LIMIT = 3

                def f(a=LIMIT):
                    return a
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
            target="LIMIT",
        ),
        Refuses(
            "the module does not bind it",
            before="""
                def f(a):
                    return LIMIT
            """,
            code=Reason.NO_SUCH_TARGET,
            line=0,
            target="LIMIT",
        ),
        Refuses(
            "a function deletes it",
            before="""
                LIMIT = 3

                def f(a):
                    global LIMIT
                    del LIMIT
            """,
            code=Reason.WRITTEN,
            line=5,
            target="LIMIT",
        ),
        Refuses(
            "a function imports it",
            before="""
                LIMIT = 3

                def f(a):
                    global LIMIT
                    from m import LIMIT
                    return LIMIT
            """,
            code=Reason.WRITTEN,
            line=5,
            target="LIMIT",
        ),
        Refuses(
            "the name is taken",
            before="""
                LIMIT = 3
                _box = 1

                def f(a):
                    return LIMIT
            """,
            code=Reason.NAME_TAKEN,
            line=2,
            target="LIMIT",
            options={"name": "_box"},
        ),
        Refuses(
            "there already",
            before="""
                LIMIT = 3

                class _Globals:
                    @property
                    def LIMIT(self):
                        return LIMIT

                _globals = _Globals()

                def f(a):
                    return _globals.LIMIT
            """,
            code=Reason.ALREADY_DONE,
            line=5,
            target="LIMIT",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        name, edits = job.target.qualname, job.edits
        if name not in job.module.scope.bindings or not name.isidentifier() or name.startswith("__"):
            job.refuse(Reason.NO_SUCH_TARGET, 0, f"{job.target.module} binds no variable `{name}`")
        holder = job.option("name") or "_globals"
        known = _holder(job, capitals(holder), holder)
        self._refuse_twice(job, known, name)
        reads, writes = list(_reads(job, name, known)), list(_writes(job, name))
        if not (reads or writes):
            line = job.module.scope.bindings[name][0].line
            job.refuse(Reason.NOTHING_TO_DO, line, f"no function of {job.target.module} uses `{name}`")
        if known is None:
            holder = job.fresh_name(holder)
            self._check_class_name(job, capitals(holder))
        for one in [*reads, *writes]:
            edits.replace(one, f"{holder}.{name}")
        _without_declarations(job, name)
        self._put_in(job, known, holder, name, bool(writes), [*reads, *writes])
        for other in importers(job.program, job.module):
            if name in other.names and writes:
                job.notes.append(f"{other} imports a copy of `{name}`, which does not change with it: as before")
        stub = f"type('Stub', (), dict({name}=property({{stub}})))()"
        introduces = [holder, capitals(holder), name]
        return job.plan(
            self.name, introduces=introduces, enabling=[EnablingPoint(job.target.module, f"{holder} = {stub}")]
        )

    def _refuse_twice(self, job: Job, known: ast.ClassDef | None, name: str) -> None:
        for one in known.body if known else ():
            if isinstance(one, ast.FunctionDef) and one.name == name:
                job.refuse(Reason.ALREADY_DONE, one.lineno, f"`{name}` is a property already")

    def _check_class_name(self, job: Job, name: str) -> None:
        line = job.line_using(name)
        if line is not None:
            job.refuse(Reason.NAME_TAKEN, line, f"`{name}` is used (line {line}); choose another with --name")

    def _put_in(
        self,
        job: Job,
        known: ast.ClassDef | None,
        holder: str,
        name: str,
        writes: bool,
        used: Sequence[ast.Name],
    ) -> None:
        """Add the property, to a new object above the first function that uses it, or to the one that is there."""
        text = _property(name, writes)
        if known is not None:
            job.edits.insert_above(known.body[0], text, blank=1)
            return
        inner = "".join(f"    {line}\n" if line else "\n" for line in text.split("\n")).rstrip()
        first = min(one.lineno for one in used)
        around = next(one for one in job.module.tree.body if one.lineno <= first <= (one.end_lineno or 0))
        doc = f'    """The globals of `{job.target.module}`, which its functions reach through one object."""'
        code = f"class {capitals(holder)}:\n{doc}\n\n{inner}\n\n\n{holder} = {capitals(holder)}()"
        job.edits.insert_above(around, code, blank=2)


def _property(name: str, writes: bool) -> str:
    setter = (
        f"\n\n@{name}.setter\ndef {name}(self, value):\n    global {name}\n    {name} = value" if writes else ""
    )
    return f"@property\ndef {name}(self):\n    return {name}{setter}"


def _holder(job: Job, class_name: str, holder: str) -> ast.ClassDef | None:
    """The class of the object that is there already."""
    made = any(
        isinstance(one, ast.Assign) and ast.unparse(one) == f"{holder} = {class_name}()"
        for one in job.module.tree.body
    )
    classes = [one for one in job.module.tree.body if isinstance(one, ast.ClassDef) and one.name == class_name]
    return classes[0] if made and len(classes) == 1 else None


def _reads(job: Job, name: str, known: ast.ClassDef | None) -> Iterator[ast.Name]:
    """Where functions read the variable, those of the object itself left out."""
    for reference in job.module.references():
        if reference.names[0] != name or reference.scope.holder(name) is not job.module.scope:
            continue
        if not _is_in_function(reference.scope):
            continue
        if known is not None and known.lineno <= reference.line <= (known.end_lineno or 0):
            continue
        node: ast.AST = reference.node
        while isinstance(node, ast.Attribute):
            node = node.value
        assert isinstance(node, ast.Name)
        yield node


def _is_in_function(scope: Scope | None) -> bool:
    while scope is not None:
        if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return True
        scope = scope.parent
    return False


def _writes(job: Job, name: str) -> Iterator[ast.Name]:
    """Where functions set the variable.

    Raises:
        Refused: where one binds it in a way that an attribute cannot be bound.
    """
    for function in job.module.functions:
        declares = [one for one in ast.walk(function.node) if isinstance(one, ast.Global) and name in one.names]
        if not declares:
            continue
        for one in ast.walk(function.node):
            if isinstance(one, ast.NamedExpr) and one.target.id == name:
                job.refuse(Reason.WRITTEN, one.lineno, f"`:=` cannot set an attribute, and sets `{name}` here")
            bound = [getattr(one, "name", None), getattr(one, "rest", None)]
            if isinstance(one, ast.Import | ast.ImportFrom):
                bound = [each.asname or each.name.partition(".")[0] for each in one.names]
            if name in bound and not isinstance(one, ast.alias):
                job.refuse(Reason.WRITTEN, getattr(one, "lineno", 0), f"`{name}` is bound here in a way of its own")
            if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Del):
                job.refuse(Reason.WRITTEN, one.lineno, f"`{name}` is deleted here")
        yield from _own_writes(job, function.node, name)


_OF_THEIR_OWN: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _without_declarations(job: Job, name: str) -> None:
    """Take the name out of `global` statements: nothing in their functions goes by it any longer.

    One that is all there is in a block, or shares its line, does no harm and stays.
    """
    edits = job.edits
    for function in job.module.functions:
        inner = (one for one in own_nodes(function.node) if not isinstance(one, _OF_THEIR_OWN))
        blocks = [block for one in (function.node, *inner) for block in _blocks(one)]
        for block in blocks:
            for one in block:
                if not (isinstance(one, ast.Global) and name in one.names):
                    continue
                others = [each for each in one.names if each != name]
                line = edits.source.lines[one.lineno - 1].partition("#")[0].strip()
                if others:
                    edits.replace(one, f"global {', '.join(others)}")
                elif len(block) > 1 and line == edits.text(one):
                    edits.remove_lines(one.lineno, one.lineno)


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _own_writes(job: Job, function: ast.AST, name: str) -> Iterator[ast.Name]:
    """The assignments in one function that declares the variable global itself."""
    waiting = list(ast.iter_child_nodes(function))
    found: list[ast.Name] = []
    declares = False
    while waiting:
        node = waiting.pop()
        declares |= isinstance(node, ast.Global) and name in node.names
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            found.append(node)
        scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        if not isinstance(node, scopes + comprehensions):
            waiting.extend(ast.iter_child_nodes(node))
    if declares:
        yield from sorted(found, key=lambda one: (one.lineno, one.col_offset))
