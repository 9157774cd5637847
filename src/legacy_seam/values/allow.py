"""What may be made from a text: classes and functions of the code under test, and harmless ones of Python's own."""

from __future__ import annotations

import builtins
import sys
import types

from legacy_seam.plaindata import dataclass
from legacy_seam.values.anatomy import attribute_of, derives

_REFUSED_BUILTINS = frozenset(
    [
        "__build_class__",
        "__import__",
        "breakpoint",
        "compile",
        "copyright",
        "credits",
        "delattr",
        "eval",
        "exec",
        "exit",
        "getattr",
        "globals",
        "help",
        "input",
        "license",
        "locals",
        "memoryview",
        "open",
        "quit",
        "setattr",
        "vars",
    ]
)
_HARMLESS_NAMES = {
    "__future__": {"_Feature"},
    "_hashlib": {"openssl_md5", "openssl_sha1", "openssl_sha224", "openssl_sha256", "openssl_sha384",
                 "openssl_sha512"},
    "_socket": {"gethostname"},
    "_functools": {"cmp_to_key", "partial", "reduce"},
    "_io": {"open"},
    "_locale": {"strcoll", "strxfrm"},
    "argparse": {"Action", "ArgumentDefaultsHelpFormatter", "ArgumentParser", "BooleanOptionalAction", "FileType",
                 "HelpFormatter", "MetavarTypeHelpFormatter", "Namespace", "RawDescriptionHelpFormatter",
                 "RawTextHelpFormatter", "_AppendAction", "_AppendConstAction", "_ArgumentGroup", "_CountAction",
                 "_ExtendAction", "_HelpAction", "_MutuallyExclusiveGroup", "_StoreAction", "_StoreConstAction",
                 "_StoreFalseAction", "_StoreTrueAction", "_SubParsersAction",
                 "_SubParsersAction._ChoicesPseudoAction", "_VersionAction"},
    "asyncio.locks": {"BoundedSemaphore", "Condition", "Event", "Lock", "Semaphore"},
    "asyncio.queues": {"LifoQueue", "PriorityQueue", "Queue"},
    "bz2": {"compress", "decompress", "open"},
    "cmd": {"Cmd"},
    "codecs": {"StreamReaderWriter", "StreamRecoder", "open"},
    "collections": {"ChainMap", "Counter", "OrderedDict", "UserDict", "UserList", "UserString", "defaultdict",
                    "deque"},
    "configparser": {"ConfigParser", "RawConfigParser", "SectionProxy", "BasicInterpolation", "Interpolation",
                     "ExtendedInterpolation", "ConverterMapping", "LegacyInterpolation"},
    "concurrent.futures._base": {"DoneAndNotDoneFutures", "Future"},
    "contextlib": {"AsyncExitStack", "ExitStack", "closing", "nullcontext", "suppress"},
    "copy": {"copy", "deepcopy"},
    "csv": {"Dialect", "DictReader", "DictWriter", "excel", "excel_tab", "unix_dialect"},
    "dataclasses": {"asdict", "astuple", "replace"},
    "email.message": {"EmailMessage", "MIMEPart", "Message"},
    "email.generator": {"BytesGenerator", "DecodedGenerator", "Generator"},
    "email.mime.application": {"MIMEApplication"},
    "email.mime.audio": {"MIMEAudio"},
    "email.mime.base": {"MIMEBase"},
    "email.mime.image": {"MIMEImage"},
    "email.mime.message": {"MIMEMessage"},
    "email.mime.multipart": {"MIMEMultipart"},
    "email.mime.nonmultipart": {"MIMENonMultipart"},
    "email.mime.text": {"MIMEText"},
    "email.parser": {"BytesHeaderParser", "BytesParser", "HeaderParser", "Parser"},
    "difflib": {"Differ", "SequenceMatcher"},
    "flask.wrappers": {"Response"},
    "filecmp": {"dircmp"},
    "functools": {"cmp_to_key", "partial", "partialmethod", "reduce"},
    "gettext": {"NullTranslations"},
    "gzip": {"compress", "decompress", "open"},
    "graphlib": {"TopologicalSorter", "_NodeInfo"},
    "html.parser": {"HTMLParser"},
    "http": {"HTTPMethod", "HTTPStatus"},
    "http.cookiejar": {"Cookie", "CookieJar", "DefaultCookiePolicy"},
    "http.cookies": {"BaseCookie", "Morsel", "SimpleCookie"},
    "io": {"open"},
    "inspect": {"BoundArguments", "Parameter", "Signature", "_ParameterKind", "_empty"},
    "json": {"dumps", "loads"},
    "json.decoder": {"JSONDecoder"},
    "json.encoder": {"JSONEncoder"},
    "attr._make": {"_Nothing"},
    "lzma": {"compress", "decompress", "open"},
    "numpy": {"matrix", "recarray", "bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
              "uint64", "float16", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble",
              "longlong", "ulonglong", "intc", "uintc", "str_", "bytes_", "void", "record", "object_", "datetime64",
              "timedelta64", "ndarray", "generic", "number", "integer", "signedinteger", "unsignedinteger",
              "inexact", "floating", "complexfloating", "character", "flexible"},
    "numpy.matrixlib.defmatrix": {"matrix"},
    "numpy.rec": {"recarray"},
    "logging": {"BufferingFormatter", "Filter", "Formatter", "LogRecord", "LoggerAdapter",
                "NullHandler", "PercentStyle", "StrFormatStyle", "StreamHandler", "StringTemplateStyle"},
    "logging.handlers": {"BufferingHandler", "MemoryHandler"},
    "mailbox": {"MaildirMessage", "Message", "mboxMessage"},
    "mimetypes": {"MimeTypes"},
    "optparse": {"IndentedHelpFormatter", "Option", "OptionGroup", "OptionParser", "TitledHelpFormatter", "Values"},
    "genericpath": {"exists", "getmtime", "getsize", "isdir", "isfile"},
    "getpass": {"getuser"},
    "posix": {"getcwd", "getpid", "times_result", "uname_result", "urandom"},
    "posixpath": {"abspath", "basename", "dirname", "isabs", "join", "normpath", "split", "splitext"},
    "pkgutil": {"ModuleInfo"},
    "pprint": {"PrettyPrinter"},
    "pandas": {"DataFrame", "Series", "Index", "Timestamp", "Timedelta", "Period", "Interval", "Categorical"},
    "pydantic.types": {"SecretBytes", "SecretStr"},
    "pwd": {"struct_passwd"},
    "grp": {"struct_group"},
    "queue": {"LifoQueue", "PriorityQueue", "Queue"},
    "random": {"betavariate", "choice", "choices", "expovariate", "gauss", "getrandbits", "lognormvariate",
               "normalvariate", "paretovariate", "randbytes", "randint", "random", "randrange", "sample", "seed",
               "shuffle", "triangular", "uniform", "vonmisesvariate", "weibullvariate"},
    "reprlib": {"Repr"},
    "resource": {"struct_rusage"},
    "sched": {"Event", "scheduler"},
    "secrets": {"choice", "randbelow", "token_bytes", "token_hex", "token_urlsafe"},
    "zlib": {"adler32", "compress", "crc32", "decompress"},
    "re": {"compile", "escape", "findall", "fullmatch", "match", "search", "split", "sub",
           "RegexFlag"},
    "shlex": {"shlex"},
    "signal": {"Handlers", "Signals"},
    "sqlite3": {"Row"},
    "string": {"Formatter", "Template", "capwords"},
    "sys": {"stderr", "stdin", "stdout"},
    "tarfile": {"TarInfo"},
    "threading": {"Barrier", "BoundedSemaphore", "Condition", "Event", "Semaphore", "Thread", "Timer"},
    "time": {"asctime", "ctime", "gmtime", "localtime", "mktime", "monotonic", "monotonic_ns", "perf_counter",
             "perf_counter_ns", "process_time", "process_time_ns", "sleep", "strftime", "strptime", "struct_time",
             "thread_time", "thread_time_ns", "time", "time_ns"},
    "tokenize": {"TokenInfo"},
    "traceback": {"FrameSummary", "StackSummary", "TracebackException"},
    "typing": {"_AnnotatedAlias", "_CallableGenericAlias", "_GenericAlias", "_LiteralGenericAlias",
               "_UnionGenericAlias"},
    "types": {"EllipsisType", "NoneType", "NotImplementedType", "SimpleNamespace"},
    "urllib.request": {"Request"},
    "werkzeug.wrappers.response": {"Response"},
    "wsgiref.headers": {"Headers"},
    "xml.dom.minicompat": {"EmptyNodeList", "NodeList"},
    "xml.dom.minidom": {"Attr", "CDATASection", "Comment", "DOMImplementation", "Document", "DocumentFragment",
                        "DocumentType", "Element", "ElementInfo", "Entity", "NamedNodeMap", "Notation",
                        "ProcessingInstruction", "Text", "TypeInfo"},
    "xml.etree.ElementTree": {"Comment", "ElementTree", "PI", "ProcessingInstruction", "QName"},
    "xml.sax.handler": {"ContentHandler", "ErrorHandler"},
    "xml.sax.xmlreader": {"AttributesImpl", "AttributesNSImpl", "InputSource"},
    "xml.sax.saxutils": {"XMLGenerator", "escape", "quoteattr", "unescape"},
    "zipfile": {"ZipInfo"},
    "os": {"stat_result", "statvfs_result", "terminal_size"},
}  # fmt: skip
_HARMLESS_CLOSURES = frozenset(
    (
        "contextlib:_BaseExitStack._create_cb_wrapper.<locals>._exit_wrapper",
        "contextlib:AsyncExitStack._create_async_cb_wrapper.<locals>._exit_wrapper",
        "argparse:ArgumentParser.__init__.<locals>.identity",
    )
)
"""Functions of Python's own, made by others, that do nothing but call what they were made for."""
_HARMLESS_LIBRARIES = (
    "dateutil",
    "encodings",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.core.exceptions",
    "django.core.handlers",
    "django.core.management",
    "django.core.paginator",
    "django.core.validators",
    "django.db.models",
    "django.db.utils",
    "django.forms",
    "django.http",
    "django.middleware",
    "django.template",
    "django.urls",
    "django.utils",
    "django.views",
    "sklearn",
    "scipy.sparse",
    "polars.datatypes.classes",
    "polars.schema",
    "psycopg.sql",
    "psycopg.types",
    "psycopg2.sql",
    "werkzeug.datastructures",
    "werkzeug.exceptions",
)
"""Packages whose classes do nothing but compute, and nothing at all when an instance is made by its state or thrown
away. Their functions are another matter."""

_NAMES_OF_CARRIED = "csv hashlib json logging posixpath random re sqlite3 sqlite3.dbapi2 string time"
_CARRIED_MODULES = frozenset(_NAMES_OF_CARRIED.split())
"""Modules that programs carry along (`self.driver = sqlite3`). Of what they hold only some may be named."""

_HARMLESS_MODULES = frozenset(
    [
        "_collections",
        "_datetime",
        "_decimal",
        "_heapq",
        "_bisect",
        "_operator",
        "_random",
        "_statistics",
        "_struct",
        "array",
        "ast",
        "bisect",
        "calendar",
        "cmath",
        "collections.abc",
        "colorsys",
        "datetime",
        "decimal",
        "email._header_value_parser",
        "email._policybase",
        "email.charset",
        "email.contentmanager",
        "email.header",
        "email.headerregistry",
        "email.policy",
        "enum",
        "fractions",
        "heapq",
        "html",
        "html.entities",
        "ipaddress",
        "itertools",
        "keyword",
        "math",
        "numbers",
        "operator",
        "statistics",
        "struct",
        "textwrap",
        "unicodedata",
        "urllib.parse",
        "uuid",
        "zoneinfo",
    ]
)


@dataclass(frozen=True, slots=True)
class Allow:
    """The code whose classes and functions a text may name.

    modules: names of modules and packages; a package covers all that is in it.

    Classes and functions of the standard library that can do no harm are allowed in any case; `builtins:eval`,
    `os:system`, `subprocess:Popen` and their like never are, unless their module is named.

    >>> Allow.for_modules("shop").permits("shop.rules", "Account")
    True
    >>> Allow.for_modules("shop").permits("os", "system")
    False
    """

    modules: frozenset[str] = frozenset()

    @classmethod
    def for_modules(cls, *names: str) -> Allow:
        """Allow the code of these modules and packages."""
        return cls(frozenset(names))

    def permits_module(self, name: str) -> bool:
        """May the module itself be referred to?"""
        return self.covers(name) or name in _HARMLESS_MODULES or name in _CARRIED_MODULES

    def permits(self, module: str, path: str) -> bool:
        """May what stands at `module:path` be referred to, or instances of it be made?"""
        if self.covers(module):
            return True
        if ".__" in path:  # what is special about a type opens the way to all the others
            return False
        if module in _HARMLESS_MODULES:
            return True
        first = path.partition(".")[0]
        if module == "builtins":
            return first not in _REFUSED_BUILTINS and hasattr(builtins, first)
        return first in _HARMLESS_NAMES.get(module, ())

    def permits_class(self, cls: type, module: str, path: str) -> bool:
        """Like `permits`, for a class at hand: some are harmless by what they are built on, or come from."""
        return self.permits(module, path) or _is_harmless_exception(cls, module) or _is_of_harmless_library(module)

    def may_be_loaded(self, module: str, path: str) -> bool:
        """Like `permits_class`, for a class that is not loaded yet."""
        return self.permits(module, path) or _is_of_harmless_library(module)

    def permits_closure(self, name: str) -> bool:
        """May a function `module:outer.<locals>.inner` be made, with variables that are permitted themselves?"""
        module = name.partition(":")[0]
        return self.covers(module) or module in _HARMLESS_MODULES or name in _HARMLESS_CLOSURES

    def covers(self, module: str) -> bool:
        """Is this a module of the code under test?"""
        while module:
            if module in self.modules:
                return True
            module = module.rpartition(".")[0]
        return False


def _is_of_harmless_library(module: str) -> bool:
    return any(module == library or module.startswith(library + ".") for library in _HARMLESS_LIBRARIES)


def _is_harmless_exception(cls: type, module: str) -> bool:
    """An exception of the standard library that does nothing when it is thrown away."""
    return (
        derives(cls, BaseException)
        and module.partition(".")[0] in sys.stdlib_module_names
        and not isinstance(attribute_of(cls, "__del__"), types.FunctionType)
        and attribute_of(cls, "close") is None
    )
