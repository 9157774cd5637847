"""Targets: names of functions, patterns over them, and the live function behind a name."""

from __future__ import annotations

import types
from typing import Any

import pytest

from legacy_seam.targets import Pattern, Target, TargetSyntaxError, mangled, resolve

SOURCE = """
import contextlib, functools

def plain(): return "plain"

def decorator(function):
    @functools.wraps(function)
    def wrapper(*args): return function(*args)
    return wrapper

def bare_decorator(function):
    def wrapper(*args): return function(*args)
    return wrapper

class CallableWrapper:
    def __init__(self, function): self.__wrapped__ = function
    def __call__(self): return self.__wrapped__()

@decorator
def wrapped(): return "wrapped"

@bare_decorator
def hidden(): return "hidden"

@decorator
@bare_decorator
@decorator
def deep(): return "deep"

@functools.lru_cache
def cached(): return "cached"

@contextlib.contextmanager
def managed(): yield "managed"

class Memo:
    def __init__(self, f): self.f, self.answers = f, {}
    def __call__(self): return self.f()

@Memo
def remembered(): return "remembered"

@CallableWrapper
def called(): return "called"

@functools.singledispatch
def dispatched(x=None): return "dispatched"

partial = functools.partial(plain)
constant = 42

class Account:
    limit = 7
    def score(self): return "score"
    @classmethod
    def make(cls): return "make"
    @staticmethod
    def rate(): return "rate"
    @staticmethod
    @decorator
    def fee(): return "fee"
    @property
    def balance(self): return "get"
    @balance.setter
    def balance(self, value): return "set"
    @balance.deleter
    def balance(self): return "delete"
    @functools.cached_property
    def history(self): return "history"
    def __secret(self): return "secret"
    def __len__(self): return 3
    def setter(self): return "not an accessor"
    class Inner:
        def act(self): return "act"
        def setter(self): return "not an accessor either"
    class __Hidden:
        def act(self): return "act"

class _Private:
    def __hidden(self): return "mangled"

alias = Account
"""


@pytest.fixture
def module() -> types.ModuleType:
    module = types.ModuleType("shop.rules")
    exec(SOURCE, vars(module))
    return module


def found(module: types.ModuleType, qualname: str) -> types.FunctionType | None:
    resolved = resolve(Target("shop.rules", qualname), module)
    return None if resolved is None else resolved.function


def test_a_target_is_written_as_it_is_read() -> None:
    target = Target.parse("shop.rules:Account.score")
    assert target == Target("shop.rules", "Account.score")
    assert str(target) == "shop.rules:Account.score"


@pytest.mark.parametrize("text", ["", ":", "shop.rules", "shop.rules:", ":score"])
def test_half_a_target_is_refused(text: str) -> None:
    with pytest.raises(TargetSyntaxError, match=r"is not a target: write it as package\.module:Class\.method"):
        Target.parse(text)


def test_targets_sort_by_module_then_name() -> None:
    names = ["b:a", "a:b", "a.b:a", "a:a"]
    assert [str(target) for target in sorted(map(Target.parse, names))] == ["a:a", "a:b", "a.b:a", "b:a"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("shop", True),
        ("shop.rules", True),
        ("shop.rules:Account", True),
        ("shop.rules:Account.score", True),
        ("shop.*", True),
        ("*", True),
        ("*:*", True),
        ("*:Account", True),
        ("*:*.score", True),
        ("shop.rul?s:Acc*", True),
        ("sho", False),
        ("rules", False),
        ("shop.rule", False),
        ("shop:Account", False),
        ("shop.rules:Acc", False),
        ("shop.rules:score", False),
        ("shop.rules:account", False),
        ("shop.rules:Account.score.inner", False),
    ],
)
def test_a_pattern_covers_what_lies_at_or_below_it(pattern: str, expected: bool) -> None:
    assert Pattern(pattern).matches(Target("shop.rules", "Account.score")) is expected


@pytest.mark.parametrize(
    "qualname",
    ["plain", "wrapped", "hidden", "deep", "cached", "managed", "called", "remembered", "dispatched"]
    + [
        f"Account.{name}"
        for name in (
            "score",
            "make",
            "rate",
            "fee",
            "history",
            "__len__",
            "setter",
            "Inner.act",
            "Inner.setter",
            "__Hidden.act",
        )
    ],
)
def test_the_body_is_found_behind_whatever_stands_around_it(module: types.ModuleType, qualname: str) -> None:
    function = found(module, qualname)
    assert function is not None
    assert function.__code__.co_qualname == qualname


@pytest.mark.parametrize(
    ("qualname", "returns"),
    [("Account.balance", "get"), ("Account.balance.setter", "set"), ("Account.balance.deleter", "delete")],
)
def test_each_accessor_of_a_property_has_a_name(module: types.ModuleType, qualname: str, returns: str) -> None:
    function = found(module, qualname)
    assert function is not None
    assert function(*[None] * function.__code__.co_argcount) == returns


@pytest.mark.parametrize(
    ("qualname", "returns"), [("Account.__secret", "secret"), ("_Private.__hidden", "mangled")]
)
def test_private_names_are_found_as_they_are_written(module: types.ModuleType, qualname: str, returns: str) -> None:
    function = found(module, qualname)
    assert function is not None
    assert function(None) == returns


def test_the_owner_and_what_stands_there_are_told(module: types.ModuleType) -> None:
    resolved = resolve(Target("shop.rules", "Account.make"), module)
    assert resolved is not None
    assert resolved.owner is module.Account
    assert isinstance(resolved.attribute, classmethod)
    function = resolve(Target("shop.rules", "plain"), module)
    assert function is not None
    assert function.owner is module


@pytest.mark.parametrize(
    "qualname",
    [
        "absent",
        "Absent.score",
        "Account.absent",
        "constant",
        "Account.limit",
        "Account.limit.real",
        "Account",
        "constant.bit_length",
        "decorator.<locals>.wrapper",
        "Account.score.setter",
    ],
)
def test_where_there_is_no_function_there_is_none(module: types.ModuleType, qualname: str) -> None:
    assert found(module, qualname) is None


def test_an_alias_leads_to_the_function_that_stands_there(module: types.ModuleType) -> None:
    assert found(module, "partial") is module.plain
    assert found(module, "alias.score") is module.Account.score


def test_nothing_of_the_program_runs() -> None:
    def fail(*_: object) -> Any:
        raise AssertionError("code of the program was run")

    module = types.ModuleType("hostile")
    meta = type("Meta", (type,), {"__getattribute__": fail, "__getattr__": fail})
    namespace = {"__get__": fail, "__getattr__": fail, "__getattribute__": fail, "__eq__": fail, "__hash__": fail}
    vars(module)["descriptor"] = type("Descriptor", (), namespace)()
    vars(module)["Hostile"] = types.new_class("Hostile", (), {"metaclass": meta})
    vars(module)["__getattr__"] = fail
    assert resolve(Target("hostile", "absent"), module) is None
    assert resolve(Target("hostile", "descriptor"), module) is None
    assert resolve(Target("hostile", "Hostile.method"), module) is None


def test_wrappers_that_lead_round_in_a_circle_end() -> None:
    def one() -> None: ...

    def other() -> None: ...

    vars(one)["__wrapped__"], vars(other)["__wrapped__"] = other, one
    module = types.ModuleType("circular")
    vars(module)["entry"] = one
    resolved = resolve(Target("circular", "entry"), module)
    assert resolved is not None
    assert resolved.function is one


def test_a_cell_that_is_not_filled_is_passed_over() -> None:
    def make() -> types.FunctionType:
        value = 1
        return lambda: value  # type: ignore[return-value]

    module = types.ModuleType("cells")
    vars(module)["entry"] = types.FunctionType(make().__code__, {}, "entry", None, (types.CellType(),))
    assert found(module, "entry") is vars(module)["entry"]


@pytest.mark.parametrize(
    ("name", "owner", "expected"),
    [
        ("__secret", "Account", "_Account__secret"),
        ("__secret", "__Account", "_Account__secret"),
        ("__len__", "Account", "__len__"),
        ("_score", "Account", "_score"),
    ],
)
def test_mangling_is_that_of_the_compiler(name: str, owner: str, expected: str) -> None:
    assert mangled(name, type(owner, (), {})) == expected


def test_names_in_a_module_are_not_mangled() -> None:
    assert mangled("__secret", types.ModuleType("m")) == "__secret"
