"""What lies outside every program, by its module: the network, servers of databases, other processes.

Calls into these modules cross the boundary (`legacy_seam.boundary`), and their objects are no values: a connection
is a hold on something that no file can keep.
"""

from __future__ import annotations

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
PROCESSES = frozenset(
    ["subprocess", "asyncio.subprocess", "multiprocessing", "concurrent.futures.process", "pexpect", "sh"]
)
MODULES = NETWORK | DATABASES | PROCESSES
"""Calls into these modules, and those below them, cross the boundary."""

_NAMES_OF_INNER = (
    "requests.utils requests.structures requests.exceptions requests.cookies requests.compat urllib3.util"
    " urllib3.exceptions httpx._exceptions botocore.exceptions sqlalchemy.engine.url sqlalchemy.engine.row"
    " psycopg.sql psycopg.rows psycopg.types psycopg.adapt psycopg.errors psycopg.conninfo psycopg2.sql psycopg2.tz"
    " psycopg2.errors psycopg2.errorcodes multiprocessing.dummy"
)
_INNER = frozenset(_NAMES_OF_INNER.split())
"""Modules among them that only compute."""

_NAMES_OF_COMPUTING = (
    "urllib.request:Request urllib.request:pathname2url urllib.request:url2pathname subprocess:list2cmdline"
    " _socket:inet_aton _socket:inet_ntoa _socket:inet_pton _socket:inet_ntop _socket:htons _socket:htonl"
    " _socket:ntohs _socket:ntohl requests.models:Request requests.auth:HTTPBasicAuth"
    " psycopg2.extras:Json psycopg2.extras:DateTimeRange psycopg2.extras:NumericRange"
    " multiprocessing.pool:ThreadPool"
)
_COMPUTING = frozenset(_NAMES_OF_COMPUTING.split())
"""Functions and classes of the others that only compute."""

_NAMES_OF_TRANSPORTS = (
    "asyncio.base_events:Server asyncio.transports:BaseTransport asyncio.transports:ReadTransport"
    " asyncio.transports:WriteTransport asyncio.transports:_FlowControlMixin"
    " asyncio.selector_events:_SelectorTransport asyncio.selector_events:_SelectorSocketTransport"
    " asyncio.selector_events:_SelectorDatagramTransport asyncio.sslproto:_SSLProtocolTransport"
    " asyncio.unix_events:_UnixReadPipeTransport asyncio.unix_events:_UnixWritePipeTransport"
)
_TRANSPORTS = frozenset(_NAMES_OF_TRANSPORTS.split())
"""Classes of asyncio that are a hold on the network, in modules which are not."""

_known: dict[str, bool] = {}


def lies_outside(module: str, qualname: str) -> bool:
    """Does the function or class `module:qualname` lie outside?

    >>> lies_outside("psycopg", "Connection.execute"), lies_outside("urllib.request", "Request")
    (True, False)
    """
    known = _known.get(module)
    if known is None:
        known = _known[module] = _is_below(module, MODULES) and not _is_below(module, _INNER)
    if known:
        return f"{module}:{qualname}" not in _COMPUTING
    return module.startswith("asyncio.") and f"{module}:{qualname.partition('.')[0]}" in _TRANSPORTS


def is_of_a_database(kind: str) -> bool:
    """Is this the type of a connection to a server of databases, of a cursor, of a session?

    >>> is_of_a_database("psycopg:Connection"), is_of_a_database("http.client:HTTPResponse")
    (True, False)
    """
    return _is_below(kind.partition(":")[0], DATABASES) or kind.startswith("sqlite3:")


def _is_below(module: str, modules: frozenset[str]) -> bool:
    while module:
        if module in modules:
            return True
        module = module.rpartition(".")[0]
    return False
