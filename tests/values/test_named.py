"""Names in texts lead to what is loaded and may be named, and nowhere else."""

from __future__ import annotations

import collections
import enum
import functools
import re
import sys
import types
import warnings
from typing import Any

import pytest

from legacy_seam.values import Allow, NotAllowed, TypeGone, decode, encode
from legacy_seam.values.named import module_named, referred


@pytest.mark.parametrize("value", [type(None), collections.OrderedDict, functools.reduce, type(Ellipsis)])
def test_harmless_types_and_functions_of_python_come_back_by_name(value: object) -> None:
    assert decode(encode(value)) is value


def test_methods_of_built_in_objects_come_back_with_their_object() -> None:
    def again(method: Any) -> Any:
        return decode(encode(method))

    assert again(re.compile("a+").sub)("b", "caat") == "cbt"
    assert again("-".join)(["a", "b"]) == "a-b"
    assert again(dict.fromkeys)([1]) == {1: None}


def test_what_a_container_gives_is_a_key_again_and_nothing_else_special_is() -> None:
    key: Any = decode(encode({"tea": 2, "milk": 1}.__getitem__))
    assert sorted(["tea", "milk"], key=key) == ["milk", "tea"]
    for text in ("method({}, '__reduce__')", "method({}, '__class__')", "method(builtins:dict, '__getitem__')"):
        with pytest.raises(TypeGone):
            decode(text)


def test_members_of_an_enumeration_within_another_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("styled")
    monkeypatch.setitem(sys.modules, "styled", module)
    frame = "    class Frame(enum.Enum):\n        BOX = 2\n"
    source = f"import enum\nclass Style(enum.Enum):\n{frame}    PLAIN = Frame.BOX\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # what becomes of such classes changed with Python 3.13
        exec(source, vars(module))
    text = encode([module.Style.PLAIN, module.Style.PLAIN.value])

    assert text == "[styled:Style.PLAIN, styled:Style.Frame.BOX]"
    assert decode(text, allow=Allow.for_modules("styled")) == [module.Style.PLAIN, module.Style.PLAIN.value]


def test_what_the_program_may_not_name_is_not_found_even_where_it_is() -> None:
    assert referred(Allow.for_modules("enum"), "enum:Enum") is enum.Enum
    for name in ("os:system", "subprocess:Popen"):
        with pytest.raises(NotAllowed):
            referred(Allow.for_modules("enum"), name)
    with pytest.raises(TypeGone):
        referred(Allow.for_modules("enum"), "enum:NoSuchThing")


def test_a_module_is_one_that_is_loaded() -> None:
    assert module_named(Allow.for_modules("enum"), "enum") is enum
    with pytest.raises(NotAllowed):
        module_named(Allow(), "legacy_seam")
    with pytest.raises(TypeGone):
        module_named(Allow.for_modules("never"), "never.loaded")
