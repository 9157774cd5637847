"""An application of Flask, told by the variable that holds it or by the function that makes one."""

from __future__ import annotations

import sys
import textwrap
import types
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from legacy_seam.values import Allow, decode, encode
from legacy_seam.values.kinds import web_applications as applications


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty module of a program, in a package of that name."""
    module: Any = types.ModuleType("shop")
    module.Flask = Flask
    monkeypatch.setitem(sys.modules, "shop", module)
    monkeypatch.setattr(applications, "_made", {})
    applications.forget()
    yield module
    applications.forget()


def define(module: types.ModuleType, text: str) -> None:
    exec(textwrap.dedent(text), vars(module))


def told(application: Flask) -> str:
    return encode(application).replace(", config={'SECRET_KEY': 'dev'}", "")


def test_a_function_that_needs_nothing_and_names_the_class_makes_it(shop: Any) -> None:
    define(
        shop,
        """
        def build(settings=None, *, debug=False): return Flask("shop")
        def of(settings): return Flask("shop")
        def number(): return 1
        """,
    )
    assert told(shop.build()) == "flask.app('shop:build()')"
    assert applications.factories() == ("shop:build()",)


def test_the_usual_name_comes_before_others(shop: Any) -> None:
    define(
        shop,
        """
        def for_tests(): return Flask("shop")
        def create_app(): return for_tests()
        """,
    )
    assert told(shop.create_app()) == "flask.app('shop:create_app()')"


def test_it_may_stand_in_another_module_of_the_package(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = types.ModuleType("shop.web")
    monkeypatch.setitem(sys.modules, "shop.web", inner)
    vars(inner)["Flask"] = Flask
    define(inner, "def make_app(): return Flask('shop')")
    assert told(vars(inner)["make_app"]()) == "flask.app('shop.web:make_app()')"


def test_where_two_functions_could_have_made_it_nobody_guesses(shop: Any) -> None:
    define(shop, "def one(): return Flask('shop')\ndef other(): return Flask('shop')")
    assert "put `app = create_app(..)` into a module of its own" in encode(shop.one())
    assert applications.factories() == ()


def test_a_variable_comes_before_the_function(shop: Any) -> None:
    define(shop, "def create_app(): return Flask('shop')")
    shop.app = shop.create_app()
    assert told(shop.app) == "flask.app('shop:app')"


def test_a_text_means_what_the_function_has_made_in_the_replay(shop: Any) -> None:
    define(shop, "def create_app(): return Flask('shop')")
    text, allow = "flask.app('shop:create_app()', config={'LIMIT': 3})", Allow.for_modules("shop")
    with pytest.raises(ValueError, match=r"shop:create_app\(\) is no application"):
        decode(text, allow=allow)
    applications.make("shop:create_app()", vars(shop))
    found: Any = decode(text, allow=allow)
    assert (found.name, found.config["LIMIT"], told(found)) == ("shop", 3, text)
    applications.put_back()
    assert "LIMIT" not in found.config


@pytest.mark.parametrize("name", ["shop:number()", "shop:Flask()", "shop:create_app()", "shop:nothing()"])
def test_no_name_calls_a_function_that_makes_something_else(shop: Any, name: str) -> None:
    define(shop, "def number(): raise AssertionError\ndef create_app(): return 1")
    with pytest.raises(ValueError, match="no application of Flask"):
        applications.make(name, vars(shop))
