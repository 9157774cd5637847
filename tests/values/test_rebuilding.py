"""Values come back as they were, sharing included; and a text from a stranger does no harm."""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import functools
import importlib
import io
import json
import logging
import operator
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
import types
import uuid
import zoneinfo
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import (
    Allow,
    DecodeError,
    NotAllowed,
    NotationError,
    StandIn,
    StandInUsed,
    TypeGone,
    decode,
    decode_roots,
    encode,
    encode_roots,
)

HERE = __name__
ALLOW = Allow.for_modules(HERE)
CALLED: list[str] = []


class Words(str):
    """A text with attributes, as a node of a parsed document is one."""

    parent: Any


class Element:
    def __init__(self) -> None:
        self.children = [Words("a"), Words("b")]
        for number, child in enumerate(self.children):
            child.parent, child.next = self, self.children[1 - number]  # type: ignore[attr-defined]


class Account:
    """Everything that a class may do when it is made or given attributes is noted."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Account:
        CALLED.append("__new__")
        return object.__new__(cls)

    def __init__(self, **attributes: Any) -> None:
        CALLED.append("__init__")
        self.__dict__.update(attributes)

    def __setattr__(self, name: str, value: object) -> None:
        CALLED.append("__setattr__")
        object.__setattr__(self, name, value)

    def __setstate__(self, state: object) -> None:
        CALLED.append("__setstate__")

    def __reduce__(self) -> Any:
        CALLED.append("__reduce__")
        return object.__reduce__(self)

    def __getattr__(self, name: str) -> object:
        CALLED.append("__getattr__")
        raise AttributeError(name)

    def double(self) -> int:
        return 2

    @classmethod
    def make(cls) -> Account:
        return cls()


class Slotted:
    __slots__ = ("__hidden", "__weakref__", "size")

    def __init__(self, size: object) -> None:
        self.size = size
        self.__hidden = 1


class Both(Slotted):
    pass


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    price: decimal.Decimal
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        CALLED.append("__post_init__")


class Colour(enum.Enum):
    RED = (1, 2)


class Permission(enum.IntFlag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    x: int
    y: Any


class Pair(collections.namedtuple("Pair", "a b")):
    def __new__(cls, a: object, b: object) -> Pair:
        CALLED.append("__new__")
        return tuple.__new__(cls, (a, b))


class Money(decimal.Decimal):
    pass


class Pence(int):
    """Its instances have a size of their own: their `__dict__` stands behind them, or before them."""


class Row(tuple[Any, ...]):
    pass


class Moment(dt.datetime):
    pass


class Text(str):
    __slots__ = ("language",)


class Registry(dict[Any, Any]):
    def __setitem__(self, key: object, value: object) -> None:
        CALLED.append("__setitem__")
        super().__setitem__(key, value)


class Bag(list[Any]):
    pass


class Ordered(collections.OrderedDict[Any, Any]):
    pass


class Counting(collections.Counter[str]):
    pass


class OwnError(Exception):
    def __init__(self, message: str, code: int) -> None:
        CALLED.append("__init__")
        super().__init__(message)
        self.code = code


class OwnMissing(FileNotFoundError):
    pass


class Keyed:
    def __init__(self, key: object) -> None:
        self.key = key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and self.key == other.key


def make_counter(step: int, start: int = 0) -> Any:
    def count(by: int = 1, *, times: int = 1) -> int:
        return start + step * by * times

    return count


def make_recursive() -> Any:
    def down(n: int) -> int:
        return 0 if n == 0 else 1 + down(n - 1)

    return down


TABLE = {"double": lambda x: 2 * x, "negate": lambda x: -x}


@functools.lru_cache
def cached() -> int:
    return 4


def chained() -> BaseException:
    try:
        try:
            raise KeyError("inner")
        except KeyError as inner:
            raise OwnError("outer", 3) from inner
    except OwnError as error:
        error.add_note("a note")
        return error


def account(**attributes: Any) -> Account:
    made = object.__new__(Account)
    vars(made).update(attributes)
    return made


def shuffled() -> random.Random:
    made = random.Random(3)
    made.gauss(0, 1)
    return made


VALUES: list[Any] = [
    account(),
    account(a=1, **{"no word": [2]}),
    Slotted([1]),
    Both(1),
    Frozen(decimal.Decimal("1.20"), ("x",)),
    Colour.RED,
    Permission.READ,
    Permission.READ | Permission.WRITE,
    Permission(0),
    Point(1, [2]),
    Pair(1, 2),
    Money("-1.20"),
    Moment(2024, 2, 29, 1, 2, 3, 4, tzinfo=dt.UTC, fold=1),
    Registry(a=[1]),
    Bag([1, 2]),
    Ordered(b=1, a=2),
    Counting("aab"),
    ValueError("x", 1),
    OSError(2, "no", "file"),
    OwnMissing(2, "no"),
    UnicodeDecodeError("utf8", b"x", 0, 1, "bad"),
    SystemExit(3),
    StopIteration(5),
    KeyError(("a", 1)),
    SyntaxError("bad", ("f.py", 1, 2, "x x", 1, 3)),
    ImportError("m", name="x", path="y"),
    ExceptionGroup("g", [ValueError(1), OwnMissing()]),
    chained(),
    sqlite3.OperationalError("locked"),
    subprocess.CalledProcessError(1, "ls"),
    collections.deque([1, [2]], 5),
    collections.deque([1]),
    collections.defaultdict(list, {"a": [1]}),
    collections.OrderedDict([("z", 1), ("a", 2)]),
    collections.Counter("aab"),
    collections.ChainMap({"a": 1}, {"b": 2}),
    collections.UserDict({"a": 1}),
    types.MappingProxyType({"a": 1}),
    types.SimpleNamespace(a=1, b=[2]),
    dt.datetime(2024, 3, 31, 2, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
    dt.time(23, 59, 59, 999999, tzinfo=dt.timezone(dt.timedelta(minutes=-90), "here")),
    dt.timedelta(-1, 5, 7),
    dt.date.min,
    fractions.Fraction(-1, 3),
    uuid.UUID(int=2**100),
    pathlib.Path("a/b.txt"),
    pathlib.PureWindowsPath("c:\\x"),
    re.compile("(?i)x"),
    operator.itemgetter("a"),
    operator.attrgetter("a.b"),
    functools.partial(int, base=2),
    logging.getLogger("shop"),
    time.gmtime(0),
    len,
    str.lower,
    dict.fromkeys,
    Account,
    Account.double,
    int,
    make_counter,
    cached,
    range(3),
    slice(1, [2], None),
    memoryview(b"abc"),
    memoryview(bytearray(b"abc")),
    Pence(7),
    Row((1, [2])),
    ...,
    NotImplemented,
    {1: 2}.keys(),
    {1: 2}.items(),
    threading.Event(),
    random.random,
    random.choice,
    str.upper,
    time.monotonic,
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_comes_back_with_the_same_type_and_state(value: Any) -> None:
    for width in (88, None):
        text = encode(value, width=width)
        CALLED.clear()
        made = decode(text, allow=ALLOW)
        assert CALLED == []
        assert type(made) is type(value)
        assert encode(made, width=width) == text


def _has_equality(value: Any) -> bool:
    return "__eq__" in {name for base in type(value).__mro__[:-1] for name in vars(base)}


@pytest.mark.parametrize("value", list(filter(_has_equality, VALUES)), ids=lambda value: type(value).__name__)
def test_comes_back_equal_where_equality_is_defined(value: Any) -> None:
    made: Any = decode(encode(value), allow=ALLOW)
    if not isinstance(value, (re.Pattern, functools.partial)):
        assert made == value


def test_what_comes_back_works() -> None:
    counter = make_counter(3, start=1)
    function: Any
    for function in (counter, decode(encode(counter), allow=ALLOW)):
        assert function(2, times=2) == 13
        assert function.__name__ == "count" and function.__globals__ is globals()
    down: Any = decode(encode(make_recursive()), allow=ALLOW)
    assert down(5) == 5
    table: Any = decode(encode(TABLE), allow=ALLOW)
    assert (table["double"](4), table["negate"](4)) == (8, -4)
    method: Any = decode(encode(account(a=1).double), allow=ALLOW)
    assert method() == 2
    made: Any = decode(encode(Account.make), allow=ALLOW)
    assert made.__self__ is Account
    append: Any = decode(encode([1].append), allow=ALLOW)
    append(2)
    assert append.__self__ == [1, 2]
    dice, again = shuffled(), decode(encode(shuffled()), allow=ALLOW)
    assert [dice.gauss(0, 1), dice.random()] == [again.gauss(0, 1), again.random()]  # type: ignore[attr-defined]
    error: Any = decode(encode(chained()), allow=ALLOW)
    assert (error.code, str(error), error.__notes__) == (3, "outer", ["a note"])
    assert isinstance(error.__cause__, KeyError) and error.__suppress_context__
    missing: Any = decode(encode(OSError(2, "no", "file")), allow=ALLOW)
    assert (missing.errno, missing.filename, str(missing)) == (2, "file", "[Errno 2] no: 'file'")
    text: Any = decode(encode(io.StringIO("a\nb")), allow=ALLOW)
    assert text.readline() == "a\n"
    stream = io.BytesIO(b"abc")
    stream.seek(2)
    assert decode(encode(stream), allow=ALLOW).read() == b"c"  # type: ignore[attr-defined]
    lock: Any = decode(encode(threading.Lock()))
    assert lock.acquire(blocking=False)
    assert decode("sys:stdout") is sys.stdout
    assert decode("module('math')").__name__ == "math"  # type: ignore[attr-defined]


def test_sharing_and_cycles_come_back() -> None:
    shared = account(n=1)
    shared.me = shared
    bag = Bag([shared])
    bag.append(bag)
    value = {"a": shared, "b": [shared, bag], "s": {shared}, "t": (bag,)}
    made: Any = decode(encode(value), allow=ALLOW)
    assert made["a"].me is made["a"] is made["b"][0] is next(iter(made["s"])) is made["t"][0][0]
    assert made["b"][1] is made["t"][0] is made["t"][0][1]
    kind: Any
    for kind in (collections.deque, Bag, list):
        loop: Any = kind()
        loop.append(loop)
        again: Any = decode(encode(loop), allow=ALLOW)
        assert again[0] is again and type(again) is kind
    for kind in (collections.OrderedDict, Registry, dict, Ordered):
        table: Any = kind()
        table["me"] = table
        again = decode(encode(kind(me=table)), allow=ALLOW)
        assert again["me"]["me"] is again["me"]
    error = OwnError("x", 1)
    error.error = error  # type: ignore[attr-defined]
    again = decode(encode(error), allow=ALLOW)
    assert again.error is again


def test_objects_are_put_into_sets_and_dicts_when_they_have_their_state() -> None:
    key = Keyed("k")
    key.owner = table = {key: 1, Keyed("other"): 2}  # type: ignore[attr-defined]
    made: Any = decode(encode([key, table, collections.Counter({key: 3}), frozenset([key])]), allow=ALLOW)
    assert made[1][made[0]] == 1 and made[1][Keyed("other")] == 2
    assert made[2][Keyed("k")] == 3 and Keyed("k") in made[3]


def test_roots_share_in_whatever_order_they_stand() -> None:
    inner: list[Any] = []
    outer = {"inner": inner, "more": [1]}
    inner.append(outer)
    roots = {"first": (outer, inner), "inner": inner, "same": inner, "outer": outer, "more": outer["more"], "n": 3}
    texts = encode_roots(roots)
    made: Any = decode_roots(texts)
    assert made["first"][0] is made["outer"] and made["first"][1] is made["inner"] is made["same"]
    assert made["outer"]["inner"] is made["inner"] and made["inner"][0] is made["outer"]
    assert made["outer"]["more"] is made["more"]
    assert encode_roots(made) == texts
    forward = decode_roots({"a": "[*b, &1 {}]", "b": "[*1, *a]"})
    assert forward["b"][0] is forward["a"][1]  # type: ignore[index]


def test_rows_of_databases_come_back_by_column() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row = connection.execute("SELECT 1 AS id, 'x' AS \"a name\", NULL AS none").fetchone()
    twice = connection.execute("SELECT 1 AS id, 2 AS id").fetchone()
    connection.close()
    assert encode([row, twice]) == "[Row(id=1, **{'a name': 'x'}, none=None), Row(('id', 'id'), (1, 2))]"
    read: Any = decode(encode([row, twice]))
    made, again = read
    assert (made["id"], made["a name"], made.keys(), made == row) == (1, "x", row.keys(), True)
    assert again == twice


def test_any_depth_comes_back() -> None:
    class_text = f"{HERE}:Both"
    text = "".join(f"{class_text}(size=" for _ in range(5000)) + "None" + ")" * 5000
    made: Any = decode(text, allow=ALLOW)
    assert encode(made, width=None) == text
    nested: Any = [1]
    for _ in range(3000):
        nested = [nested, {"k": (nested,)}] if _ < 5 else [nested]
    assert encode(decode(encode(nested))) == encode(nested)


# ------------------------------------------------------------------------------------------- strangers


@pytest.mark.parametrize(
    "text",
    [
        "os:system",
        "posix:system",
        "builtins:eval",
        "builtins:exec",
        "builtins:open",
        "builtins:__import__",
        "builtins:getattr",
        "builtins:compile",
        "builtins:object.__subclasses__",
        "builtins:type.__subclasses__",
        "subprocess:Popen('true')",
        "subprocess:Popen(args='true')",
        "subprocess:run",
        "module('os')",
        "module('sys')",
        "module('subprocess')",
        "os:_wrap_close(_proc=1)",
        "tempfile:TemporaryDirectory(name='/')",
        "tempfile:_TemporaryFileCloser(name='/etc/passwd', delete=True)",
        "shutil:rmtree",
        "pickle:loads",
        "sys:modules",
        "sys:exit",
        "importlib:import_module",
        "types:FunctionType",
        "types:CodeType()",
        "closure('os:_fspath', 0, {}, None, None)",
        "closure('functools:reduce', 0, {}, None, None)",
        "ctypes:CDLL('x')",
        "antigravity:fly",
        "antigravity:Fly()",
        "weakref:finalize()",
        "functools:partial.__reduce__",
        "urllib.error:HTTPError()",
        "Popen('true')",
        "eval('1')",
        "list([1])",
        "type('X', (), {})",
        f"{HERE}:subprocess",
        f"{HERE}:subprocess.run",
        f"{HERE}:sys.exit",
        f"{HERE}:CALLED",
        f"{HERE}:HERE",
        f"{HERE}:Gone()",
        f"{HERE}:Account.__class__",
        f"{HERE}:Account.__init__.__globals__",
        f"{HERE}:Account.__dict__",
        f"{HERE}:pathlib.Path('x')",
        f"{HERE}:Any",
        f"{HERE}:decode('1')",
        f"{HERE}:Point.count.__class__",
        f"{HERE}:Colour.BLUE",
        f"{HERE}:Colour(3)",
        f"{HERE}:Colour('x', 2)",
        f"{HERE}:Permission('x')",
        f"{HERE}:Permission(1, 2)",
        f"{HERE}:Point(x=1)",
        f"{HERE}:Point(1, 2)",
        f"{HERE}:Point(x=1, y=2, z=3)",
        f"{HERE}:Account(1)",
        f"{HERE}:Slotted(size=1, nothing=2)",
        f"{HERE}:Money()",
        f"{HERE}:Money('x', 'y')",
        f"{HERE}:Registry(1)",
        f"{HERE}:Registry({{}}, {{}})",
        f"{HERE}:Moment(1)",
        f"closure('{HERE}:make_counter.<locals>.count', 7, {{}}, None, None)",
        f"closure('{HERE}:make_counter.<locals>.count', 0, {{'x': 1}}, None, None)",
        f"closure('{HERE}:make_counter.<locals>.count')",
        f"closure('{HERE}:make_counter.<locals>.count', 'a', 1, 2, 3)",
        "closure(1, 2, 3, 4, 5)",
        "module(1)",
        "module()",
        "method([], '__class__')",
        "method([], 'nothing')",
        "method(1)",
        "method(builtins:int, '__subclasses__')",
        "*1",
        "*nowhere",
        "&1 (1,)",
        "[&1 [], &1 []]",
        "Decimal('abc')",
        "Decimal([1])",
        "date(2024, 13, 1)",
        "date('x')",
        "datetime(2024, 1, 1, tzinfo=3)",
        "timedelta(days=10000000000)",
        "timezone(3)",
        "ZoneInfo('../../etc/passwd')",
        "ZoneInfo('/etc/passwd')",
        "ZoneInfo('x.y/z')",
        "ZoneInfo(3)",
        "UUID('x')",
        "Fraction(1, 0)",
        "Random('x')",
        "Random('00')",
        "re.compile('(')",
        "re.compile(1, 2)",
        "StringIO(1, 2)",
        "BytesIO('x', -3)",
        "array('?', [1])",
        "array('d', ['x'])",
        "deque([], maxlen=-1)",
        "deque(5)",
        "Counter(5)",
        "OrderedDict(1)",
        "defaultdict(5, {})",
        "partial(5)",
        "bytearray(10000000000)",
        "memoryview(1)",
        "range('a', 1, 1)",
        "complex('x')",
        "frozenset([1])",
        "set([1])",
        "slice()",
        "SimpleNamespace(1)",
        "MappingProxyType([])",
        "dict_keys(3)",
        "itemgetter()",
        "ValueError(__cause__=3)",
        "ExceptionGroup('g', [3])",
        "time:struct_time((1,))",
        "time:struct_time([1, 2, 3, 4, 5, 6, 7, 8, 9])",
        "opaque(1, 2)",
        "opaque()",
        "{opaque('a:B', 'c'): 1, Decimal(opaque('a:B', 'c')): 2}",
        f"{{{HERE}:Registry({{}}): 1}}",
        f"&1 {HERE}:Money(*1)",
        "&1 frozenset(*1)",
        "getLogger(3)",
        "Lock(1)",
        "RLock('often')",
        "RLock(-1)",
    ],
)
def test_a_hostile_text_is_refused(text: str) -> None:
    before = set(sys.modules)
    CALLED.clear()
    with pytest.raises((DecodeError, NotationError)):
        decode(text, allow=ALLOW)
    assert set(sys.modules) == before
    assert CALLED == []


@pytest.mark.parametrize(
    "text",
    [
        f"{HERE}:Account(__class__={HERE}:Both, __dict__={{}}, __reduce__=builtins:len, __init__=1)",
        f"{HERE}:Both(__class__=builtins:int, size=1)",
        "ValueError('x', __class__=builtins:int, __traceback__=3)",
    ],
)
def test_attributes_with_special_names_are_but_attributes(text: str) -> None:
    CALLED.clear()  # other tests may have made such objects in the usual way
    made = decode(text, allow=ALLOW)
    assert type(made) in (Account, Both, ValueError)
    assert "__class__" in vars(made)
    assert CALLED == []


def test_says_what_is_not_allowed_and_what_is_gone() -> None:
    with pytest.raises(NotAllowed) as refused:
        decode("[os:system]")
    assert refused.value.name == "os:system"
    with pytest.raises(NotAllowed):
        decode(encode(account()))
    with pytest.raises(TypeGone) as gone:
        decode(f"{HERE}:Gone(a=1)", allow=ALLOW)
    assert gone.value.name == f"{HERE}:Gone"
    with pytest.raises(TypeGone):
        decode("never.loaded:Thing()", allow=Allow.for_modules("never"))
    assert "never.loaded" not in sys.modules


class Sealed:
    pass


def test_finds_no_class_that_has_been_replaced() -> None:
    old = encode(Sealed())
    replaced = globals()["Sealed"]
    globals()["Sealed"] = type("Other", (), {"__module__": HERE})
    try:
        with pytest.raises(TypeGone):
            decode(old, allow=ALLOW)
    finally:
        globals()["Sealed"] = replaced


def test_opaques_stand_in_and_are_written_as_before() -> None:
    text = "{'file': opaque('_io:TextIOWrapper', 'an open file: data.txt')}"
    made: Any = decode(text)
    assert encode(made) == text
    assert type(made["file"]) is StandIn
    with pytest.raises(StandInUsed, match="an open file"):
        made["file"].read()  # type: ignore[attr-defined]
    assert encode(decode("{opaque('a:B', 'c'): 1}")) == "{opaque('a:B', 'c'): 1}"


def test_a_method_of_what_could_not_be_held_says_what_that_was() -> None:
    made: Any = decode("{'f': method(opaque('_sre:SRE_Scanner', 'an iterator'), 'search')}")
    assert type(made["f"]) is StandIn
    with pytest.raises(StandInUsed, match="SRE_Scanner is not in the recording"):
        made["f"]()  # type: ignore[operator]


def test_runs_in_a_few_frames() -> None:
    text = encode(
        {"chain": account(next=account(next=account())), "when": dt.datetime(2024, 1, 1), "s": {Keyed(1)}}
    )

    def descend(left: int) -> object:
        return decode(text, allow=ALLOW) if left == 0 else descend(left - 1)

    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    assert encode(descend(sys.getrecursionlimit() - depth - 30)) == text


def test_works_on_a_module_in_a_file(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "billing_of_old.py").write_text(
        textwrap.dedent("""
        import functools
        def audited(function):
            @functools.wraps(function)
            def wrapper(*args):
                return ("audited", function(*args))
            return wrapper
        @audited
        def charge(x):
            return x + 1
        HOOKS = [lambda x: x + 1, lambda x: x + 2]
        class Invoice:
            def __init__(self, hook): self.hook = hook
            class Line:
                pass
    """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    billing: Any = importlib.import_module("billing_of_old")

    allow = Allow.for_modules("billing_of_old")
    assert encode(billing.charge) == "billing_of_old:charge"
    assert decode("billing_of_old:charge", allow=allow) is billing.charge
    charge: Any = billing.charge
    inner = charge.__wrapped__
    made: Any = decode(encode(inner), allow=allow)
    assert made(1) == 2 and "closure('billing_of_old:charge', 0, {}" in encode(inner)
    hooks: Any = decode(encode(billing.HOOKS), allow=allow)
    assert [hook(0) for hook in hooks] == [1, 2]
    invoice: Any = decode(encode(billing.Invoice(billing.HOOKS[1])), allow=allow)
    assert invoice.hook(5) == 7
    assert type(decode(encode(billing.Invoice.Line()), allow=allow)) is billing.Invoice.Line


# --------------------------------------------------------------------------------------- any values


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.complex_numbers(allow_nan=False),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.dates(),
    st.datetimes(timezones=st.one_of(st.none(), st.just(dt.UTC))),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.fractions(),
    st.uuids(),
    st.sampled_from([Colour.RED, Permission.READ, Permission(3), int, len, make_counter]),
)
hashables = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner),
        st.frozensets(inner, max_size=3),
        st.builds(Point, inner, inner),
        st.builds(Keyed, inner),
    ),
    max_leaves=4,
)


def made_from(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(hashables, inner, max_size=3),
        st.sets(hashables, max_size=3),
        st.builds(Keyed, inner),
        st.builds(Slotted, inner),
        st.builds(Frozen, inner),
        st.builds(Point, inner, inner),
        st.builds(Bag, st.lists(inner, max_size=2)),
        st.builds(Registry, st.dictionaries(st.text(max_size=2), inner, max_size=2)),
        st.builds(lambda items: collections.deque(items, 4), st.lists(inner, max_size=3)),
        st.builds(ValueError, inner),
        st.builds(lambda kw: types.SimpleNamespace(**kw), st.dictionaries(st.sampled_from("ab"), inner)),
        inner.map(lambda item: [item, item]),
    )


values = st.recursive(leaves, made_from, max_leaves=12)


@given(values, st.sampled_from([88, None]))
def test_whatever_is_written_comes_back(value: Any, width: int | None) -> None:
    text = encode(value, width=width)
    made = decode(text, allow=ALLOW)
    assert type(made) is type(value)
    assert encode(made, width=width) == text
    if isinstance(value, (list, dict, set, tuple)):
        assert encode(copy.copy(made), width=width) == text


@given(st.dictionaries(st.sampled_from(["a", "b", "self", "m:STATE"]), values, min_size=1), st.data())
def test_roots_come_back_with_their_sharing(roots: dict[str, Any], data: st.DataObject) -> None:
    names = list(roots)
    for name in names:
        other = roots[data.draw(st.sampled_from(names))]
        if isinstance(roots[name], list):
            roots[name].append(other)
        elif isinstance(roots[name], dict):
            roots[name]["other"] = other
    texts = encode_roots(roots)
    made = decode_roots(texts, allow=ALLOW)
    assert encode_roots(made) == texts
    for one in names:
        for two in names:
            if not isinstance(roots[one], (int, float, str, type(None), type, tuple, bytes, complex)):
                assert (made[one] is made[two]) == (roots[one] is roots[two]) or type(roots[one]) is frozenset


@given(st.text(alphabet="[](){}'&*:,=1a.mHReKyedPont", max_size=40))
def test_no_text_does_anything_but_make_a_value_or_be_refused(text: str) -> None:
    with contextlib.suppress(DecodeError, NotationError):
        decode(text, allow=ALLOW)


@pytest.mark.parametrize(
    ("pattern", "text", "start", "end"),
    [
        (r"\d+", "ab 12 34", 0, None),
        (r"^(a)(b)?", "ac", 0, None),
        (r"(?<=x)y", "xyxy", 2, None),
        (r"b", "abcb", 2, 4),
    ],
)
def test_a_match_is_found_again(pattern: str, text: str, start: int, end: int | None) -> None:
    compiled = re.compile(pattern)
    match = compiled.search(text, start, len(text) if end is None else end)
    assert match is not None

    again: Any = decode(encode(match))

    assert (again.span(), again.groups(), again.string) == (match.span(), match.groups(), match.string)
    assert encode(again) == encode(match)


class Offset(dt.tzinfo):
    """A zone as old code writes them."""

    def __init__(self, hours: int = 0) -> None:
        self.hours = hours

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(hours=self.hours)

    def dst(self, moment: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(0)

    def tzname(self, moment: dt.datetime | None) -> str:
        return f"{self.hours:+d}"


def test_zones_of_the_programs_own_making_come_back_inside_moments() -> None:
    moment = dt.datetime(2024, 1, 31, 12, tzinfo=Offset(3))

    again: Any = decode(encode(moment), allow=ALLOW)

    assert again == moment
    assert type(again.tzinfo) is Offset
    assert again.tzinfo.hours == 3


def test_two_roots_may_be_one_function() -> None:
    texts = encode_roots({"first": encode_roots, "second": encode_roots, "third": [encode_roots]})

    values: Any = decode_roots(texts, allow=Allow.for_modules("legacy_seam"))

    assert values == {"first": encode_roots, "second": encode_roots, "third": [encode_roots]}


def test_what_an_exit_stack_is_to_call_is_called_again() -> None:
    seen: list[int] = []
    stack = contextlib.ExitStack()
    stack.callback(seen.append, 7)
    again: Any = decode(encode((stack, seen)))
    again[0].close()
    assert (again[1], seen) == ([7], [])


def test_a_decoder_of_json_is_made_again_with_what_it_was_told() -> None:
    told = json.JSONDecoder(parse_float=decimal.Decimal, object_pairs_hook=tuple, strict=False)
    assert encode(json.JSONDecoder()) == "json.JSONDecoder()"
    again: Any = decode(encode(told))
    assert again.decode('{"a": 1.50}') == (("a", decimal.Decimal("1.50")),)
    assert encode(again) == encode(told)
    assert encode(json.JSONDecoder(parse_constant=str)) == "json.JSONDecoder(parse_constant=builtins:str)"


def test_texts_whose_attributes_lead_back_to_them_are_made_again() -> None:
    first: Any = Element().children[0]
    back: Any = decode(encode(first), allow=ALLOW)
    assert (back, type(back), back.next, back.next.next is back) == ("a", Words, "b", True)
    assert back.parent.children[0] is back and back.next.parent is back.parent
