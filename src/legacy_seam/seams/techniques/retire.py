"""Retire: a seam that has done its work goes, and with it the code that lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.preconditions import names_within, refuse_nested
from legacy_seam.seams.retiring.getter import getter_of, retire_getter
from legacy_seam.seams.retiring.parameter import parameters_of_seams, retire_parameter
from legacy_seam.seams.retiring.pointer import Pointer, pointer_of, retire_pointer
from legacy_seam.seams.retiring.setter import is_setter, retire_setter
from legacy_seam.seams.technique import Example, Option, Refuses


class Retire:
    """The way back from model-seam, replace-global-reference-with-getter and the techniques that add a parameter.

    Every place of the program that spells a name which would be gone is looked for, strings included.
    """

    name: ClassVar = "retire"
    feathers: ClassVar = ""
    summary: ClassVar = "Takes a seam out again, and the code that lost."
    when: ClassVar = (
        "When the model has won, or the legacy code has; when no test needs a getter or a parameter any more."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The target is a function that asks a function pointer or the core that it wraps and does nothing else, a"
        " getter, a static setter, or has a parameter that is `None` by default and is given its value in the"
        " function.",
        "Nothing else in the program, tests included, uses a name that would be gone.",
        "A candidate that stays has a name of the module.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "the parameter that goes; without it, the function pointer or the getter"),
        Option("keep", "`legacy` or `candidate`: whose code stays; by default the one that is asked now"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "legacy wins",
            before='''
                # what an order is worth
                def _f_legacy(order, rate=0.2):
                    # nobody knows why
                    total = order * rate
                    return total + 1  # yet


                _f_impl = _f_legacy


                def f(order, rate=0.2):
                    """The score of an order."""
                    return _f_impl(order, rate)
            ''',
            after='''
                # what an order is worth
                def f(order, rate=0.2):
                    """The score of an order."""
                    # nobody knows why
                    total = order * rate
                    return total + 1  # yet
            ''',
            calls=["f(1)", "f(1, rate=2)"],
        ),
        Example(
            "the candidate wins",
            before="""
                import functools

                def _f_legacy(order):
                    return order * 2


                _f_impl = _f_legacy


                @functools.lru_cache
                def f(order):
                    return _f_impl(order)

                def candidate(order):
                    return order + order

                _f_impl = candidate
            """,
            after="""
                import functools

                @functools.lru_cache
                def f(order):
                    return candidate(order)

                def candidate(order):
                    return order + order
            """,
            options={"keep": "candidate"},
            calls=["f(3)", "f(order=2)"],
        ),
        Example(
            "a method",
            before="""
                def candidate(this, a):
                    return a + this.b

                class A:
                    b = 1

                    def _f_legacy(self, a): return a + self.b

                    _f_impl = candidate
                    _f_impl = _f_legacy

                    def f(self, a):
                        return self._f_impl(a)
            """,
            after="""
                def candidate(this, a):
                    return a + this.b

                class A:
                    b = 1

                    def f(self, a):
                        return a + self.b
            """,
            target="A.f",
            calls=["A().f(2)"],
        ),
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
        Example(
            "a parameter that nobody passes",
            before='''
                import time

                def f(a, *, _time=None):
                    """How long ago."""
                    if _time is None:
                        _time = time.time
                    return _time() > a
            ''',
            after='''
                import time

                def f(a):
                    """How long ago."""
                    return time.time() > a
            ''',
            options={"name": "_time"},
            calls=["f(0)"],
        ),
        Example(
            "a parameter of a constructor",
            before="""
                class A:
                    def __init__(
                        self,
                        name,
                        *,
                        limit=3,
                        box=None,
                    ):
                        self.box = [name, limit] if box is None else box

                def f():
                    return A(1, limit=2).box
            """,
            after="""
                class A:
                    def __init__(
                        self,
                        name,
                        *,
                        limit=3,
                    ):
                        self.box = [name, limit]

                def f():
                    return A(1, limit=2).box
            """,
            target="A.__init__",
            options={"name": "box"},
            calls=["f()"],
        ),
        Refuses(
            "no seam",
            before="""
                def f(a):
                    return a + 1
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
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
            "the candidate still asks the legacy code",
            before="""
                def _f_legacy(a):
                    return a

                _f_impl = _f_legacy

                def f(a):
                    return _f_impl(a)

                def candidate(a):
                    return a if a else _f_legacy(a)

                _f_impl = candidate
            """,
            code=Reason.USED_ELSEWHERE,
            line=10,
        ),
        Refuses(
            "a candidate without a name",
            before="""
                def _f_legacy(a):
                    return a

                _f_impl = _f_legacy

                def f(a):
                    return _f_impl(a)

                _f_impl = lambda a: a
            """,
            code=Reason.UNSAFE,
            line=9,
        ),
        Refuses(
            "a candidate under a condition",
            before="""
                import os

                def _f_legacy(a):
                    return a

                _f_impl = _f_legacy

                def f(a):
                    return _f_impl(a)

                if os.environ.get("NEW"):
                    _f_impl = int
            """,
            code=Reason.UNSAFE,
            line=12,
        ),
        Example(
            "a wrapper around which nothing is done",
            before='''
                def _f_core(a, b=1):
                    return a + b


                def f(a, b=1):
                    """A sum."""
                    return _f_core(a, b)
            ''',
            after='''
                def f(a, b=1):
                    """A sum."""
                    return a + b
            ''',
            calls=["f(1)"],
        ),
        Example(
            "a static setter",
            before='''
                import contextlib
                import queue

                client = queue.Queue()


                @contextlib.contextmanager
                def override_client(value):
                    """Let `client` be something else for the length of a `with` block."""
                    global client
                    before = client
                    client = value
                    try:
                        yield value
                    finally:
                        client = before


                def f():
                    return client.empty()
            ''',
            after="""
                import queue

                client = queue.Queue()


                def f():
                    return client.empty()
            """,
            target="override_client",
            calls=["f()"],
        ),
        Refuses(
            "no candidate",
            before="""
                def _f_legacy(a):
                    return a

                _f_impl = _f_legacy

                def f(a):
                    return _f_impl(a)
            """,
            code=Reason.NOTHING_TO_DO,
            line=4,
            options={"keep": "candidate"},
        ),
        Refuses(
            "a candidate that the function hides",
            before="""
                def _f_legacy(new):
                    return new

                _f_impl = _f_legacy

                def f(new):
                    return _f_impl(new)

                def new(a):
                    return a

                _f_impl = new
            """,
            code=Reason.UNCLEAR_NAME,
            line=12,
        ),
        Refuses(
            "another signature",
            before="""
                def _f_legacy(a, b=1):
                    return a + b

                _f_impl = _f_legacy

                def f(a):
                    return _f_impl(a)
            """,
            code=Reason.UNSAFE,
            line=1,
        ),
        Refuses(
            "a parameter that somebody passes",
            before="""
                import time

                def f(*, clock=None):
                    if clock is None:
                        clock = time.time
                    return clock()

                f(clock=int)
            """,
            code=Reason.USED_ELSEWHERE,
            line=8,
            options={"name": "clock"},
        ),
        Refuses(
            "a parameter that somebody may pass",
            before="""
                import time

                def f(*, clock=None):
                    if clock is None:
                        clock = time.time
                    return clock()

                def g(**more):
                    return f(**more)
            """,
            code=Reason.USED_ELSEWHERE,
            line=9,
            options={"name": "clock"},
        ),
        Refuses(
            "a parameter whose value is made",
            before="""
                def f(a, *, box=None):
                    if box is None:
                        box = list()
                    box.append(a)
                    return box
            """,
            code=Reason.UNSAFE,
            line=3,
            options={"name": "box"},
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
        Refuses(
            "which parameter",
            before="""
                import time

                def f(*, clock=None):
                    if clock is None:
                        clock = time.time
                    return clock()
            """,
            code=Reason.OPTION_MISSING,
            line=3,
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        refuse_nested(job)
        name, keep = job.option("name"), job.option("keep")
        if keep not in (None, "legacy", "candidate"):
            job.refuse(Reason.OPTION_MISSING, 0, f"--with keep={keep}: say legacy or candidate")
        parameters = parameters_of_seams(job)
        if name:
            for one in parameters:
                if one.name == name:
                    return job.plan(self.name, retires=retire_parameter(job, one))
            self._no_seam(
                job, f"`{job.target.qualname}` has no parameter `{name}` that is `None` and replaced in it"
            )
        pointer = pointer_of(job)
        if pointer:
            return self._without_pointer(job, pointer, keep or ("legacy" if pointer.is_legacy else "candidate"))
        getter = getter_of(job)
        if getter:
            return job.plan(self.name, retires=retire_getter(job, getter))
        if is_setter(job):
            return job.plan(self.name, retires=retire_setter(job))
        if parameters:
            names = " or ".join(one.name for one in parameters)
            line = job.function.node.lineno
            job.refuse(Reason.OPTION_MISSING, line, f"say which parameter goes with --name: {names}")
        return self._no_seam(
            job, f"`{job.target.qualname}` asks no function pointer or core, and is no getter and no setter"
        )

    def _no_seam(self, job: Job, reason: str) -> Plan:
        return job.refuse(Reason.NOTHING_TO_DO, job.function.node.lineno, reason)

    def _without_pointer(self, job: Job, pointer: Pointer, keep: str) -> Plan:
        gone = retire_pointer(job, pointer, keep)
        if keep == "legacy" and not pointer.is_legacy:
            job.notes.append(f"`{pointer.name}` was a candidate: the program behaves as the legacy code again.")
        moved = [*names_within(pointer.legacy), "__class__"] if keep == "legacy" else []
        return job.plan(self.name, introduces=moved, retires=gone)
