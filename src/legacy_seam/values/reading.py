"""Text to tree. Nothing is looked up, imported, called or made but built-in data and the nodes of `tree`.

A regular expression takes the text apart into entries: an optional key or label, one token, the separator behind
it. The loop over these has a stack of its own and takes the same few frames for any text. Hostile texts cost no
more than others of their length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import islice
from operator import length_hint
from typing import Any

from legacy_seam.values.notation import DECIMAL_DIGITS, NAME, WORD, NotationError, unquoted, unquoted_bytes
from legacy_seam.values.tree import Mark, Name, Node, Parsed, Reference, Tree

_ENTRY = rf"""
    (?: '([^'\\\n]++)':[ ] | ({WORD})= )?+                    # key of a dict, or label of an attribute
    (?:
      '([^'\\\n]++)'                                          # simple string
    | (-?[0-9]{{1,{DECIMAL_DIGITS}}}+)(?![\w.])               # integer
    | ((?:&[0-9]++[ ])?+ (?: (?:{NAME})?+\( | [\[{{] ) | \*\*{{)  # what opens a container
    | ([)\]}}])                                               # what closes it
    | (  b?'[^'\\\n]*+(?:\\[^\n][^'\\\n]*+)*+'                # other strings and bytes
       | b?"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"
       | -?(?:0x[0-9a-f]++ | [0-9]++(?:\.[0-9]++(?:e[+-]?[0-9]++)?+ | e[+-]?[0-9]++) | inf)(?![\w.])
       | \*(?:[0-9]++ | {NAME})                               # reference
       | {NAME}
      )
    | ([\s\S]++)                                            # anything else, and all that follows it
    )
    [ \n\r\t]*+ ([,:]?+) [ \n\r\t]*+
    """


@cache
def _entry() -> re.Pattern[str]:
    """Compiled when it is first needed: that takes longer than loading all of this room."""
    return re.compile(_ENTRY, re.VERBOSE)


_STRING, _INTEGER, _FLOAT = r"'[^'\\\n]*+'", r"-?[0-9]{1,18}+", r"-?[0-9]++\.[0-9]++(?:e[+-]?[0-9]++)?+"


@cache
def _atom() -> re.Pattern[str]:
    return re.compile(rf"(?:({_STRING})|({_INTEGER})|({_FLOAT}))\Z")


@cache
def _columns() -> tuple[re.Pattern[str], ...]:
    """Texts of one sort, each on a line of its own."""
    return tuple(re.compile(rf"{one}(?:\n{one})*+\Z") for one in (_STRING, _INTEGER, _FLOAT))


_PLAIN = r"""(?:[][{}:, \n0-9.e+-]++|None|True|False|'[^'"\\\n]*+')*+\Z"""
_AS_JSON = {"None": "null", "True": "true", "False": "false"}
_NOT_IN_JSON = r"None|True|False|(?<=[\w\]}']),(?=\n *[]}])|'[^']*+'"


@cache
def _plain() -> tuple[Callable[[str], object], Callable[[str], object], re.Pattern[str]]:
    """What tells data that are mere lists, tables, numbers and strings; the reader of these; what JSON has not."""
    import json

    return re.compile(_PLAIN).match, json.JSONDecoder().decode, re.compile(_NOT_IN_JSON)


def get_ready_to_read() -> None:
    """Compile what reading takes: for a process of which many are forked, each of which would have to do it."""
    _entry()
    _atom()
    _columns()
    _plain()


_BLANKS = " \n\r\t"
_NOTHING: Any = object()
_WOVEN = (Node, Name, Mark, Reference)
_MARKED = (list, dict, set, bytearray, Node)

_CONSTANTS: Mapping[str, Any] = {
    "None": None,
    "True": True,
    "False": False,
    "Ellipsis": Ellipsis,
    "NotImplemented": NotImplemented,
    "nan": float("nan"),
    "inf": float("inf"),
    "-inf": float("-inf"),
}
_CLOSERS = {"[": "]", "(": ")", "{": "}"}


def parse(text: str) -> Tree:
    """Read a text in the notation as plain data.

    Returns:
        Built-in data as itself; `Node`, `Name`, `Mark` and `Reference` (see `tree`) for the rest.

    Raises:
        NotationError: for anything else, with its position.

    >>> parse("{'a': [1, 2.5, None]}")
    {'a': [1, 2.5, None]}
    >>> parse("shop:Item(price=3)").name
    'shop:Item'
    """
    return read(text).tree


def read(text: str) -> Parsed:
    """Like `parse`, with notes about the tree (see `Parsed`)."""
    reader = _Reader(text)
    try:
        return reader.read()
    except NotationError:
        raise
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise reader.error(f"{error}") from None


def atoms_of(texts: Mapping[str, str]) -> dict[str, object] | None:
    """The values of several texts, where each is the text of a short number or string, or of a constant; else None.

    >>> atoms_of({"amount": "2.5", "unit": "'kg'"}), atoms_of({"amounts": "[2.5]"})
    ({'amount': 2.5, 'unit': 'kg'}, None)
    """
    match = _atom().match
    atoms: dict[str, object] = {}
    for name, text in texts.items():
        found = match(text)
        if found is not None:
            group = found.lastindex
            atoms[name] = text[1:-1] if group == 1 else int(text) if group == 2 else float(text)
        elif text in _CONSTANTS:
            atoms[name] = _CONSTANTS[text]
        else:
            return None
    return atoms


def atoms_of_column(texts: Sequence[str]) -> list[object] | None:
    """The same for many texts, which are mostly all of one sort.

    >>> atoms_of_column(["2.5", "3.0"]), atoms_of_column(["1", "None"]), atoms_of_column(["1", "[2.5]"])
    ([2.5, 3.0], [1, None], None)
    """
    lines = "\n".join(texts)
    strings, integers, floats = _columns()
    if lines.count("\n") == len(texts) - 1:
        if integers.match(lines):
            return [*map(int, texts)]
        if floats.match(lines):
            return [*map(float, texts)]
        if strings.match(lines):
            return [text[1:-1] for text in texts]
    atoms = [atoms_of({"": text}) for text in texts]
    return None if None in atoms else [one[""] for one in atoms if one is not None]


def data_of(texts: Mapping[str, str]) -> dict[str, Any] | None:
    """The values of several texts, where these are lists and tables of numbers, plain strings and constants, which
    share nothing; else None. (Where the notation looks like JSON it means the same, and that is read in no time.)

    >>> data_of({"lines": "[{'item': 'a', 'price': 2.5}]"}), data_of({"pair": "(1, 2)"})
    ({'lines': [{'item': 'a', 'price': 2.5}]}, None)
    """
    is_plain, read_json, not_in_json = _plain()
    found: dict[str, object] = {}
    for name, text in texts.items():
        if not text or not is_plain(text):
            return None
        if "\n" in text or "None" in text or "True" in text or "False" in text:
            text = not_in_json.sub(_in_json, text)
        try:
            found[name] = read_json(text.replace("'", '"'))
        except (ValueError, RecursionError):
            return None
    return found


def _in_json(found: re.Match[str]) -> str:
    """Strings as they are; words as JSON has them; no comma behind the last of several lines."""
    token = found[0]
    return token if token[0] == "'" else _AS_JSON.get(token, "")


class _Reader:
    """The state of reading one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = len(text) - len(text.lstrip(_BLANKS))
        self._entries = _entry().findall(text, self._start)
        self._left = iter(self._entries)
        self._woven: set[int] = set()
        self._marks: dict[str, Tree] = {}

    def read(self) -> Parsed:
        """Read the whole text."""
        around: list[tuple[str, list[Tree], dict[Any, Tree], Any, bool, int, str, str]] = []
        opener = ""
        items: list[Tree] = []
        table: dict[Any, Tree] = {}
        pending: Any = _NOTHING
        is_plain, glued, is_open = True, 0, True
        value: Tree
        for key, label, word, number, opening, closing, other, rest, separator in self._left:
            if rest:
                raise self.error(f"{rest[:20]!r} cannot be read")
            if not (is_open or closing):
                glued += 1  # nothing between this value and the one before: pieces of one string
            if word:
                value = word
            elif number:
                value = int(number)
            elif opening:
                if separator:
                    raise self.error(f"{separator} stands where a value is expected")
                around.append((opener, items, table, pending, is_plain, glued, key, label))
                opener, items, table, pending, is_plain, glued, is_open = opening, [], {}, _NOTHING, True, 0, True
                continue
            elif closing:
                if not around or _CLOSERS[opener[-1]] != closing or pending is not _NOTHING:
                    raise self.error(f"{closing} closes nothing here")
                value = self._close(opener, items, table, is_plain, glued)
                if not is_plain:
                    self._woven.add(id(value))
                is_woven = not is_plain or type(value) in _WOVEN
                is_spread = opener == "**{"
                opener, items, table, pending, is_plain, glued, key, label = around.pop()
                is_plain = is_plain and not is_woven
                if is_spread:
                    if opener[-1:] != "(" or opener == "(" or key or label or separator == ":":
                        raise self.error("**{ stands outside of a call")
                    table.update(value)
                    is_open = bool(separator)
                    continue
            else:
                value = self._atom(other)
                is_plain = is_plain and type(value) not in _WOVEN
            is_open = bool(separator)
            if separator != ":":
                if key:
                    if opener[-1:] != "{":
                        raise self.error("a key stands outside of a dict")
                    table[key] = value
                elif label:
                    if opener[-1:] != "(" or opener == "(":
                        raise self.error(f"{label}= stands outside of a call")
                    table[label] = value
                elif pending is not _NOTHING:
                    table[pending] = value
                    pending = _NOTHING
                else:
                    items.append(value)
            elif key or label or pending is not _NOTHING or opener[-1:] != "{":
                raise self.error(": stands where none is expected")
            else:
                pending = value
        if around:
            raise self.error(f"{opener} is not closed")
        if len(items) != 1 or is_open or glued:
            raise self.error("there is more than one value" if items else "there is no value")
        return Parsed(items[0], frozenset(self._woven), self._marks)

    def _close(self, opener: str, items: list[Tree], table: dict[Any, Tree], is_plain: bool, glued: int) -> Tree:
        """Put a container together from what stood between its brackets."""
        mark = ""
        if opener[0] == "&":
            mark, _, opener = opener.partition(" ")
        value: Tree
        if glued:
            value = self._one_string(opener, items, glued)
        elif opener == "[":
            value = items
        elif opener[-1] == "{":
            if items and (table or opener != "{"):
                raise self.error("a value stands without its key")
            value = set(items) if items else table
        elif opener == "(":
            if len(items) == 1 and not self._ended_with_comma():
                raise self.error("a single value stands between brackets: a tuple of one ends with a comma")
            value = tuple(items)
        else:
            value = self._call(opener[:-1], items, table, is_plain)
        if not mark:
            return value
        if type(value) not in _MARKED or mark[1:] in self._marks:
            raise self.error(f"{mark} marks nothing, or is there twice")
        self._marks[mark[1:]] = value
        if not is_plain:
            self._woven.add(id(value))
        return Mark(mark[1:], value)

    def _ended_with_comma(self) -> bool:
        return bool(self._entries[self._index() - 1][-1] == ",")

    def _one_string(self, opener: str, items: list[Tree], glued: int) -> str | bytes:
        """Pieces of a string that stand behind each other."""
        if opener == "(" and glued == len(items) - 1 and not self._ended_with_comma():
            if all(type(item) is str for item in items):
                return "".join(items)
            if all(type(item) is bytes for item in items):
                return b"".join(items)
        raise self.error("there is a comma missing")

    def _call(self, name: str, items: list[Tree], table: dict[Any, Tree], is_plain: bool) -> Tree:
        """Built-in data that has no brackets of its own; else a node."""
        kinds = [type(item) for item in items]
        if table:
            pass
        elif name == "set" and not items:
            return set()
        elif name == "frozenset" and (not items or kinds == [set] or (kinds == [dict] and not items[0])):
            return frozenset(*items)
        elif name == "range" and kinds == [int, int, int]:
            return range(*items)
        elif name == "complex" and kinds == [float, float]:
            return complex(*items)
        elif name == "bytearray" and kinds == [bytes]:
            return bytearray(*items)
        elif name == "slice" and len(items) == 3 and is_plain:
            return slice(*items)
        return Node(_plain_name(name), tuple(items), table)

    def _atom(self, token: str) -> Tree:
        """A value of one token."""
        first = token[0]
        if first in "'\"":
            return unquoted(token)
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        if first == "b" and token[1:2] in ("'", '"'):
            return unquoted_bytes(token)
        if first == "*":
            return Reference(_plain_name(token[1:]))
        if first in "-0123456789":
            return int(token, 16) if "0x" in token else float(token)
        return Name(_plain_name(token))

    def _index(self) -> int:
        """The number of the entry that is being read, from 0."""
        return len(self._entries) - length_hint(self._left) - 1

    def error(self, reason: str) -> NotationError:
        """An error at the entry that is being read."""
        matches = _entry().finditer(self._text, self._start)
        match = next(islice(matches, max(self._index(), 0), None), None)
        place = match.start() if match else self._start
        line = self._text.count("\n", 0, place) + 1
        return NotationError(reason, line, place - (self._text.rfind("\n", 0, place) + 1) + 1)


def _plain_name(token: str) -> str:
    return unquoted(token) if token[0] == "`" else token
