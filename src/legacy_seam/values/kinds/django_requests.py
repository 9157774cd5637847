"""Requests, sessions and responses of Django: what a browser sent and got, and what middleware had found out.

A request is made anew from what the server was handed; what the classes of Django work out from that is not told.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from types import FunctionType
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attributes_of, name_of
from legacy_seam.values.held import is_replayed
from legacy_seam.values.kinds.connections import own_cursor
from legacy_seam.values.kinds.django_databases import opened_connections
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of, put
from legacy_seam.values.kinds.objects import PlainObjects
from legacy_seam.values.layout import Draft
from legacy_seam.values.notation import name as spell_name

_USUAL: Mapping[str, object] = {
    "REMOTE_ADDR": "127.0.0.1",
    "SCRIPT_NAME": "",
    "SERVER_NAME": "testserver",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "QUERY_STRING": "",
}
"""What a request has in a test; told where it is otherwise."""
_TOLD_OTHERWISE = ("HTTP_COOKIE", "PATH_INFO", "REQUEST_METHOD", "QUERY_STRING", "CONTENT_LENGTH")
_NAMES_OF_DJANGO = (
    "environ path_info path META method resolver_match content_type content_params _stream _read_started"
    " COOKIES GET _post _files _body session user auser _cached_user _acached_user _messages"
    " csrf_processing_done headers csrf_cookie_needs_update _dont_enforce_csrf_checks _encoding"
    " _current_scheme_host accepted_types accepted_types_by_precedence _upload_handlers POST FILES"
    " sensitive_post_parameters"
)
_OF_DJANGO = frozenset(_NAMES_OF_DJANGO.split())
"""Attributes that Django and its middleware give a request."""
_CSRF = "CSRF_COOKIE"
_LAZY_USER = "AuthenticationMiddleware.process_request.<locals>.<lambda>"


# --- requests -----------------------------------------------------------------------------------------------------


def _request(value: Any) -> Draft:
    held = attributes_of(value)
    meta: dict[str, Any] = held["META"]  # type: ignore[assignment]
    query = meta.get("QUERY_STRING") or ""
    where = f"{held['path']}?{query}" if query else held["path"]
    headers = {
        key: text
        for key, text in sorted(meta.items())
        if (key.startswith("HTTP_") or key in (*_USUAL, "CONTENT_TYPE"))
        and key not in _TOLD_OTHERWISE
        and text != _USUAL.get(key, "")
    }
    told: dict[str, object] = {}
    if body := _body(held, meta):
        told["body"] = body
    session = held.get("session")
    left_out = _cookies_told_otherwise() if session is not None else ()
    if cookies := {name: text for name, text in value.COOKIES.items() if name not in left_out}:
        told["cookies"] = cookies
    if session is not None:
        told["session"] = session
    if "user" in held:
        told["user"] = _user(held["user"])
    if "_messages" in held:
        told["messages"] = _messages(held["_messages"])
    if _CSRF in meta:
        told["csrf"] = True
    if held.get("resolver_match") is not None:
        told["resolved"] = True
    if noted := {key: part for key, part in held.items() if key not in _OF_DJANGO}:
        told["noted"] = noted
    return call_of("django.request", (held["method"], where, *([headers] if headers else [])), told)


def _body(held: Mapping[str, Any], meta: Mapping[str, Any]) -> bytes:
    """All of it, whatever has been read so far.

    Raises:
        Unreadable: it comes from a server, and nobody has read it as a whole.
    """
    if type(body := held.get("_body")) is bytes:
        return body
    stream = meta.get("wsgi.input")
    if name_of(type(stream)) == "django.test.client:FakePayload":
        return bytes(attributes_of(stream)["_FakePayload__content"].getvalue())  # type: ignore[attr-defined]
    if name_of(type(stream)) == "_io:BytesIO":
        return bytes(stream.getvalue())  # type: ignore[union-attr]
    if meta.get("CONTENT_LENGTH") in (None, "", "0"):
        return b""
    raise Unreadable("a request whose body comes from a server: drive the program with django.test.Client")


def _cookies_told_otherwise() -> tuple[str, str]:
    settings: Any = import_module("django.conf").settings
    return settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME


def _user(value: Any) -> object:
    """The object itself; of one that is looked up when it is first wanted, that it is."""
    if name_of(type(value)) != "django.utils.functional:SimpleLazyObject":
        return value
    held = attributes_of(value)
    return call("django.user_of_session") if _is_not_made(held) else held["_wrapped"]


def _is_not_made(held: Mapping[str, Any]) -> bool:
    return held["_wrapped"] is import_module("django.utils.functional").empty


def _messages(value: Any) -> list[object]:
    """Those that are to be shown later."""
    queued: Any = attributes_of(value).get("_queued_messages", ())
    return list(queued)


def _make_request(method: str, where: str, headers: Mapping[str, str] | None = None, **told: Any) -> Any:
    return method, where, headers or {}, told


def _blank_request(cls: Any) -> object:
    return cls.__new__(cls)


def _pour_request(blank: Any, made: Any) -> None:
    method, where, headers, told = made
    path, _, query = where.partition("?")
    body: bytes = told.get("body", b"")
    environ = {
        **_USUAL,
        "PATH_INFO": path.encode("utf-8").decode("iso-8859-1"),
        "QUERY_STRING": query,
        "REQUEST_METHOD": method,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        **headers,
    }
    type(blank).__init__(blank, environ)
    if told.get("cookies"):
        blank.COOKIES = dict(told["cookies"])
    if told.get("csrf"):
        blank.META[_CSRF] = "s" * 32
    blank._dont_enforce_csrf_checks = blank.csrf_processing_done = True
    if "session" in told:
        blank.session = told["session"]
    if "user" in told:
        _give_user(blank, told["user"])
    if "messages" in told:
        blank._messages = import_module("django.contrib.messages.storage").default_storage(blank)
        blank._messages._queued_messages = told["messages"]
        blank._messages.added_new = bool(told["messages"])
    if told.get("resolved"):
        blank.resolver_match = import_module("django.urls").resolve(blank.path_info)
    vars(blank).update(told.get("noted", {}))


class _UserOfSession:
    """Says that the user is to be looked up when it is first wanted."""


def _give_user(request: Any, user: Any) -> None:
    functional: Any = import_module("django.utils.functional")
    library: Any = import_module("django.contrib.auth.middleware")
    if type(user) is not _UserOfSession:
        request._cached_user = user
    request.user = functional.SimpleLazyObject(lambda: _user_of(request))
    if type(user) is not _UserOfSession:
        request.user._setup()
    if hasattr(library, "auser"):
        request.auser = partial(library.auser, request)


def _user_of(request: Any) -> object:
    """As Django finds it; but nobody asks whether the session fits the password, which is not in the recording."""
    if not hasattr(request, "_cached_user"):
        library: Any = import_module("django.contrib.auth")
        user = None
        if library.SESSION_KEY in request.session and library.BACKEND_SESSION_KEY in request.session:
            backend = library.load_backend(request.session[library.BACKEND_SESSION_KEY])
            user = backend.get_user(library._get_user_session_key(request))
        request._cached_user = user or import_module("django.contrib.auth.models").AnonymousUser()
    return request._cached_user


# --- objects that are made when they are first wanted -------------------------------------------------------------


def _lazy_object(value: Any) -> Draft:
    held = attributes_of(value)
    if not _is_not_made(held):
        return call("django.lazy_object", held["_wrapped"])
    make: Any = held["_setupfunc"]
    if type(make) is FunctionType and make.__qualname__ == _LAZY_USER:
        return call("django.lazy_user", make.__closure__[0].cell_contents)  # type: ignore[index]
    raise Unreadable("an object that is made when it is first wanted")


def _make_lazy_object(wrapped: object) -> object:
    made = import_module("django.utils.functional").SimpleLazyObject(lambda: wrapped)
    made._setup()
    return made


def _make_lazy_user(request: Any) -> object:
    return import_module("django.utils.functional").SimpleLazyObject(lambda: _user_of(request))


# --- sessions -----------------------------------------------------------------------------------------------------


_IN_DATABASES = ("django.contrib.sessions.backends.db:SessionStore",)


def _stored(session: Any, key: object) -> object:
    """What a session holds that nobody has looked at so far. (In the kept database it is no more than a secret.)"""
    for connection in opened_connections():
        try:
            asked = own_cursor(connection).execute(_SESSION, (key,)).fetchone()
        except Exception:  # another database, or one that is being used elsewhere
            continue
        if asked is not None:
            return session.decode(asked[0])
    return {}


_SESSION = "SELECT session_data FROM django_session WHERE session_key = ?"


class Sessions(PlainObjects):
    """What a browser comes back to: its key, and what is in it, be that looked up already or not."""

    types = ("django.contrib.sessions.backends.base:SessionBase",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Flags are told where they are raised."""
        held = anatomy.attributes(value)
        told: dict[str, object] = {}
        if held.get("_SessionBase__session_key") is not None:
            told["key"] = held["_SessionBase__session_key"]
        if "_session_cache" in held:
            told["data"] = held["_session_cache"]
        elif not is_replayed() and "key" in told and anatomy.name in _IN_DATABASES:
            told["data"] = _stored(value, told["key"])
        told |= {flag: True for flag in ("accessed", "modified") if held.get(flag)}
        return call_of(spell_name(anatomy.name), (), told)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """As its class begins, then what is told."""
        base: Any = import_module("django.contrib.sessions.backends.base").SessionBase
        base.__init__(blank, attributes.get("key"))
        if "data" in attributes:
            blank._session_cache = attributes["data"]
        blank.accessed, blank.modified = attributes.get("accessed", False), attributes.get("modified", False)
        engine: Any = import_module("django.conf").settings
        if "cache" in anatomy.name.partition(":")[0]:
            blank._cache = import_module("django.core.cache").caches[engine.SESSION_CACHE_ALIAS]
        return blank


# --- responses ----------------------------------------------------------------------------------------------------

_NAMES_OF_RESPONSES = (
    "headers cookies closed _charset _reason_phrase _container _resource_closers _handler_class"
    " status_code _is_rendered _post_render_callbacks _request using context_data template_name _iterator"
    " is_async"
)
_OF_RESPONSES = frozenset(_NAMES_OF_RESPONSES.split())


class Responses(PlainObjects):
    """What is sent back: status, headers, content; of one that is not rendered yet, template and variables."""

    types = ("django.http.response:HttpResponseBase",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Text is told as text."""
        held = anatomy.attributes(value)
        told: dict[str, object] = {"status": held.get("status_code", value.status_code)}
        told["headers"] = dict(value.headers.items())
        if held["cookies"]:
            told["cookies"] = {name: morsel.OutputString() for name, morsel in sorted(value.cookies.items())}
        if "template_name" in held:
            told["template"] = held["template_name"]
            told["context"] = held["context_data"]
            if held["_request"] is not None:
                told["request"] = held["_request"]
        if "_container" in held and held.get("_is_rendered", True):
            told["content"] = _text_of(b"".join(held["_container"]), value.charset)  # type: ignore[arg-type]
        elif "_iterator" in held:
            raise Unreadable("a response that is made while it is sent")
        told |= {key: part for key, part in held.items() if key not in _OF_RESPONSES}
        return call_of(spell_name(anatomy.name), (), told)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """As its class begins, then what is told."""
        library: Any = import_module("django.http.response")
        rest = dict(attributes)
        library.HttpResponseBase.__init__(blank, status=rest.pop("status"), headers=rest.pop("headers"))
        for text in rest.pop("cookies", {}).values():
            blank.cookies.load(text)
        content = rest.pop("content", None)
        if "template" in rest:
            blank.template_name, blank.context_data = rest.pop("template"), rest.pop("context")
            blank._request, blank.using = rest.pop("request", None), None
            blank._is_rendered, blank._post_render_callbacks = content is not None, []
        blank._container = [content.encode(blank.charset) if type(content) is str else content or b""]
        put(anatomy, blank, rest)
        return blank


def _text_of(content: bytes, charset: str) -> str | bytes:
    try:
        return content.decode(charset)
    except (UnicodeError, LookupError):
        return content


def _query_dict(value: Any) -> Draft:
    """Parameters of a request: name -> all texts."""
    return call("django.query_dict", dict(value.lists()), **({"mutable": True} if value._mutable else {}))


def _make_query_dict(lists: Mapping[str, list[str]], mutable: bool = False) -> object:
    made: Any = import_module("django.http.request").QueryDict(mutable=True)
    for name, texts in lists.items():
        made.setlist(name, list(texts))
    made._mutable = mutable
    return made


_REQUEST = "django.core.handlers.wsgi:WSGIRequest"
KINDS = (
    Kind(
        (_REQUEST,),
        _request,
        "django.request",
        _make_request,
        blank=_blank_request,
        pour=_pour_request,
        has_identity=True,
    ),
    Kind((), _request, "django.user_of_session", _UserOfSession),
    Kind(
        ("django.utils.functional:SimpleLazyObject",),
        _lazy_object,
        "django.lazy_object",
        _make_lazy_object,
        has_identity=True,
    ),
    Kind((), _lazy_object, "django.lazy_user", _make_lazy_user),
    Kind(("django.http.request:QueryDict",), _query_dict, "django.query_dict", _make_query_dict, has_identity=True),
)
FAMILIES = (Sessions(), Responses())
