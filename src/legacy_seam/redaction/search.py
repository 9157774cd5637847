"""The search for secrets, in texts and in trees of values; what becomes of those it finds is decided elsewhere.

To redact is to search and put a pseudonym in the place of each secret; to scan is to search and write down where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from typing import Any, TypeAlias

from legacy_seam.plaindata import dataclass, replace
from legacy_seam.redaction.assignments import sub_assigned
from legacy_seam.redaction.names import (
    FEWEST_DIGITS,
    Weight,
    holds_number,
    is_likely_secret,
    looks_secret,
    may_name_secret,
    spreads,
    weight_of,
)
from legacy_seam.redaction.numbers import is_card
from legacy_seam.redaction.patterns import AWS_SECRET, PATTERNS, Pattern, compiled
from legacy_seam.redaction.pseudonyms import is_pseudonym
from legacy_seam.redaction.rules import Rules
from legacy_seam.values import Mark, Node, Tree

Cover: TypeAlias = Callable[[str, str, str], str]
"""Is given the rule, the secret, and the place where it was found; gives what is to stand there."""

AGAIN = "met before"
"""The rule for secrets that were met elsewhere, under their names."""

_NAME = r"(?a)[-\w.]{2,64}"
_WORDS = frozenset({"opaque", "outside", "closure", "getLogger", "module", "re.compile", "Match"})
"""Nodes whose own strings are names and patterns of the program."""
_PATHS = ("Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath")
_SCHEME = r"(?P<scheme>(?i:bearer|basic|token|digest|apikey|negotiate) +)(?P<rest>\S.*)"
_COOKIES = r"(?:[\w.-]+=[^;=\s]*(?:; ?|$)){2,}"
_SHORTEST_KNOWN = 6
_MOST_MET = 64
_LEAVES = frozenset({str, int, float, bool, type(None), bytes, bytearray})
_MOST_INNOCENTS = 10_000
_LONGEST_INNOCENT = 1_000
_CARD_LENGTHS = (15, 16)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the way to it, the name it bears, and what that makes of it.

    among_pairs: it is an item of a sequence, as the headers of a message are.
    """

    way: str = ""
    name: str = ""
    weight: Weight | None = None
    among_pairs: bool = False


class Search:
    """Looks for secrets, by name and by pattern.

    Args:
        rules: the project's own.
        cover: what is to stand in the place of a secret.
        known: secrets that are known already, to be found wherever they stand.
        target: the function concerned, for rules that name one.
        innocents: strings in which searches with the same rules and the same known secrets found nothing; it is
            added to.

    Attributes:
        met: secrets that were met under a name, and may stand elsewhere without it.
        covered: how many secrets were found.
        seeks_patterns: False where it is known that nothing can be found by pattern.
    """

    def __init__(
        self,
        rules: Rules,
        cover: Cover,
        known: Iterable[str] = (),
        target: str = "",
        innocents: set[str] | None = None,
    ) -> None:
        self._rules = rules
        self._cover = cover
        self._target = target
        self._innocents = set() if innocents is None else innocents
        self.known = tuple(dict.fromkeys(known))
        self.met: dict[str, None] = {}
        self.covered = 0
        self.seeks_patterns = True
        kept = rules.kept_patterns()
        self._patterns = tuple(one for one in PATTERNS if one.name not in kept) + own_patterns(rules.patterns)
        self._kept_names, self._kept_places = rules.kept_names(), rules.kept_places()
        self._seeks_aws_secrets = False

    # --- texts ------------------------------------------------------------------------------------------------

    def text(self, text: str, place: Place | None = None, *, strict: bool = False) -> str:
        """A text with the secrets in it covered.

        Args:
            text: any text.
            place: where it stands; one without a name is looked through, one under the name of a secret is one.
            strict: look only for what chance does not write: the text is really some bytes.
        """
        place = place or Place()
        if not text or self._is_kept(place):
            return text
        if place.weight is Weight.CERTAIN or (place.weight is Weight.LIKELY and is_likely_secret(text)):
            return self._whole(text, place)
        return self._through(text, place, strict=strict)

    def _through(self, text: str, place: Place, *, strict: bool = False) -> str:
        if text in self._innocents and not self._seeks_aws_secrets:
            return text
        before = self.covered
        found = self._looked_through(text, place, strict=strict)
        is_whole_search = not strict and not self._seeks_aws_secrets
        if is_whole_search and self.covered == before and len(text) <= _LONGEST_INNOCENT:
            if len(self._innocents) >= _MOST_INNOCENTS:
                self._innocents.clear()
            self._innocents.add(text)
        return found

    def _looked_through(self, text: str, place: Place, *, strict: bool) -> str:
        cover = self._covering(place)
        text = self.sub_known(text, place)
        for pattern in self._patterns if self.seeks_patterns else ():
            if pattern.strict or not strict:
                text = pattern.sub(cover, text)
        if self._seeks_aws_secrets:
            text = AWS_SECRET.sub(cover, text)
        if strict or not (self._rules.names or may_name_secret(text)):
            return text
        return sub_assigned(text, self.weigh, self._remembering(cover))

    def _whole(self, text: str, place: Place) -> str:
        """A text that is a secret by its name: what in it is not (`Bearer`, the host of an address) stays."""
        if not text.strip() or len(set(text)) == 1 or text in ("None", "null"):
            return text
        found = compiled(_SCHEME).fullmatch(text)
        if found is not None:
            return found["scheme"] + self._whole(found["rest"], place)
        if compiled(_COOKIES).fullmatch(text):
            return compiled(r"(?<==)[^;\s]+").sub(lambda one: self._maybe(one[0], place), text)
        by_pattern = text
        for pattern in self._patterns:
            by_pattern = pattern.sub(self._covering(place), by_pattern)
        if by_pattern != text or self._has_pseudonym(text):
            return by_pattern
        cover = self._covering(place)
        if text.casefold() != place.name.casefold():  # a name is not to be covered wherever else it stands
            cover = self._remembering(cover)
        return cover(f"named {place.name}", text)

    def _has_pseudonym(self, text: str) -> bool:
        """Is there something in it that stands in for what a pattern would have found?"""
        met: list[str] = []

        def meet(rule: str, secret: str) -> str:
            met.append(secret)
            return secret

        for pattern in self._patterns:
            pattern.sub(meet, text)
        return bool(met)

    def _maybe(self, text: str, place: Place) -> str:
        return self._whole(text, place) if looks_secret(text) else text

    def sub_known(self, text: str, place: Place | None = None) -> str:
        """A text with the secrets in it covered that were met elsewhere under their names."""
        cover = self._covering(place or Place())
        for secret in self.known:
            if secret in text:
                whole = re.escape(secret)
                if not looks_secret(secret):
                    whole = rf"(?<![A-Za-z0-9_]){whole}(?![A-Za-z0-9_])"
                text = re.sub(whole, lambda found: cover(AGAIN, found[0]), text)
        return text

    def _covering(self, place: Place) -> Callable[[str, str], str]:
        def cover(rule: str, secret: str) -> str:
            if rule == "aws key":
                self._seeks_aws_secrets = True
            if is_pseudonym(secret):
                return secret
            self.covered += 1
            return self._cover(rule, secret, place.way)

        return cover

    def _remembering(self, cover: Callable[[str, str], str]) -> Callable[[str, str], str]:
        def remember(rule: str, secret: str) -> str:
            if len(self.met) < _MOST_MET and len(secret) >= _SHORTEST_KNOWN and not is_pseudonym(secret):
                self.met[secret] = None
            return cover(rule, secret)

        return remember

    def weigh(self, name: str) -> Weight | None:
        """How sure a name makes that its value is a secret, by all rules."""
        if self._kept_names and _matches(name, self._kept_names):
            return None
        return weight_of(name, self._rules.names)

    def _is_kept(self, place: Place) -> bool:
        if self._kept_names and place.name and _matches(place.name, self._kept_names):
            return True
        if not self._kept_places or not place.way:
            return False
        way = place.way if ":" in place.way else f"{self._target}.{place.way}"
        return _matches(way, self._kept_places)

    # --- trees ------------------------------------------------------------------------------------------------

    def tree(self, tree: Tree, place: Place | None = None) -> Tree:
        """A tree with the secrets in it covered; as it was where there are none (see `covered`).

        The walk has a stack of its own: a value may be deep, and so may the program be that is being recorded.
        """
        waiting = [self._walk(tree, place or Place())]
        result: Any = None
        while waiting:
            try:
                waiting.append(self._walk(*waiting[-1].send(result)))
                result = None
            except StopIteration as end:
                result = end.value
                waiting.pop()
        return result

    def _walk(self, tree: Tree, place: Place) -> Generator[tuple[Tree, Place], Tree, Tree]:
        if type(tree) in _LEAVES:
            return self._leaf(tree, place)
        if self._is_kept(place):
            return tree
        kind = type(tree)
        if kind is list or kind is tuple:
            return kind((yield from self._each(tree, _places_of_items(tree, place, self.weigh))))
        if kind is set or kind is frozenset:
            return kind((yield from self._each(tree, (_item(place, at) for at in range(len(tree))))))
        if kind is dict:
            keys = yield from self._each(tree, (Place(place.way) for _ in tree))
            items = yield from self._each(tree.values(), (self._entry(place, key) for key in tree))
            return dict(zip(keys, items, strict=True))
        if kind is Mark:
            return Mark(tree.number, (yield tree.tree, place))
        if kind is Node:
            return (yield from self._node(tree, place))
        return tree

    def _each(
        self, trees: Iterable[Tree], places: Iterable[Place]
    ) -> Generator[tuple[Tree, Place], Tree, list[Tree]]:
        done: list[Tree] = []
        for tree, place in zip(trees, places, strict=True):
            done.append(self._leaf(tree, place) if type(tree) in _LEAVES else (yield tree, place))
        return done

    def _leaf(self, tree: Tree, place: Place) -> Tree:
        """A value in which no others lie."""
        if self._is_kept(place):
            return tree
        kind = type(tree)
        if kind is str:
            return self.text(tree, place)
        if kind is int:
            return self._number(tree, place)
        if kind is bytes or kind is bytearray:
            return self._bytes(tree, place)
        return tree

    def _node(self, node: Node, place: Place) -> Generator[tuple[Tree, Place], Tree, Node]:
        inner = Place(place.way) if node.name in _WORDS or node.name in _PATHS else place
        if node.name == "method":  # its object, and the name it has there
            args = [(yield node.args[0], place), *node.args[1:]]
        else:
            args = yield from self._each(node.args, (inner for _ in node.args))
        places = (self._entry(inner, key) for key in node.attributes)
        attributes = yield from self._each(node.attributes.values(), places)
        names = [self.text(key) if type(key) is str else key for key in node.attributes]
        return Node(node.name, tuple(args), dict(zip(names, attributes, strict=True)))

    def _entry(self, place: Place, key: Tree) -> Place:
        """The place of what stands under a key, or an attribute."""
        if type(key) is bytes:
            key = key.decode("latin-1")
        if type(key) is not str:
            return replace(place, way=f"{place.way}[..]", weight=inherited(place), among_pairs=False)
        return Place(f"{place.way}.{key}" if place.way else key, key, _heavier(self.weigh(key), inherited(place)))

    def _bytes(self, held: bytes | bytearray, place: Place) -> bytes | bytearray:
        text = held.decode("latin-1")
        is_text = text.isascii()
        covered = self.text(text, place, strict=not is_text)
        return held if covered == text else type(held)(covered.encode("latin-1"))

    def _number(self, number: int, place: Place) -> int:
        digits = str(number) if 0 < number < 10**40 else ""
        cover = self._covering(place)
        if len(digits) in _CARD_LENGTHS and is_card(digits):
            return int(cover("card", digits))
        if place.weight is Weight.CERTAIN and len(digits) >= FEWEST_DIGITS and holds_number(place.name):
            return int(digits[0] + cover(f"named {place.name}", digits[1:]))
        return number


def own_patterns(sources: tuple[str, ...]) -> tuple[Pattern, ...]:
    """The user's own expressions as patterns: what they match is secret, or their first group."""
    return tuple(
        Pattern(f"pattern {source}", source if "(?P<secret>" in source else _with_group(source))
        for source in sources
    )


def _with_group(source: str) -> str:
    if re.compile(source).groups:
        return re.sub(r"(?<!\\)\((?!\?)", "(?P<secret>", source, count=1)
    return f"(?P<secret>{source})"


def inherited(place: Place) -> Weight | None:
    """What the name of a container makes of that which lies in it under names of its own."""
    return spreads(place.name) if place.weight is Weight.CERTAIN else None


def _heavier(one: Weight | None, other: Weight | None) -> Weight | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda weight: weight.value)


def _item(place: Place, at: int) -> Place:
    return Place(f"{place.way}[{at}]", place.name, place.weight, among_pairs=True)


def _places_of_items(
    items: list[Tree] | tuple[Tree, ...], place: Place, weigh: Callable[[str], Weight | None]
) -> Iterable[Place]:
    """The places of the items of a sequence, which may be a name and its value, or the words of a command."""
    places = [_item(place, at) for at in range(len(items))]
    strings = [item.decode("latin-1") if type(item) is bytes else item for item in items]
    if len(items) == 2 and type(strings[0]) is str and compiled(_NAME).fullmatch(strings[0]):
        weight = weigh(strings[0])
        if weight is Weight.CERTAIN and not place.among_pairs:
            weight = Weight.LIKELY
        if weight is not None and place.weight is None:
            places[1] = replace(places[1], name=strings[0], weight=weight)
    if len(items) == 2 and place.name == "auth" and place.weight is not None:
        places[1] = replace(places[1], weight=Weight.CERTAIN)
    for at, word in enumerate(strings[:-1]):
        if type(word) is str and word.startswith("-") and "=" not in word and type(strings[at + 1]) is str:
            name = word.lstrip("-")
            if weigh(name) is Weight.CERTAIN and not strings[at + 1].startswith("--"):
                places[at + 1] = replace(places[at + 1], name=name, weight=Weight.CERTAIN)
    return places


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, pattern) for pattern in patterns)
