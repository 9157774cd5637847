"""Applications of Flask: by the variable that holds one, or by the function that makes one.

A program says `app = Flask(__name__)` in a module, or has a function for it that scripts, tests and servers call
(`create_app`, an application factory). Of such a function a recording keeps the name; a replay calls it as if it
were the last import of the program (`legacy_seam.replay.importing`), and every text that names it means what came
of that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from legacy_seam.values.anatomy import called, module_called, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, call_of
from legacy_seam.values.layout import Draft

APPLICATION = "flask.app:Flask"
_SCRIPTS = ("__main__", "__mp_main__")
_CALLED = "()"
"""Behind the name of a function: what it gives."""
_USUAL_NAMES = ("create_app", "make_app")
"""Of functions that make an application; `flask run` looks for the same."""
_LIBRARIES = frozenset(("flask", "werkzeug", "click", "jinja2"))
_HELD_BY_NOBODY = (
    "an application that no variable of a module holds, and no function makes that needs no arguments;"
    " put `app = create_app(..)` into a module of its own, and let the script import it from there"
)

_configured: list[Callable[[], object]] = []
"""What puts configurations back; the last comes first."""
_told: dict[str, None] = {}
_made: dict[str, object] = {}


def factories() -> tuple[str, ...]:
    """The functions by which applications have been told so far, each with its brackets."""
    return tuple(_told)


def forget() -> None:
    """A recording begins: no application has been told."""
    _told.clear()


def is_factory(name: str) -> bool:
    """Is this the name of what a function makes, rather than of a module?

    >>> is_factory("shop:create_app()"), is_factory("shop")
    (True, False)
    """
    return name.endswith(_CALLED)


def module_of(name: str) -> str:
    """The module in which a factory stands."""
    return name.partition(":")[0]


def make(name: str, namespace: Mapping[str, Any]) -> None:
    """Let a function of this module make the application that texts mean by its name.

    Raises:
        Exception: whatever the function raises.
        ValueError: where it is no function that makes an application.
    """
    function = namespace.get(name.partition(":")[2].removesuffix(_CALLED))
    if type(function) is not FunctionType or not _makes_one(function):
        raise ValueError(f"{name} makes no application of Flask")
    made = function()
    if not _is_application(made):
        raise ValueError(f"{name} has made no application of Flask")
    _made[name] = made


def put_back() -> None:
    """Applications are configured as they were before any of them was made from a text."""
    while _configured:
        _configured.pop()()


def name_of_application(application: Any) -> str:
    """The variable that holds it, or the function that makes such a one.

    Raises:
        Unreadable: there is neither.
    """
    for module in _modules(application.import_name):
        for key, held in list(vars(module).items()):
            if held is application:
                return f"{called(str(vars(module)['__name__']))}:{key}"
    for name, made in _made.items():
        if made is application:
            return name
    name = _factory(application.import_name)
    _told.setdefault(name)
    return name


def _modules(first: str) -> Iterator[ModuleType]:
    """The loaded modules, the one that an application was made for before all others.

    A script that only uses it is none of them: a replay does not run what gave its variables their values.
    """
    for name in (first, *sys.modules):
        module = sys.modules.get(name)
        if type(module) is ModuleType and (name == first or name not in _SCRIPTS):
            yield module


def _factory(first: str) -> str:
    """The function by which an application was made, by all signs: in the module or package that it was made for,
    or any other; one of the usual names before all others, which there may be one of only."""
    package = first.partition(".")[0]
    near = [name for name in sys.modules if name == package or name.startswith(f"{package}.")]
    for names in ((first,), near, [*sys.modules]):
        found: dict[str, None] = {}
        for name in names:
            module = sys.modules.get(name)
            if type(module) is ModuleType and name.partition(".")[0] not in _LIBRARIES:
                where = called(str(vars(module).get("__name__")))
                found |= dict.fromkeys(f"{where}:{key}{_CALLED}" for key in _makers_in(module))
        usual = [name for name in found if name.partition(":")[2].removesuffix(_CALLED) in _USUAL_NAMES]
        if len(one := usual or list(found)) == 1:
            return one[0]
    raise Unreadable(_HELD_BY_NOBODY)


def _makers_in(module: ModuleType) -> Iterator[str]:
    namespace = vars(module)
    for key, held in list(namespace.items()):
        if type(held) is FunctionType and held.__globals__ is namespace and _makes_one(held):
            yield key


def _makes_one(function: FunctionType) -> bool:
    """Does its code name the class, or has it the name of one that makes an application? And needs it nothing?"""
    code, named = function.__code__, function.__kwdefaults__ or {}
    last = code.co_argcount + code.co_kwonlyargcount
    needs_nothing = len(function.__defaults__ or ()) == code.co_argcount and all(
        name in named for name in code.co_varnames[code.co_argcount : last]
    )
    return needs_nothing and ("Flask" in code.co_names or function.__name__ in _USUAL_NAMES)


def _is_application(value: object) -> bool:
    return any(name_of(base) == APPLICATION for base in type(value).__mro__)


def _application(value: Any) -> Draft:
    """By its name, and what its configuration has beside the usual."""
    usual = _usual_config(value)
    config = {key: held for key, held in sorted(value.config.items()) if key not in usual or usual[key] != held}
    return call_of("flask.app", (name_of_application(value),), {"config": config} if config else {})


def _usual_config(application: Any) -> dict[str, object]:
    return {**type(application).default_config, "DEBUG": False}


def _find_application(name: str, config: dict[str, object] | None = None) -> object:
    found = _named(name)
    if not _is_application(found):
        raise ValueError(f"{name} is no application of Flask")
    wanted = _usual_config(found) | (config or {})
    if dict(found.config) != wanted:
        before = dict(found.config)
        _configured.append(lambda: (found.config.clear(), found.config.update(before)))
        found.config.clear()
        found.config.update(wanted)
    return found


def _named(name: str) -> Any:
    if is_factory(name):
        return _made.get(name)
    module, _, key = name.partition(":")
    return (module_called(module) or {}).get(key)


KINDS = (Kind((APPLICATION,), _application, "flask.app", _find_application, has_identity=True),)
