"""The context in which Flask handles a request, written down and made again: a view sees the same in it."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, current_app, flash, g, request, session
from flask.globals import _cv_request

from legacy_seam.values import Allow, decode, encode
from legacy_seam.values.kinds import web_contexts
from legacy_seam.world.state import Places


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A module of a program, with an application."""
    module: Any = types.ModuleType("shop")
    monkeypatch.setitem(sys.modules, "shop", module)
    module.app = Flask("shop")
    module.app.secret_key = "dev"
    module.app.add_url_rule("/orders/<int:number>", "order", lambda number: "", methods=["GET", "POST"])
    yield module
    web_contexts.leave()


def seen(look: Callable[[], object], text: str) -> object:
    """What somebody sees in the context of that text."""
    web_contexts.enter(decode(text, allow=Allow.for_modules("shop")))
    try:
        return look()
    finally:
        web_contexts.leave()


def test_a_request_is_made_again(shop: Any) -> None:
    def look() -> object:
        return (
            (request.method, request.path, request.query_string, request.form.to_dict(), request.remote_addr),
            (request.endpoint, request.view_args, request.headers["X-Tenant"], request.host),
            (dict(session), session.modified, vars(g), current_app._get_current_object()),  # type: ignore[attr-defined]
        )

    with shop.app.test_request_context(
        "/orders/7?page=2", method="POST", data={"amount": "12.5"}, headers={"X-Tenant": "a"}
    ):
        request.form["amount"]
        session["user"] = "ann"
        g.number = 3
        text = encode(web_contexts.current())
        expected = repr(look())
    assert repr(seen(look, text)) == expected
    assert web_contexts.current() is None


def test_it_tells_only_what_is_not_as_usual(shop: Any) -> None:
    with shop.app.test_request_context("/orders/7?page=2", headers={"User-Agent": "x"}):
        text = encode(web_contexts.current())
    assert text == (
        "flask.request_context(\n"
        "    flask.app('shop:app', config={'SECRET_KEY': 'dev'}),\n"
        "    '/orders/7',\n"
        "    {'HTTP_USER_AGENT': 'x', 'QUERY_STRING': 'page=2', 'REMOTE_ADDR': None},\n"
        "    session={},\n"
        ")"
    )


def test_a_context_of_the_application_alone(shop: Any) -> None:
    with shop.app.app_context():
        g.db = [True]
        text = encode(web_contexts.current())
    assert text == "flask.app_context(flask.app('shop:app', config={'SECRET_KEY': 'dev'}), g={'db': [True]})"
    assert seen(lambda: (current_app.name, g.db), text) == ("shop", [True])


def test_the_configuration_of_the_recording_is_in_force_while_it_lasts(shop: Any) -> None:
    shop.app.config["LIMIT"] = 5
    with shop.app.app_context():
        text = encode(web_contexts.current())
    shop.app.config["LIMIT"] = 6
    assert seen(lambda: current_app.config["LIMIT"], text) == 5
    assert shop.app.config["LIMIT"] == 6


def test_what_a_program_notes_in_the_request_and_flashes(shop: Any) -> None:
    with shop.app.test_request_context("/"):
        request.tenant = "a"  # type: ignore[attr-defined]
        flash("saved")
        text = encode(web_contexts.current())
    assert seen(lambda: (request.tenant, session["_flashes"]), text) == ("a", [("message", "saved")])  # type: ignore[attr-defined]


def test_a_proxy_that_is_handed_on_is_that_of_flask(shop: Any) -> None:
    assert encode([request]) == "[flask.proxy('request')]"
    assert decode("[flask.proxy('request')]") == [request]
    with pytest.raises(ValueError, match="no proxy _cv_request"):
        decode("flask.proxy('_cv_request')")
    assert _cv_request.get(None) is None


def test_an_application_that_no_module_holds_is_told(shop: Any) -> None:
    with Flask("shop").test_request_context("/"):
        text = encode(web_contexts.current())
    assert "app = create_app(..)" in text


def test_no_text_makes_an_application_of_something_else(shop: Any) -> None:
    shop.other = object()
    with pytest.raises(ValueError, match="shop:other is no application of Flask"):
        decode("flask.app('shop:other')", allow=Allow.for_modules("shop"))


def test_it_is_state_that_code_reaches_by_names_of_the_library(shop: Any) -> None:
    exec("from flask import request, jsonify", vars(shop))
    exec("def view(): return jsonify(helper())\ndef helper(): return 1\ndef other(): return helper()", vars(shop))
    places = Places()
    places.baseline(shop)
    view, other = (places.reachable([one.__code__]) for one in (shop.view, shop.other))
    assert "flask:context" in view
    assert "flask:context" not in other
    assert "shop:request" not in places.names()
    assert "flask:context" not in places.changed_from_baseline(view)
    with shop.app.test_request_context("/"):
        assert places.changed_from_baseline(view)["flask:context"] is _cv_request.get()
