"""What one recorded call asked outside, and what it was answered: written down as it happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeAlias

from legacy_seam.calls import Answer
from legacy_seam.values import Allow, Name, Node, NotationError, Reference, Tree, encode, parse
from legacy_seam.values.anatomy import attributes_of, derives, name_of
from legacy_seam.values.kinds.exceptions import fields_of
from legacy_seam.values.kinds.outside import stem_of

_HOLDS = ("opaque", "outside")
_RESULTS = ("psycopg_binary.pq:PGresult", "psycopg_c.pq:PGresult", "psycopg.pq.pq_ctypes:PGresult")
_FUTURE = "concurrent.futures._base:Future"
_MOST_ANSWERS = 2_000
_MOST_ITEMS = 10_000
_MOST_CHARACTERS = 4_000_000
_MOST_PARTS = 100
_INNER = {"os:_wrap_close": "_stream"}
"""Types whose methods are those of another object, which they hold under this name."""
_args_of: Callable[[BaseException], tuple[object, ...]] = vars(BaseException)["args"].__get__


Held: TypeAlias = dict[int, int]
"""`id` of a handle -> how many transcripts hold it."""


class Transcript:
    """The questions of one call and their answers.

    What came from outside and is no plain data (a connection, a response) is a *handle*: it is written `*Name_1`,
    and what is done with it later is a question as well.

    Args:
        allow: what a replay will be able to rebuild; everything else is a handle.
        held: counts the handles of all transcripts, by `id`.
    """

    __slots__ = ("_allow", "_answers", "_characters", "_counts", "_handles", "_held", "is_whole")

    def __init__(self, allow: Allow, held: Held) -> None:
        self._allow = allow
        self._held = held
        self._answers: list[Answer] = []
        self._handles: dict[int, tuple[object, str]] = {}
        self._counts: dict[str, int] = {}
        self._characters = 0
        self.is_whole = True

    def handle(self, value: object) -> str | None:
        """The name of a handle; None for anything else."""
        held = self._handles.get(id(value))
        return None if held is None else held[1]

    def given(self, outside: Mapping[str, object]) -> None:
        """The call was handed these, by their names: they are handles from its beginning."""
        for name, value in outside.items():
            stem = name.rpartition("_")[0]
            self._counts[stem] = self._counts.get(stem, 0) + 1
            self._know(value, name)

    def question(self, asked: str, arguments: Sequence[object], keywords: Mapping[str, object]) -> str:
        """A question as text: `requests.api:get('https://…', timeout=5)`."""
        return question(asked, arguments, keywords, self._names())

    def answered(self, text: str, result: object, site: str, *, awaited: bool = False) -> None:
        """A question was answered by a value."""
        made: dict[str, str] = {}
        answer = self._answer_text(result, made)
        self._add(Answer(text, "awaited" if awaited else "returned", answer, site, made))

    def failed(self, text: str, error: BaseException, site: str) -> None:
        """A question was answered by an exception."""
        made: dict[str, str] = {}
        answer = encode(error, names=self._names())
        if self._is_strange(_head_apart(answer)):
            arguments = [self._plain_or_held(part, made) for part in _args_of(error)]
            told = {key: _diagnosis(part) for key, part in (fields_of(error) | attributes_of(error)).items()}
            attributes = {key: self._plain_or_held(part, made) for key, part in told.items()}
            answer = encode(_node(name_of(type(error)), arguments, attributes))
        self._add(Answer(text, "raised", answer, site, made))

    def close(self) -> None:
        """The call is over: let go of its handles."""
        for key in self._handles:
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]
        self._handles.clear()

    def answers(self) -> tuple[Answer, ...]:
        """All questions so far, in the order in which they were answered."""
        return tuple(self._answers)

    def _add(self, answer: Answer) -> None:
        self._characters += len(answer.question) + len(answer.text)
        if len(self._answers) >= _MOST_ANSWERS or self._characters > _MOST_CHARACTERS:
            self.is_whole = False
            return
        self._answers.append(answer)

    def _names(self) -> dict[int, str]:
        return {key: name for key, (_, name) in self._handles.items()}

    def _answer_text(self, result: object, made: dict[str, str]) -> str:
        known = self.handle(result)
        if known is not None:
            return f"*{known}"
        text = encode(result, names=self._names())
        if not self._is_strange(_tree(text)):
            return text
        parts = _parts_of(result)
        if parts:
            for part in parts:
                self._answer_text(part, made)
            text = encode(result, names=self._names())
            if not self._is_strange(_tree(text)):
                return text
        name = self._take_hold(result)
        made[name] = name_of(type(result))
        return f"*{name}"

    def _plain_or_held(self, value: object, made: dict[str, str]) -> object:
        """A part of an exception: as it is, or by the name of the handle that it is."""
        text = self._answer_text(value, made)
        return Reference(text[1:]) if text[:1] == "*" else value

    def _take_hold(self, value: object) -> str:
        stem = stem_of(name_of(type(value)))
        number = self._counts[stem] = self._counts.get(stem, 0) + 1
        name = f"{stem}_{number}"
        self._know(value, name)
        inner = getattr(value, _INNER.get(name_of(type(value)), ""), None)
        if inner is not None:
            self._know(inner, name)
        return name

    def _know(self, value: object, name: str) -> None:
        self._handles[id(value)] = (value, name)
        self._held[id(value)] = self._held.get(id(value), 0) + 1

    def _is_strange(self, tree: Tree) -> bool:
        """Does it hold anything that a replay could not rebuild?"""
        waiting: list[Any] = [tree]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Node):
                if part.name in _HOLDS or not self._permits(part.name) or _is_promise(part):
                    return True
                waiting += [*part.args, *part.attributes.values()]
            elif isinstance(part, Name):
                if not self._permits(part.name):
                    return True
            elif isinstance(part, dict):
                waiting += [*part, *part.values()]
            elif isinstance(part, (list, tuple, set, frozenset)):
                waiting += part
            elif hasattr(part, "tree"):
                waiting.append(part.tree)
        return False

    def _permits(self, name: str) -> bool:
        module, colon, path = name.partition(":")
        return not colon or self._allow.permits(module, path)


def _parts_of(value: Any) -> list[object]:
    """What may be handles, each for itself, in something that is a value otherwise; nothing where there is more."""
    kind = type(value)
    if kind in (list, set):
        return list(value) if len(value) <= _MOST_PARTS else []
    if not derives(kind, tuple) or tuple.__len__(value) > _MOST_PARTS:
        return []
    items = list(tuple.__iter__(value))
    return [part for item in items for part in (item if type(item) is set else [item])]


def _is_promise(node: Node) -> bool:
    """Is it what somebody outside works on? No replay brings that to an end, and it is known by what it is, not by
    what it holds."""
    return node.name == _FUTURE


def question(
    asked: str, arguments: Sequence[object], keywords: Mapping[str, object], names: Mapping[int, str]
) -> str:
    """Write a question.

    >>> question("requests.api:get", ["https://bureau.example"], {"timeout": 5}, {})
    "requests.api:get('https://bureau.example', timeout=5)"
    """
    given = [_referred(value, names) for value in arguments]
    named = {name: _referred(value, names) for name, value in keywords.items()}
    return encode(_node(asked, given, named), names=names)


def _referred(value: object, names: Mapping[int, str]) -> object:
    name = names.get(id(value))
    return value if name is None else Reference(name)


def _node(name: str, arguments: Sequence[object], keywords: Mapping[str, object]) -> Node:
    parts: Any = tuple(arguments)
    attributes: Any = dict(keywords)
    return Node(name, parts, attributes)


def _diagnosis(part: Any) -> object:
    """What an error of psycopg knows of itself, as it looks it up: by the numbers of the fields."""
    if name_of(type(part)) not in _RESULTS:
        return part
    fields = import_module("psycopg.pq").DiagnosticField
    return {int(field): text for field in fields if (text := part.error_field(field)) is not None}


def _tree(text: str) -> Tree:
    try:
        return parse(text)
    except NotationError:  # of a length or depth that is not read
        return Node("opaque", (), {})


def _head_apart(text: str) -> Tree:
    """An exception without its own name: the class itself will be there when it is raised again."""
    tree = _tree(text)
    return [*tree.args, *tree.attributes.values()] if isinstance(tree, Node) else tree
