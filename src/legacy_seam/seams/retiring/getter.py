"""A getter: what it gives is said where it is asked."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from legacy_seam.seams.job import Job
from legacy_seam.seams.mentions import refuse_mentions
from legacy_seam.seams.plan import Reason
from legacy_seam.seams.technique import Example, Refuses
from legacy_seam.source import Reference
from legacy_seam.source.functions import dotted
from legacy_seam.source.scopes import Scope

EXAMPLES_OF_GETTERS: Sequence[Example | Refuses] = (
    Example(
        "a getter",
        before="""
            from datetime import datetime

            def _now():
                return datetime.now()


            def f():
                return _now().year > 2000 and (_now)() is not None
        """,
        after="""
            from datetime import datetime

            def f():
                return datetime.now().year > 2000 and (datetime.now)() is not None
        """,
        target="_now",
        calls=["f()"],
    ),
    Example(
        "a getter of an object",
        before="""
            import os

            def _environ():
                return os.environ


            def f(name="NO_SUCH_THING"):
                return _environ().get(name)
        """,
        after="""
            import os

            def f(name="NO_SUCH_THING"):
                return os.environ.get(name)
        """,
        target="_environ",
        calls=["f()"],
    ),
    Refuses(
        "a test still replaces it",
        before="""
            import time

            def _time():
                return time.time()

            def f():
                return _time()
        """,
        code=Reason.USED_ELSEWHERE,
        line=4,
        target="_time",
        others={"test_m.py": "import m\n\ndef test_f(monkeypatch):\n    monkeypatch.setattr('m._time', int)\n"},
    ),
    Refuses(
        "a getter that is handed on",
        before="""
            import time

            def _time():
                return time.time()

            def f(key=_time):
                return key()
        """,
        code=Reason.UNSAFE,
        line=6,
        target="_time",
    ),
    Refuses(
        "its name means something else there",
        before="""
            import time

            def _time():
                return time.time()

            def f(time):
                return _time() - time
        """,
        code=Reason.UNCLEAR_NAME,
        line=7,
        target="_time",
    ),
)


@dataclass(frozen=True, slots=True)
class Getter:
    """What `replace-global-reference-with-getter` made.

    value:  what is behind it, a chain of names.
    called: does it call that, with all that it was given?
    """

    value: ast.expr
    called: bool


def getter_of(job: Job) -> Getter | None:
    """The target as a getter, if it is one: a function of the module which says one thing, and no more."""
    node = job.function.node
    body = node.body
    if body and isinstance(body[0], ast.Import | ast.ImportFrom):
        body = body[1:]
    only = body[0] if len(body) == 1 else None
    if not isinstance(only, ast.Return) or only.value is None or node.decorator_list or job.function.is_async:
        return None
    if job.function.class_name or job.function.depth:
        return None
    value, arguments = only.value, ast.unparse(node.args)
    called = isinstance(value, ast.Call)
    if isinstance(value, ast.Call):
        given = ", ".join(map(ast.unparse, [*value.args, *value.keywords]))
        value = value.func
        if given != arguments:
            return None
    if dotted(value).startswith("?") or arguments not in ("", "*args, **kwargs") or (arguments and not called):
        return None
    return Getter(value, called)


def retire_getter(job: Job, getter: Getter) -> list[str]:
    """Take a getter out of the target's module, and say what it gave where it was asked.

    Returns:
        the names that are gone.

    Raises:
        Refused: where something else needs it, or what it gives means something else where it is asked.
    """
    edits, name = job.edits, job.function.name
    sites = [one for one in job.module.references() if one.names[0] == name and _is_it(job, one)]
    spans = [edits.name_span(job.function.node), *(edits.span(_first(one.node)) for one in sites)]
    refuse_mentions(job, name, spans, f"`{name}` is used here, and would be gone")
    inner = job.module.scope.entering(job.function.node)
    root = dotted(getter.value).partition(".")[0]
    spelled = edits.text(getter.value)
    for site in sites:
        call = site.call if len(site.names) == 1 else None
        if call is None:
            job.refuse(Reason.UNSAFE, site.line, f"`{name}` is handed on here, and not called")
        if not getter.called and (call.args or call.keywords):
            job.refuse(Reason.UNSAFE, site.line, f"`{name}` takes no arguments")
        if not _same(job, inner, site, root):
            reason = f"`{root}` means something else here than in `{name}`"
            job.refuse(Reason.UNCLEAR_NAME, site.line, reason)
        edits.replace(_first(site.node) if getter.called else call, spelled)
    edits.remove_statement(job.function.node)
    return [name]


def _is_it(job: Job, reference: Reference) -> bool:
    return reference.scope.holder(job.function.name) is job.module.scope


def _first(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _same(job: Job, inner: Scope, site: Reference, root: str) -> bool:
    """Does a name mean the same in the getter and where that is asked?"""
    there, here = inner.holder(root), site.scope.holder(root)
    if there is here:
        return True
    meanings = [
        job.module.meaning_of((root,), scope, line)
        for scope, line in ((inner, job.function.node.lineno), (site.scope, site.line))
    ]
    dotted_names = {getattr(one, "dotted", None) for one in meanings}
    return len(dotted_names) == 1 and None not in dotted_names
