"""Small programs, each full of one sort of oddity, and expressions that tell how they behave.

Every technique is tried on all that they define (`test_odd_programs`). A new oddity is one more entry.
"""

# ruff: noqa: E501, RUF001 - they are to look as people write them

from __future__ import annotations

from typing import Final, NamedTuple


class Odd(NamedTuple):
    """A program, and what to ask of it."""

    text: str
    calls: list[str]


ODD: Final[dict[str, Odd]] = {}
FROM_3_12: Final[dict[str, Odd]] = {}
"""Those whose syntax Python 3.11 does not know."""


def _add(name: str, text: str, *calls: str) -> None:
    ODD[name] = Odd(text.lstrip("\n"), list(calls))


def _later(name: str, text: str, *calls: str) -> None:
    FROM_3_12[name] = Odd(text.lstrip("\n"), list(calls))


_add(
    "everywhere",
    """
import time
d = {}
def f(a=1):
    x = [0, 0]
    d[time.time()] = a
    x[int(time.time()) * 0] += 2
    for x[int(time.time()) * 0] in (1, 2): pass
    while time.time() < 0: pass
    if a == 5: return 5
    elif time.time() > 3: a += 1
    b = x[int(time.time() * 0):]
    assert time.time() > 0, time.time()
    return dict(a=a, t=time.time()), b, (lambda t=time.time(): t)(), f"{time.time()!r:>10} {a=}", sorted(d)
""",
    "f()",
    "f(5)",
    "f(a=7)",
    "d",
)
_add(
    "semicolons",
    """
import time; x = 1
def f(a=1): y = a; z = time.time(); return y, z, x
def g(a): return f(a); x = 2
if x: y = time.time(); z = 3
""",
    "f()",
    "g(2)",
    "(x, y, z)",
)
_add(
    "one-line class",
    """
import time
class A: x = 1; y = 2
class B:
    def f(self, a=1): return a, time.time(); z = 3
    def g(self): pass
def h(): return B().f(A.x)
""",
    "B().f()",
    "h()",
    "B().g()",
)
_add(
    "continuations",
    """
import os, \\
    time
from os import (
    path,  # a
    sep,
)
def f(a, \\
      b=2, *,
      c: "int" = 3,  # c
      ) \\
      -> tuple:
    return a + \\
        b + c, \\
        time \\
        .time(), path.join("a", "b") + \\
        sep
""",
    "f(1)",
    "f(1, 2, c=4)",
)
_add(
    "global oddities",
    """
import time
global early
early = 1
count = 0
def f():
    global count, late
    count += 1
    late = time.time()
    del late
    late = count
    return count, late
def g():
    def inner():
        global count
        count = count * 2
        return count
    return inner() + count
class A:
    global made
    made = 3
    def f(self): return made, count
def h():
    for count in range(3): pass
    return count
def k(count): return [count for count in range(count)], count
""",
    "f()",
    "g()",
    "A().f()",
    "h()",
    "k(2)",
    "f()",
    "(count, late, made, early)",
)
_add(
    "module getattr",
    """
import time
__all__ = ["f", "lazy"]
def __getattr__(name):
    if name == "lazy": return time.time()
    raise AttributeError(name)
def __dir__(): return sorted(__all__)
def f(a=1): return a, time.time()
""",
    "f()",
    "__getattr__('lazy')",
    "__dir__()",
)
_add(
    "conditional imports",
    """
try:
    import json as js
except ImportError:
    js = None
try:
    from time import time as now
except ImportError:
    def now(): return 0
import sys
if sys.version_info >= (3,):
    from os import getcwd as here
else:
    from os import getcwdu as here
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from decimal import Decimal
def f(a: "Decimal" = 1): return js.dumps([a]), now(), len(here()) > 0
""",
    "f()",
    "f(2)",
)
_add(
    "decorator stack",
    """
import time, functools, contextlib
def keep(g):
    @functools.wraps(g)
    def inner(*a, **k): return ("kept", g(*a, **k))
    return inner
def named(*names, **k):
    return lambda g: g
@keep
# between
@named("f", a=1)  # trailing
@named(
    "more",
)
def f(a=1, *rest, b=2, **more): return a, rest, b, more, time.time()
f = keep(f)
@contextlib.contextmanager
def c(a=1):
    yield a, time.time()
def g():
    with c() as x, c(2) as y: return x, y
""",
    "f()",
    "f(1, 2, b=3, c=4)",
    "g()",
    "f.__name__",
)
_add(
    "properties",
    """
import time
class A:
    def __init__(self): self._x = time.time()
    @property
    def x(self):
        "Doc."
        return self._x + time.time()
    @x.setter
    def x(self, value): self._x = value + time.time()
    @x.deleter
    def x(self): del self._x
    @classmethod
    def make(cls, a=1):
        one = cls(); one.x = a; return one
    @staticmethod
    def plain(a, b=2): return a + b, time.time()
    alias = plain
    table = {"make": make}
class B(A):
    @property
    def x(self): return super().x, "B"
    def go(self): return A.x.fget(self)
""",
    "A().x",
    "A.make(3).x",
    "A.plain(1)",
    "A().alias(2)",
    "B().x",
    "B().go()",
)
_add(
    "descriptors",
    """
import time
class D:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, one, owner=None): return self if one is None else (self.name, time.time())
    def __set__(self, one, value): one.__dict__["_" + self.name] = (value, time.time())
class A:
    a = D()
    b: D = D()
    def f(self):
        self.a = 3
        return self.a, vars(self)
    def __call__(self, x=1): return x, time.time()
    def __enter__(self): return time.time()
    def __exit__(self, *all): return False
    def __len__(self): return int(time.time())
    def __eq__(self, other): return time.time() > 0
    __hash__ = None
""",
    "A().f()",
    "A()(2)",
    "A().__enter__()",
    "len(A())",
    "A() == 1",
)
_add(
    "making",
    """
import time
class M(type):
    def __call__(cls, *a, **k):
        one = super().__call__(*a, **k); one.made = time.time(); return one
    def __prepare__(name, bases): return {"p": 1}
class A(metaclass=M):
    def __init__(self, a=1): self.a = a; self.t = time.time()
class N:
    __slots__ = ("a", "t", "__weakref__")
    def __new__(cls, a=1):
        one = super().__new__(cls); one.t = time.time(); return one
    def __init__(self, a=1): self.a = (a, time.time())
    def __init_subclass__(cls, **k): cls.k = k
    def __class_getitem__(cls, item): return (item, time.time())
class O(N, x=1): __slots__ = ()
""",
    "vars(A(2))",
    "A.p",
    "(N(3).a, N().t)",
    "N[1]",
    "O.k, O(1).a",
)
_add(
    "dataclasses",
    """
import time
from dataclasses import dataclass, field, InitVar
def when(): return time.time()
@dataclass
class A:
    a: int
    b: float = field(default_factory=when)
    c: InitVar[int] = 3
    t: float = 0.0
    def __post_init__(self, c):
        self.t = time.time() + c
    def f(self, x=1): return self.a, x, time.time()
@dataclass(order=True, kw_only=True)
class B(A):
    d: list = field(default_factory=list)
    def f(self, x=2): return super().f(x), self.d
""",
    "A(1)",
    "A(1).f()",
    "B(a=1)",
    "B(a=1).f(3)",
)
_add(
    "types",
    """
import time, enum, typing, abc
from typing import Protocol, overload, NamedTuple, TypedDict, Generic, TypeVar, runtime_checkable
T = TypeVar("T")
@runtime_checkable
class P(Protocol):
    def f(self, a: int) -> float: ...
class Base(abc.ABC, Generic[T]):
    @abc.abstractmethod
    def f(self, a): ...
    @overload
    def g(self, a: int) -> int: ...
    @overload
    def g(self, a: str) -> str: ...
    def g(self, a): return a, time.time()
class A(Base[int]):
    def f(self, a=1): return a, time.time()
class N(NamedTuple):
    a: int = 1
    def f(self): return self.a, time.time()
class E(enum.Enum):
    X = enum.auto()
    def f(self): return self.name, time.time()
    @classmethod
    def _missing_(cls, value): return cls.X if time.time() else None
class F(enum.Flag):
    A = 1; B = 2
    def f(self): return self.value, time.time()
class D(TypedDict): a: int
""",
    "A().f()",
    "A().g(2)",
    "isinstance(A(), P)",
    "N(2).f()",
    "E.X.f()",
    "E(77)",
    "(F.A|F.B).f()",
)
_add(
    "dispatch",
    """
import time, functools
@functools.singledispatch
def f(a): return "any", time.time()
@f.register
def _(a: int): return "int", time.time()
@f.register(str)
def f_text(a): return "str", time.time()
class A:
    @functools.singledispatchmethod
    def g(self, a): return "any", time.time()
    @g.register
    def _(self, a: int): return "int", time.time()
    h = functools.partialmethod(g, 1)
    @functools.cached_property
    def c(self): return time.time()
TABLE = {"f": f, "g": A.g, "l": lambda: time.time()}
""",
    "f(1.5)",
    "f(1)",
    "f('x')",
    "A().g(1)",
    "A().g('s')",
    "A().h()",
    "TABLE['l']()",
    "A().c",
)
_add(
    "generators",
    """
import time
def f(n=2):
    "Doc."
    got = None
    for i in range(n):
        try:
            got = yield i, got, time.time()
        except ValueError as error:
            yield str(error), time.time()
        finally:
            n = i
    return time.time()
def g():
    result = yield from f(1)
    yield result
def drive():
    one = f(3); out = [next(one), one.send(5)]
    out.append(one.throw(ValueError("no"))); one.close(); return out
""",
    "list(f())",
    "list(g())",
    "drive()",
)
_add(
    "async",
    """
import asyncio, time
class C:
    async def __aenter__(self): await asyncio.sleep(0); return time.time()
    async def __aexit__(self, *all): return False
async def rows(n=2):
    for i in range(n):
        yield i, time.time()
        await asyncio.sleep(0)
async def f(a=1):
    out = []
    async with C() as one, C() as two: out.append((one, two))
    async for row in rows(): out.append(row)
    out += [row async for row in rows(1)]
    x = await g(a)
    return out, x
async def g(a): return a, time.time()
def run(): return asyncio.run(f(3))
""",
    "run()",
    "asyncio.iscoroutinefunction(f)",
)
_add(
    "closures",
    """
import time
def f(n=0):
    made = []
    for i in range(2):
        def inner(x, i=i):
            nonlocal n
            n += 1
            return n, i, x, time.time()
        made.append(inner)
    total = [one(n) for one in made]
    class Local:
        y = n
        def g(self): return n, self.y, time.time()
    return total, Local().g(), (lambda: (n, time.time()))()
def outer():
    def f(): return 7, time.time()
    return f()
""",
    "f()",
    "f(5)",
    "outer()",
)
_add(
    "match",
    """
import time
from dataclasses import dataclass
@dataclass
class P: x: int = 0; y: int = 0
LIMIT = 3
def f(a, b=None):
    match a:
        case 1 | 2 as n if n < LIMIT: return "few", n, time.time()
        case [first, *rest]: out = first, rest
        case {"k": v, **more}: out = v, more
        case P(x=0, y=y): out = "y", y
        case P(): out = "p"
        case str() as time_: out = time_
        case _: out = time.time()
    return out, b
""",
    "f(1)",
    "f([1,2,3])",
    "f({'k':1,'z':2})",
    "f(P(0,5))",
    "f(P(1))",
    "f('s')",
    "f(None, 4)",
)
_add(
    "exceptions",
    """
import time
def f(a=1):
    try:
        try:
            x = 10 / a
        except ZeroDivisionError as error:
            raise ValueError(time.time()) from error
        else:
            x += time.time()
        finally:
            a = None
    except* ValueError as group:
        x = [str(e) for e in group.exceptions]
    return x, a
def g(a):
    for i in range(3):
        try:
            if i == a: continue
            if i > a: break
            a += time.time() * 0
        except Exception as a: pass
        else: a = a
    else: return "else"
    return a, i
""",
    "f()",
    "f(0)",
    "g(1)",
    "g(5)",
    "g(0)",
)
_add(
    "walrus and stars",
    """
import time
def f(*a, **k):
    if (n := len(a)) and any((last := x) > 1 for x in a): pass
    first, *rest = [*a, time.time(), *k.values()]
    (p, q), [r] = (1, 2), (3,)
    d = {**k, "t": time.time()}
    return n, first, rest, p + q + r, d, print(*a, sep="-")
def g(a, /, b, *, c): return f(a, b, c=c, **{"d": time.time()})
""",
    "f(1)",
    "f(1, 2, z=3)",
    "g(1, 2, c=3)",
    "g(1, b=2, c=4)",
)
_add(
    "mangled",
    """
import time
class A:
    __t = 5
    def __init__(self, x=1): self.__x = x
    def __f(self, a): return a + self.__x, time.time(), self.__t
    def f(self): return self.__f(2), A.__t, __class__.__name__
    def g(self, other): return other.__f(1)
class B(A):
    __t = 6
    def __f(self): return "B"
    def f(self): return super().f(), self.__f(), self.__t
class _C__D:
    __x = 1
    def f(self): return self.__x, time.time()
""",
    "A().f()",
    "B().f()",
    "A().g(A(5))",
    "_C__D().f()",
)
_add(
    "names",
    """
import time
def ﬁnd(größe=1, ℌ=2):
    "Döc 表😀."
    x = "表😀" + str(größe); y = '😀'; return x, y, time.time(), fi_local(ℌ)
def fi_local(H): return H, time.time(), "😀", time.time()
_time = 3
time_ = 4
def f(_now=1): return _time, time_, _now, time.time()
""",
    "find()",
    "find(größe=3)",
    "fi_local(1)",
    "f()",
)
_add(
    "comments",
    '''
#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Doc."""
# type: ignore
import time  # noqa: F401

# about f
def f(  # head
    a=1,  # type: int
    # alone
    *,
    b=2  # last
):  # type: (...) -> tuple
    # first
    x = time.time()  # pragma: no cover
    # before

    # after a blank
    return a, b, x  # noqa
    # trailing
# end of f

class A:  # head
    # first in A

    def f(self):  # f
        """Doc.

            >>> A().f()
            1
        """
        # only comment
        return time.time()  # end
    # tail of A
# tail
''',
    "f()",
    "f(2, b=3)",
    "A().f()",
)
_add(
    "doctest",
    """
import time
def f(a=1):
    '''Doc.

    >>> f(2) > 0
    True
    '''
    return a * time.time()
def g():
    r'''Raw \\d.'''
def h(): '''only doc'''
def k(): ...
def l():
    "doc"; return time.time()
""",
    "f()",
    "g()",
    "h()",
    "k()",
    "l()",
    "f.__doc__",
    "g.__doc__",
    "l.__doc__",
)
_add(
    "function attributes",
    """
import time
def f(a=1):
    f.count += 1
    f.seen.append(time.time())
    return f.count, a
f.count = 0
f.seen = []
old = f
def g(a=[], b=f, c=old.count): a.append(time.time()); return a, b is f, c
def h(n): return 0 if n < 1 else k(n - 1) + time.time()
def k(n): return h(n) * 2
""",
    "f()",
    "f(2)",
    "old(3)",
    "f.count",
    "g()",
    "g()",
    "h(3)",
    "k(2)",
)
_add(
    "dynamic",
    """
import time, sys, warnings, inspect
def f(a=1):
    b = time.time()
    return sorted(locals()), eval("a + b")
def g():
    return sys._getframe().f_code.co_name, time.time()
def h(x, y=2):
    return str(inspect.signature(h)), h.__code__.co_varnames[:2], time.time()
def k():
    exec("z = time.time()", globals())
    return globals()["z"]
def l(): return getattr(time, "time")(), __import__("time").time()
""",
    "f()",
    "g()",
    "h(1)",
    "k()",
    "l()",
)
_add(
    "star import",
    """
from os.path import *
from time import *
import time
def f(a="x"): return join(a, "y"), time.time(), sleep(0)
def g(): return basename("/a/b"), time.time()
""",
    "f()",
    "g()",
)
_add(
    "shadowing",
    """
import time
def f(time): return time.time()
def g():
    time = type("T", (), {"time": staticmethod(lambda: 5)})
    return time.time()
def h():
    import time as t
    from time import time
    return t.time(), time()
def k():
    for time in (1,): pass
    return time
class A:
    time = staticmethod(lambda: 9)
    def f(self): return self.time(), time.time()
    x = time()
    y = [time for _ in (1,)]
def l(): return [time.time() for time in (T(),)]
class T:
    def time(self): return 11
""",
    "f(T())",
    "g()",
    "h()",
    "k()",
    "A().f()",
    "(A.x, len(A.y))",
    "l()",
)
_add(
    "future annotations",
    """
from __future__ import annotations
import time
from typing import Optional
def f(a: time.time = 1, b: Optional[Missing] = None) -> Missing:
    x: Missing2 = time.time()
    y: int
    return a, b, x
class A:
    z: Missing = 3
    def f(self: Missing) -> list[A]: return [self.z, time.time()]
""",
    "f()",
    "A().f()",
    "f.__annotations__",
)
_add(
    "files",
    """
import os, tempfile, io
OUT = io.StringIO()
def f(text="a"):
    with tempfile.TemporaryDirectory() as d, open(os.path.join(d, "x"), "w") as h:
        h.write(text)
        h.flush()
        with (
            open(h.name) as one,
            open(h.name) as two,
        ):
            print(one.read(), two.read(), file=OUT)
    return OUT.getvalue(), os.environ.get("NOPE", "none"), os.path.exists("/")
class Log:
    def __init__(self, path="/dev/null"):
        self.path = path
        self.file = open(path)
    def read(self):
        data = self.file.read()
        self.file.close()
        return data
""",
    "f()",
    "f('b')",
    "Log().read()",
    "Log('/dev/null').path",
)
_add(
    "singleton",
    """
import time, threading
class S:
    _instance = None
    _lock = threading.Lock()
    def __new__(cls, *a):
        with cls._lock:
            if cls._instance is None:
                cls._instance = super().__new__(cls)
                cls._instance.born = time.time()
        return cls._instance
    @classmethod
    def get(cls):
        if cls._instance is None: cls()
        return cls._instance
    def age(self): return time.time() - self.born
_conn = None
def conn():
    global _conn
    if _conn is None:
        _conn = {"t": time.time()}
    return _conn
service = S.get()
def use(): return service.age(), conn()
""",
    "use()",
    "S.get() is S()",
    "conn() is conn()",
    "S().age()",
)
_add(
    "inheritance",
    """
import time, threading, collections
class A:
    def f(self, a=1): return "A", a, time.time()
    def run(self): return self.f(2)
class B(A):
    def f(self, a=2, *rest): return ("B", A.f(self, a), rest, time.time())
class C(A):
    def f(self, **k): return "C", super().f(**k), super(C, self).run.__name__
class D(B, C): pass
class T(threading.Thread):
    def run(self): self.t = time.time()
class L(collections.UserList):
    def append(self, x): super().append((x, time.time()))
def go():
    t = T(); t.start(); t.join(); l = L(); l.append(1); return t.t, list(l)
call = A.f
""",
    "A().f()",
    "B().run()",
    "C().f()",
    "D().f(3)",
    "go()",
    "call(A(), 4)",
)
_add(
    "script",
    """
import sys, time
NAME = "x"
def main(argv=None):
    argv = sys.argv[1:] if argv is None else argv
    return len(argv), NAME, time.time()
total = 0
for i in range(3):
    total += i
print("imported", total)
if __name__ == "__main__":
    sys.exit(main())
""",
    "main([])",
    "total",
    "i",
)
_add(
    "operators",
    """
import time, random
def f(a=1, b=2):
    x = a if time.time() else b
    y = not time.time() or a and b
    z = -time.time() ** 2 < a <= time.time() != b
    w = {time.time(): 1}, {time.time()}, (time.time(),), [time.time()]
    x += (yield_ := time.time())
    v = 3 if a else(lambda: time.time())()
    u = time.time().__class__, time.time ().is_integer(), (time).time(), (time.time)()
    return x, y, z, w, yield_, v, u
""",
    "f()",
    "f(0)",
    "f(a=0, b=0)",
)
_add(
    "tabs",
    "import time\ndef f(a=1):\n\tif a:\n\t\tx = time.time()\n\t\treturn x, a\n\treturn 0\nclass A:\n\tdef g(self, b=2):\n\t\tfor i in (1,):\n\t\t\tb += i\n\t\treturn b, time.time()\n",
    "f()",
    "f(0)",
    "A().g()",
)
_add(
    "mixed indents",
    "import time\ndef f(a=1):\n  if a:\n        x = time.time()\n        return x, a\n  return 0\nclass A:\n   def g(self, b=2):\n      for i in (1,):\n       b += i\n      return b, time.time()\n",
    "f()",
    "f(0)",
    "A().g()",
)
_add("no newline", "import time\ndef f(a=1):\n    b = a + 1\n    return b, time.time()", "f()")
_add(
    "form feed",
    "import time\n\x0c\ndef f(a=1):\n    b = a\n\x0c\n    return b, time.time()\n\x0c\nclass A:\n    x = 1\n    \x0c\n    def f(self): return time.time()\n",
    "f()",
    "A().f()",
)
_add(
    "strings",
    '''
import time
def f(a=1):
    s = """
def g():
    return time.time()
"""
    t = 'it\\'s' "two" f"{a}" rf"\\d{time.time()}"
    u = f"""{
        time.time()
    } {a!r:{10}} {{}} {a:%Y}""" if False else f"{a!s}{'{'}{time.time():.1f}"
    return s, t, u
''',
    "f()",
    "f(2)",
)
_add(
    "del",
    """
import time
def f(a=1, b=2):
    x, y = a, b
    del a, x
    try: return y, time.time(), x
    except NameError as e: return str(e)
    finally: del b
del_me = 1
del del_me
def g():
    global kept
    kept = 1
    del kept
    return "kept" in globals()
""",
    "f()",
    "g()",
)
_add(
    "redefined",
    """
import time
def f(): return 1
def f(a=1): return a, time.time()
if True:
    def g(): return "if", time.time()
else:
    def g(): return "else"
class A:
    def f(self): return 1
    f = 2
    def f(self): return time.time()
try:
    from nowhere import h
except ImportError:
    def h(a): return a, time.time()
""",
    "f()",
    "g()",
    "A().f()",
    "h(1)",
)
_add(
    "reassigned import",
    """
import time, random
sleep = time.sleep
now = time.time
def f(): return now(), sleep(0)
RNG = random.Random(3)
def g(a=5): return RNG.random(), random.Random(a).random()
class A:
    rng = random.Random(1)
    clock = time.time
    def f(self): return self.rng.random(), A.rng.random()
    def g(self): return type(self).clock()
""",
    "f()",
    "g()",
    "A().f()",
    "A().g()",
)
_add(
    "context and recursion",
    """
import time
class Ctx:
    depth = 0
    def __enter__(self): Ctx.depth += 1; return self
    def __exit__(self, *e): Ctx.depth -= 1
    def walk(self, n):
        with self:
            if n == 0: return [Ctx.depth, time.time()]
            return self.walk(n - 1) + [n]
def tree(n, seen=None):
    seen = {} if seen is None else seen
    if n in seen: return seen[n]
    seen[n] = n if n < 2 else tree(n - 1, seen) + tree(n - 2, seen) + time.time() * 0
    return seen[n]
""",
    "Ctx().walk(2)",
    "tree(10)",
    "Ctx.depth",
)
_later(
    "pep 695",
    """
import time
type Pair[T] = tuple[T, T]
def f[T: (int, str), *Ts, **P](a: T, *rest: *Ts) -> Pair[T]:
    x: T = a
    return x, rest, time.time()
class A[T]:
    y: T | None = None
    def f(self, a: T = 1) -> T: return a, time.time()
    def g[U](self, b: U, c=2) -> dict[T, U]:
        d = b
        e = c
        return d, e, time.time()
class B[T](A[T]): pass
def k(a: Pair = 1): return a, time.time()
""",
    "f(1)",
    "f(1, 2)",
    "A().f()",
    "A().g(1)",
    "B().f(2)",
    "f.__type_params__",
    "k()",
)
_later(
    "pep 701",
    """
import time
def f(a={"k": [1]}):
    return f"{a["k"]} {f"{time.time()}{f"{1}"}"} {
        time.time()  # comment
    } {'\\n'.join(["x", f'{a!r}'])}"
class A:
    def f(self, x=1): return f"{self.g(f"{x}")} {time.time():{"5"}}"
    def g(self, s): return f"{s}{"}"}{time.time()}"
""",
    "f()",
    "A().f()",
)
