"""Main guard: work that a module does when it is imported moves into a function, which a script still runs."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar, Final

from legacy_seam.seams.editing import Edits
from legacy_seam.seams.import_time import Work, is_guard
from legacy_seam.seams.importers import importers
from legacy_seam.seams.job import Job
from legacy_seam.seams.moving import at_depth, whole_lines
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Module

_GUARD: Final = 'if __name__ == "__main__":'


class MainGuard:
    """The statements at the end of a script become `main()`, called where the module is run and not imported.

    Only what no definition, function or other module needs is moved, in its order, and only from behind the last
    statement that must stay: nothing that is still done at import is done earlier than it was.
    """

    name: ClassVar = "main-guard"
    feathers: ClassVar = ""
    summary: ClassVar = "Moves the work that a module does at import into a function, which running it still calls."
    when: ClassVar = (
        "When a script cannot be imported for a test because it goes to work at once. The target is the function"
        " that comes into being: `nightly:main`. Run as a script the module does what it did."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "Names that functions, classes or other modules read are bound before the work, and stay where they are.",
        "No other module of the program imports this one, which would have the work done.",
        "Each statement that moves has lines of its own, and can stand in a function.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("globals", "`main`: let `main()` bind what functions read; they need it to have run then"),
        Option("importers", "`ignore`: other modules import this one, and need not have the work done"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a script",
            before='''
                """Counts lines."""
                import sys

                LIMIT = 3

                def count(text):
                    return min(len(text.splitlines()), LIMIT)

                # all that is asked for
                total = 0
                for name in sys.argv[1:]:
                    total += count("""
                no indentation
                """)
                print(total)
            ''',
            after='''
                """Counts lines."""
                import sys

                LIMIT = 3

                def count(text):
                    return min(len(text.splitlines()), LIMIT)

                def main():
                    # all that is asked for
                    total = 0
                    for name in sys.argv[1:]:
                        total += count("""
                no indentation
                """)
                    print(total)


                if __name__ == "__main__":
                    main()
            ''',
            target="main",
        ),
        Example(
            "a main that is there",
            before="""
                def main():
                    print("work")

                main()
            """,
            after="""
                def main():
                    print("work")

                if __name__ == "__main__":
                    main()
            """,
            target="main",
            calls=["main()"],
        ),
        Example(
            "what functions need stays, and all before it",
            before="""
                import configparser

                print("starting")
                config = configparser.ConfigParser()
                names = sorted(config)

                def rate(): return config["rates"]

                print(names, rate)
            """,
            after="""
                import configparser

                print("starting")
                config = configparser.ConfigParser()

                def rate(): return config["rates"]

                def main():
                    names = sorted(config)
                    print(names, rate)


                if __name__ == "__main__":
                    main()
            """,
            target="main",
            leaves=[Reason.UNSAFE],
        ),
        Example(
            "what functions need is bound by main, when that is asked for",
            before="""
                def left(): return budget - 1

                budget = max(2, 3)
                print(left())
            """,
            after="""
                def left(): return budget - 1

                def main():
                    global budget
                    budget = max(2, 3)
                    print(left())


                if __name__ == "__main__":
                    main()
            """,
            target="main",
            options={"globals": "main"},
        ),
        Example(
            "a guard that is there",
            before="""
                import sys

                # what to read
                path = max(sys.argv)

                def f(path): return path

                if __name__ == "__main__":
                    print(f(path))
            """,
            after="""
                import sys

                def f(path): return path

                if __name__ == "__main__":
                    # what to read
                    path = max(sys.argv)
                    print(f(path))
            """,
            target="main",
        ),
        Refuses(
            "a function reads what the work binds",
            before="""
                def left(): return budget - 1

                budget = max(2, 3)
            """,
            code=Reason.UNSAFE,
            line=3,
            target="main",
        ),
        Refuses(
            "another module imports it",
            before="""
                def f(): return 1

                print(f())
            """,
            code=Reason.UNSAFE,
            line=3,
            target="main",
            others={"other.py": "import m\n"},
        ),
        Refuses(
            "there is no work",
            before="""
                import os

                def f(): return os.sep
            """,
            code=Reason.NOTHING_TO_DO,
            line=0,
            target="main",
        ),
        Refuses(
            "the name is taken",
            before="""
                def main(argument): return argument

                print(main(1))
                print(main(2))
            """,
            code=Reason.NAME_TAKEN,
            line=1,
            target="main",
        ),
        Refuses(
            "there is a guard, and work after it",
            before="""
                if __name__ == "__main__":
                    print("first")
                print("second")
            """,
            code=Reason.ALREADY_DONE,
            line=1,
            target="main",
        ),
        Refuses(
            "what it moves would be read through globals()",
            before="""
                print(1)
                print(globals()["__name__"])
            """,
            code=Reason.DYNAMIC_NAMES,
            line=2,
            target="main",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        module = job.module
        function = job.checked_name(job.target.qualname)
        guard = next((one for one in module.tree.body if is_guard(one)), None)
        work = Work(job)
        moved = work.moved()
        if not moved:
            self._nothing(job, guard)
        self._check_importers(job, moved)
        if isinstance(guard, ast.If):
            return self._into(job, guard, moved, work)
        edits = job.edits
        last = module.tree.body[-1]
        code, introduced = self._main(job, function, moved, work)
        runs = _runs(job.module, moved)
        for run in runs:
            start, end = _lines_of(edits, run, is_last=run is runs[-1])
            above = edits.source.text[:start].rstrip(" \t\r\n") + edits.source.newline
            gap = edits.source.newline * 2 if start and len(above) >= start else ""
            edits.patch(start, end, gap + code if run[-1] is last else "")
        if moved[-1] is not last:
            edits.insert_lines_below(last, edits.source.newline * 2 + code)
        point = EnablingPoint(job.target.module, f"{function} = {{stub}}")
        return job.plan(self.name, introduces=introduced, enabling=[point])

    def _into(self, job: Job, guard: ast.If, moved: Sequence[ast.stmt], work: Work) -> Plan:
        """Move the work to the beginning of the guard that is there; what it binds stays global."""
        edits = job.edits
        if guard.orelse or job.module.tree.body.index(guard) < job.module.tree.body.index(moved[-1]):
            reason = "there is a guard already, and work after it or an `else`; move the lines by hand"
            job.refuse(Reason.ALREADY_DONE, guard.lineno, reason)
        margin = edits.margin(guard.body[0])
        runs = _runs(job.module, moved)
        text = "".join(at_depth(edits, *whole_lines(edits, run), "", margin) for run in runs)
        for run in runs:
            edits.patch(*_lines_of(edits, run, is_last=False), "")
        edits.insert_lines_above(guard.body[0], text)
        return job.plan(self.name, introduces=sorted(work.bound_by(moved)))

    # --- what comes into being ------------------------------------------------------------------------------

    def _main(self, job: Job, name: str, moved: Sequence[ast.stmt], work: Work) -> tuple[str, list[str]]:
        """The text of the function and the guard, and the names that they introduce."""
        edits = job.edits
        newline, indent = edits.source.newline, edits.source.indent
        if _is_call_of(moved, name) and job.module.functions_named(name):
            first, last = whole_lines(edits, moved)
            return _GUARD + newline + at_depth(edits, first, last, "", indent), []
        taken = _line_taken(job.module, name)
        if taken is not None:
            reason = f"`{name}` is used (line {taken}); name another function as the target"
            job.refuse(Reason.NAME_TAKEN, taken, reason)
        declared = sorted(work.kept_global(moved))
        lines = [f"def {name}():{newline}"]
        if declared:
            lines.append(f"{indent}global {', '.join(declared)}{newline}")
        for run in _runs(job.module, moved):
            first, last = whole_lines(edits, run)
            lines.append(at_depth(edits, first, last, "", indent))
        lines += [newline * 2, _GUARD + newline, f"{indent}{name}(){newline}"]
        return "".join(lines), [name, *sorted(work.bound_by(moved))]

    # --- what forbids it ------------------------------------------------------------------------------------

    def _nothing(self, job: Job, guard: ast.stmt | None) -> None:
        if guard is not None:
            job.refuse(Reason.ALREADY_DONE, guard.lineno, "what can be is behind a guard already")
        job.refuse_what_was_left()
        job.refuse(Reason.NOTHING_TO_DO, 0, f"{job.target.module} does no work when it is imported")

    def _check_importers(self, job: Job, moved: Sequence[ast.stmt]) -> None:
        if job.option("importers") == "ignore":
            return
        for one in importers(job.program, job.module):
            reason = (
                f"{one} imports this module, and would no longer have this done; say --with importers=ignore where"
                " that is meant"
            )
            job.refuse(Reason.UNSAFE, moved[0].lineno, reason)


def _runs(module: Module, moved: Sequence[ast.stmt]) -> list[list[ast.stmt]]:
    """The statements that move, those together that follow each other."""
    return [list(group) for _, group in groupby(moved, key=lambda one: _run_of(module, moved, one))]


def _lines_of(edits: Edits, run: Sequence[ast.stmt], *, is_last: bool) -> tuple[int, int]:
    """Where statements begin and end in the text, with one of the two gaps around them."""
    first, end = whole_lines(edits, run)
    lines = edits.source.lines
    while (
        not is_last and first > 1 and not lines[first - 2].strip() and end < len(lines) and not lines[end].strip()
    ):
        end += 1
    return edits.source.offsets[first - 1], edits.source.offsets[end]


def _run_of(module: Module, moved: Sequence[ast.stmt], one: ast.stmt) -> int:
    """The same number for statements that move and follow each other."""
    before = module.tree.body[: module.tree.body.index(one)]
    return sum(each not in moved for each in before)


def _is_call_of(moved: Sequence[ast.stmt], name: str) -> bool:
    """Is all the work a call of one function, perhaps within `sys.exit`?"""
    if len(moved) != 1 or not isinstance(moved[0], ast.Expr):
        return False
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(moved[0])
    )


def _line_taken(module: Module, name: str) -> int | None:
    """A line that knows a name already, as a name or as `module.name` in a string; 0 for a builtin."""
    if hasattr(builtins, name):
        return 0
    for one in ast.walk(module.tree):
        known = getattr(one, "id", None) or getattr(one, "name", None) or getattr(one, "arg", None)
        is_string = isinstance(one, ast.Constant) and one.value in (name, f"{module.name}.{name}")
        if known == name or is_string:
            return getattr(one, "lineno", 0)
    return next((one.line for one in module.scope.bindings.get(name, ())), None)
