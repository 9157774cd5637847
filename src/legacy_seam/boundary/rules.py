"""Which calls cross the boundary: to the network, other processes, databases, whatever the user declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import BuiltinFunctionType, BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import Any

from legacy_seam.boundary.sqlite import CONNECT, connects, opens_a_large_one, speaks_sqlite
from legacy_seam.targets import Pattern, Target
from legacy_seam.values.anatomy import derives, name_of
from legacy_seam.values.outside import lies_outside

_NAMES_OF_LOOPS = (
    "create_connection create_server create_datagram_endpoint getaddrinfo getnameinfo sendfile start_tls"
    " subprocess_exec subprocess_shell"
)
_NAMES_ON_UNIX = "create_unix_connection create_unix_server"
_NAMES_OF_SOCKETS = (
    "sock_accept sock_connect sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into sock_sendall sock_sendto"
)
_SINGLE = frozenset(
    (
        *("posix:system", "os:popen", "builtins:input", "getpass:getpass", "getpass:unix_getpass"),
        *(f"asyncio.base_events:BaseEventLoop.{name}" for name in _NAMES_OF_LOOPS.split()),
        *(f"asyncio.unix_events:_UnixSelectorEventLoop.{name}" for name in _NAMES_ON_UNIX.split()),
        *(f"asyncio.selector_events:BaseSelectorEventLoop.{name}" for name in _NAMES_OF_SOCKETS.split()),
    )
)
"""Functions of other modules that cross."""

_NAMES_OF_PROVERS = (
    "werkzeug.security:check_password_hash django.contrib.auth.hashers:check_password"
    " django.contrib.auth.hashers:acheck_password django.contrib.auth.base_user:AbstractBaseUser.check_password"
    " django.contrib.auth.base_user:AbstractBaseUser.acheck_password passlib.context:CryptContext.verify"
    " argon2._password_hasher:PasswordHasher.verify bcrypt:checkpw bcrypt._bcrypt:checkpw"
    " flask_bcrypt:check_password_hash flask_bcrypt:Bcrypt.check_password_hash"
)
_PROVERS = frozenset(_NAMES_OF_PROVERS.split())
"""What says whether a password fits to its hash: a recording holds neither, so that no replay could work it out."""

_OF_THREADS = "multiprocessing.pool:ThreadPool."
"""Methods of a pool that works in this process, which are those of one that does not."""

_MAKING_CLASSES = frozenset(
    ("__init_subclass__", "__set_name__", "__class_getitem__", "__subclasshook__", "__instancecheck__")
)
"""Methods by which classes are made and told apart: they only compute, whatever class they are of."""

_NAMES_OF_MAKERS = (
    "sqlalchemy.engine.create:create_engine sqlalchemy.orm.session:Session sqlalchemy.orm.session:sessionmaker"
    " sqlalchemy.orm.session:sessionmaker.__call__ sqlalchemy.orm.session:sessionmaker.configure"
    " sqlalchemy.orm.scoping:scoped_session sqlalchemy.orm.scoping:scoped_session.configure"
    " sqlalchemy.orm.scoping:scoped_session.__call__"
)
_MAKERS = frozenset(_NAMES_OF_MAKERS.split())
"""What makes an object that lies outside, and asks nothing for it. (A session begins with its first statement.)"""

_BUILTIN_TYPES = (BuiltinFunctionType, BuiltinMethodType, type([].__len__))
_DATA = (str, bytes, bytearray, int, float, complex, bool, list, tuple, dict, set, frozenset, range)
_IDS_OF_DATA = frozenset(map(id, _DATA))
"""Not the types themselves: a metaclass of the program may have a hash of its own."""
_UNKNOWN = "?"
_MOST_KNOWN = 4000


class Rules:
    """Says of anything that is about to be called whether that crosses the boundary.

    Args:
        declared: patterns of targets that the user declared to be outside (`bureau:fetch_score`, `erp.*`).

    >>> import subprocess
    >>> Rules().name_of(subprocess.run), Rules().name_of(len)
    ('subprocess:run', None)
    """

    def __init__(self, declared: Iterable[str] = ()) -> None:
        self._declared = tuple(Pattern(text) for text in declared)
        self._known: dict[tuple[str, str], bool] = {}
        self._of_data: dict[tuple[int, str], str | None] = {}

    def name_of(self, callee: Any) -> str | None:
        """The name under which a callee is asked; None where calling it stays within the program.

        Looks at the callee without running any code of it.
        """
        if type(callee) is BuiltinFunctionType:  # most of what is called: methods of built-in data
            owner = id(type(callee.__self__))
            if owner in _IDS_OF_DATA:
                method = owner, callee.__name__
                name = self._of_data.get(method, _UNKNOWN)
                if name is _UNKNOWN:
                    name = self._of_data[method] = self._name_of(callee)
                return name
        return self._name_of(callee)

    def _name_of(self, callee: Any) -> str | None:
        named = _named(callee)
        if named is None:
            return None
        module, qualname, asked = named
        if not self.cross(module, qualname) or asked in _MAKERS or asked.startswith(_OF_THREADS):
            return None
        return None if module.startswith("sqlalchemy.") and speaks_sqlite(_owner(callee)) else asked

    def name_with(self, callee: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> str | None:
        """The name under which a callee is asked that crosses with these arguments only; None for all others."""
        return CONNECT if connects(callee) and opens_a_large_one(arguments, keywords) else None

    def may_cross(self, callee: Any) -> str | None:
        """The name under which a callee is asked that crosses with some arguments; None for all others."""
        return CONNECT if connects(callee) else None

    def cross(self, module: str, qualname: str) -> bool:
        """Does a call of `module:qualname` cross?"""
        if type(module) is not str or type(qualname) is not str:  # a program may write anything there
            return self.cross(_plain(module), _plain(qualname))
        crosses = self._known.get((module, qualname))
        if crosses is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            crosses = self._known[module, qualname] = self._does_cross(module, qualname)
        return crosses

    def _does_cross(self, module: str, qualname: str) -> bool:
        if self._declared and any(pattern.matches(Target(module, qualname)) for pattern in self._declared):
            return True
        name = f"{module}:{qualname}"
        if qualname.rpartition(".")[2] in _MAKING_CLASSES:
            return False
        return name in _SINGLE or name in _PROVERS or lies_outside(module, qualname)


def name_anyway(callee: Any) -> str:
    """The name of a callee that does not cross by itself, but is handed something that lies outside."""
    named = _named(callee)
    return "something" if named is None else named[2]


def module_of(callee: Any) -> str:
    """The name of the module in which a callee is defined; "" where it has none."""
    named = _named(callee)
    return "" if named is None else named[0]


def _plain(text: Any) -> str:
    """A text of whatever class, as one that has no code of its own."""
    return str.__str__(text) if derives(type(text), str) else ""


def _owner(callee: Any) -> object:
    """What a method belongs to; anything else is called itself."""
    return callee.__self__ if type(callee) is MethodType else callee


def _named(callee: Any) -> tuple[str, str, str] | None:
    """Where a callee is defined (module and qualified name), and the name under which it is asked.

    A method is asked by the type of its object, wherever it was inherited from.
    """
    kind = type(callee)
    if kind is FunctionType:
        return callee.__module__ or "", callee.__qualname__, f"{callee.__module__}:{callee.__qualname__}"
    if kind is MethodType:
        function, owner = callee.__func__, callee.__self__
        if type(function) is not FunctionType:
            return _named(function)
        cls = owner if derives(type(owner), type) else type(owner)
        return function.__module__ or "", function.__qualname__, f"{name_of(cls)}.{function.__name__}"
    if kind in _BUILTIN_TYPES:
        return _builtin(callee)
    cls = callee if derives(kind, type) else kind
    if derives(cls, BaseException):
        return None
    name = name_of(cls)
    module, _, qualname = name.rpartition(":")
    return (module, qualname, name) if cls is callee else (module, qualname, f"{name}.__call__")


def _builtin(callee: Any) -> tuple[str, str, str]:
    owner, name = callee.__self__, callee.__name__
    if owner is None or type(owner) is ModuleType:
        module = callee.__module__ or ""
        return module, name, f"{module}:{name}"
    cls = name_of(owner if derives(type(owner), type) else type(owner))
    module, _, qualname = cls.rpartition(":")
    return module, f"{qualname}.{name}", f"{cls}.{name}"
