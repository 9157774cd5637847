"""Which calls cross the boundary: to the network, other processes, databases, whatever the user declares."""

from __future__ import annotations

from collections.abc import Iterable
from types import BuiltinFunctionType, BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import Any

from legacy_seam.targets import Pattern, Target
from legacy_seam.values.anatomy import derives, name_of

_NAMES_OF_NETWORK = (
    "socket _socket ssl _ssl http.client urllib.request xmlrpc.client ftplib smtplib imaplib poplib nntplib"
    " telnetlib asyncio.streams requests urllib3 httpx httpcore aiohttp websockets websocket grpc zeep suds"
    " paramiko fabric pysftp ldap ldap3 dns pika kafka confluent_kafka redis memcache pymemcache pymongo motor"
    " elasticsearch opensearchpy cassandra boto3 botocore google.cloud azure slack_sdk twilio stripe sendgrid"
)
_NAMES_OF_DATABASES = (
    "psycopg psycopg2 psycopg_pool asyncpg pg8000 MySQLdb pymysql mysql.connector mariadb oracledb cx_Oracle pyodbc"
    " pymssql pytds ibm_db hdbcli clickhouse_driver clickhouse_connect snowflake.connector"
    " sqlalchemy.engine sqlalchemy.orm.session sqlalchemy.orm.query sqlalchemy.orm.scoping"
)
NETWORK = frozenset(_NAMES_OF_NETWORK.split())
DATABASES = frozenset(_NAMES_OF_DATABASES.split())
PROCESSES = frozenset(["subprocess", "pexpect", "sh"])
MODULES = NETWORK | DATABASES | PROCESSES
"""Calls into these modules, and those below them, cross the boundary."""

_NAMES_OF_INNER = (
    "requests.utils requests.structures requests.exceptions requests.cookies requests.compat urllib3.util"
    " urllib3.exceptions httpx._exceptions botocore.exceptions sqlalchemy.engine.url sqlalchemy.engine.row"
)
_INNER = frozenset(_NAMES_OF_INNER.split())
"""Modules among them that only compute."""

_NAMES_OF_COMPUTING = (
    "urllib.request:Request urllib.request:pathname2url urllib.request:url2pathname subprocess:list2cmdline"
    " _socket:inet_aton _socket:inet_ntoa _socket:inet_pton _socket:inet_ntop _socket:htons _socket:htonl"
    " _socket:ntohs _socket:ntohl requests.models:Request requests.auth:HTTPBasicAuth"
)
_COMPUTING = frozenset(_NAMES_OF_COMPUTING.split())
"""Functions and classes of the others that only compute."""

_SINGLE = frozenset(["posix:system", "os:popen", "builtins:input", "getpass:getpass", "getpass:unix_getpass"])
"""Functions of other modules that cross."""

_MAKING_CLASSES = frozenset(
    ("__init_subclass__", "__set_name__", "__class_getitem__", "__subclasshook__", "__instancecheck__")
)
"""Methods by which classes are made and told apart: they only compute, whatever class they are of."""

_BUILTIN_TYPES = (BuiltinFunctionType, BuiltinMethodType, type([].__len__))


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
        self._modules: dict[str, bool] = {}

    def name_of(self, callee: Any) -> str | None:
        """The name under which a callee is asked; None where calling it stays within the program.

        Looks at the callee without running any code of it.
        """
        named = _named(callee)
        if named is None:
            return None
        module, qualname, asked = named
        return asked if self.cross(module, qualname) else None

    def cross(self, module: str, qualname: str) -> bool:
        """Does a call of `module:qualname` cross?"""
        if self._declared and any(pattern.matches(Target(module, qualname)) for pattern in self._declared):
            return True
        name = f"{module}:{qualname}"
        if qualname.rpartition(".")[2] in _MAKING_CLASSES:
            return False
        return name in _SINGLE or (self._is_outside(module) and name not in _COMPUTING)

    def _is_outside(self, module: str) -> bool:
        known = self._modules.get(module)
        if known is None:
            known = self._modules[module] = _is_below(module, MODULES) and not _is_below(module, _INNER)
        return known


def name_anyway(callee: Any) -> str:
    """The name of a callee that does not cross by itself, but is handed something that lies outside."""
    named = _named(callee)
    return "something" if named is None else named[2]


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


def _is_below(module: str, modules: frozenset[str]) -> bool:
    while module:
        if module in modules:
            return True
        module = module.rpartition(".")[0]
    return False
