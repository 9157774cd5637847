"""Break Import Cycle: an import that is needed only when functions are called moves into them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.cycles import way_back
from legacy_seam.seams.imported_names import (
    ImportedName,
    imported_name,
    names_from,
    refuse_rebinding,
    refuse_who_would_miss,
    uses,
    without_names,
)
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Reference
from legacy_seam.source.functions import Definition

_DYNAMIC = frozenset({"eval", "exec", "locals", "vars"})
_EARLY = {
    "default": (Reason.DEFAULT_VALUE, "it is needed for a default value, while the module is imported"),
    "decorator": (Reason.DECORATOR, "it is needed for a decorator, while the module is imported"),
    "annotation": (Reason.ANNOTATION, "it is needed for an annotation"),
    "base": (Reason.CLASS_BODY, "it is needed for a class, while the module is imported"),
}


class BreakImportCycle:
    """`from shop.mail import send` at the top becomes the first statement of the functions that use `send`.

    All names that come from the same module move, since one that stays keeps the cycle.
    """

    name: ClassVar = "break-import-cycle"
    feathers: ClassVar = ""
    summary: ClassVar = "Moves an import that closes a cycle into the functions that need it."
    when: ClassVar = (
        "When two modules import each other, so that neither can be imported, or tested, alone. The target is a"
        " name that is imported: `shop.rules:send`."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The module that is imported leads back to this one.",
        "What is imported is used in functions only: not by a class, a default value, a decorator, an annotation or"
        " anything else that is evaluated while the module is imported.",
        "The names are imported once, at the top, and nothing else finds or replaces them in this module.",
        "The functions do not look at all their names (`locals`, `eval`).",
    )
    options: ClassVar[Sequence[Option]] = ()
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "two names, two functions",
            before='''
                import os
                from mail import send, subject as title

                def f(order):
                    """Confirm an order."""
                    return [send(title(order)) for _ in (1, 2)]

                class Till:
                    def close(self):
                        def later():
                            return send("closed")
                        return later()

                def price():
                    return 3
            ''',
            after='''
                import os

                def f(order):
                    """Confirm an order."""
                    from mail import send, subject as title
                    return [send(title(order)) for _ in (1, 2)]

                class Till:
                    def close(self):
                        from mail import send
                        def later():
                            return send("closed")
                        return later()

                def price():
                    return 3
            ''',
            target="send",
            others={
                "mail.py": "import m\n\ndef send(text): return text * m.price()\n\ndef subject(a): return str(a)\n"
            },
            calls=["f(1)", "Till().close()"],
        ),
        Example(
            "the module itself, and a cycle through another one",
            before="""
                import box
                import mail as post, os

                def f(): return post.send("a")
            """,
            after="""
                import box
                import os

                def f():
                    import mail as post
                    return post.send("a")
            """,
            target="post",
            others={
                "box.py": "",
                "mail.py": "import late\n\ndef send(text):\n    return text\n",
                "late.py": "import m\n",
            },
            calls=["f()"],
        ),
        Refuses(
            "no cycle",
            before="""
                from mail import send

                def f():
                    return send(1)
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
            target="send",
            others={"mail.py": "send = str\n"},
        ),
        Refuses(
            "needed by a class",
            before="""
                from mail import Mail

                class Order(Mail):
                    pass
            """,
            code=Reason.CLASS_BODY,
            line=3,
            target="Mail",
            others={"mail.py": "import m\n\nclass Mail:\n    pass\n"},
        ),
        Refuses(
            "needed for a default value",
            before="""
                from mail import send

                def f(how=send):
                    return how(1)
            """,
            code=Reason.DEFAULT_VALUE,
            line=3,
            target="send",
            others={"mail.py": "import m\nsend = str\n"},
        ),
        Refuses(
            "needed for an annotation",
            before="""
                from mail import Mail

                def f(mail: Mail):
                    return mail
            """,
            code=Reason.ANNOTATION,
            line=3,
            target="Mail",
            others={"mail.py": "import m\n\nclass Mail:\n    pass\n"},
        ),
        Refuses(
            "needed for a decorator",
            before="""
                from mail import sent

                @sent
                def f():
                    return 1
            """,
            code=Reason.DECORATOR,
            line=3,
            target="sent",
            others={"mail.py": "import m\n\ndef sent(a):\n    return a\n"},
        ),
        Refuses(
            "needed while the module is imported",
            before="""
                from mail import send

                FIRST = send(1)
            """,
            code=Reason.LATER,
            line=3,
            target="send",
            others={"mail.py": "import m\nsend = str\n"},
        ),
        Refuses(
            "a name of the same module that is not needed at all",
            before="""
                from mail import send, limit

                def f():
                    return send(1)
            """,
            code=Reason.USED_ELSEWHERE,
            line=1,
            target="send",
            others={"mail.py": "import m\nsend = str\nlimit = 1\n"},
        ),
        Refuses(
            "a test replaces it here",
            before="""
                from mail import send

                def f():
                    return send(1)
            """,
            code=Reason.USED_ELSEWHERE,
            line=1,
            target="send",
            others={"mail.py": "import m\nsend = str\n", "test_m.py": "PLACE = 'm.send'\n"},
        ),
        Refuses(
            "a function that looks at all its names",
            before="""
                from mail import send

                def f(a):
                    return send("%(a)s" % locals())
            """,
            code=Reason.DYNAMIC_NAMES,
            line=4,
            target="send",
            others={"mail.py": "import m\nsend = str\n"},
        ),
        Refuses(
            "no import",
            before="""
                def send(text):
                    return text
            """,
            code=Reason.NO_SUCH_TARGET,
            line=1,
            target="send",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        asked = imported_name(job, job.target.qualname)
        way = way_back(job.program, asked.origin, job.target.module) or (
            way_back(job.program, f"{asked.origin}.{asked.attribute}", job.target.module) if asked.attribute else []
        )
        if not way:
            reason = f"{asked.origin} does not lead back to {job.target.module}: there is no cycle to break"
            job.refuse(Reason.NOTHING_TO_DO, asked.alias.lineno, reason)
        gone = names_from(job, asked.origin)
        needed: dict[Definition, list[ImportedName]] = {}
        for one in gone:
            refuse_rebinding(job, one)
            refuse_who_would_miss(job, one)
            for function in self._functions(job, one):
                needed.setdefault(function, []).append(one)
        for function, names in needed.items():
            self._refuse_dynamic(job, function)
            job.edits.begin_body(function, "\n".join(_imports(job, names)))
        for node in {id(one.node): one.node for one in gone}.values():
            without_names(job.edits, [one for one in gone if one.node is node])
        job.notes.append(f"The cycle was {' -> '.join([job.target.module, *way])}.")
        moved = [one.name for one in gone]
        return job.plan(self.name, introduces=moved, enabling=self._points(job, gone), retires=moved)

    def _functions(self, job: Job, imported: ImportedName) -> list[Definition]:
        """The outermost functions that use a name."""
        found: dict[Definition, None] = {}
        for site in uses(job, imported.name):
            found[self._outermost(job, site)] = None
        if not found:
            reason = f"`{imported.name}` of {imported.origin} is used by nothing here; somebody else may need it"
            job.refuse(Reason.USED_ELSEWHERE, imported.alias.lineno, reason)
        return list(found)

    def _outermost(self, job: Job, site: Reference) -> Definition:
        steps = list(site.steps)
        for step in reversed(steps):
            if step.place in _EARLY:
                code, reason = _EARLY[step.place]
                job.refuse(code, site.line, reason)
            if isinstance(step.node, ast.FunctionDef | ast.AsyncFunctionDef):
                return step.node
        return job.refuse(Reason.LATER, site.line, "it is needed while the module is imported, or in a lambda")

    def _refuse_dynamic(self, job: Job, function: Definition) -> None:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _DYNAMIC:
                reason = f"`{node.func.id}` would see the import as a name of the function"
                job.refuse(Reason.DYNAMIC_NAMES, node.lineno, reason)

    def _points(self, job: Job, gone: Sequence[ImportedName]) -> list[EnablingPoint]:
        found: list[EnablingPoint] = []
        for one in gone:
            member = one.attribute
            if member is None:
                member = next((site.names[1] for site in uses(job, one.name) if len(site.names) > 1), None)
            if member and not (one.attribute is None and one.alias.asname is None and "." in one.origin):
                held = f"__import__('importlib').import_module({one.origin!r})"
                found.append(EnablingPoint(job.target.module, f"{held}.{member} = {{stub}}"))
        return found


def _imports(job: Job, names: Sequence[ImportedName]) -> list[str]:
    """The import statements of some names: one for all that comes out of a module."""
    together: dict[str | int, list[ImportedName]] = {}
    for one in names:
        is_plain = isinstance(one.node, ast.Import)
        together.setdefault(id(one.node) if is_plain else one.spelled_origin, []).append(one)
    found: list[str] = []
    for some in together.values():
        parts = ", ".join(ast.unparse(one.alias) for one in some)
        plain = isinstance(some[0].node, ast.Import)
        found.append(f"import {parts}" if plain else f"from {some[0].spelled_origin} import {parts}")
    return found
