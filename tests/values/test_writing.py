"""What is written for values: exact, the same everywhere, and without running any code of theirs."""

from __future__ import annotations

import array
import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import functools
import io
import logging
import operator
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time
import types
import uuid
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import legacy_seam
from legacy_seam.values import call_main, encode, encode_roots, writing

HERE = __name__


class Plain:
    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def method(self) -> Plain:
        return self


class Slotted:
    __slots__ = ("__private", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self.__private = [size]


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    price: decimal.Decimal
    tags: tuple[str, ...] = ()


class Colour(enum.Enum):
    RED = 1
    CRIMSON = 1  # noqa: PIE796


class Level(enum.IntEnum):
    LOW = 1


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


Point = collections.namedtuple("Point", "x y")


class Money(decimal.Decimal):
    pass


class Registry(dict[Any, Any]):
    pass


class OwnError(Exception):
    pass


def named() -> None:
    """Has a name."""


@functools.lru_cache
def cached() -> None:
    """Has a name behind a wrapper."""


def make_counter(step: int, start: int = 0, *, unit: str = "x") -> Any:
    def count(by: int = 1, *, unit: str = unit) -> Any:
        return start + step * by, unit

    return count


LAMBDAS: list[Any] = [lambda x: x, lambda x: -x]


def raised(make: Callable[[], object]) -> Exception:
    try:
        make()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def chained() -> None:
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        raise OwnError("no", 3) from error


def in_handling() -> None:
    try:
        {}["x"]  # type: ignore[index]
    except KeyError:
        raise OwnError("while") from None


def implicitly() -> None:
    try:
        {}["x"]  # type: ignore[index]
    except KeyError:
        raise OwnError("while")  # noqa: B904


def with_note() -> None:
    error = OwnError("x")
    error.code = 7  # type: ignore[attr-defined]
    error.add_note("look here")
    raise error


NAMED = {"a": 1}
LITERALS: list[tuple[Any, str]] = [
    (None, "None"),
    (True, "True"),
    (12, "12"),
    (-7, "-7"),
    (10**600, "1" + "0" * 600),
    (-(16**1000), "-0x1" + "0" * 1000),
    (1.5, "1.5"),
    (-0.0, "-0.0"),
    (1e300, "1e+300"),
    (float("nan"), "nan"),
    (float("-inf"), "-inf"),
    (complex(1, -0.0), "complex(1.0, -0.0)"),
    ("it's", '"it\'s"'),
    ("tab\t\\ \x07 \x7f", r"'tab\t\\ \x07 \x7f'"),
    ("naïve 日本 Привет 😀", "'naïve 日本 Привет 😀'"),
    ("e\u0301\u200b\u202e\ud800\xa0\ue000", r"'e\u0301\u200b\u202e\ud800\xa0\ue000'"),
    ("both ' and \" and é", "'both \\' and \" and é'"),
    (b"\x00'", 'b"\\x00\'"'),
    (bytearray(b"ab"), "bytearray(b'ab')"),
    ((), "()"),
    ((1,), "(1,)"),
    ([], "[]"),
    ({}, "{}"),
    ({2: 1, "a": [None]}, "{2: 1, 'a': [None]}"),
    (set(), "set()"),
    ({10, 9, 1}, "{1, 10, 9}"),
    (frozenset({"b", "a"}), "frozenset({'a', 'b'})"),
    (frozenset(), "frozenset()"),
    (range(9), "range(0, 9, 1)"),
    (slice(None, 3), "slice(None, 3, None)"),
    (memoryview(b"ab"), "memoryview(b'ab')"),
    (memoryview(bytearray(b"ab")), "memoryview(bytearray(b'ab'))"),
    (..., "Ellipsis"),
    (NotImplemented, "NotImplemented"),
    (NAMED.keys(), "dict_keys(['a'])"),
    (NAMED.values(), "dict_values([1])"),
    (NAMED.items(), "dict_items([('a', 1)])"),
]

STANDARD_LIBRARY: list[tuple[Any, str]] = [
    (dt.date(2024, 1, 31), "date(2024, 1, 31)"),
    (dt.datetime(2024, 1, 31, 12, 0, 0, 5), "datetime(2024, 1, 31, 12, 0, 0, 5)"),
    (
        dt.datetime(2024, 1, 31, 12, tzinfo=dt.UTC, fold=1),
        "datetime(2024, 1, 31, 12, 0, tzinfo=timezone.utc, fold=1)",
    ),
    (
        dt.time(1, 2, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        "time(1, 2, tzinfo=timezone(timedelta(seconds=3600)))",
    ),
    (dt.timedelta(days=1, seconds=2, microseconds=3), "timedelta(days=1, seconds=2, microseconds=3)"),
    (decimal.Decimal("1.20"), "Decimal('1.20')"),
    (decimal.Decimal("sNaN"), "Decimal('sNaN')"),
    (fractions.Fraction(2, 6), "Fraction(1, 3)"),
    (uuid.UUID(int=1), "UUID('00000000-0000-0000-0000-000000000001')"),
    (pathlib.PurePosixPath("a/../b"), "PurePosixPath('a/../b')"),
    (pathlib.PureWindowsPath("c:/a"), "PureWindowsPath('c:\\\\a')"),
    (collections.deque([1], 3), "deque([1], maxlen=3)"),
    (collections.deque(), "deque([])"),
    (collections.defaultdict(list, a=[1]), "defaultdict(builtins:list, {'a': [1]})"),
    (collections.OrderedDict(b=1, a=2), "OrderedDict({'b': 1, 'a': 2})"),
    (collections.Counter("aab"), "Counter({'a': 2, 'b': 1})"),
    (collections.ChainMap({}, {1: 2}), "ChainMap({}, {1: 2})"),
    (types.MappingProxyType({1: 2}), "MappingProxyType({1: 2})"),
    (types.SimpleNamespace(a=1), "SimpleNamespace(a=1)"),
    (array.array("d", [1.5]), "array('d', [1.5])"),
    (re.compile("x+", re.IGNORECASE), "re.compile('x+', 34)"),
    (re.compile(b"x"), "re.compile(b'x', 0)"),
    (io.StringIO("text"), "StringIO('text', 0)"),
    (io.BytesIO(b"text"), "BytesIO(b'text', 0)"),
    (threading.Lock(), "Lock()"),
    (threading.RLock(), "RLock()"),
    (logging.getLogger("a.b"), "getLogger('a.b')"),
    (functools.partial(int, "11", base=2), "partial(builtins:int, '11', base=2)"),
    (operator.itemgetter(1, "a"), "itemgetter(1, 'a')"),
    (time.struct_time(range(9)), "time:struct_time((0, 1, 2, 3, 4, 5, 6, 7, 8), tm_zone=None, tm_gmtoff=None)"),
]

OWN: list[tuple[Any, str]] = [
    (Plain(b=1, a=[2]), "Plain(b=1, a=[2])"),
    (Plain(**{"no word": 1, "größe": 2, "x": 3}), "Plain(**{'no word': 1}, größe=2, x=3)"),
    (Plain(), "Plain()"),
    (Slotted(2), "Slotted(_Slotted__private=[2], size=2)"),
    (Frozen(decimal.Decimal(1)), "Frozen(price=Decimal('1'), tags=())"),
    (Colour.CRIMSON, "Colour.RED"),
    (Level.LOW, "Level.LOW"),
    (Permission.READ, "Permission.READ"),
    (Permission.READ | Permission.WRITE, "Permission(3)"),
    (Point(1, [2]), "Point(x=1, y=[2])"),
    (Money("1.2"), "Money(Decimal('1.2'))"),
    (Registry(a=1), "Registry({'a': 1})"),
    (Plain, "Plain"),
    (named, "named"),
    (cached, "cached"),
    (Plain.method, "Plain.method"),
    (raised(chained), "OwnError('no', 3, __cause__=ZeroDivisionError('division by zero'))"),
    (raised(in_handling), "OwnError('while')"),
    (raised(implicitly), "OwnError('while', __context__=KeyError('x'))"),
    (raised(with_note), "OwnError('x', code=7, __notes__=['look here'])"),
]


@pytest.mark.parametrize(("value", "text"), LITERALS + STANDARD_LIBRARY, ids=lambda item: type(item).__name__)
def test_writes_values_of_python_and_its_library(value: Any, text: str) -> None:
    assert encode(value, width=None) == text


@pytest.mark.parametrize(("value", "text"), OWN, ids=lambda item: type(item).__name__)
def test_writes_what_belongs_to_the_program_under_its_module(value: Any, text: str) -> None:
    assert encode(value, width=None) == f"{HERE}:{text}"


def test_writes_exceptions_of_python_bare_and_with_what_their_arguments_do_not_tell() -> None:
    assert encode(ValueError("x")) == "ValueError('x')"
    missing = raised(lambda: open("/nowhere/file.txt"))  # noqa: SIM115, PTH123
    assert encode(missing) == "FileNotFoundError(2, 'No such file or directory', filename='/nowhere/file.txt')"
    assert encode(ExceptionGroup("g", [KeyError(1)])) == "ExceptionGroup('g', [KeyError(1)])"
    assert encode(SystemExit(3)) == "SystemExit(3)"


def test_writes_functions_by_reference_and_closures_by_their_parts() -> None:
    assert encode(len) == "builtins:len"
    assert encode(str.lower) == "builtins:str.lower"
    assert encode(dict.fromkeys) == "builtins:dict.fromkeys"
    assert encode([].append) == "method([], 'append')"
    assert encode(Plain(a=1).method) == f"method({HERE}:Plain(a=1), 'method')"
    closure = encode(make_counter(2), width=None)
    assert closure == (
        f"closure('{HERE}:make_counter.<locals>.count', 0, {{'start': 0, 'step': 2}}, (1,), {{'unit': 'x'}})"
    )
    assert encode(LAMBDAS[1]).startswith(f"closure('{HERE}:<lambda>', ")
    assert encode(LAMBDAS[0]) != encode(LAMBDAS[1])
    assert encode(os) == "module('os')"


def test_writes_standard_streams_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced = io.StringIO()
    monkeypatch.setattr(sys, "stdout", replaced)
    assert encode({"out": replaced}) == "{'out': sys:stdout}"
    assert encode(sys.__stderr__) == "sys:stderr"


class Target:
    pass


TARGET = Target()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((i for i in NAMED), "opaque('builtins:generator', 'a generator: it stands in the middle of its code')"),
        (iter(memoryview(b"")), "opaque('builtins:memory_iterator', 'an iterator: reading it would use it up')"),
        (sys._getframe(), "opaque('builtins:frame', 'a frame of the running program')"),
        (weakref.proxy(TARGET), "a weak reference"),
        (subprocess.Popen.__new__(subprocess.Popen), "outside('subprocess:Popen')"),
    ],
    ids=lambda item: "",
)
def test_writes_what_cannot_be_held_as_opaque(value: Any, text: str) -> None:
    assert text in encode([value], width=None)


def test_names_an_open_file_without_its_directory(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "data.txt"
    path.touch()
    with path.open() as text, path.open("rb") as binary:
        assert encode(text).startswith("open('data.txt', 'r', ")
        assert encode(binary) == "open('data.txt', 'rb')"


def test_marks_shared_objects_and_cycles() -> None:
    shared = [1]
    assert encode([shared, shared, (1,), (1,)]) == "[&1 [1], *1, (1,), (1,)]"
    loop: dict[str, Any] = {}
    loop["me"] = loop
    assert encode(loop) == "&1 {'me': *1}"
    both: Any = Plain()
    both.a = both.b = Plain(owner=both)
    assert encode(both) == f"&1 {HERE}:Plain(a=&2 {HERE}:Plain(owner=*1), b=*2)"
    text = "long enough not to be interned"
    empty: set[int] = set()
    assert encode([text, text, empty, empty]) == f"['{text}', '{text}', &1 set(), *1]"


def test_numbers_run_in_order_of_appearance_even_inside_sets() -> None:
    one, two = Plain(n=1), Plain(n=2)
    assert encode([{two, one}, one, two], width=None) == (
        f"[{{&1 {HERE}:Plain(n=1), &2 {HERE}:Plain(n=2)}}, *1, *2]"
    )


def test_roots_refer_to_each_other_by_name() -> None:
    shared: list[int] = [1]
    other: dict[str, int] = {}
    texts = encode_roots({"a": {"in": shared, "o": other}, "b": shared, "c": shared, "d": [other], "n": 5, "m": 5})
    assert texts == {"a": "{'in': *b, 'o': &1 {}}", "b": "[1]", "c": "*b", "d": "[*1]", "n": "5", "m": "5"}
    loop: list[Any] = []
    loop.append(loop)
    assert encode_roots({"loop": loop}) == {"loop": "[*loop]"}
    assert encode_roots({"m:CACHE": shared, "x": (shared,)}) == {"m:CACHE": "[1]", "x": "(*m:CACHE,)"}


def test_given_names_stand_for_objects() -> None:
    account = Plain(a=1)
    assert encode((account, [account]), names={id(account): "self"}) == "(*self, [*self])"
    assert encode(account, names={id(account): "self"}) == "*self"


def test_breaks_what_is_longer_than_a_line_and_nothing_else() -> None:
    rows = [{"id": i, "name": "x" * 20} for i in range(3)]
    assert encode({"rows": rows, "few": [1, 2]}) == (
        "{\n"
        "    'rows': [\n"
        "        {'id': 0, 'name': 'xxxxxxxxxxxxxxxxxxxx'},\n"
        "        {'id': 1, 'name': 'xxxxxxxxxxxxxxxxxxxx'},\n"
        "        {'id': 2, 'name': 'xxxxxxxxxxxxxxxxxxxx'},\n"
        "    ],\n"
        "    'few': [1, 2],\n"
        "}"
    )
    assert encode(list(range(25)))[:3] == "[\n "
    assert "\n" not in encode(list(range(24)))
    assert encode(["a line of some length\n" * 3], width=60).count("\n") == 6
    assert "\n" not in encode(rows * 50, width=None)
    assert encode((list(range(40)),)).endswith("    ],\n)")
    assert encode(collections.Counter({f"key{i}": i for i in range(20)})).startswith("Counter({\n    'key0': 0,\n")


def test_breaks_long_strings_at_their_lines_except_in_keys() -> None:
    text = "first line of the message\nsecond line of the message\n\nthe end of the message"
    assert encode({"t": text}) == (
        "{\n"
        "    't': (\n"
        "        'first line of the message\\n'\n"
        "        'second line of the message\\n'\n"
        "        '\\n'\n"
        "        'the end of the message'\n"
        "    ),\n"
        "}"
    )
    assert encode(text + "\n").endswith("'the end of the message\\n'\n)")
    assert encode({(text, 1): 2}).count("\n") == 2
    assert encode(text, width=None) == repr(text)


class Watched(type):
    """Whatever is asked of such a class is noted."""

    log: list[str] = []  # noqa: RUF012

    def __hash__(cls) -> int:
        Watched.log.append("hash of the class")
        return 1

    def __eq__(cls, other: object) -> bool:
        Watched.log.append("== of the class")
        return False

    def __getattribute__(cls, name: str) -> Any:
        Watched.log.append(f"{name} of the class")
        return super().__getattribute__(name)

    def __instancecheck__(cls, other: object) -> bool:
        Watched.log.append("isinstance")
        return True


SPECIAL = [
    "__getattribute__",
    "__getattr__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__hash__",
    "__repr__",
    "__str__",
    "__reduce__",
    "__reduce_ex__",
    "__getstate__",
    "__iter__",
    "__len__",
    "__bool__",
    "__getitem__",
    "__contains__",
    "__format__",
    "__index__",
    "__int__",
    "__float__",
    "__call__",
    "__dir__",
    "__missing__",
    "__next__",
    "__enter__",
    "__sizeof__",
    "__fspath__",
    "__bytes__",
    "__complex__",
    "__copy__",
    "__deepcopy__",
    "__length_hint__",
    "items",
    "keys",
    "values",
    "copy",
    "isoformat",
    "getstate",
    "as_tuple",
    "__setattr__",
    "__del__",
    "tolist",
    "write",
    "read",
    "name",
]


def noisy(*bases: Any) -> Any:
    def note(name: str) -> Any:
        def method(self: object, *args: object, **kwargs: object) -> object:
            Watched.log.append(name)
            raise RuntimeError(name)

        return method

    namespace: dict[str, Any] = {name: note(name) for name in SPECIAL if name != "__del__"}
    namespace["__class__"] = property(note("__class__"))
    namespace["__doc__"] = property(note("__doc__"))
    if not any(base in (int, tuple, bytes, str) for base in bases):
        namespace["__dict__"] = property(note("__dict__"))
    return Watched("Noisy", bases, namespace)


@pytest.mark.parametrize(
    ("bases", "args"),
    [
        ((), ()),
        ((dict,), ({"a": 1},)),
        ((list,), ([1],)),
        ((tuple,), ([1],)),
        ((set,), ([1],)),
        ((int,), (3,)),
        ((float,), (3,)),
        ((str,), ("x",)),
        ((bytes,), (b"x",)),
        ((decimal.Decimal,), ("1",)),
        ((dt.datetime,), (2024, 1, 1)),
        ((collections.OrderedDict,), ()),
        ((collections.deque,), ([1],)),
        ((Exception,), ("x",)),
        ((io.StringIO,), ("x",)),
        ((random.Random,), (1,)),
        ((uuid.UUID,), None),
        ((collections.defaultdict,), (int,)),
    ],
    ids=lambda item: "",
)
def test_runs_no_code_of_what_it_reads(bases: tuple[Any, ...], args: Any) -> None:
    cls = noisy(*bases)
    base = bases[0] if bases else object
    made = (
        base.__new__(cls) if args is None or (base is not object and args and base in (list, dict, set)) else None
    )
    if made is None:
        made = base.__new__(cls, *args)
    if base in (list, dict, set, collections.deque, Exception, io.StringIO) and args:
        base.__init__(made, *args)
    Watched.log.clear()
    for value in (made, [made], {"k": made}, (made, made), {1: [made]}):
        encode(value)
    encode_roots({"a": made, "b": [made]})
    assert Watched.log == []


def test_never_tells_an_address() -> None:
    class Local:
        pass

    value: Any
    for value in (Local(), Local.__init__, Local, object(), Plain().method, iter(()), TARGET.__class__):
        assert not re.search(r"0x[0-9a-f]{4}", encode(value))


def deep_list(depth: int) -> Any:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


class Link:
    def __init__(self, number: int, rest: Any) -> None:
        self.number, self.rest = number, rest


def chain_of(length: int) -> Any:
    rest = None
    for number in range(length):
        rest = Link(number, rest)
    return rest


def test_writes_values_of_any_depth() -> None:
    assert encode(deep_list(2000), width=None) == "[" * 2001 + "]" * 2001
    text = encode(chain_of(5000))
    assert text.count("Link(") == 5000
    assert len(text) < 2_000_000
    nested: Any = ()
    for _ in range(3000):
        nested = (nested, 1)
    assert encode({nested: 1}, width=None).count("(") == 3001
    inner: frozenset[Any] = frozenset()
    for _ in range(2000):
        inner = frozenset({inner})
    assert encode(inner, width=None).count("frozenset") == 2001


def test_works_close_to_the_recursion_limit() -> None:
    value = {"chain": chain_of(50), "sets": {1, 2}, "when": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)}
    expected = encode(value)

    def descend(left: int) -> str:
        return encode(value) if left == 0 else descend(left - 1)

    depth = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    assert descend(sys.getrecursionlimit() - depth - 25) == expected


def test_stops_at_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legacy_seam.values.writing.MOST_PARTS", 10_000)
    bomb: Any = (1,)
    for _ in range(60):
        bomb = (bomb, bomb)
    text = encode(bomb, width=None)
    assert "opaque('builtins:tuple', 'too large to be read')" in text
    assert len(text) < 1_000_000


def test_a_root_that_is_too_large_keeps_no_other_from_being_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legacy_seam.values.writing.MOST_PARTS", 1_000)
    monkeypatch.setattr("legacy_seam.values.writing.SURELY_TOO_MANY", 3_000)
    monkeypatch.setattr("legacy_seam.values.writing._COUNTED_FROM", 100)
    small, large = [1], [[number] for number in range(5_000)]
    bomb: Any = ()
    for _ in range(3_000):
        bomb = (bomb, large[-1])
    texts = encode_roots({"small": small, "bomb": bomb, "both": (small, bomb, small), "last": {"a": small}})
    assert texts == {
        "small": "[1]",
        "bomb": "opaque('builtins:tuple', 'too large to be read')",
        "both": "opaque('builtins:tuple', 'too large to be read')",
        "last": "{'a': *small}",
    }


def test_of_what_is_too_large_only_the_largest_containers_inside_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("legacy_seam.values.writing.MOST_PARTS", 1_000)
    monkeypatch.setattr("legacy_seam.values.writing.SURELY_TOO_MANY", 3_000)
    monkeypatch.setattr("legacy_seam.values.writing._COUNTED_FROM", 100)
    monkeypatch.setattr("legacy_seam.values.writing._bulks", {})
    table = {number: [number] for number in range(5_000)}
    for _ in range(2):
        assert encode_roots({"self": {"name": "x", "table": table, "n": [1]}, "again": [table], "table": {}}) == {
            "self": "{'name': 'x', 'table': &1 opaque('builtins:dict', 'too large to be read'), 'n': [1]}",
            "again": "[*1]",
            "table": "{}",
        }
        writing.look_for_bulks((table,))
    del table[0]
    assert encode([table, 1], width=None) == "[opaque('builtins:dict', 'too large to be read'), 1]"
    table.clear()
    assert encode([table, 1], width=None) == "[{}, 1]"


def test_main_goes_by_the_name_it_is_given() -> None:
    main: Any = sys.modules["__main__"]
    cls = type("InMain", (), {"__module__": "__main__"})
    main.InMain = cls
    call_main("nightly")
    try:
        assert encode(cls()) == "nightly:InMain()"
        assert encode(cls) == "nightly:InMain"
    finally:
        call_main(None)
        del main.InMain
    assert encode(cls()) in ("nightly:InMain()", "__main__:InMain()")


SCRIPT = """
import sys, decimal, datetime, collections, enum, pathlib, fractions, random
sys.path.insert(0, sys.argv[1])
from legacy_seam.values import encode
class P:
    def __init__(self, **k): self.__dict__.update(k)
class F(enum.Flag):
    A = 1; B = 2
values = {
    "set": {"a", "b", "c", ("x", 1), 3.5, None, frozenset({"q", "r"}), P, decimal.Decimal("1.5")},
    "objects": {P(n=i) for i in range(20)},
    "text": "".join(map(chr, range(0x3000))) + "\\U0001f600\\U0001fae8\\U000323b0",
    "path": pathlib.PurePosixPath("a//b/./c"), "flag": F.A | F.B, "mean": fractions.Fraction(3, 9),
    "when": datetime.datetime(2024, 3, 31, 2, 30, fold=1), "random": random.Random(5),
    "exponent": decimal.Decimal("1E+9"),
    "error": OSError(2, "x", "f"), "loop": collections.deque([{"k": P(z=1, a=2)}]), "local": (lambda: P)(),
}
values["loop"].append(values["loop"])
values["objects"] |= {P(of=values["set"], n=i) for i in range(3)}
sys.stdout.reconfigure(encoding="utf-8")
print(encode(values))
"""


def _runs(interpreter: str) -> bool:
    """Is this an interpreter, and not a shim for one that is not there?"""
    return subprocess.run([interpreter, "-c", ""], capture_output=True, check=False).returncode == 0


def test_writes_the_same_in_every_process() -> None:
    source = str(pathlib.Path(legacy_seam.__file__).parents[1])
    others = (shutil.which(f"python3.{minor}") for minor in (11, 12, 13))
    interpreters = [sys.executable, *filter(_runs, filter(None, others))]
    texts = set()
    for interpreter in interpreters:
        for seed in ("0", "1", "77"):
            ran = subprocess.run(
                [interpreter, "-c", SCRIPT, source],
                capture_output=True,
                check=True,
                env={**os.environ, "PYTHONHASHSEED": seed},
            )
            texts.add(ran.stdout)
    assert len(texts) == 1


class _Knot:
    """Stands in sets where it is told to."""

    def __init__(self, rank: int) -> None:
        self.rank = rank

    def __hash__(self) -> int:
        return self.__dict__["rank"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("size", [2, 10])
def test_objects_in_sets_that_lead_to_one_another_are_in_one_order_wherever_they_lie(size: int) -> None:
    def knotted(ranks: list[int]) -> str:
        sets: list[set[_Knot]] = [{_Knot(rank) for rank in ranks} for _ in range(size)]
        for place in sets:
            for knot in place:
                number = ranks.index(knot.__dict__.pop("rank"))
                knot.__dict__.update(number=[number // 2], sets=sets)
        return encode(sets)

    ranks = list(range(size))
    one = knotted(ranks)
    assert f"number=[{size // 2 - 1}]" in one
    assert knotted(ranks[::-1]) == one
    assert knotted(ranks[1::2] + ranks[::2]) == one


def test_objects_in_a_set_are_in_the_order_of_their_texts() -> None:
    class Item:
        def __init__(self, name: str, of: object) -> None:
            self.name, self.of = name, of

    whole = {Item("b", [1]), Item("a", [2]), Item("a", [1]), (1, 2), "a", frozenset({3})}
    texts = re.findall(r"Item\(name='\w', of=\[\d\]\)", encode(whole, width=None))
    assert texts == sorted(texts)
    assert len(texts) == 3


def test_values_built_on_tuples_are_told_apart_by_what_these_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kind(tuple[str, ...]):
        def __init__(self, names: tuple[str, ...]) -> None:
            self.names = names
            self.below: set[Kind] = set()

    top = Kind(())
    for first in "abcdefgh":
        below = Kind((first,))
        top.below.add(below)
        below.below |= {Kind((first, second)) for second in "xyz"}
        for one in (below, *below.below):
            one.__dict__["above"] = top
    walks: list[object] = []
    monkeypatch.setattr(writing._Walk, "write", _counted(writing._Walk.write, walks))

    text = encode(top, width=None)

    assert [text.index(f"('{one}',)") for one in "abcdefgh"] == sorted(
        text.index(f"('{one}',)") for one in "abcdefgh"
    )
    assert len(walks) < 10, "no element is written for the sake of its order"


def _counted(function: Callable[..., Any], calls: list[object]) -> Callable[..., Any]:
    def counted(*arguments: Any) -> Any:
        calls.append(arguments)
        return function(*arguments)

    return counted
