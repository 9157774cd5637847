"""Qualify Import: a name that was copied when the module was imported is looked up where it lives, at each use."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from legacy_seam.seams.imported_names import (
    ImportedName,
    imported_name,
    refuse_rebinding,
    refuse_who_would_miss,
    uses,
    without_names,
)
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Module, Reference
from legacy_seam.source.bindings import absolute
from legacy_seam.source.scopes import By

_IS_MODULE: Final = "is a module: its members are looked up at each use already"


class QualifyImport:
    """`from db import query` becomes `import db`, and `query(…)` becomes `db.query(…)`: a link seam.

    Whoever replaces `db.query` then replaces it for this module too, which went on with its own copy before.
    """

    name: ClassVar = "qualify-import"
    feathers: ClassVar = "Link Substitution"
    summary: ClassVar = "Imports the module instead of a name out of it, so that replacing the name is seen."
    when: ClassVar = (
        "When several modules copy one name with `from … import`, and a test would have to replace each copy. The"
        " target is the name in the module that imports it: `shop.rules:query`."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The name is imported once, at the top of the module, and under no condition.",
        "Nothing else finds or replaces it in this module: no `from … import` elsewhere, no `__all__`, no string"
        " such as `mock.patch` takes.",
        "It is no module itself, and becomes nothing else after it was imported.",
        "The module it comes from is in the program or the standard library, or has no dots in its name.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "what the module is called here (`import db as …`), where its own name is taken"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "one of several names",
            before="""
                from db import (
                    close,
                    query,  # slow
                )

                def f(q):
                    return [query(q) for _ in (1, 2)], close
            """,
            after="""
                import db
                from db import (
                    close,
                )

                def f(q):
                    return [db.query(q) for _ in (1, 2)], close
            """,
            target="query",
            others={"db.py": "close = 1\n\ndef query(q):\n    return q\n"},
            calls=["f(1)"],
        ),
        Example(
            "a package, another name, and uses of every kind",
            before="""
                from shop.db import Query as Q

                class Big(Q):
                    pass

                def f(q: Q = Q()) -> Q:
                    return f"{Q().limit()}", isinstance(Big(), Q), q.limit()
            """,
            after="""
                import shop.db

                class Big(shop.db.Query):
                    pass

                def f(q: shop.db.Query = shop.db.Query()) -> shop.db.Query:
                    return f"{shop.db.Query().limit()}", isinstance(Big(), shop.db.Query), q.limit()
            """,
            target="Q",
            others={"shop/__init__.py": "", "shop/db.py": "class Query:\n    def limit(self):\n        return 3\n"},
            calls=["f()"],
        ),
        Example(
            "a name that is taken",
            before="""
                from db import query
                db = 1

                def f():
                    return query(db)
            """,
            after="""
                import db as _db
                db = 1

                def f():
                    return _db.query(db)
            """,
            target="query",
            others={"db.py": "def query(q):\n    return q\n"},
            calls=["f()"],
        ),
        Refuses(
            "another module takes it from here",
            before="""
                from db import query
            """,
            code=Reason.USED_ELSEWHERE,
            line=1,
            target="query",
            others={"db.py": "query = 1\n", "other.py": "from m import query\n"},
        ),
        Refuses(
            "a test replaces it here",
            before="""
                from db import query
            """,
            code=Reason.USED_ELSEWHERE,
            line=1,
            target="query",
            others={"db.py": "query = 1\n", "test_m.py": "PLACE = 'm.query'\n"},
        ),
        Refuses(
            "exported",
            before="""
                from db import query
                __all__ = ["query"]
            """,
            code=Reason.USED_ELSEWHERE,
            line=2,
            target="query",
            others={"db.py": "query = 1\n"},
        ),
        Refuses(
            "it becomes something else later",
            before="""
                from db import query
            """,
            code=Reason.WRITTEN,
            line=1,
            target="query",
            others={"db.py": "def connect(): global query; query = 2\nquery = 1\n"},
        ),
        Refuses(
            "a module",
            before="""
                from shop import db
            """,
            code=Reason.ALREADY_DONE,
            line=1,
            target="db",
            others={"shop/__init__.py": "", "shop/db.py": "query = 1\n"},
        ),
        Refuses(
            "imported under a condition",
            before="""
                try:
                    from fast import query
                except ImportError:
                    from slow import query
            """,
            code=Reason.UNCLEAR_NAME,
            line=4,
            target="query",
        ),
        Refuses(
            "no import",
            before="""
                def query(q):
                    return q
            """,
            code=Reason.NO_SUCH_TARGET,
            line=1,
            target="query",
        ),
        Refuses(
            "a package that nobody knows",
            before="""
                from vendor.db import query
            """,
            code=Reason.UNSAFE,
            line=1,
            target="query",
        ),
        Refuses(
            "the name that was asked for is taken",
            before="""
                from db import query
                data = 1
            """,
            code=Reason.NAME_TAKEN,
            line=2,
            target="query",
            options={"name": "data"},
            others={"db.py": "query = 1\n"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        imported = imported_name(job, job.target.qualname)
        line = imported.alias.lineno
        if imported.attribute is None:
            job.refuse(
                Reason.ALREADY_DONE, line, f"`{imported.name}` is a module: its members are looked up at each use"
            )
        if imported.origin == "__future__":
            job.refuse(Reason.NOTHING_TO_DO, line, "it says how the module is to be read, and gives no name to it")
        self._refuse_modules(job, imported)
        refuse_rebinding(job, imported)
        refuse_who_would_miss(job, imported)
        sites = uses(job, imported.name)
        statement, module, root = self._import(job, imported, sites)
        for site in sites:
            job.edits.replace(_first(site.node), f"{module}.{imported.attribute}")
        without_names(job.edits, [imported], statement)
        point = EnablingPoint(job.target.module, f"{module}.{imported.attribute} = {{stub}}")
        return job.plan(self.name, introduces=[root], enabling=[point], retires=[imported.name])

    # --- the module it comes from -------------------------------------------------------------------------------

    def _refuse_modules(self, job: Job, imported: ImportedName) -> None:
        """Refuse what is a module itself, and a module that a package may hide behind something else."""
        origin, line = imported.origin, imported.alias.lineno
        if f"{origin}.{imported.attribute}" in job.program.names.values() or _is_outside_module(imported):
            job.refuse(Reason.ALREADY_DONE, line, f"`{imported.name}` {_IS_MODULE}")
        parts = origin.split(".")
        if isinstance(imported.node, ast.ImportFrom) and imported.node.level and not imported.node.module:
            reason = "it comes from the package around this module, which has no name here"
            job.refuse(Reason.UNSAFE, line, reason)
        for end in range(1, len(parts)):
            package, inner = ".".join(parts[:end]), parts[end]
            found = job.program.module(package)
            if isinstance(found, Module):
                for one in found.scope.bindings.get(inner, []):
                    if one.by is not By.IMPORT or not _leads_to(found, one.dotted or "", f"{package}.{inner}"):
                        reason = f"`{package}.{inner}` is something else than the module of that name"
                        job.refuse(Reason.UNSAFE, line, reason)
            elif parts[0] not in sys.stdlib_module_names and not _is_namespace(job, package):
                reason = (
                    f"{package} is not in the program: `{package}.{inner}` may be something else than the module"
                )
                job.refuse(Reason.UNSAFE, line, reason)

    def _import(self, job: Job, imported: ImportedName, sites: Sequence[Reference]) -> tuple[str, str, str]:
        """The import that is put in, how the module is spelled then, and the name that is bound."""
        origin = imported.spelled_origin
        relative = origin.startswith(".")
        parent, _, last = origin.rpartition(".")
        if relative and not parent.strip("."):
            parent = origin[: len(origin) - len(last)]
        plain = f"from {parent} import {last}" if relative else f"import {origin}"
        module = last if relative else origin
        root = module.partition(".")[0]
        chosen = job.option("name")
        if chosen:
            line = self._taken(job, job.checked_name(chosen), sites, "")
            if line is not None:
                job.refuse(Reason.NAME_TAKEN, line, f"`{chosen}` is used (line {line}); choose another with --name")
        elif self._taken(job, root, sites, root if not relative else imported.origin) is None:
            return plain, module, root
        candidates = [chosen] if chosen else [f"_{last}", *(f"_{last}_{number}" for number in range(2, 100))]
        name = next(one for one in candidates if one and self._taken(job, one, sites, "") is None)
        return f"{plain} as {name}", name, name

    def _taken(self, job: Job, name: str, sites: Sequence[Reference], allowed: str) -> int | None:
        """A line on which a name is something else than what is to be imported; 0 for a builtin."""
        for one in job.module.scope.bindings.get(name, []):
            if one.by is not By.IMPORT or not allowed or not _leads_to(job.module, one.dotted or "", allowed):
                return one.line
        if hasattr(builtins, name):
            return 0
        hidden = (site for site in sites if site.scope.holder(name) not in (None, job.module.scope))
        return next((site.line for site in hidden), None)


def _first(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _leads_to(module: Module, spelled: str, full: str) -> bool:
    return (absolute(spelled, module.name, module.is_package) or "").rstrip(".") == full


def _is_namespace(job: Job, package: str) -> bool:
    """Is a package one without an `__init__`, which binds nothing itself?"""
    return any(name.startswith(f"{package}.") for name in job.program.names.values())


def _is_outside_module(imported: ImportedName) -> bool:
    """Is what is imported a module of a package outside the program? It is looked for, and not imported."""
    top, *rest = imported.origin.split(".")
    try:
        found = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return False
    for one in (found.submodule_search_locations or ()) if found else ():
        place = Path(one, *rest, str(imported.attribute))
        if place.is_dir() or any(place.parent.glob(f"{place.name}.*")):
            return True
    return False
