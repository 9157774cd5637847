"""Odd classes: an edit of a method goes on behaving, whoever inherits, overrides or replaces it, or it is refused."""

# ruff: noqa: E501 - a case of a table is one row

from __future__ import annotations

import codecs
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from seams.small_program import Module, after, proposed

CALL, FACTORY = "extract-and-override-call", "extract-and-override-factory-method"
CONSTRUCTOR, STATIC, OBJECT = "parameterize-constructor", "expose-static-method", "break-out-method-object"
CLOCK = {"call": "time.time"}
OPTIONS: dict[str, dict[str, str]] = {CALL: CLOCK, FACTORY: CLOCK, STATIC: {}, OBJECT: {}}
OVERRIDING = (CALL, FACTORY)
ALL = (*OVERRIDING, STATIC)
MOVING = (*OVERRIDING, OBJECT)
EVERY = (*ALL, OBJECT)

# --- bytes --------------------------------------------------------------------------------------------------------

BODY = "import time\n\nclass A:\n    def f(self, a=1):\n        x = 'é'  # é\n        return len(x) + a, time.time() > 0\n\ny = 'é'\n"
ASCII = BODY.replace("é", "e")

BYTES = {
    "crlf": BODY.replace("\n", "\r\n").encode(),
    "cr only": ASCII.replace("\n", "\r").encode(),
    "bom and cookie": codecs.BOM_UTF8 + b"# coding: utf-8\n" + BODY.encode(),
    "shift_jis": ("# coding: shift_jis\n" + BODY.replace("é", "表")).encode("shift_jis"),
    "no final newline": b"import time\nclass A:\n    def f(self, a=1):\n        return a, time.time() > 0",
    "form feed": ASCII.replace("\n\nclass", "\n\x0cclass").encode(),
    "tabs": ASCII.replace("    ", "\t").encode(),
    "two blanks": ASCII.replace("    ", "  ").encode(),
    "one line": b"import time\nclass A:\n    def f(self, a=1): return a, time.time() > 0\n",
    "comments everywhere": (
        b"import time\n# above\nclass A:\n    # close\n    @property  # deco\n    # between\n    def g(self): return 1\n\n"
        b"    def f(self, a=1):  # head\n        # first\n        return a, time.time() > 0  # last\n        # after\n    # end\n# outside\n"
    ),
    "a string that is not indented": b"import time\nclass A:\n    def f(self, a=1):\n        s = '''\n# time.time()\nx'''\n        return s, a, time.time() > 0\n",
    "a class under a condition": b"import time\nif 1:\n  class A:\n    def f(self, a=1):\n        return a, time.time() > 0\n",
    "a method under a condition": b"import time\nclass A:\n    if 1:\n        def f(self, a=1):\n            return a, time.time() > 0\n    else:\n        g = 1\n",
}


@pytest.mark.parametrize("technique", EVERY)
@pytest.mark.parametrize("raw", BYTES.values(), ids=BYTES)
def test_every_line_but_those_that_are_meant_stays(raw: bytes, technique: str, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, technique, raw, "A.f", OPTIONS[technique])
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    (change,) = proposal.plan.changes
    new = change.after
    touched, left = (b"time.time() > 0", b"def f("), new.splitlines()
    assert [one for one in raw.splitlines() if one not in left and not any(sign in one for sign in touched)] == []
    assert new.endswith(b"\n") == raw.endswith(b"\n") and new.endswith(b"\r") == raw.endswith(b"\r")
    assert (b"\r" in new, b"\n" in new) == (b"\r" in raw, b"\n" in raw)
    assert _told(raw) == _told(new)


def _told(raw: bytes) -> Any:
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(compile(raw, "m.py", "exec"), namespace)
    return repr(namespace["A"]().f(2)), repr(namespace["A"]().f()), namespace.get("y")


# --- what is refused, and the line that forbids it ------------------------------------------------------------------

CLASS_A = "import time\nclass A:\n    def f(self): return time.time()\n"
REFUSED: dict[str, tuple[tuple[str, ...], str, str, int]] = {
    "a metaclass": (
        ALL,
        "import time\nclass M(type): pass\nclass A(metaclass=M):\n    def f(self): return time.time()",
        "special-class",
        3,
    ),
    "a metaclass further up": (
        ALL,
        "import time\nclass M(type): pass\nclass B(metaclass=M): pass\nclass A(B):\n    def f(self): return time.time()",
        "special-class",
        3,
    ),
    "a method of a metaclass": (
        ALL,
        "import time\nclass A(type):\n    def f(cls): return time.time()",
        "special-class",
        2,
    ),
    "a decorator of the class": (
        ALL,
        "import time\n@register\nclass A:\n    def f(self): return time.time()",
        "decorated",
        2,
    ),
    "a base that is made": (
        ALL,
        "import time\nclass A(make()):\n    def f(self): return time.time()",
        "outside-base",
        2,
    ),
    "all arguments in one": (
        ALL,
        "import time\nclass A:\n    def f(*args): return time.time()",
        "no-method",
        3,
    ),
    "self is a loop variable": (
        OVERRIDING,
        "import time\nclass A:\n    def f(self):\n        for self in (1, 2): time.time()",
        "written",
        4,
    ),
    "self is rebound by an inner function": (
        OVERRIDING,
        "import time\nclass A:\n    def f(self):\n        def g():\n            nonlocal self\n            self = 1\n        return time.time()",
        "written",
        7,
    ),
    "self is another one in a comprehension": (
        OVERRIDING,
        "import time\nclass A:\n    def f(self): return [time.time() for self in (1, 2)]",
        "written",
        3,
    ),
    "an inner function": (
        OVERRIDING,
        "import time\nclass A:\n    def f(self):\n        def g(): return time.time()\n        return g",
        "evaluated-later",
        4,
    ),
    "a default value": (
        OVERRIDING,
        "import time\nclass A:\n    def f(self, a=time.time()): pass",
        "default-value",
        3,
    ),
    "a decorator's argument": (
        OVERRIDING,
        "import time\nclass A:\n    @deco(time.time())\n    def f(self): pass",
        "decorator",
        3,
    ),
    "a name of the class body": (
        OVERRIDING,
        "import time\nclass A:\n    time = 1\n    class B: pass\n    def f(self): return A.time",
        "nothing-to-do",
        5,
    ),
    "the method in another class": (
        ALL,
        f"{CLASS_A}def g(x):\n    return A.f(x)",
        "unsafe",
        5,
    ),
    "the method of a subclass in a table": (
        ALL,
        f"{CLASS_A}class B(A): pass\nTABLE = {{'f': B.f}}",
        "unsafe",
        5,
    ),
    "a function that is asked for": (OVERRIDING, "import time\nclass A: pass", "no-such-target", 0),
}


@pytest.mark.parametrize(
    ("name", "technique"), [(name, one) for name, (some, *_) in REFUSED.items() for one in some]
)
def test_what_cannot_be_shown_to_be_safe_is_refused(name: str, technique: str, tmp_path: Path) -> None:
    _, text, code, line = REFUSED[name]
    proposal = proposed(tmp_path, technique, text + "\n", "A.f", OPTIONS[technique])
    assert not proposal.plan.changes
    refusal = proposal.plan.refusals[-1]
    assert (refusal.code.value, refusal.line) == (code, line), refusal


def test_a_method_that_another_module_calls_with_any_object_is_refused_there(tmp_path: Path) -> None:
    others = {"n.py": "import m\n\ndef g(thing):\n    return m.A.f(thing)\n"}
    (refusal,) = proposed(tmp_path, CALL, CLASS_A, "A.f", CLOCK, others).plan.refusals
    assert (refusal.path.name, refusal.line) == ("n.py", 4)


# --- what is done, and goes on behaving -------------------------------------------------------------------------------

BEHAVES: dict[str, tuple[str, list[str], tuple[str, ...]]] = {
    "overridden, with super": (
        f"{CLASS_A}class B(A):\n    def f(self): return super().f() > 0, 'B'\nclass C(B):\n    def f(self): return B.f(self), 'C'",
        ["B().f()", "C().f()"],
        EVERY,
    ),
    "several bases": (
        "import time\nclass X:\n    def f(self): return 'X'\nclass A(X):\n    def f(self): return time.time() > 0, super().f()\n"
        "class Y(X):\n    def f(self): return 'Y', super().f()\nclass Z(A, Y): pass",
        ["Z().f()", "A().f()"],
        OVERRIDING,
    ),
    "a base of the library": (
        "import time, threading\nclass A(threading.Thread):\n    def f(self): return time.time() > 0, self.name != ''",
        ["A().f()"],
        MOVING,
    ),
    "slots": (
        "import time\nclass A:\n    __slots__ = ('a',)\n    def f(self): self.a = time.time() > 0; return self.a",
        ["A().f()"],
        MOVING,
    ),
    "a frozen dataclass": (
        "import time, dataclasses\n@dataclasses.dataclass(frozen=True)\nclass A:\n    a: int = 1\n    def f(self): return self.a, time.time() > 0",
        ["A().f()", "A()", "dataclasses.asdict(A(2))", "[one.name for one in dataclasses.fields(A)]"],
        MOVING,
    ),
    "an enum": (
        "import time, enum\nclass A(enum.Enum):\n    X = 1\n    def f(self): return time.time() > 0, self.value",
        ["A.X.f()", "list(A)"],
        MOVING,
    ),
    "a named tuple": (
        "import time, typing\nclass A(typing.NamedTuple):\n    a: int = 1\n    def f(self): return time.time() > 0, self.a",
        ["A().f()", "A._fields"],
        MOVING,
    ),
    "a class that is made by a class method": (
        "import time\nclass A:\n    def __init_subclass__(cls, /, a=1, **more): cls.a = a\n    def f(self): return self.a, time.time() > 0\nclass B(A, a=2): pass",
        ["B().f()"],
        MOVING,
    ),
    "private names": (
        "import time\nclass A:\n    def f(self, __x=1):\n        self.__y = __x\n        return time.time() > 0, self.__y, sorted(vars(self))",
        ["A().f()", "A().f(2)"],
        OVERRIDING,
    ),
    "a generator": (
        "import time\nclass A:\n    def f(self):\n        yield time.time() > 0\n        yield from (time.time() > 0 for _ in range(2))",
        ["list(A().f())", "__import__('inspect').isgeneratorfunction(A.f)"],
        EVERY,
    ),
    "an asynchronous generator": (
        "import time, asyncio\nclass A:\n    async def f(self):\n        yield time.time() > 0\nasync def g(): return [one async for one in A().f()]",
        ["asyncio.run(g())"],
        OVERRIDING,
    ),
    "comprehensions and a class within": (
        "import time\nclass A:\n    def f(self):\n        class B:\n            x = time.time() > 0\n"
        "        return B.x, {time.time() > 0 for _ in (1,)}, {1: time.time() > 0 for _ in (1,)}, f'{time.time() > 0}'",
        ["A().f()"],
        EVERY,
    ),
    "another name for self": (
        "import time\nclass A:\n    def f(this, *rest, **more): return time.time() > 0, rest, more",
        ["A().f()", "A().f(1, self=2)"],
        EVERY,
    ),
    "a getter and a setter": (
        "import time\nclass A:\n    x = 1\n    @property\n    def f(self): return self.x, time.time() > 0\n    @f.setter\n    def f(self, a): self.x = a\na = A()\na.f = 2",
        ["a.f"],
        MOVING,
    ),
    "overloads": (
        "import time, typing\nclass A:\n    @typing.overload\n    def f(self, a: int): ...\n    @typing.overload\n    def f(self, a: str): ...\n    def f(self, a): return a, time.time() > 0",
        ["A().f(1)"],
        MOVING,
    ),
    "a property that is cached": (
        "import time, functools\nclass A:\n    @functools.cached_property\n    def f(self): return time.time() > 0",
        ["A().f"],
        EVERY,
    ),
    "an object without its constructor": (
        "import time\nclass A:\n    def __init__(self): raise OSError\n    def f(self): return time.time() > 0",
        ["A.__new__(A).f()"],
        EVERY,
    ),
    "a class that answers for all names": (
        "import time\nclass A:\n    def __getattr__(self, name): return name\n    def f(self): return time.time() > 0, self.other",
        ["A().f()"],
        MOVING,
    ),
    "pickled": (
        "import time, pickle, sys, types\nsys.modules['m'] = types.ModuleType('m')\nclass A:\n    def f(self): return time.time() > 0\nsys.modules['m'].A = A",
        ["pickle.loads(pickle.dumps(A())).f()", "vars(A())"],
        EVERY,
    ),
}


@pytest.mark.parametrize(
    ("name", "technique"), [(name, technique) for name, (_, _, some) in BEHAVES.items() for technique in some]
)
def test_what_is_edited_behaves_as_before(name: str, technique: str, tmp_path: Path) -> None:
    text, calls, _ = BEHAVES[name]
    proposal = proposed(tmp_path, technique, text + "\n", "A.f", OPTIONS[technique])
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    before, later = Module(text, tmp_path).told(calls), Module(after(proposal), tmp_path).told(calls)
    assert before == later
    assert not any(one.startswith("raised") for one in before)


@pytest.mark.parametrize("technique", EVERY)
def test_whoever_replaced_the_clock_before_still_does(
    technique: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = after(proposed(tmp_path, technique, CLASS_A, "A.f", OPTIONS[technique]))
    module = types.ModuleType("m")
    exec(compile(new, "m.py", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "m", module)
    monkeypatch.setattr("time.time", lambda: 1)
    assert module.A().f() == 1
    monkeypatch.setattr("m.time", types.SimpleNamespace(time=lambda: 2))
    assert module.A().f() == 2


def test_arguments_are_evaluated_in_the_same_order(tmp_path: Path) -> None:
    text = (
        "import math\nnoted = []\ndef note(a):\n    noted.append(a)\n    return a\n"
        "class A:\n    def f(self): return note(1) + math.hypot(note(2), *[note(3)]) * note(4), noted\n"
    )
    proposal = proposed(tmp_path, CALL, text, "A.f", {"call": "math.hypot"})
    assert Module(after(proposal), tmp_path).told(["A().f()"]) == Module(text, tmp_path).told(["A().f()"])


def test_a_name_of_a_base_in_the_library_is_not_taken(tmp_path: Path) -> None:
    text = "import threading\nclass A(threading.Thread):\n    def f(self): return threading.Event()\n"
    proposal = proposed(tmp_path, FACTORY, text, "A.f", {"call": "threading.Event", "name": "_started"})
    assert proposal.plan.refusals[-1].reason.startswith("`_started` is used in threading.Thread")


def test_a_name_is_believed_where_a_base_cannot_be_looked_at(tmp_path: Path) -> None:
    text = "import time\nfrom framework import Task\nclass A(Task):\n    def f(self): return time.time()\n"
    proposal = proposed(tmp_path, CALL, text, "A.f", {**CLOCK, "name": "_when"})
    assert proposal.is_sound
    assert "framework.Task" in proposal.plan.notes[0]


# --- methods that become objects ------------------------------------------------------------------------------------

OBJECTS_REFUSED = {
    "except": ("        try: pass\n        except OSError as a: pass", "written", 4),
    "del": ("        del a", "written", 3),
    "import": ("        import os as a", "written", 3),
    "an annotation": ("        a: int = 1", "written", 3),
    "match": ("        match a:\n            case [b, *a]: pass", "written", 4),
    "a walrus in a comprehension": ("        return [(a := b) for b in (1, 2)]", "written", 3),
    "an inner function of the name": ("        def a(): pass", "written", 3),
    "__class__": ("        return __class__", "unsafe", 3),
    "a private name in an inner function": ("        def g(): return self.__x\n        return g", "unsafe", 3),
    "a private keyword": ("        return g(__x=1)", "unsafe", 3),
    "a string that tells itself": ("        return f'{a=}'", "unsafe", 3),
    "another self": ("        class B:\n            def g(self): return a\n        return B", "unsafe", 4),
    "a lambda of self": ("        return (lambda self: a)(1)", "unsafe", 3),
    "eval": ("        return eval('a')", "dynamic-names", 3),
    "its frame": ("        import sys\n        return sys._getframe().f_code.co_name", "frame-sensitive", 4),
}


@pytest.mark.parametrize("name", OBJECTS_REFUSED)
def test_a_method_that_means_something_else_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    body, code, line = OBJECTS_REFUSED[name]
    proposal = proposed(tmp_path, OBJECT, f"class A:\n    def f(self, a=1):\n{body}\n", "A.f")
    assert not proposal.plan.changes
    refusal = proposal.plan.refusals[-1]
    assert (refusal.code.value, refusal.line) == (code, line), refusal


OBJECTS = {
    "parameters that are bound anew": (
        "        a += 1\n        for a, *b in [(a, 2, 3)]: pass\n        with io.StringIO(str(a)) as a: a = a.read()\n        (a, [b]), c = (a, [b]), 4\n        return a, b, c",
        ["A().f(1)", "A().f(1, b=2)"],
    ),
    "attributes, items and calls of parameters": (
        "        a.x, a[b or 0] = 1, 2\n        a.append(b)\n        return a, vars(a), dict(a=a, b=b)['a'] is a",
        ["A().f(L([0]))"],
    ),
    "names of keywords, attributes and strings": (
        "        return dict(a=a), [1].index(a), f'{a} {b!r:>5}', 'a', self.a",
        ["A().f(1)"],
    ),
    "shadowed in inner scopes": (
        "        g = lambda a, b=b: (a, b)\n        h = [a for a in range(a)] + [b for c in (1, a) for b in (c, a)]\n"
        "        class B:\n            a = a\n            def g(this, b): return a, b\n        return g(5), h, B().g(3)",
        ["A().f(2)"],
    ),
    "an inner function that sees what is bound later": (
        "        def g(): return a, b\n        a, b = 5, 6\n        return g()",
        ["A().f(1)"],
    ),
    "self is bound anew": ("        self = [a]\n        return self", ["A().f(1)"]),
    "recursion": ("        return [a, *self.f(a - 1)] if a else []", ["A().f(3)"]),
    "a variable that is not there yet": ("        if a: c = 1\n        return c", ["A().f(1)", "A().f(0)"]),
    "a text of several lines": (
        "        s = '''\n  a {a}\n'''\n        # a comment of a\n        return s, a  # a",
        ["A().f(1)"],
    ),
    "a global": ("        global made\n        made = a\n        return made", ["A().f(7)", "made"]),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_a_method_that_becomes_an_object_behaves_as_before(name: str, tmp_path: Path) -> None:
    body, calls = OBJECTS[name]
    text = f"import io\nclass L(list): pass\nclass A:\n    a = 9\n    def f(self, a, b=None):\n{body}\n"
    proposal = proposed(tmp_path, OBJECT, text, "A.f")
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    assert Module(after(proposal), tmp_path).told(calls) == Module(text, tmp_path).told(calls)


# --- interfaces -----------------------------------------------------------------------------------------------------

INTERFACES = {
    "overloads": (
        "from typing import overload\nclass A:\n    @overload\n    def f(self, a: int) -> int: ...\n    @overload\n"
        "    def f(self, a: str) -> str: ...\n    def f(self, a): return a",
        ["@overload", "def f(self, a: int) -> int: ...", "@overload", "def f(self, a: str) -> str: ..."],
    ),
    "an asynchronous generator is no coroutine": (
        "import typing\nclass A:\n    async def f(self) -> 'typing.AsyncIterator[int]':\n        yield 1",
        ["def f(self) -> 'typing.AsyncIterator[int]': ..."],
    ),
    "a property that is cached, one that is abstract": (
        "import functools, abc\nclass A(abc.ABC):\n    @functools.cached_property\n    def f(self) -> int: return 1\n"
        "    @property\n    @abc.abstractmethod\n    def g(self) -> int: ...",
        ["@property", "def f(self) -> int: ...", "@property", "def g(self) -> int: ..."],
    ),
    "decorators": (
        "from contextlib import contextmanager\nclass A:\n    @contextmanager\n    def f(self): yield\n    @staticmethod\n"
        "    def g(a: int = (1)): return a\n    @route('/')\n    def h(self): return 1",
        ["@contextmanager", "def f(self): ...", "@staticmethod", "def g(a: int = ...): ..."],
    ),
    "fields": (
        "class A:\n    a: int = 1\n    b = 'x'\n    c = [1]\n    def __init__(self, d: float, *, e: 'A', f=1):\n"
        "        self.d, self._x = d, 1\n        self.e = self.same = e\n        self.f: str = f\n        self.g = f",
        ["a: int", "b: str", "e: 'A'", "same: 'A'", "f: str"],
    ),
    "a tuple of names": (
        "from typing import NamedTuple\nclass A(NamedTuple):\n    a: int\n    b: str = ''",
        ["@property", "def a(self) -> int: ...", "@property", "def b(self) -> str: ..."],
    ),
}


@pytest.mark.parametrize("name", INTERFACES)
def test_a_protocol_has_the_members_of_the_class(name: str, tmp_path: Path) -> None:
    text, expected = INTERFACES[name]
    if "@route" in text:
        text = f"route = lambda path: lambda f: f\n{text}"
    proposal = proposed(tmp_path, "extract-interface", text + "\n", "A")
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    inside = after(proposal).split('may count on."""')[1].split("class A")[0]
    assert [one.strip() for one in inside.splitlines() if one.strip()] == expected
    assert Module(after(proposal), tmp_path).told(["ALike._is_protocol"]) == ["True"]


# --- constructors ---------------------------------------------------------------------------------------------------

QUEUE = {"call": "collections.deque"}
MADE = "    def __init__(self, a=1):\n        self.queue = deque([a])\n"
CONSTRUCTORS_REFUSED = {
    "an enum": (
        f"import enum\nfrom collections import deque\nclass A(enum.Enum):\n    X = 1\n{MADE}",
        "special-class",
        3,
    ),
    "attrs": (f"import attr\nfrom collections import deque\n@attr.s\nclass A:\n{MADE}", "special-class", 3),
    "a dataclass with a constructor": (
        f"from dataclasses import dataclass\nfrom collections import deque\n@dataclass(init=False)\nclass A:\n{MADE}",
        "special-class",
        3,
    ),
    "a dictionary of known keys": (
        f"from typing import TypedDict\nfrom collections import deque\nclass A(TypedDict):\n{MADE}",
        "special-class",
        3,
    ),
    "a tuple": (f"from collections import deque\nclass A(tuple):\n{MADE}", "special-class", 2),
    "a base that makes its objects": (
        f"from collections import deque\nclass B:\n    def __new__(cls, *args): return object.__new__(cls)\nclass A(B):\n{MADE}",
        "special-class",
        3,
    ),
    "a metaclass": (
        f"from collections import deque\nclass M(type):\n    def __call__(cls, a=1): return type.__call__(cls, a)\nclass A(metaclass=M):\n{MADE}",
        "special-class",
        4,
    ),
    "a decorated constructor": (
        "from collections import deque\nclass A:\n    @inject\n    def __init__(self): self.queue = deque()\n",
        "decorated",
        3,
    ),
    "a loop": (
        "from collections import deque\nclass A:\n    def __init__(self):\n        for a in (1, 2): self.queue = deque()\n",
        "unsafe",
        4,
    ),
    "a string": (
        "from collections import deque\nclass A:\n    def __init__(self): self.text = f'{deque()}'\n",
        "unsafe",
        3,
    ),
    "a parameter that is filled": (
        "from collections import deque\nclass A:\n    def __init__(self, q=None):\n        if q is None:\n            q = deque()\n        self.q = q\n",
        "already-done",
        5,
    ),
    "a test of its type": (
        "from collections import deque\nclass A:\n    def __init__(self, q):\n        assert isinstance(q, deque)\n",
        "no-call",
        4,
    ),
    "no constructor": ("from collections import deque\nclass A:\n    queue = deque()\n", "special-class", 2),
}


@pytest.mark.parametrize("name", CONSTRUCTORS_REFUSED)
def test_a_constructor_that_others_count_on_is_refused(name: str, tmp_path: Path) -> None:
    text, code, line = CONSTRUCTORS_REFUSED[name]
    proposal = proposed(tmp_path, CONSTRUCTOR, text, "A", QUEUE)
    assert not proposal.plan.changes
    refusal = proposal.plan.refusals[-1]
    assert (refusal.code.value, refusal.line) == (code, line), refusal


CONSTRUCTORS = {
    "slots": f"from collections import deque\nclass A:\n    __slots__ = ('queue',)\n{MADE}",
    "an exception": f"from collections import deque\nclass A(ValueError):\n{MADE}",
    "a dictionary": f"from collections import deque\nclass A(dict):\n{MADE}",
    "an abstract class": f"import abc\nfrom collections import deque\nclass A(abc.ABC):\n{MADE}",
    "a generic class": f"import typing\nfrom collections import deque\nT = typing.TypeVar('T')\nclass A(typing.Generic[T]):\n{MADE}",
    "a class that takes all": f"from collections import deque\nclass A:\n    def __new__(cls, *a, **k): return object.__new__(cls)\n{MADE}",
    "subclasses with several bases": (
        f"from collections import deque\nclass A:\n{MADE}        super().__init__()\nclass X:\n    def __init__(self): self.x = 1\n"
        "class B(A, X):\n    def __init__(self, *args): super().__init__(*args)\n"
    ),
    "all kinds of parameters": (
        "from collections import deque\nclass A:\n    def __init__(self, a=1, /, b=2, *rest, c=3): self.queue = deque([a, b, c, *rest])\n"
    ),
    "brackets, a comment, several lines": (
        "from collections import deque\nclass A:\n    def __init__(self, a=1):\n        self.queue = (  # why\n"
        "            deque(\n                [a],  # one\n            )\n        )  # end\n"
    ),
    "a chain": "from collections import deque\nclass A:\n    def __init__(self, a=1): self.queue = deque([a]).copy()\n",
    "an assignment within": "from collections import deque\nclass A:\n    def __init__(self, a=1): self.queue = (q := deque([a])); q.append(1)\n",
    "an import within": (
        "class A:\n    def __init__(self, a=1):\n        from collections import deque\n        self.queue = deque([a])\n"
    ),
    "two at once": "from collections import deque\nclass A:\n    def __init__(self, a=1): self.queue, self.b = deque([a]), 2\n",
}


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_an_object_is_made_as_before_and_takes_what_it_is_given(name: str, tmp_path: Path) -> None:
    text = CONSTRUCTORS[name]
    proposal = proposed(tmp_path, CONSTRUCTOR, text, "A", {**QUEUE, "name": "given"})
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    calls = ["A().queue", "A(3).queue", "B(4).queue" if "class B" in text else "A().queue", "A(given=1).queue"]
    before, later = Module(text, tmp_path).told(calls), Module(after(proposal), tmp_path).told(calls)
    assert before[:3] == later[:3]
    assert before[3].startswith("raised TypeError")
    falsy, none = Module(after(proposal), tmp_path).told(["A(given=[]).queue", "A(given=None).queue"])
    assert falsy == ("[1]" if "append" in text else "[]")
    assert none == before[0]


# --- one seam after the other -----------------------------------------------------------------------------------------

FAMILY = "class A:\n    def f(self, x):\n        return ['A', x]\n\n\nclass B(A):\n    def f(self, x):\n        return ['B', *super().f(x)]\n"


@pytest.mark.parametrize("technique", ["model-seam", "wrap-method"])
@pytest.mark.parametrize("order", [("A.f", "B.f"), ("B.f", "A.f")])
def test_a_method_and_what_overrides_it_both_get_one(
    technique: str, order: tuple[str, str], tmp_path: Path
) -> None:
    text = FAMILY
    for target in order:
        proposal = proposed(tmp_path, technique, text, target)
        assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
        text = after(proposal)
    assert Module(text, tmp_path).told(["A().f(1)", "B().f(1)"]) == ["['A', 1]", "['B', 'A', 1]"]
