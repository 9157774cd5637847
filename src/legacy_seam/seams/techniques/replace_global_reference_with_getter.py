"""Replace Global Reference with Getter: the default answer to a clock, a random source or any other global."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams import refusals
from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import private
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    GETTER,
    is_certain_to_run,
    is_frame_sensitive,
    leave_local,
    leave_pattern,
    leave_unclear,
    leave_what_runs_early,
    local_import,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Site
from legacy_seam.source.scopes import Binding


class ReplaceGlobalReferenceWithGetter:
    """`datetime.now()` becomes `_now()`, a function of the module which says `datetime.now()`.

    The getter looks its name up when it is called and in the same module, so whoever replaces `module.datetime` or
    `datetime.datetime` in a test still does.
    """

    name: ClassVar = GETTER
    feathers: ClassVar = "Replace Global Reference with Getter"
    summary: ClassVar = "Puts a function of the module between the target and a global that it uses."
    when: ClassVar = (
        "The default answer to a clock, a random source, the environment, a file or a connection. No signature"
        " changes, so decorated, overridden and `**kwargs` functions can take it."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The name means exactly one thing where it stands.",
        "It is evaluated when the function runs: not a default value, a decorator or an annotation.",
        "What is called does not look at the frame it is called from.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("call", "the full name of the global: `datetime.datetime.now`, `builtins.open`", required=True),
        Option("name", "the name of the getter; by default `_now` for `now`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a clock",
            before="""
                from datetime import datetime

                def f(order):
                    # when it was taken
                    return f"{order}: {datetime.now().year > 2000}"
            """,
            after="""
                from datetime import datetime

                def _now():
                    return datetime.now()


                def f(order):
                    # when it was taken
                    return f"{order}: {_now().year > 2000}"
            """,
            options={"call": "datetime.datetime.now"},
            calls=["f(1)"],
        ),
        Example(
            "arguments are passed on",
            before="""
                import random

                class A:
                    @property
                    def f(self):
                        return random.choice([self]) is self, random.choice(seq="a")
            """,
            after="""
                import random

                def _choice(*args, **kwargs):
                    return random.choice(*args, **kwargs)


                class A:
                    @property
                    def f(self):
                        return _choice([self]) is self, _choice(seq="a")
            """,
            target="A.f",
            options={"call": "random.choice"},
            calls=["A().f"],
        ),
        Example(
            "an object, not a call",
            before="""
                import os

                def f():
                    return os.environ.get("NO_SUCH_THING"), len(os.environ) > 0
            """,
            after="""
                import os

                def _environ():
                    return os.environ


                def f():
                    return _environ().get("NO_SUCH_THING"), len(_environ()) > 0
            """,
            options={"call": "os.environ"},
            calls=["f()"],
        ),
        Example(
            "what looks at its caller is fetched, not called",
            before="""
                import warnings

                def f():
                    warnings.warn("old", stacklevel=2)
            """,
            after="""
                import warnings

                def _warn():
                    return warnings.warn


                def f():
                    _warn()("old", stacklevel=2)
            """,
            options={"call": "warnings.warn"},
        ),
        Example(
            "an import within the function",
            before="""
                def f():
                    from time import time as clock
                    return clock() > 0
            """,
            after="""
                def _time():
                    from time import time as clock
                    return clock()


                def f():
                    from time import time as clock
                    return _time() > 0
            """,
            options={"call": "time.time"},
            calls=["f()"],
        ),
        Example(
            "a default value is left alone",
            before="""
                import time

                def f(now=time.time()):
                    return now < time.time() + 1
            """,
            after="""
                import time

                def _time():
                    return time.time()


                def f(now=time.time()):
                    return now < _time() + 1
            """,
            options={"call": "time.time"},
            calls=["f()"],
            leaves=[Reason.DEFAULT_VALUE],
        ),
        Example(
            "a getter that is there already is used again",
            before="""
                import time

                def _time():
                    return time.time()

                def f():
                    return time.time() > 0
            """,
            after="""
                import time

                def _time():
                    return time.time()

                def f():
                    return _time() > 0
            """,
            options={"call": "time.time"},
            calls=["f()"],
        ),
        Example(
            "one that takes any arguments is used without, too",
            before="""
                from datetime import datetime

                def _now(*args, **kwargs):
                    return datetime.now(*args, **kwargs)


                def f():
                    return datetime.now().year > 2000
            """,
            after="""
                from datetime import datetime

                def _now(*args, **kwargs):
                    return datetime.now(*args, **kwargs)


                def f():
                    return _now().year > 2000
            """,
            options={"call": "datetime.datetime.now"},
            calls=["f()"],
        ),
        Refuses(
            "it may be something else",
            before="""
                from datetime import *

                def f():
                    return datetime.now()
            """,
            code=Reason.UNCLEAR_NAME,
            line=4,
            options={"call": "datetime.datetime.now"},
        ),
        Refuses(
            "an import within the function that may come too late",
            before="""
                def f(a):
                    if a:
                        import time
                    return time.time()
            """,
            code=Reason.LOCAL_IMPORT,
            line=4,
            options={"call": "time.time"},
        ),
        refusals.VALUE_IN_A_PATTERN,
        refusals.USES_A_FUNCTION_WITHIN,
        Refuses(
            "the name is taken",
            before="""
                import time

                _time = 1

                def f():
                    return time.time()
            """,
            code=Reason.NAME_TAKEN,
            line=3,
            options={"call": "time.time", "name": "_time"},
        ),
        Refuses(
            "it is not used here",
            before="""
                def f(time):
                    return time.time()
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
            options={"call": "time.time"},
        ),
        Refuses(
            "what reads the names around it cannot be moved",
            before="""
                def f(a):
                    return locals()
            """,
            code=Reason.FRAME_SENSITIVE,
            line=2,
            options={"call": "builtins.locals"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        dotted = job.required("call", "this technique needs the global that a getter shall stand for")
        if dotted.startswith("builtins.") and is_frame_sensitive(dotted):
            line = next((one.line for one in job.sites(dotted)), job.function.first_line)
            job.refuse(
                Reason.FRAME_SENSITIVE, line, f"`{dotted}` looks at the names around it, and must stay there"
            )
        sites = [one for one in job.sites(dotted) if self._is_free(job, one)]
        if not sites:
            job.refuse_what_was_left()
            job.refuse_unused(dotted)
        called = all(one.call for one in sites) and not is_frame_sensitive(dotted)
        code, wanted = self._getter(job, sites, dotted, called)
        name, exists = self._name(job, wanted, code)
        for site in sites:
            job.edits.replace(site.node, name if called else f"{name}()")
        if not exists:
            job.edits.insert_above(job.statement, code.format(name=name), blank=2)
        stub = "{stub}" if called else "lambda: {stub}()"
        point = EnablingPoint(job.target.module, f"{name} = {stub}")
        return job.plan(self.name, introduces=[name], enabling=[point])

    def _is_free(self, job: Job, site: Site) -> bool:
        if leave_unclear(job, site) or leave_what_runs_early(job, site):
            return False
        if leave_pattern(job, site) or leave_local(job, site) or self._leave_private(job, site):
            return False
        binding = local_import(job, site)
        if binding is not None and not is_certain_to_run(binding.node, site):
            name = site.reference.names[0]
            reason = f"`{name}` is imported in the function, perhaps not before this (line {binding.line})"
            job.leave(Reason.LOCAL_IMPORT, site.line, reason)
            return False
        return True

    def _leave_private(self, job: Job, site: Site) -> bool:
        """Leave `A.__limit` alone: outside the class it would be another name."""
        hidden = [one for one in site.reference.names if one.startswith("__") and not one.endswith("__")]
        if not hidden or job.function.class_name is None:
            return False
        reason = f"`{hidden[0]}` is private to its class, and another name outside of it"
        job.leave(Reason.LOCAL_NAME, site.line, reason, "parameterize-method")
        return True

    def _getter(self, job: Job, sites: Sequence[Site], dotted: str, called: bool) -> tuple[str, str]:
        """The text of the getter, with `{name}` for its name, and the name it would like."""
        wanted = private(dotted)
        takes = any(one.call and (one.call.args or one.call.keywords) for one in sites) and called
        arguments = "*args, **kwargs" if takes else ""
        bindings = [local_import(job, one) for one in sites]
        number = next((number for number, one in enumerate(bindings) if one), 0)
        binding, first = bindings[number], sites[number]
        spelled = job.edits.text(first.node)
        imported = f"    {_import(binding, first.reference.names[0])}\n" if binding else ""
        value = f"{spelled}({arguments})" if called else spelled
        return f"def {{name}}({arguments}):\n{imported}    return {value}", wanted

    def _name(self, job: Job, wanted: str, code: str) -> tuple[str, bool]:
        """The getter's name, and whether it is there already: one that takes any arguments will do as well."""
        chosen = job.option("name")
        named = re.compile(re.escape(chosen) if chosen else rf"(_get)?{re.escape(wanted)}(_\d+)?")
        codes = (code, re.sub(r"\(\)", "(*args, **kwargs)", code)) if code.endswith("()") else (code,)
        for one in job.module.functions:
            if one.depth or one.class_name or one == job.function or not named.fullmatch(one.name):
                continue
            if any(ast.dump(one.node) == ast.dump(ast.parse(each.format(name=one.name)).body[0]) for each in codes):
                return one.name, True
        return job.fresh_name(wanted, f"_get{wanted}"), False


def _import(binding: Binding, name: str) -> str:
    """The import of one name, alone."""
    node = binding.node
    if isinstance(node, ast.ImportFrom):
        aliases = [one for one in node.names if (one.asname or one.name) == name]
        return ast.unparse(ast.ImportFrom(node.module, aliases, node.level))
    assert isinstance(node, ast.Import)
    return ast.unparse(
        ast.Import([one for one in node.names if (one.asname or one.name.partition(".")[0]) == name])
    )
