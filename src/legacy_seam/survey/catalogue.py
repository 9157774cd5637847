"""Which names of libraries reach outside the program, and to what.

The catalogue is data: paths (see `survey.facts`) by kind of effect. An entry holds for everything below it, unless
a longer entry says otherwise; `_PURE` entries only compute. A mark in brackets says how a function is called (see
`survey.marks`). To teach the survey another library is to add its name to a line here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from legacy_seam.survey.facts import IMPORT_TIME
from legacy_seam.values import outside

Kind: TypeAlias = Literal[
    "databases",
    "network",
    "processes",
    "files",
    "globals",
    "dynamic code",
    "threads",
    "clock",
    "randomness",
    "environment",
    "input",
    "output",
    "logging",
]

KINDS: Final[tuple[Kind, ...]] = (
    "databases",
    "network",
    "processes",
    "files",
    "globals",
    "dynamic code",
    "threads",
    "clock",
    "randomness",
    "environment",
    "input",
    "output",
    "logging",
)
"""All kinds of effects, the gravest first."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What using a name does.

    kind:    what it reaches.
    writes:  whether something outside may be different afterwards, or somebody was told something.
    is_sure: False where only the name of a method tells (`?.execute`).
    """

    kind: Kind
    writes: bool = False
    is_sure: bool = True


_CLOCK = """
    time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns time.process_time
    time.process_time_ns time.thread_time time.localtime time.gmtime time.ctime time.asctime time.strftime
    time.sleep time.clock timeit.default_timer asyncio.sleep email.utils.localtime email.utils.formatdate
    datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today
    django.utils.timezone.now django.utils.timezone.localdate django.utils.timezone.localtime pendulum.now
    pendulum.today pendulum.yesterday pendulum.tomorrow arrow.now arrow.utcnow pandas.Timestamp.now
    pandas.Timestamp.utcnow pandas.Timestamp.today dateutil.utils.today mx.DateTime.now whenever.Instant.now
    whenever.ZonedDateTime.now
"""
_RANDOMNESS = """
    random secrets uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 os.urandom os.getrandom ssl.RAND_bytes numpy.random
    torch.rand torch.randn torch.randint torch.randperm torch.bernoulli torch.multinomial tensorflow.random
    faker Crypto.Random nacl.utils.random shortuuid nanoid ulid
"""
_ENVIRONMENT_READ = """
    os.environ os.environb os.getenv os.getenvb os.getcwd os.getcwdb os.getpid os.getppid os.getlogin os.getuid
    os.geteuid os.getgid os.getgroups os.uname os.cpu_count os.getloadavg os.sched_getaffinity os.path.expanduser
    os.path.expandvars os.path.abspath os.path.realpath pathlib.Path.cwd pathlib.Path.home pathlib.Path().expanduser
    pathlib.Path().resolve pathlib.Path().absolute sys.argv sys.path sys.orig_argv sys.getwindowsversion platform
    pwd grp getpass.getuser locale socket.gethostname socket.getfqdn importlib.metadata pkg_resources dotenv
    decouple argparse.ArgumentParser().parse_args argparse.ArgumentParser().parse_known_args
    optparse.OptionParser().parse_args getopt.getopt environs psutil multiprocessing.cpu_count
"""
_ENVIRONMENT_WRITTEN = """
    os.putenv os.unsetenv os.chdir os.fchdir os.umask os.setuid os.setgid os.nice os.environ.update os.environ.pop
    os.environ.setdefault os.environ.clear locale.setlocale time.tzset sys.setrecursionlimit sys.settrace
    sys.setprofile sys.path.append sys.path.insert sys.path.extend sys.path.remove dotenv.load_dotenv
    resource.setrlimit faulthandler.enable gc.disable gc.enable gc.freeze
"""
_FILES_READ = """
    builtins.open io.open io.FileIO codecs.open os.open os.read os.listdir os.scandir os.walk os.fwalk os.stat
    os.lstat os.fstat os.statvfs os.access os.readlink os.path.exists os.path.lexists os.path.isfile os.path.isdir
    os.path.islink os.path.ismount os.path.getsize os.path.getmtime os.path.getatime os.path.getctime
    os.path.samefile glob.glob glob.iglob fileinput linecache filecmp mmap tempfile.gettempdir shutil.disk_usage
    shutil.which zipfile tarfile gzip.open gzip.GzipFile bz2.open bz2.BZ2File lzma.open lzma.LZMAFile
    configparser.ConfigParser().read configparser.RawConfigParser().read configparser.SafeConfigParser().read
    ConfigParser.ConfigParser().read pathlib.Path().open pathlib.Path().read_text pathlib.Path().read_bytes
    pathlib.Path().exists pathlib.Path().is_file pathlib.Path().is_dir pathlib.Path().is_symlink
    pathlib.Path().is_mount pathlib.Path().stat pathlib.Path().lstat pathlib.Path().iterdir pathlib.Path().glob
    pathlib.Path().rglob pathlib.Path().walk pathlib.Path().readlink pathlib.Path().samefile pathlib.Path().owner
    pathlib.Path().group pandas.read_csv pandas.read_excel pandas.read_json pandas.read_parquet pandas.read_pickle
    pandas.read_table pandas.read_fwf pandas.read_feather pandas.read_hdf pandas.read_xml pandas.read_html
    pandas.ExcelFile polars.read_csv polars.read_parquet polars.read_json polars.scan_csv polars.scan_parquet
    numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile numpy.memmap joblib.load torch.load
    openpyxl.load_workbook xlrd.open_workbook PIL.Image.open cv2.imread dbfread fiona rasterio h5py netCDF4
    importlib.resources pkgutil.get_data xml.etree.ElementTree.parse lxml.etree.parse xml.dom.minidom.parse aiofiles
    watchdog fcntl
"""
_FILES_WRITTEN = """
    builtins.open[w] io.open[w] codecs.open[w] gzip.open[w] bz2.open[w] lzma.open[w] pathlib.Path().open[w]
    builtins.open().write builtins.open().writelines builtins.open().truncate
    os.write os.remove os.unlink os.rename os.renames os.replace os.mkdir os.makedirs os.rmdir os.removedirs os.link
    os.symlink os.chmod os.chown os.lchown os.utime os.truncate os.ftruncate os.fsync os.mkfifo os.mknod os.sendfile
    shutil tempfile zipfile.ZipFile[w] zipfile.ZipFile().extract zipfile.ZipFile().extractall tarfile.open[w]
    tarfile.open().extractall tarfile.open().extract
    pathlib.Path().write_text pathlib.Path().write_bytes pathlib.Path().mkdir pathlib.Path().rmdir
    pathlib.Path().unlink pathlib.Path().rename pathlib.Path().replace pathlib.Path().touch pathlib.Path().chmod
    pathlib.Path().symlink_to pathlib.Path().hardlink_to
    numpy.save numpy.savez numpy.savetxt numpy.savez_compressed joblib.dump torch.save cv2.imwrite
    matplotlib.pyplot.savefig pandas.ExcelWriter xlwt.Workbook().save xlsxwriter openpyxl.Workbook().save
    logging.FileHandler logging.handlers.RotatingFileHandler logging.handlers.TimedRotatingFileHandler
"""
_DATABASES = """
    sqlite3 dbm anydbm shelve redis pymongo motor elasticsearch opensearchpy cassandra memcache pymemcache django.db
    sqlalchemy.create_engine sqlalchemy.orm sqlalchemy.ext.asyncio sqlmodel.Session sqlmodel.create_engine peewee
    pony tortoise mongoengine records dataset pandas.read_sql pandas.read_sql_query pandas.read_sql_table duckdb
    lmdb plyvel django.db.models.Model().save django.db.models.Model().delete
    django.db.models.Model().refresh_from_db django.db.models.Model().objects django.db.models.Model.objects neo4j
    adodbapi ldap ldap3 apsw aiosqlite databases django.core.cache pydal
"""
_NETWORK = """
    socketserver http.server wsgiref.simple_server xmlrpc.server select selectors smtpd asyncio.open_connection
    asyncio.start_server webbrowser.open urllib.urlopen urllib2 httplib httplib2 django.core.mail flask_mail pysnmp
    zmq nats paho google.auth feedparser.parse geopy tweepy praw telegram openai anthropic kubernetes docker consul
"""
_PROCESSES = """
    os.system os.popen os.popen2 os.popen3 os.fork os.forkpty os.execl os.execle os.execlp os.execlpe os.execv
    os.execve os.execvp os.execvpe os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp
    os.spawnvpe os.posix_spawn os.posix_spawnp os.startfile os.kill os.killpg os.wait os.waitpid os.wait3 os.wait4
    os._exit os.abort os.pipe os.setsid commands popen2 multiprocessing concurrent.futures.ProcessPoolExecutor
    signal.signal signal.alarm signal.setitimer signal.raise_signal pty asyncio.create_subprocess_exec
    asyncio.create_subprocess_shell atexit.register
"""
_THREADS = """
    threading.Thread threading.Timer _thread thread.start_new_thread concurrent.futures.ThreadPoolExecutor
    concurrent.futures.as_completed asyncio.create_task asyncio.gather asyncio.as_completed asyncio.ensure_future
    asyncio.wait asyncio.TaskGroup gevent eventlet multiprocessing.pool.ThreadPool multiprocessing.dummy sched
"""
_INPUT = "builtins.input builtins.raw_input sys.stdin getpass.getpass click.prompt click.confirm"
_OUTPUT = """
    builtins.print sys.stdout sys.stderr sys.__stdout__ sys.__stderr__ pprint.pprint pprint.pp traceback.print_exc
    traceback.print_stack traceback.print_exception click.echo click.secho rich.print rich.console.Console().print
    rich.progress tqdm curses tkinter turtle
"""
_LOGGING = "logging warnings.warn loguru structlog syslog sentry_sdk"
_DYNAMIC_CODE = """
    builtins.exec builtins.eval builtins.compile builtins.__import__ builtins.execfile builtins.globals
    builtins.locals importlib.import_module importlib.reload importlib.util.spec_from_file_location
    importlib.machinery imp runpy pickle.load pickle.loads pickle.Unpickler cPickle dill.load dill.loads
    cloudpickle.loads marshal.load marshal.loads yaml.unsafe_load ctypes cffi sys._getframe inspect.currentframe
    inspect.stack sys.modules code.interact pdb.set_trace builtins.breakpoint types.FunctionType types.CodeType
"""
_PURE = """
    random.Random[seed] numpy.random.default_rng[seed] numpy.random.RandomState[seed] numpy.random.Generator
    time.localtime[given] time.gmtime[given] time.ctime[given] time.asctime[given] time.strftime[given]
    logging.getLogger logging.Formatter logging.Filter logging.LogRecord logging.NullHandler logging.getLevelName
    io.open_code sqlite3.Row sqlite3.register_adapter sqlite3.register_converter
    django.db.models django.db.migrations django.db.utils sqlalchemy.orm.relationship sqlalchemy.orm.mapped_column
    sqlalchemy.orm.Mapped sqlalchemy.orm.declarative_base sqlalchemy.orm.DeclarativeBase sqlalchemy.orm.backref
    sqlalchemy.orm.registry peewee.CharField peewee.IntegerField peewee.TextField peewee.ForeignKeyField
    subprocess.list2cmdline urllib.request.Request urllib.request.pathname2url urllib.request.url2pathname
    socket.inet_aton socket.inet_ntoa socket.inet_pton socket.inet_ntop socket.htons socket.htonl socket.ntohs
    socket.ntohl requests.Request requests.utils requests.structures requests.compat urllib3.util locale.atof
    locale.atoi locale.delocalize structlog.get_logger aiohttp.web multiprocessing.current_process httpx.URL
"""

_Names: TypeAlias = str | Iterable[str]
_TABLES: Final[tuple[tuple[Kind, bool, _Names], ...]] = (
    ("network", True, outside.NETWORK),
    ("network", True, _NETWORK),
    ("databases", True, outside.DATABASES),  # after the network: some stores are in both
    ("databases", True, _DATABASES),
    ("processes", True, outside.PROCESSES),
    ("processes", True, _PROCESSES),
    ("files", False, _FILES_READ),
    ("files", True, _FILES_WRITTEN),
    ("clock", False, _CLOCK),
    ("randomness", False, _RANDOMNESS),
    ("environment", False, _ENVIRONMENT_READ),
    ("environment", True, _ENVIRONMENT_WRITTEN),
    ("threads", True, _THREADS),
    ("input", False, _INPUT),
    ("output", True, _OUTPUT),
    ("logging", True, _LOGGING),
    ("dynamic code", True, _DYNAMIC_CODE),
)


def _entries() -> dict[str, Nature | None]:
    found: dict[str, Nature | None] = {}
    for kind, writes, names in _TABLES:
        listed = names.split() if isinstance(names, str) else names
        found.update(dict.fromkeys(listed, Nature(kind, writes)))
    found.update(dict.fromkeys(_PURE.split()))
    return found


_ENTRIES: Final = _entries()
_EXACT: Final = frozenset(name for _, _, names in _TABLES if isinstance(names, str) for name in names.split())

_TOUCHED: Final = frozenset(
    [
        "os.environ",
        "os.environb",
        "sys.argv",
        "sys.path",
        "sys.orig_argv",
        "sys.stdin",
        "sys.stdout",
        "sys.stderr",
        "sys.modules",
    ]
)
"""Names that need not be called: reading an attribute or an item of them is enough."""

_ASKING: Final = frozenset(
    [
        "connect",
        "cursor",
        "fetchone",
        "fetchall",
        "fetchmany",
        "get",
        "filter",
        "all",
        "first",
        "count",
        "exists",
        "scalar",
    ]
)
"""Methods of databases that change nothing there."""
_GIVING_VALUES: Final = ("uuid.", "os.", "ssl.", "secrets.")
"""What functions of these give back are plain values, whose methods touch nothing."""

_METHODS: Final[dict[str, Nature]] = {
    name: nature
    for nature, names in (
        (
            Nature("databases", True, is_sure=False),
            "execute executemany executescript commit rollback callproc to_sql fetchone fetchall fetchmany",
        ),
        (Nature("files", False, is_sure=False), "read_text read_bytes iterdir rglob"),
        (
            Nature("files", True, is_sure=False),
            "write_text write_bytes to_csv to_excel to_parquet to_pickle savefig writestr extractall",
        ),
        (Nature("network", True, is_sure=False), "sendall sendmail send_message urlopen sendto"),
        (Nature("processes", True, is_sure=False), "communicate"),
    )
    for name in names.split()
}
"""Methods whose name tells enough where nothing else is known of their object."""


def nature_of(path: str, *, called: bool) -> Nature | None:
    """What the use of a name of a library reaches; None where it only computes, or nothing is known of it.

    Args:
        path: see `survey.facts`.
        called: whether it is called; what is only looked at or handed on counts where it is an entry of its own.

    >>> nature_of("datetime.datetime.now", called=True)
    Nature(kind='clock', writes=False, is_sure=True)
    >>> nature_of("requests.Session().get", called=True).kind, nature_of("requests.Timeout", called=False)
    ('network', None)
    >>> nature_of("?.executemany", called=True)
    Nature(kind='databases', writes=True, is_sure=False)
    """
    if not called and path not in _TOUCHED:
        return _ENTRIES.get(path) if path in _EXACT and "." in path else None
    if _is_passive(path):
        return None
    place = path
    while place:
        if place in _ENTRIES:
            return _refined(_ENTRIES[place], path, place)
        place = _shorter(place)
    base, _, method = path.partition("[")[0].rpartition(".")
    nature = _METHODS.get(method) if base else None
    return nature and _refined(nature, path, path)


def _refined(nature: Nature | None, path: str, entry: str) -> Nature | None:
    if nature is None or nature.kind == "databases":
        asks = path.endswith("[select]") or path.partition("[")[0].rpartition(".")[2] in _ASKING
        return Nature("databases", False, nature.is_sure) if nature and asks else nature
    if entry.startswith(_GIVING_VALUES) or nature.kind in ("clock", "environment"):
        return None if path[len(entry) :].startswith("().") else nature
    return nature


def _shorter(path: str) -> str:
    """The next entry to look for: without its mark, its call, its last name.

    >>> _shorter("a.b[w]().c"), _shorter("a.b[w]()"), _shorter("a.b[w]"), _shorter("a.b"), _shorter("a")
    ('a.b[w]()', 'a.b[w]', 'a.b', 'a', '')
    """
    if path.endswith("()"):
        return path[:-2]
    if path.endswith("]"):
        return path.rpartition("[")[0]
    return path.rpartition(".")[0]


_CLOSING: Final = frozenset({"close", "__enter__", "__exit__", "decode", IMPORT_TIME})


def _is_passive(path: str) -> bool:
    """Is that a constant, an error or an end (`socket.AF_INET`, `open().close`), whatever its module does?"""
    name = path.rpartition(".")[2]
    return name.isupper() or name in _CLOSING or name.endswith(("Error", "Exception", "Warning"))
