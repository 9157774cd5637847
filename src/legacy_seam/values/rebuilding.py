"""Text to value. Nothing is imported; nothing is called or made but what `Allow` permits.

Objects are made by the `__new__` of the type in C that they are built on, and given their state directly: no
`__init__`, `__new__`, `__setattr__` or `__setstate__` of the program runs. (Its `__hash__` and `__eq__` do, where
its objects are in sets or are keys; they are put there last, when all objects have their state.)

The walk over the tree is a loop with a stack of its own, like the one that writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from itertools import chain
from typing import Any, TypeAlias

from legacy_seam.values.allow import Allow
from legacy_seam.values.anatomy import Anatomy, derives
from legacy_seam.values.decode_errors import DecodeError, NotAllowed, TypeGone
from legacy_seam.values.kinds import Subject, kind_called, look_at
from legacy_seam.values.kinds.callables import blank_closure, fill_closure
from legacy_seam.values.kinds.kind import put
from legacy_seam.values.kinds.objects import Built
from legacy_seam.values.named import HIDDEN_TYPES, method_of, module_named, referred
from legacy_seam.values.reading import atoms_of, data_of, read
from legacy_seam.values.references import find
from legacy_seam.values.standin import UNREAD, StandIn, StandInUsed
from legacy_seam.values.tree import Mark, Name, Node, Parsed, Reference, Tree

HARMLESS_ONLY = Allow()


Stranger: TypeAlias = Callable[[str, str], object | None]
"""Stands in for an object of a type that is not allowed, by the name of the type, and its own name if it has one
(else it is empty); None where it may not be."""


def decode(
    text: str,
    *,
    allow: Allow = HARMLESS_ONLY,
    known: Mapping[str, object] | None = None,
    stranger: Stranger | None = None,
) -> object:
    """Make the value that a text stands for.

    Args:
        text: in the notation, as written by `encode`.
        allow: the code whose classes and functions the text may name.
        known: objects to which the text refers by name (`*Response_1`).
        stranger: stands in for objects of types that are not allowed.

    Raises:
        NotationError: the text is malformed.
        NotAllowed: it names code that is not allowed.
        TypeGone: it names a class or function that there is not.
        DecodeError: no value can be made of it for another reason.

    >>> decode("{'when': date(2024, 1, 31), 'lines': &1 [1.5], 'copy': *1}")
    {'when': datetime.date(2024, 1, 31), 'lines': [1.5], 'copy': [1.5]}
    """
    parsed = read(text)
    if id(parsed.tree) not in parsed.woven and type(parsed.tree) not in _LEAVES:
        return parsed.tree
    return _Builder({"": parsed}, allow, known, stranger).build()[""]


def decode_roots(
    texts: Mapping[str, str], *, allow: Allow = HARMLESS_ONLY, stranger: Stranger | None = None
) -> dict[str, object]:
    """Make several values which may share objects, as written by `encode_roots`. See `decode`.

    >>> values = decode_roots({"a": "[1]", "b": "[*a]"})
    >>> values["b"][0] is values["a"]
    True
    """
    plain = atoms_of(texts)
    if plain is None:
        plain = data_of(texts)
    if plain is not None:
        return plain
    roots = {name: read(text) for name, text in texts.items()}
    if all(id(parsed.tree) not in parsed.woven and type(parsed.tree) not in _LEAVES for parsed in roots.values()):
        return {name: parsed.tree for name, parsed in roots.items()}
    return _Builder(roots, allow, None, stranger).build()


class _Making:
    """A container in the making: the trees of its parts, its parts so far, and what makes it of them."""

    __slots__ = ("finish", "made", "mark", "parts", "trees")

    def __init__(self, trees: Iterable[Tree], finish: Callable[[list[Any]], object], mark: str | None) -> None:
        self.trees: Iterator[Tree] = iter(trees)
        self.parts: list[Any] = []
        self.finish, self.mark = finish, mark


class _Builder:
    """Makes the values of several texts."""

    def __init__(
        self,
        roots: Mapping[str, Parsed],
        allow: Allow,
        known: Mapping[str, object] | None,
        stranger: Stranger | None,
    ) -> None:
        self._stranger = stranger
        self._roots, self._allow = roots, allow
        self._woven = frozenset(chain.from_iterable(parsed.woven for parsed in roots.values()))
        self._marks = {number: tree for parsed in roots.values() for number, tree in parsed.marks.items()}
        self._made: dict[str, object] = dict(known or {})
        self._in_making: set[str] = set()
        self._classes: dict[str, Subject] = {}
        self._later: list[Callable[[], object]] = []
        self._unread = 0

    def build(self) -> dict[str, object]:
        """All values, by root."""
        values: dict[str, object] = {}
        for root in self._roots:
            (values[root],) = self._run([Reference(root)])
        for act in self._later:
            _guarded("a set or dict", act)
        return values

    def _run(self, trees: list[Tree]) -> list[Any]:
        stack = [_Making(trees, lambda parts: parts, None)]
        while True:
            making = stack[-1]
            for tree in making.trees:
                if id(tree) in self._woven or type(tree) in _LEAVES:
                    inner = self._begin(tree, None)
                    if type(inner) is _Making:
                        stack.append(inner)
                        break
                    making.parts.append(inner)
                else:
                    making.parts.append(tree)
            else:
                stack.pop()
                if not stack:
                    return making.parts
                stack[-1].parts.append(self._finish(making, making.parts))

    def _finish(self, making: _Making, parts: list[Any]) -> object:
        made = making.finish(parts)
        if making.mark is not None:
            self._made[making.mark] = made
        return made

    def _begin(self, tree: Tree, mark: str | None) -> Any:
        """The value of a tree, or a `_Making` where its parts come first."""
        kind = type(tree)
        if kind is Reference:
            return self._refer(tree.target)
        if kind is Mark:
            return self._refer(tree.number)
        if kind is Name:
            return self._note(mark, self._named(tree.name))
        if kind is Node:
            making = self._begin_node(tree, mark)
            is_ready = type(making) is _Making and id(tree) not in self._woven
            return self._finish(making, list(making.trees)) if is_ready else making
        if id(tree) not in self._woven:
            return self._note(mark, tree)
        return self._begin_container(tree, mark)

    def _refer(self, target: str) -> Any:
        """What is marked so, or the root of that name: already made, or to be made now."""
        if target in self._made:
            return self._made[target]
        if target in self._in_making:
            raise DecodeError(f"*{target}", "it is a part of itself and cannot be made before it")
        if target in self._marks:
            tree = self._marks[target]
        elif target in self._roots:
            tree = self._roots[target].tree
        else:
            reason = "nothing is marked so, unless it lies in a value that was too large to be kept"
            raise DecodeError(f"*{target}", reason)
        self._in_making.add(target)
        if type(tree) is Mark and target in self._roots:
            return _Making([tree], lambda parts: parts[0], target)
        return self._begin(tree, target)

    def _note(self, mark: str | None, value: object) -> Any:
        if mark is not None:
            self._made[mark] = value
        return value

    def _begin_container(self, tree: Tree, mark: str | None) -> _Making:
        kind = type(tree)
        if kind is list:
            target: list[object] = self._note(mark, [])
            return _Making(tree, lambda parts: _extended(target, parts), mark)
        if kind is dict:
            table: dict[Any, object] = self._note(mark, {})
            return _Making(chain.from_iterable(tree.items()), lambda parts: self._fill_dict(table, parts), mark)
        if kind is set:
            members: set[Any] = self._note(mark, set())
            return _Making(tree, lambda parts: self._postpone(members, lambda: members.update(parts)), mark)
        if kind is frozenset:
            return _Making(tree, lambda parts: _guarded("frozenset", lambda: frozenset(parts)), mark)
        if kind is slice:
            return _Making((tree.start, tree.stop, tree.step), lambda parts: slice(*parts), mark)
        return _Making(tree, tuple, mark)

    def _fill_dict(self, table: dict[Any, object], parts: list[Any]) -> object:
        keys, values = parts[::2], parts[1::2]
        if all(id(type(key)) in _SIMPLE for key in keys):
            table.update(zip(keys, values, strict=True))
            return table
        return self._postpone(table, lambda: table.update(zip(keys, values, strict=True)))

    def _postpone(self, value: object, act: Callable[[], object]) -> object:
        """Do what needs the hashes of objects when all have their state."""
        self._later.append(act)
        return value

    # ------------------------------------------------------------------------------------------- nodes

    def _begin_node(self, node: Node, mark: str | None) -> Any:
        count = len(node.args)
        trees = [*node.args, *node.attributes.values()]
        keys = list(node.attributes)

        def split(parts: list[Any]) -> tuple[list[Any], dict[Any, Any]]:
            return parts[:count], dict(zip(keys, parts[count:], strict=True))

        word = node.name
        if word == "opaque" and [type(part) for part in trees] == [str, str]:
            return self._note(mark, self._stand_in(*trees))
        if word == "outside" and all(type(part) is str for part in trees):
            return self._note(mark, self._outside(*trees))
        if word == "closure":
            return self._begin_closure(node, mark)
        maker = _WITH_ALLOWANCE.get(word)
        if maker is not None:
            return _Making(trees, lambda parts: _guarded(word, maker, self._allow, *split(parts)[0]), mark)
        kind = kind_called(word)
        if kind is None or kind.make is None:
            return self._begin_instance(node, trees, split, mark)
        make = kind.make
        if kind.blank is None or kind.pour is None:
            return _Making(trees, lambda parts: _made_by(word, make, *split(parts)), mark)
        blank, pour = self._note(mark, kind.empty()), kind.pour

        def finish(parts: list[Any]) -> object:
            return self._postpone(blank, lambda: pour(blank, _made_by(word, make, *split(parts))))

        return _Making(trees, finish, mark)

    def _stand_in(self, type_name: str, reason: str) -> StandIn:
        """Of what was too large to be read nothing is known but which one of these it is."""
        if reason != UNREAD:
            return StandIn(type_name, reason)
        self._unread += 1
        return StandIn(type_name, reason, self._unread)

    def _begin_closure(self, node: Node, mark: str | None) -> _Making:
        """A function made of code under test; it may be among its own variables."""
        if [type(part) for part in node.args[:2]] != [str, int] or node.attributes:
            raise DecodeError("closure", "it needs a name and a number")
        name, index, *parts = node.args
        if not self._allow.permits_closure(name):
            raise NotAllowed(name)
        blank = self._note(mark, blank_closure(name, index))
        if blank is None:
            raise TypeGone(name)
        return _Making(parts, lambda parts: _guarded(name, fill_closure, blank, *parts), mark)

    def _begin_instance(
        self,
        node: Node,
        trees: list[Tree],
        split: Callable[[list[Any]], tuple[list[Any], dict[Any, Any]]],
        mark: str | None,
    ) -> Any:
        """An instance of a class that stands in the text by its name."""
        try:
            subject = self._class_of(node.name)
        except NotAllowed:
            return self._note(mark, self._outside(node.name))
        anatomy, family = subject.anatomy, subject.family
        if family is None:
            raise DecodeError(node.name, "its instances cannot be made from Python")
        if node.attributes and type(family) is Built and family.kind.adopt is not None:
            value, *more = node.args or [None]
            if id(type(value)) in _SIMPLE and not more:
                return self._begin_atom(node, anatomy, family, mark)
        blank = _guarded(node.name, family.blank, anatomy)
        if blank is not None:
            self._note(mark, blank)

        def finish(parts: list[Any]) -> object:
            args, attributes = split(parts)
            if blank is not None and args and not derives(anatomy.trunk, BaseException):
                return self._postpone(blank, lambda: family.fill(anatomy, blank, args, attributes))
            return _guarded(node.name, family.fill, anatomy, blank, args, attributes)

        return _Making(trees, finish, mark)

    def _begin_atom(self, node: Node, anatomy: Anatomy, family: Built, mark: str | None) -> _Making:
        """A text or number of a class of the program, whose attributes may lead back to it."""
        made = self._note(mark, _guarded(node.name, family.fill, anatomy, None, node.args, {}))

        def finish(parts: list[Any]) -> object:
            _guarded(node.name, put, anatomy, made, dict(zip(node.attributes, parts, strict=True)))
            return made

        return _Making(node.attributes.values(), finish, mark)

    def _outside(self, kind: str = "", name: str = "") -> object:
        """What stands in for an object of a type that is not made."""
        made = self._stranger(kind, name) if self._stranger else None
        if made is None:
            raise NotAllowed(kind)
        return made

    def _class_of(self, name: str) -> Subject:
        subject = self._classes.get(name)
        if subject is None:
            subject = self._classes[name] = self._find_class(name)
        return subject

    def _find_class(self, name: str) -> Subject:
        """A class by its name; without a module it is an exception of Python's own."""
        module, colon, path = name.partition(":")
        if not colon:
            module, path = "builtins", name
        found: Any = find(module, path)
        if not derives(type(found), type):
            raise TypeGone(name) if self._allow.may_be_loaded(module, path) else NotAllowed(name)
        if not self._allow.permits_class(found, module, path) or not (colon or derives(found, BaseException)):
            raise NotAllowed(name)
        return look_at(found)

    def _named(self, name: str) -> object:
        if name == "timezone.utc":
            return UTC
        if name in HIDDEN_TYPES:
            return HIDDEN_TYPES[name]
        constant = kind_called(name)
        if constant is not None and constant.make is not None:
            return _guarded(name, constant.make)
        return referred(self._allow, name)


_WITH_ALLOWANCE: Mapping[str, Callable[..., object]] = {"method": method_of, "module": module_named}
_LEAVES = (Name, Node, Mark, Reference)
_SIMPLE = frozenset(map(id, (str, int, bytes, bool, float, type(None))))
"""`id`s of the types whose hash runs no code of the program."""


def _extended(target: list[object], items: list[object]) -> list[object]:
    target += items
    return target


def _made_by(word: str, make: Callable[..., object], args: list[Any], attributes: dict[Any, Any]) -> object:
    return _guarded(word, make, *args, **attributes)


def _guarded(name: str, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call something that may fail on a text that nobody wrote with `encode`."""
    try:
        return act(*args, **kwargs)
    except DecodeError:
        raise
    except (Exception, StandInUsed) as error:
        raise DecodeError(name, f"it cannot be made ({type(error).__name__}: {error})") from error
