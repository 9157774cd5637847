"""What a program holds that its functions look into."""

from __future__ import annotations

import re
import types

from legacy_seam.replay.searching.holding import Held, held_by

TABLES = """
import collections, re, string
RATES = {"DE": 19, "AT": 20, "long": "x" * 100}
NEAR = re.compile("[A-Z]{2}", re.IGNORECASE)
first_number = re.compile("[0-9]+").search
Unit = collections.namedtuple("Unit", "name size")
UNITS = [Unit("kilo", 1000), Unit("kibi", 1024)]
CACHE = {}
UNUSED = {"nobody asks": 1}

def look(country):
    return deeper(country) if NEAR.match(country) else RATES[country]

def deeper(country):
    return CACHE.get(country)

def is_hex(text):
    return text.strip(string.hexdigits) == ""

def size(name):
    return [one.size for one in UNITS if one.name == name]

def number(text):
    return first_number(text)

class Shop:
    ZONES = ["north", "south"]

    def zone(self, name):
        return self.ZONES.index(name)
"""


def program() -> types.ModuleType:
    module = types.ModuleType("tables")
    module.__file__ = "tables.py"
    exec(compile(TABLES, "tables.py", "exec"), vars(module))
    return module


def held(module: types.ModuleType, function: types.FunctionType) -> Held:
    return held_by(function, {"tables.py"}, {"tables": module})


def test_tables_and_patterns_that_a_function_names_are_found_and_others_are_not() -> None:
    module = program()

    found = held(module, module.look)

    assert set(found.texts) == {"DE", "AT", "long"} and set(found.numbers) == {19, 20}
    assert list(found.patterns) == [("[A-Z]{2}", re.IGNORECASE | re.UNICODE)]


def test_what_tuples_with_names_hold_is_found() -> None:
    module = program()
    found = held(module, module.size)
    assert {"kilo", "kibi"} <= set(found.texts) and set(found.numbers) == {1000, 1024}


def test_a_pattern_is_found_behind_its_method() -> None:
    module = program()
    assert list(held(module, module.number).patterns) == [("[0-9]+", re.UNICODE)]


def test_what_a_function_calls_is_followed_into_what_it_has_filled_meanwhile() -> None:
    module = program()
    module.CACHE["FR"] = [re.compile(r"\d+")]

    found = held(module, module.look)

    assert "FR" in found.texts and (r"\d+", re.UNICODE) in found.patterns


def test_attributes_of_its_class_are_in_reach_of_a_method() -> None:
    module = program()

    assert set(held(module, module.Shop.zone).texts) == {"north", "south"}


def test_texts_that_other_modules_hold_are_found_by_the_names_that_a_function_uses() -> None:
    module = program()
    assert list(held(module, module.is_hex).texts) == ["0123456789abcdefABCDEF"]


def test_no_code_of_the_program_runs() -> None:
    """Proxies (a current request, a current user) answer for their class, and fail where there is none."""

    class Proxy:
        @property  # type: ignore[misc]
        def __class__(self) -> type:
            raise RuntimeError("there is no request")

    module = program()
    vars(module)["RATES"] = Proxy()

    assert list(held(module, module.look).patterns) == [("[A-Z]{2}", re.IGNORECASE | re.UNICODE)]
