"""Models of pydantic, structs of msgspec, classes of attrs: by their fields, and back without their checks."""

from __future__ import annotations

from typing import Any

import pytest

from legacy_seam.values import Allow, decode, encode

attrs: Any = pytest.importorskip("attrs")
msgspec: Any = pytest.importorskip("msgspec")
pydantic: Any = pytest.importorskip("pydantic")

HERE = Allow.for_modules(__name__)
CALLED: list[str] = []


@attrs.define
class Point:
    x: int
    tags: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        CALLED.append("post_init")


@attrs.frozen(slots=False)
class Frozen:
    x: int


class Account(pydantic.BaseModel):  # type: ignore[misc]
    number: int
    owner: str = "nobody"
    _seen: int = pydantic.PrivateAttr(default=3)

    @pydantic.field_validator("number")  # type: ignore[untyped-decorator]
    @classmethod
    def check(cls, number: int) -> int:
        CALLED.append("validator")
        return number

    def __getattr__(self, name: str) -> Any:
        CALLED.append(name)
        return super().__getattr__(name)


class Open(pydantic.BaseModel, extra="allow", frozen=True):  # type: ignore[misc,call-arg]
    number: int


class Nested(Account):
    parts: list[Open]


class Roots(pydantic.RootModel[list[int]]):  # type: ignore[misc]
    pass


class Order(msgspec.Struct):  # type: ignore[misc]
    number: int
    lines: list[Any] = msgspec.field(default_factory=list)


class Tagged(msgspec.Struct, frozen=True, tag=True, gc=False):  # type: ignore[misc,call-arg]
    number: int


class Derived(Order):
    note: str = ""


POINT: Any = Point
FROZEN: Any = Frozen

VALUES = [
    POINT(1, ["a"]),
    FROZEN(1),
    Account(number=1),
    Account(number=1, owner="x"),
    Account.model_construct(number="unchecked"),
    Open(number=1, other=[2]),
    Nested(number=1, parts=[Open(number=2)]),
    Roots([1, 2]),
    Order(1, [Order(2)]),
    Tagged(2),
    Derived(1, note="n"),
    msgspec.UNSET,
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was_without_its_checks(value: Any) -> None:
    CALLED.clear()
    text = encode(value)
    made = decode(text, allow=HERE)
    assert not CALLED
    assert type(made) is type(value)
    assert made == value
    assert encode(made) == text
    assert getattr(made, "model_fields_set", None) == getattr(value, "model_fields_set", None)


def test_a_model_is_written_by_its_fields() -> None:
    assert encode(Open(number=1)) == f"{__name__}:Open(number=1)"
    assert encode(Open(number=1, other=2)) == f"{__name__}:Open(number=1, __pydantic_extra__={{'other': 2}})"


def test_a_field_that_was_not_given_is_told_from_one_that_was() -> None:
    assert encode(Account(number=1)) != encode(Account(number=1, owner="nobody"))


def test_a_model_that_comes_back_works() -> None:
    made: Any = decode(encode(Account(number=1)), allow=HERE)
    assert made.model_dump() == {"number": 1, "owner": "nobody"}
    assert made._seen == 3
    made.owner = "y"
    assert made.model_copy().owner == "y"


def test_classes_with_a_metaclass_in_c_are_named() -> None:
    assert decode(encode(Order), allow=HERE) is Order
