"""What several techniques refuse for the same reason, shown by the same example."""

from __future__ import annotations

from typing import Final

from legacy_seam.seams.plan import Reason
from legacy_seam.seams.technique import Refuses

ASYNCHRONOUS_GENERATOR: Final = Refuses(
    "an asynchronous generator",
    before="""
        async def f():
            yield 1
    """,
    code=Reason.ASYNC_GENERATOR,
    line=2,
)

ASYNCHRONOUS_GENERATOR_METHOD: Final = Refuses(
    "an asynchronous generator",
    before="""
        class A:
            async def f(self):
                yield 1
    """,
    code=Reason.ASYNC_GENERATOR,
    line=3,
    target="A.f",
)

CALLABLE_OBJECT: Final = Refuses(
    "a special method",
    before="""
        class A:
            def __call__(self):
                return 1
    """,
    code=Reason.DUNDER,
    line=2,
    target="A.__call__",
)

CALLS_ITS_BASE: Final = Refuses(
    "it calls the method of its base",
    before="""
        class A(Exception):
            def f(self, note):
                super().add_note(note)
    """,
    code=Reason.UNSAFE,
    line=3,
    target="A.f",
)

FUNCTION_WITHIN_A_FUNCTION: Final = Refuses(
    "a function within a function",
    before="""
        def f():
            def g():
                return 1
            return g
    """,
    code=Reason.NESTED,
    line=2,
    target="f.<locals>.g",
)

LOOKS_AT_ALL_ITS_NAMES: Final = Refuses(
    "it looks at all its names",
    before="""
        class A:
            def f(self, a):
                return "%(a)s" % locals()
    """,
    code=Reason.DYNAMIC_NAMES,
    line=3,
    target="A.f",
)

LOOKS_AT_ITS_CALLERS: Final = Refuses(
    "it looks at its callers",
    before="""
        import sys

        def f():
            return sys._getframe(1).f_code.co_name
    """,
    code=Reason.FRAME_SENSITIVE,
    line=4,
)

NO_METHOD: Final = Refuses(
    "a function",
    before="""
        def f():
            return 1
    """,
    code=Reason.NO_METHOD,
    line=1,
)

PROPERTY: Final = Refuses(
    "a property",
    before="""
        class A:
            @property
            def f(self):
                return 1
    """,
    code=Reason.PROPERTY,
    line=2,
    target="A.f",
)

SPECIAL_METHOD: Final = Refuses(
    "a special method",
    before="""
        class A:
            def __len__(self):
                return 1
    """,
    code=Reason.DUNDER,
    line=2,
    target="A.__len__",
)

USES_A_FUNCTION_WITHIN: Final = Refuses(
    "a function within the function",
    before="""
        def f():
            def g():
                return 1
            return g()
    """,
    code=Reason.LOCAL_NAME,
    line=4,
    options={"call": "m.f.<locals>.g"},
)

VALUE_IN_A_PATTERN: Final = Refuses(
    "a value in a pattern",
    before="""
        import os

        def f(whence):
            match whence:
                case os.SEEK_SET:
                    return "start"
    """,
    code=Reason.PATTERN,
    line=5,
    options={"call": "os.SEEK_SET"},
)
