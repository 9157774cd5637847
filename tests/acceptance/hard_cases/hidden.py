"""State that hides."""

import builtins
import calendar
import contextvars
import csv
import decimal
import functools
import gc
import itertools
import json
import locale
import logging
import os
import random
import signal
import socket
import sys
import types
import warnings

COUNT = 0
TABLE = {"a": 1}
NUMBERS = itertools.count(1)
VARIABLE = contextvars.ContextVar("VARIABLE", default=0)
ON_IMPORT = []
ON_IMPORT.append(len(ON_IMPORT))
log = logging.getLogger("hidden")


class Base:
    made = 0
    registry = {}

    def __init_subclass__(cls):
        Base.registry[cls.__name__] = len(Base.registry)


class Single:
    instance = None

    def __new__(cls):
        if cls.instance is None:
            cls.instance = super().__new__(cls)
            cls.instance.uses = 0
        return cls.instance

    def use(self):
        self.uses += 1
        return self.uses  # becomes: return self.uses + 1


class Borg:
    shared = {}

    def __init__(self):
        self.__dict__ = self.shared

    def put(self, name, value):
        setattr(self, name, value)
        return sorted(self.shared)  # becomes: return sorted(self.shared, reverse=True) + ["x"]


class Meta(type):
    made = []

    def __call__(cls, *given):
        Meta.made.append(cls.__name__)
        return super().__call__(*given)


class Counted(metaclass=Meta):
    pass


def global_counter(n):
    global COUNT
    COUNT += n
    return COUNT  # becomes: return COUNT + 1


def global_mutated(key):
    TABLE[key] = TABLE.get(key, 0) + 1  # becomes: TABLE[key] = TABLE.get(key, 0) + 2


def global_iterator():
    return next(NUMBERS)  # becomes: return next(NUMBERS) + 1


def class_attribute():
    Base.made += 1  # becomes: Base.made += 2


def instance_shadows(thing):
    thing.made += 1  # becomes: thing.made += 2


def registers(name):
    return types.new_class(name, (Base,)).__name__  # becomes: return types.new_class(name + "x", (Base,)).__name__


def counted_by_metaclass():
    Counted()  # becomes: Counted(), Counted()


def singleton():
    return Single().use()  # becomes: return Single().use() + Single().use()


def borg(value):
    return Borg().put("x", value)  # becomes: return Borg().put("y", value)


def make_counter():
    held = {"n": 0}

    def count(step):
        held["n"] += step  # becomes: held["n"] += step + 1
        return held["n"]

    return count


COUNTER = make_counter()


def counts_by_closure(step):
    return COUNTER(step) * 10  # becomes: return COUNTER(step) * 20


def function_attribute(n):
    function_attribute.last = n  # becomes: function_attribute.last = n + 1
    return getattr(function_attribute, "before", None)


function_attribute.before = 7


def mutable_default(item, seen=[]):
    seen.append(item)
    return len(seen)  # becomes: return len(seen) + 1


def keyword_default(item, *, seen={}):
    seen[item] = len(seen)  # becomes: seen[item] = len(seen) + 1


@functools.lru_cache(maxsize=2)
def remembered(n):
    return [n]  # becomes: return [n + 1]


@functools.cache
def slow_total():
    return COUNT  # becomes: return COUNT + 100


def uses_cache(n):
    remembered(n).append(1)
    return remembered(n), remembered.cache_info().hits  # becomes: return remembered(n), remembered.cache_info()


class Lazy:
    @functools.cached_property
    def value(self):
        return 5  # becomes: return 6

    @functools.lru_cache
    def method(self, n):
        return n * 2  # becomes: return n * 3


def effect_of_import():
    return ON_IMPORT + [len(Base.registry)]  # becomes: return ON_IMPORT + [len(Base.registry) + 1]


def imports_late():
    import late

    late.CALLS.append(1)
    return late.CALLS, late.MADE  # becomes: return late.CALLS * 2, late.MADE


def module_by_hand():
    made = types.ModuleType("made_by_hand")
    made.value = 3
    sys.modules["made_by_hand"] = made
    import made_by_hand

    return made_by_hand.value  # becomes: return made_by_hand.value + 1


def module_removed():
    sys.modules.pop("late", None)
    import late

    return late.MADE  # becomes: return late.MADE + 1


def module_replaced():
    sys.modules["late"] = types.SimpleNamespace(MADE=9)
    import late

    return late.MADE  # becomes: return late.MADE + 1


def patches_module():
    calendar.month_name = ["x"] * 13  # becomes: calendar.month_name = ["y"] * 13


def patches_function():
    json.dumps = lambda value: "patched"  # becomes: json.dumps = lambda value: "patched again"
    return json.dumps(1)


def patches_class():
    Base.greets = lambda self: "hi"  # becomes: Base.greets = lambda self: "ho"
    return Base().greets()


def patches_builtins():
    builtins.shout = 3  # becomes: builtins.shout = 4


def search_path():
    sys.path.insert(0, "/nowhere")  # becomes: sys.path.insert(0, "/elsewhere")


def sets_locale():
    locale.setlocale(locale.LC_ALL, "C")
    return locale.localeconv()["decimal_point"]  # becomes: return locale.localeconv()["thousands_sep"] + "!"


def sets_locale_for_good():
    locale.setlocale(locale.LC_NUMERIC, "C.UTF-8")  # becomes: locale.setlocale(locale.LC_TIME, "C.UTF-8")


def preferred_encoding():
    return locale.getpreferredencoding(False), locale.getlocale()  # becomes: return locale.getpreferredencoding(False) + "!", locale.getlocale()


def month_names():
    return list(calendar.month_name)[:2]  # becomes: return list(calendar.month_name)[:3]


def sets_precision(n):
    decimal.getcontext().prec = n  # becomes: decimal.getcontext().prec = n + 1


def sets_rounding():
    decimal.getcontext().rounding = decimal.ROUND_UP  # becomes: decimal.getcontext().rounding = decimal.ROUND_DOWN


def traps():
    decimal.getcontext().traps[decimal.Inexact] = True  # becomes: decimal.getcontext().traps[decimal.Rounded] = True


def in_local_context(text):
    with decimal.localcontext() as context:
        context.prec = 4
        return decimal.Decimal(text) / 3  # becomes: return decimal.Decimal(text) / 7


def depends_on_precision(text):
    return decimal.Decimal(1) / decimal.Decimal(text)  # becomes: return decimal.Decimal(2) / decimal.Decimal(text)


def ignores_warnings():
    warnings.simplefilter("ignore")
    warnings.warn("never")
    return len(warnings.filters) > 0  # becomes: return len(warnings.filters) < 0


def errors_of_warnings():
    warnings.simplefilter("error")
    warnings.warn("now", UserWarning)  # becomes: warnings.warn("now", DeprecationWarning)


def filters_left():
    warnings.filterwarnings("error", category=ResourceWarning)  # becomes: warnings.filterwarnings("error", category=BytesWarning)


def configures_logging(path):
    logging.basicConfig(filename=path, level=logging.INFO, force=True)
    logging.info("hello")  # becomes: logging.info("hallo")


def configures_logging_once(path):
    logging.basicConfig(filename=path, format="%(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("hidden.once").info("one")  # becomes: logging.getLogger("hidden.once").info("two")


def adds_handler():
    log.addHandler(logging.NullHandler())  # becomes: log.addHandler(logging.StreamHandler())


def sets_level():
    log.setLevel(logging.ERROR)  # becomes: log.setLevel(logging.CRITICAL)


def disables_logging():
    logging.disable(logging.ERROR)  # becomes: logging.disable(logging.WARNING)


def own_logger_class():
    logging.setLoggerClass(type("Mine", (logging.Logger,), {}))
    return logging.getLoggerClass().__name__  # becomes: return logging.getLoggerClass().__name__ + "!"


def level_name():
    logging.addLevelName(33, "LOUD")
    return logging.getLevelName(33)  # becomes: return logging.getLevelName(33).lower()


def handles_signal():
    signal.signal(signal.SIGUSR1, lambda number, frame: None)  # becomes: signal.signal(signal.SIGUSR2, lambda number, frame: None)


def sends_itself_signal():
    found = []
    signal.signal(signal.SIGUSR1, lambda number, frame: found.append(number))
    signal.raise_signal(signal.SIGUSR1)
    return found  # becomes: return found * 2


def mask():
    os.umask(0o077)  # becomes: os.umask(0o070)


def reads_mask():
    before = os.umask(0)
    os.umask(before)
    return before  # becomes: return before + 1


def sets_variable(value):
    os.environ["HIDDEN"] = value  # becomes: os.environ["HIDDEN"] = value + "!"


def removes_variable():
    os.environ.pop("HIDDEN_GIVEN", None)  # becomes: os.environ.pop("HIDDEN_OTHER", None)


def default_of_variable():
    return os.environ.setdefault("HIDDEN_NEW", "d")  # becomes: return os.environ.setdefault("HIDDEN_NEW", "e")


def sets_zone():
    import time

    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    return time.tzname  # becomes: return time.tzname[0]


def changes_directory():
    os.makedirs("hidden_place", exist_ok=True)
    os.chdir("hidden_place")
    return os.path.basename(os.getcwd())  # becomes: return os.path.basename(os.getcwd()) + "!"


def context_variable(n):
    VARIABLE.set(n)  # becomes: VARIABLE.set(n + 1)


def seeds_module():
    random.seed(5)  # becomes: random.seed(6)


def recursion():
    sys.setrecursionlimit(sys.getrecursionlimit() + 50)  # becomes: sys.setrecursionlimit(sys.getrecursionlimit() + 60)


def field_limit():
    csv.field_size_limit(500)  # becomes: csv.field_size_limit(600)


def dialect():
    csv.register_dialect("hidden", delimiter=";")
    return csv.list_dialects()  # becomes: return len(csv.list_dialects())


def time_limit():
    socket.setdefaulttimeout(3)  # becomes: socket.setdefaulttimeout(4)


def hook():
    sys.excepthook = print  # becomes: sys.excepthook = repr


def exit_hook():
    import atexit

    atexit.register(print, "bye")
    return 1  # becomes: return 2


def collector():
    gc.disable()  # becomes: gc.set_threshold(5)


def streams():
    import io

    sys.stdout = io.StringIO()
    print("hidden")
    return sys.stdout.getvalue()  # becomes: return sys.stdout.getvalue().upper()


def arguments():
    return sys.argv[1:], sys.flags.optimize  # becomes: return sys.argv[1:] + ["x"], sys.flags.optimize


def codecs_registered():
    import codecs

    codecs.register_error("hidden", lambda error: ("?", error.end))
    return "ä".encode("ascii", "hidden")  # becomes: return "ö!".encode("ascii", "hidden")


def adapters_of_sqlite():
    import sqlite3

    sqlite3.register_adapter(complex, str)
    return sqlite3.connect(":memory:").execute("SELECT ?", (1j,)).fetchone()  # becomes: return sqlite3.connect(":memory:").execute("SELECT ?", (2j,)).fetchone()


def copier():
    import copyreg

    copyreg.pickle(complex, lambda number: (complex, (number.real,)))
    return len(copyreg.dispatch_table) > 0  # becomes: return len(copyreg.dispatch_table) < 0


@functools.singledispatch
def dispatched(value):
    return "any"


def dispatches_more():
    dispatched.register(int, lambda value: "number")
    return dispatched(1)  # becomes: return dispatched("1")
