"""The context in which Flask handles a request: of it a view knows `request`, `session`, `g` and `current_app`.

The application is referred to by its name (`web_applications`), and is whatever that means; the request is made
anew by the application, of what the server handed to it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import attributes_of, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of
from legacy_seam.values.kinds.web_applications import name_of_application, put_back
from legacy_seam.values.layout import Draft

_USUAL: Mapping[str, object] = {
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.multithread": False,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "",
    "QUERY_STRING": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "localhost",
    "REMOTE_ADDR": "127.0.0.1",
}
"""What a request has in a test; told where it is otherwise."""
_OF_THE_SERVER = ("wsgi.input", "wsgi.errors", "werkzeug.", "flask.", "gunicorn.", "uwsgi.")
_OF_THE_REQUEST = (
    *("environ", "headers", "method", "path", "query_string", "remote_addr", "root_path", "scheme", "server"),
    *("shallow", "url_rule", "view_args", "routing_exception", "json_module"),
)
_PLAIN = (str, int, float, bool, type(None))
_FLAGS = ("modified", "new")
_LIBRARY = "flask.sessions:"

_entered: list[Callable[[], object]] = []
"""What leaves the contexts that were entered; the last comes first."""


def _globals() -> Any:
    return import_module("flask.globals")


def current() -> object | None:
    """The context of the request that is being handled, or of the application alone; None where there is none."""
    found = _globals()
    request: object | None = found._cv_request.get(None)
    return found._cv_app.get(None) if request is None else request


def enter(context: Any) -> None:
    """From now on, this is the current one; with None there is none.

    What stands for one that could not be recorded is found by whoever looks for it, and refuses to be used.
    """
    _leave_entered()
    if context is None:
        return
    found = _globals()
    names = {name_of(cls) for cls in type(context).__mro__}
    if "flask.ctx:RequestContext" not in names:
        _put(found._cv_app, context)
        if "flask.ctx:AppContext" not in names:
            _put(found._cv_request, context)
        return
    app_context = context._cv_tokens[0][1]
    _put(found._cv_app, app_context)
    context._cv_tokens[0] = (_put(found._cv_request, context), app_context)


def leave() -> None:
    """Leave what was entered; applications are configured as they were before any of them was made from a text."""
    _leave_entered()
    put_back()


def _leave_entered() -> None:
    while _entered:
        _entered.pop()()


def _put(variable: Any, context: object) -> object:
    token = variable.set(context)
    _entered.append(lambda: variable.reset(token))
    return token


# --- contexts -----------------------------------------------------------------------------------------------------


def _app_context(value: Any) -> Draft:
    name_of_application(value.app)
    return call_of("flask.app_context", (value.app,), _held_in(value.g))


def _held_in(variables: Any) -> dict[str, object]:
    held = attributes_of(variables)
    return {"g": held} if held else {}


def _make_app_context(application: Any, g: dict[str, object] | None = None) -> object:
    made = application.app_context()
    vars(made.g).update(g or {})
    return made


def _request_context(value: Any) -> Draft:
    """What the server said, the body, the session, and what the program has noted so far."""
    name_of_application(value.app)
    request = value.request
    told = _held_in(_app_context_of(value).g)
    if body := _body(request):
        told["body"] = body
    session = vars(value)[_session_in(value)]
    if session is not None:
        if not name_of(type(session)).startswith(_LIBRARY):
            raise Unreadable(f"a session of another sort ({name_of(type(session))})")
        told["session"] = dict(session)
        told |= {flag: True for flag in _FLAGS if getattr(session, flag, False)}
    if value.flashes is not None:
        told["flashes"] = value.flashes
    if value._after_request_functions:
        told["afterwards"] = value._after_request_functions
    own = {key: part for key, part in attributes_of(request).items() if _is_noted(type(request), key)}
    if own:
        told["noted"] = own
    path = request.environ.get("PATH_INFO", "")
    return call_of("flask.request_context", (value.app, path, _environ(request.environ)), told)


def _app_context_of(context: Any) -> Any:
    """That of a request; one that was there before it is not its own."""
    own = context._cv_tokens[0][1] if context._cv_tokens else None
    if own is not None:
        return own
    found = _globals()
    if context is not found._cv_request.get(None):
        raise Unreadable("the context of a request that is over")
    return found._cv_app.get()


def _session_in(context: Any) -> str:
    """Under which name a context holds its session: another one since Flask 3.1."""
    return "_session" if "_session" in vars(context) else "session"


def _is_noted(cls: type, key: object) -> bool:
    """Has the program put it there? (What the class itself has a name for is worked out again.)"""
    return type(key) is str and key[:1] != "_" and key not in _OF_THE_REQUEST and not hasattr(cls, key)


def _environ(environ: Mapping[str, Any]) -> dict[str, object]:
    usual = _usual_environ(environ.get("PATH_INFO", ""), environ)
    told: dict[str, object] = {
        key: held
        for key, held in sorted(environ.items())
        if not key.startswith(_OF_THE_SERVER)
        and type(held) in (*_PLAIN, tuple)
        and (key not in usual or usual[key] != held)
        and os.environ.get(key) != held
    }
    return told | {key: None for key in usual if key not in environ}


def _usual_environ(path: str, environ: Mapping[str, Any]) -> dict[str, object]:
    query = environ.get("QUERY_STRING")
    uri = f"{path}?{query}" if query else path
    return {**_USUAL, "PATH_INFO": path, "RAW_URI": uri, "REQUEST_URI": uri}


def _body(request: Any) -> bytes:
    """All of it, whatever has been read so far.

    Raises:
        Unreadable: it comes from a server, and the program may have read a part of it.
    """
    held = attributes_of(request)
    stream = request.environ.get("wsgi.input")
    if name_of(type(stream)) == "_io:BytesIO":
        return bytes(stream.getvalue())
    if type(cached := held.get("_cached_data")) is bytes:
        return cached
    if request.environ.get("CONTENT_LENGTH") in (None, "", "0") and "HTTP_TRANSFER_ENCODING" not in request.environ:
        return b""
    raise Unreadable("a request whose body comes from a server: drive the program with app.test_client()")


def _make_request_context(
    application: Any,
    path: str,
    environ: dict[str, object],
    *,
    body: bytes = b"",
    session: dict[str, object] | None = None,
    g: dict[str, object] | None = None,
    flashes: list[object] | None = None,
    afterwards: list[object] | None = None,
    noted: dict[str, object] | None = None,
    **flags: bool,
) -> object:
    whole = _usual_environ(path, environ) | environ
    whole = {key: held for key, held in whole.items() if held is not None}
    whole |= {"wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr}
    made = application.request_context(whole)
    if session is not None:
        interface = application.session_interface
        kind = getattr(interface, "session_class", None)
        if not (kind is not None and name_of(kind).startswith(_LIBRARY)):
            raise ValueError("the sessions of the application are of another sort now")
        opened = kind(session) if application.secret_key else interface.make_null_session(application)
        for flag in _FLAGS:
            setattr(opened, flag, flags.get(flag, False))
        setattr(made, _session_in(made), opened)
    made.flashes = flashes
    made._after_request_functions = afterwards or []
    if made.url_adapter is not None:
        made.match_request()
    vars(made.request).update(noted or {})
    made._cv_tokens.append((None, _make_app_context(application, g)))
    return made


# --- proxies ------------------------------------------------------------------------------------------------------


def _proxy(value: Any) -> Written:
    """`request` and its like, handed on: by the name that Flask has for it."""
    name = next((name for name, one in vars(_globals()).items() if one is value), None)
    if name is None:
        raise Unreadable("a proxy that is not one of Flask's own")
    return call("flask.proxy", name)


def _make_proxy(name: str) -> object:
    made = vars(_globals())[name]
    if name_of(type(made)) != "werkzeug.local:LocalProxy":
        raise ValueError(f"Flask has no proxy {name}")
    return made


KINDS = (
    Kind(("flask.ctx:AppContext",), _app_context, "flask.app_context", _make_app_context, has_identity=True),
    Kind(
        ("flask.ctx:RequestContext",),
        _request_context,
        "flask.request_context",
        _make_request_context,
        has_identity=True,
    ),
    Kind(("werkzeug.local:LocalProxy",), _proxy, "flask.proxy", _make_proxy),
)
