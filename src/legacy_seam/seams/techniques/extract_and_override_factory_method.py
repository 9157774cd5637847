"""Extract and Override Factory Method: what a constructor makes comes from a method, to be overridden."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.extraction import extracted
from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import factory
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses


class ExtractAndOverrideFactoryMethod:
    """`self.db = DB(url)` becomes `self.db = self._make_db(url)`, a method which says `return DB(url)`.

    The method reads nothing of the object, so it may be called before anything has been set on it.
    """

    name: ClassVar = "extract-and-override-factory-method"
    feathers: ClassVar = "Extract and Override Factory Method"
    summary: ClassVar = "Moves the making of an object into a method of its own, to be overridden in a subclass."
    when: ClassVar = (
        "When a constructor makes what a test cannot have: a connection, a client, a thread. No signature changes."
        " Where whoever makes the object should say what it works with, parameterize-constructor."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The target is a method, most often `__init__`; what its first parameter holds is never replaced.",
        "The name means exactly one thing where it stands, and is called there while the method runs.",
        "The new name is free in the class, in its bases and in all that inherit from them.",
        "The class does not look at its own members (a metaclass, a decorator, a `Protocol`, `__getattribute__`).",
        "The method is never taken from its class to be called with another object.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("call", "the full name of what makes it: `shop.db.DB`, `sqlite3.connect`", required=True),
        Option("name", "the name of the method; by default `_make_db` for `DB`, `_connect` for `connect`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a class",
            before="""
                from io import StringIO

                class A:
                    def __init__(self, text):
                        self.text = text
                        self.file: StringIO = StringIO(text)  # in memory

                    def f(self):
                        return self.file.read()
            """,
            after="""
                from io import StringIO

                class A:
                    def __init__(self, text):
                        self.text = text
                        self.file: StringIO = self._make_string_io(text)  # in memory

                    def _make_string_io(self, text):
                        return StringIO(text)

                    def f(self):
                        return self.file.read()
            """,
            target="A.__init__",
            options={"call": "io.StringIO"},
            calls=["A('x').f()"],
        ),
        Example(
            "a function that makes something",
            before="""
                import sqlite3

                class A:
                    def __init__(self, path=":memory:"):
                        self.db = sqlite3.connect(path, timeout=3)
                        self.one = self.db.execute("select 1").fetchone()
            """,
            after="""
                import sqlite3

                class A:
                    def __init__(self, path=":memory:"):
                        self.db = self._connect(path, timeout=3)
                        self.one = self.db.execute("select 1").fetchone()

                    def _connect(self, path, timeout):
                        return sqlite3.connect(path, timeout=timeout)
            """,
            target="A.__init__",
            options={"call": "sqlite3.connect"},
            calls=["A().one"],
        ),
        Example(
            "more than one, and a constructor above it",
            before="""
                from collections import deque

                class Base:
                    def __init__(self):
                        self.size = 2

                class A(Base):
                    def __init__(self, low):
                        super().__init__()
                        self.low, self.high = deque(low, self.size), deque()
            """,
            after="""
                from collections import deque

                class Base:
                    def __init__(self):
                        self.size = 2

                class A(Base):
                    def __init__(self, low):
                        super().__init__()
                        self.low, self.high = self._make_queue(low, self.size), self._make_queue()

                    def _make_queue(self, *args):
                        return deque(*args)
            """,
            target="A.__init__",
            options={"call": "collections.deque", "name": "_make_queue"},
            calls=["list(A('abc').low)"],
        ),
        Refuses(
            "there is no object yet",
            before="""
                import sqlite3

                class A:
                    def __new__(cls):
                        cls.db = sqlite3.connect(":memory:")
                        return super().__new__(cls)
            """,
            code=Reason.NO_METHOD,
            line=4,
            target="A.__new__",
            options={"call": "sqlite3.connect"},
        ),
        Refuses(
            "it is made later, by somebody else",
            before="""
                from collections import defaultdict, deque

                class A:
                    def __init__(self):
                        self.queues = defaultdict(lambda: deque())
            """,
            code=Reason.LATER,
            line=5,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "it is handed on, not called",
            before="""
                from collections import defaultdict, deque

                class A:
                    def __init__(self):
                        self.queues = defaultdict(deque)
            """,
            code=Reason.NO_CALL,
            line=5,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "a class that decides itself what its objects have",
            before="""
                from collections import deque

                class A:
                    def __init__(self):
                        self.queue = deque()

                    def __getattribute__(self, name):
                        return object.__getattribute__(self, name.lower())
            """,
            code=Reason.SPECIAL_CLASS,
            line=7,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        full_name = job.required("call", "this technique needs the class, or whatever makes the object")
        return extracted(job, self.name, full_name, factory(full_name))
