"""Where two texts part: the smallest places in the values they stand for, as paths.

Both texts are read as plain data. Every part of both gets a number, the same number for the same content, so that
whole subtrees are compared at one stroke however often they are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from legacy_seam.calls import MISSING, Difference
from legacy_seam.values.notation import is_word
from legacy_seam.values.reading import parse
from legacy_seam.values.tree import Mark, Name, Node, Reference, Tree
from legacy_seam.values.writing import encode

if TYPE_CHECKING:
    from legacy_seam.values.tolerance import Tolerance

_MOST_ALIGNED = 4_000_000
"""Pairs of equal items beyond which two lists are compared item by item, without looking for what was moved."""


def differences(
    expected: str, got: str, *, root: str = "", tolerances: tuple[Tolerance, ...] = ()
) -> list[Difference]:
    """Compare two values by their texts.

    Types count (1, 1.0 and True differ), order counts in lists and dicts and not in sets, nan equals nan.

    Args:
        expected, got: texts in the notation.
        root: the beginning of every path.
        tolerances: how far numbers may be apart, and where. In sets, in keys, and where items were put in or taken
            out, nobody can tell which number was which: these are compared exactly.

    Returns:
        One `Difference` for each place, in order; empty where the values are the same. `MISSING` stands on the side
        that has nothing there. A path that ends in ` (type)` or ` (order)` tells of the type of the value there, or
        of the order of its keys, where that is all that differs.

    Raises:
        NotationError: one of the texts is malformed.

    >>> differences("shop:Item(price=3, tags=['a'])", "shop:Item(price=4, tags=['a', 'b'])", root="returned")
    ... # doctest: +NORMALIZE_WHITESPACE
    [Difference(path='returned.price', expected='3', got='4'),
     Difference(path='returned.tags[1]', expected='<missing>', got="'b'")]
    """
    if expected == got:
        return []
    old, new = parse(expected), parse(got)
    for exactly in (False, True):
        found = _Comparison(old, new, exactly, tolerances).run(root)
        if found:
            return found
    return []


class _Side:
    """One of the two trees, its parts numbered by content. Both sides share the numbers."""

    def __init__(self, root: Tree, places: Mapping[str, str], numbers: dict[object, int]) -> None:
        self.root, self._places, self._numbers = root, places, numbers
        self._of_container: dict[int, int] = {}
        self._number_all()

    def number(self, tree: Tree) -> int:
        """The number of the content of a part."""
        tree = _unmarked(tree)
        if type(tree) in _CONTAINERS:
            return self._of_container[id(tree)]
        return self._numbered(_leaf(tree, self._places))

    def _numbered(self, content: object) -> int:
        return self._numbers.setdefault(content, len(self._numbers))

    def _number_all(self) -> None:
        """Give every container the number of its content, from the inside out."""
        waiting: list[tuple[Tree, Iterator[Tree], list[int]]] = [(None, iter([self.root]), [])]
        while waiting:
            tree, parts, numbers = waiting[-1]
            for part in parts:
                part = _unmarked(part)
                if type(part) in _CONTAINERS:
                    waiting.append((part, iter(_parts_of(part)), []))
                    break
                numbers.append(self._numbered(_leaf(part, self._places)))
            else:
                waiting.pop()
                if waiting:
                    number = self._of_container[id(tree)] = self._numbered(_content(tree, numbers))
                    waiting[-1][2].append(number)


class _Comparison:
    """One comparison of two trees.

    exactly: references are the same if they have the same number. Otherwise they are if they refer to the same sort
             of place, so that one more shared object does not change all that come after it.
    """

    def __init__(self, old: Tree, new: Tree, exactly: bool, tolerances: tuple[Tolerance, ...]) -> None:
        self._tolerances = tolerances
        numbers: dict[object, int] = {}
        self._old = _Side(old, {} if exactly else _places(old), numbers)
        self._new = _Side(new, {} if exactly else _places(new), numbers)

    def run(self, root: str) -> list[Difference]:
        """All differences, in the order of the expected value."""
        found: list[Difference] = []
        waiting: list[Iterator[Difference | tuple[str, Tree, Tree]]] = [
            iter([(root, self._old.root, self._new.root)])
        ]
        while waiting:
            for item in waiting[-1]:
                if isinstance(item, Difference):
                    if not (self._tolerances and self._is_within(item)):
                        found.append(item)
                    continue
                path, old, new = item
                if self._same(old, new):
                    continue
                waiting.append(self._parts(path, _unmarked(old), _unmarked(new)))
                break
            else:
                waiting.pop()
        return found

    def _is_within(self, found: Difference) -> bool:
        from legacy_seam.values.tolerance import are_within  # not before it is needed, like the arithmetic in it

        return are_within(self._tolerances, found.path, found.expected, found.got)

    def _same(self, old: Tree, new: Tree) -> bool:
        return self._old.number(old) == self._new.number(new)

    def _parts(self, path: str, old: Tree, new: Tree) -> Iterator[Difference | tuple[str, Tree, Tree]]:
        """What differs right here, and the pairs of parts to look at further."""
        kind = type(old)
        if kind is not type(new):
            return iter([Difference(path, _text(old), _text(new))])
        if kind is dict:
            return self._keyed(path, old, new)
        if kind in (list, tuple):
            return self._aligned(path, old, new)
        if kind in (set, frozenset):
            return self._members(path, old, new)
        if kind is Node:
            return self._nodes(path, old, new)
        return iter([Difference(path, _text(old), _text(new))])

    def _keyed(self, path: str, old: Mapping[Any, Tree], new: Mapping[Any, Tree]) -> Iterator[Any]:
        keys = {self._old.number(key): key for key in old}
        new_keys = {self._new.number(key): key for key in new}
        if [number for number in keys if number in new_keys] != [number for number in new_keys if number in keys]:
            yield Difference(f"{path} (order)", _text(list(old)), _text(list(new)))
        for number, key in keys.items():
            place = f"{path}[{_text(key)}]"
            if number in new_keys:
                yield place, old[key], new[new_keys[number]]
            else:
                yield Difference(place, _text(old[key]), MISSING)
        for number, key in new_keys.items():
            if number not in keys:
                yield Difference(f"{path}[{_text(key)}]", MISSING, _text(new[key]))

    def _members(self, path: str, old: Iterable[Tree], new: Iterable[Tree]) -> Iterator[Any]:
        before = {self._old.number(item): item for item in old}
        after = {self._new.number(item): item for item in new}
        gone = sorted(_text(item) for number, item in before.items() if number not in after)
        come = sorted(_text(item) for number, item in after.items() if number not in before)
        for text in gone:
            yield Difference(f"{path}{{{text}}}", text, MISSING)
        for text in come:
            yield Difference(f"{path}{{{text}}}", MISSING, text)

    def _aligned(self, path: str, old: Sequence[Tree], new: Sequence[Tree]) -> Iterator[Any]:
        before, after = list(map(self._old.number, old)), list(map(self._new.number, new))
        if self._tolerances and len(old) == len(new):  # items that are close are not the same, but belong together
            for at in range(len(old)):
                yield f"{path}[{at}]", old[at], new[at]
            return
        for i, j, k, m in _alignment(before, after):
            paired = min(j - i, m - k)
            for step in range(paired):
                yield f"{path}[{i + step}]", old[i + step], new[k + step]
            for at in range(i + paired, j):
                yield Difference(f"{path}[{at}]", _text(old[at]), MISSING)
            for at in range(k + paired, m):
                yield Difference(f"{path}[{at}]", MISSING, _text(new[at]))

    def _nodes(self, path: str, old: Node, new: Node) -> Iterator[Any]:
        if old.name == new.name and old.name.partition(".")[0] in _LIBRARIES:
            from legacy_seam.values.tables import differences_of_cells  # few programs have any

            found = differences_of_cells(path, old, new, self._same, _alignment)
            if found is not None:
                yield from found
                return
        if old.name != new.name:
            if not self._alike(old, new):
                yield Difference(path, _text(old), _text(new))
                return
            yield Difference(f"{path} (type)", old.name, new.name)
        elif _is_one_thing(old) and _is_one_thing(new):
            yield Difference(path, _text(old), _text(new))
            return
        if len(old.args) == len(new.args) == 1:
            yield path, old.args[0], new.args[0]
        else:
            yield from self._aligned(f"{path}.args", old.args, new.args)
        yield from self._attributes(path, old.attributes, new.attributes)

    def _attributes(self, path: str, old: Mapping[Any, Tree], new: Mapping[Any, Tree]) -> Iterator[Any]:
        if [key for key in old if key in new] != [key for key in new if key in old]:
            yield Difference(f"{path} (order)", ", ".join(map(str, old)), ", ".join(map(str, new)))
        for key, value in old.items():
            if key in new:
                yield _attribute(path, key), value, new[key]
            else:
                yield Difference(_attribute(path, key), _text(value), MISSING)
        for key, value in new.items():
            if key not in old:
                yield Difference(_attribute(path, key), MISSING, _text(value))

    def _alike(self, old: Node, new: Node) -> bool:
        """Are these two of the same make, under another name? More than half of what they hold is the same."""
        if len(old.args) != len(new.args):
            return False
        same = sum(map(self._same, old.args, new.args))
        same += sum(
            key in new.attributes and self._same(value, new.attributes[key])
            for key, value in old.attributes.items()
        )
        most = len(old.args) + max(len(old.attributes), len(new.attributes))
        return 2 * same > most or most == 0


def _alignment(old: list[int], new: list[int]) -> list[tuple[int, int, int, int]]:
    """Stretches `old[i:j]`, `new[k:m]` which stand for each other and differ."""
    start, end = 0, 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    by_place = [
        (at, at + 1, at, at + 1)
        for at in range(start, start + len(middle_old))
        if at < len(new) and old[at] != new[at]
    ]
    counts = Counter(middle_new)
    is_cheap = sum(counts[number] for number in middle_old) <= _MOST_ALIGNED
    if len(middle_old) == len(middle_new) and (len(by_place) <= 1 or not is_cheap):
        return by_place
    if not is_cheap:
        return [(start, len(old) - end, start, len(new) - end)]
    from difflib import SequenceMatcher  # not before it is needed: this room is loaded into the user's program

    codes = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
    moved = [(start + i, start + j, start + k, start + m) for tag, i, j, k, m in codes if tag != "equal"]
    if len(middle_old) == len(middle_new) and sum(max(j - i, m - k) for i, j, k, m in moved) >= len(by_place):
        return by_place
    return moved


_LIBRARIES = ("np", "pd", "pl")
_CONTAINERS = (dict, list, tuple, set, frozenset, Node)


_ONE_THING = frozenset(
    (
        "Decimal",
        "Fraction",
        "UUID",
        "date",
        "datetime",
        "large",
        "opaque",
        "outside",
        "time",
        "timedelta",
        "timezone",
    )
)
"""Words of values that one does not look into: they are told whole, with their type."""


def _is_one_thing(tree: Tree) -> bool:
    """Is this one of those, a value of any other type with nothing in it but one, or with nothing but an atom?"""
    while type(tree) is Node and tree.name not in _ONE_THING:
        if len(tree.args) != 1 or tree.attributes:
            return False
        tree = _unmarked(tree.args[0])
    return type(tree) is Node or type(tree) not in _CONTAINERS


def _unmarked(tree: Tree) -> Tree:
    return tree.tree if type(tree) is Mark else tree


def _parts_of(tree: Tree) -> Iterable[Tree]:
    if type(tree) is dict:
        return chain.from_iterable(tree.items())
    if type(tree) is Node:
        return chain(tree.args, tree.attributes.values())
    return tree  # type: ignore[no-any-return]


def _content(tree: Tree, numbers: list[int]) -> object:
    """What makes two containers the same, given the numbers of their parts."""
    kind = type(tree)
    if kind in (set, frozenset):
        return kind, *sorted(numbers)
    if kind is Node:
        return kind, tree.name, len(tree.args), tuple(tree.attributes), *numbers
    return kind, *numbers


def _leaf(tree: Tree, places: Mapping[str, str]) -> object:
    """What makes two values without parts the same."""
    kind = type(tree)
    if kind is Reference:
        return kind, places.get(tree.target, tree.target)
    if kind is Name:
        return kind, tree.name
    if kind is int:
        return kind, tree
    return kind, repr(tree)


def _places(root: Tree) -> dict[str, str]:
    """Number of each mark -> the place of what is marked, without the numbers of list items."""
    places: dict[str, str] = {}
    waiting = [("", root)]
    while waiting:
        path, tree = waiting.pop()
        if type(tree) is Mark:
            places[tree.number], tree = path, tree.tree
        if type(tree) is Node:
            waiting += [(path, part) for part in tree.args]
            waiting += [(f"{path}.{key}", part) for key, part in tree.attributes.items()]
        elif type(tree) is dict:
            waiting += [
                (f"{path}[{key!r}]" if type(key) is str else f"{path}[]", part) for key, part in tree.items()
            ]
        elif type(tree) in (list, tuple, set, frozenset):
            waiting += [(f"{path}[]", part) for part in tree]
    return places


def _attribute(path: str, key: object) -> str:
    if type(key) is str and is_word(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{_text(key)}]"


def _text(tree: Tree) -> str:
    """The text of a tree on one line."""
    return encode(tree, width=None)
