"""What may be made from a text: classes and functions of the code under test, and harmless ones of Python's own."""

from __future__ import annotations

import builtins
import sys
import types
from dataclasses import dataclass

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
    "_functools": {"cmp_to_key", "partial", "reduce"},
    "_locale": {"strcoll", "strxfrm"},
    "argparse": {"Namespace"},
    "collections": {"ChainMap", "Counter", "OrderedDict", "UserDict", "UserList", "UserString", "defaultdict",
                    "deque"},
    "configparser": {"ConfigParser", "RawConfigParser", "SectionProxy", "BasicInterpolation", "Interpolation",
                     "ExtendedInterpolation", "ConverterMapping", "LegacyInterpolation"},
    "copy": {"copy", "deepcopy"},
    "dataclasses": {"asdict", "astuple", "replace"},
    "email.message": {"Message", "EmailMessage"},
    "functools": {"cmp_to_key", "partial", "partialmethod", "reduce"},
    "json": {"dumps", "loads"},
    "json.decoder": {"JSONDecoder"},
    "json.encoder": {"JSONEncoder"},
    "optparse": {"Values"},
    "queue": {"LifoQueue", "PriorityQueue", "Queue"},
    "re": {"compile", "escape", "findall", "fullmatch", "match", "search", "split", "sub"},
    "string": {"Formatter", "Template", "capwords"},
    "sys": {"stderr", "stdin", "stdout"},
    "threading": {"Barrier", "BoundedSemaphore", "Condition", "Event", "Semaphore"},
    "time": {"struct_time"},
    "types": {"EllipsisType", "NoneType", "NotImplementedType", "SimpleNamespace"},
    "xml.sax.saxutils": {"XMLGenerator", "escape", "quoteattr", "unescape"},
    "os": {"stat_result", "terminal_size"},
}  # fmt: skip
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
        "bisect",
        "calendar",
        "cmath",
        "collections.abc",
        "colorsys",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "heapq",
        "html",
        "html.entities",
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
        return self.covers(name) or name in _HARMLESS_MODULES

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
        """Like `permits`, for a class at hand: exceptions of the standard library are harmless as well."""
        return self.permits(module, path) or _is_harmless_exception(cls, module)

    def covers(self, module: str) -> bool:
        """Is this a module of the code under test?"""
        while module:
            if module in self.modules:
                return True
            module = module.rpartition(".")[0]
        return False


def _is_harmless_exception(cls: type, module: str) -> bool:
    """An exception of the standard library that does nothing when it is thrown away."""
    return (
        derives(cls, BaseException)
        and module.partition(".")[0] in sys.stdlib_module_names
        and not isinstance(attribute_of(cls, "__del__"), types.FunctionType)
        and attribute_of(cls, "close") is None
    )
