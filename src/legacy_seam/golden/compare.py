"""Where a received outcome departs from the approved one, and which departures are the same change of behaviour.

Effects are matched by kind and place, sequences (log records, warnings, denials) are aligned first, values are
compared structurally, streams and files line by line. What cannot be matched is a difference in itself: nothing
that is in one outcome only goes unsaid.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from legacy_seam.calls import MISSING, Difference, Effect, Kind, Outcome, Text
from legacy_seam.plaindata import dataclass
from legacy_seam.targets import Target
from legacy_seam.values import Mark, Node, Tree, encode, parse
from legacy_seam.values import differences as value_differences
from legacy_seam.values.standin import UNREAD
from legacy_seam.values.tolerance import Tolerance

_ENDINGS = ("returned", "yielded", "raised", "unanswered", "ended")
_SEQUENCES = ("logged", "warned", "asked", "denied")
_TEXTS = ("printed", "wrote")
_ROW = re.compile(r"""\.i?loc\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^]'"])*\]""")
"""The row of a table, by its label or its number."""


@dataclass(frozen=True, slots=True)
class CaseDifference:
    """One difference, in one case."""

    case: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Group:
    """Differences of one target that look like one change of behaviour: same place, same kind of change.

    `first` is the representative, `cases` all cases concerned, in order.
    """

    target: Target
    place: str
    change: str
    first: CaseDifference
    cases: tuple[str, ...]


def compare(approved: Outcome, received: Outcome, tolerances: tuple[Tolerance, ...] = ()) -> list[Difference]:
    """All places where two outcomes part; empty when they are the same, or apart no further than is tolerated.

    A call whose ending was too large to be read is never the same. What it changed beside that, and was too large,
    is not compared.
    """
    if path := unread_ending(approved) or unread_ending(received):
        return [Difference(path, encode(UNREAD), encode(UNREAD))]
    if approved.effects == received.effects:
        return []
    found = list(_endings(approved, received, tolerances))
    for kind in _SEQUENCES:
        found += _sequences(kind, _of(approved, kind), _of(received, kind), tolerances)
    found += _matched(approved, received, tolerances)
    return found


def unread_ending(outcome: Outcome) -> str:
    """The ending, if a part of it was too large to be read: nobody knows whether it is as it was. Else ""."""
    unread = next((one for one in outcome.effects if one.kind in _ENDINGS and _is_unread(one)), None)
    return f"{unread.kind} (too large to compare)" if unread else ""


def not_compared(outcomes: Iterable[Outcome]) -> str:
    """The first thing that a call changed and that was too large to be read; "" where all can be compared."""
    effects = (one for outcome in outcomes for one in outcome.effects if one.kind not in _ENDINGS)
    return next((f"{one.kind} {one.place}".rstrip() for one in effects if _is_unread(one)), "")


def _is_unread(effect: Effect) -> bool:
    return UNREAD in effect.text and _holds_unread(parse(effect.text))


def _holds_unread(tree: Tree) -> bool:
    waiting = [tree]
    while waiting:
        tree = waiting.pop()
        if type(tree) is Mark:
            tree = tree.tree
        if type(tree) is Node:
            if tree.name == "opaque" and tree.args[1:] == (UNREAD,):
                return True
            waiting += [*tree.args, *tree.attributes.values()]
        elif type(tree) is dict:
            waiting += [*tree, *tree.values()]
        elif type(tree) in (list, tuple, set, frozenset):
            waiting += tree
    return False


def _of(outcome: Outcome, kind: str) -> list[Effect]:
    return [effect for effect in outcome.effects if effect.kind == kind]


def _endings(approved: Outcome, received: Outcome, tolerances: tuple[Tolerance, ...]) -> Iterator[Difference]:
    """How the call ended: returned, raised, or not at all. Another way of ending is one difference."""
    before = {effect.kind: effect.text for effect in approved.effects if effect.kind in _ENDINGS}
    after = {effect.kind: effect.text for effect in received.effects if effect.kind in _ENDINGS}
    if before.keys() != after.keys():
        only_before, only_after = _one_line(before, after), _one_line(after, before)
        yield Difference(next(iter(before.keys() - after.keys()), "ending"), only_before, only_after)
    for kind in before.keys() & after.keys():
        yield from value_differences(before[kind], after[kind], root=kind, tolerances=tolerances)


def _one_line(mine: Mapping[Kind, Text], other: Mapping[Kind, Text]) -> str:
    alone = [f"{kind} {text}" for kind, text in mine.items() if kind not in other]
    return "; ".join(alone) or MISSING


def _sequences(
    kind: str, before: Sequence[Effect], after: Sequence[Effect], tolerances: tuple[Tolerance, ...]
) -> Iterator[Difference]:
    old, new = [effect.text for effect in before], [effect.text for effect in after]
    if old == new:
        return
    for tag, i, j, k, m in _opcodes(old, new, in_pairs=bool(tolerances) and len(old) == len(new)):
        if tag == "equal":
            continue
        paired = min(j - i, m - k)
        for offset in range(paired):
            place = f"{kind} {i + offset + 1}"
            yield from value_differences(old[i + offset], new[k + offset], root=place, tolerances=tolerances)
        for offset in range(i + paired, j):
            yield Difference(f"{kind} {offset + 1}", old[offset], MISSING)
        for offset in range(k + paired, m):
            yield Difference(f"{kind} {offset + 1}", MISSING, new[offset])


def _opcodes(old: Sequence[str], new: Sequence[str], *, in_pairs: bool) -> Iterable[tuple[str, int, int, int, int]]:
    """What became of what: each with its counterpart, or as the two sequences fit best."""
    if in_pairs:
        return [("replace", 0, len(old), 0, len(new))]
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _matched(approved: Outcome, received: Outcome, tolerances: tuple[Tolerance, ...]) -> Iterator[Difference]:
    """Effects that have a place of their own: changed values, streams, files."""
    skipped = (*_ENDINGS, *_SEQUENCES)
    before = {(e.kind, e.place): e.text for e in approved.effects if e.kind not in skipped}
    after = {(e.kind, e.place): e.text for e in received.effects if e.kind not in skipped}
    for key in before | after:
        kind, place = key
        path = f"{kind} {place}"
        old, new = before.get(key, MISSING), after.get(key, MISSING)
        if key not in before or key not in after or (old != new and MISSING in (old, new)):  # no effect, or: gone
            yield Difference(path, old, new)
        elif old != new:
            lines = _lines(path, old, new) if kind in _TEXTS else None
            if lines is None:
                lines = value_differences(old, new, root=path, tolerances=tolerances)
            yield from lines


def _lines(path: str, before: Text, after: Text) -> list[Difference] | None:
    """A text compared line by line; None where one of the two is no text of several lines."""
    old, new = parse(before), parse(after)
    if not (isinstance(old, str) and isinstance(new, str)) or "\n" not in old + new:
        return None
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Difference] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for offset in range(max(j - i, m - k)):
            expected = encode(old_lines[i + offset], width=None) if i + offset < j else MISSING
            got = encode(new_lines[k + offset], width=None) if k + offset < m else MISSING
            found.append(Difference(f"{path} line {min(i + offset, j) + 1}", expected, got))
    return found


# --------------------------------------------------------------------------------------------------- grouping


def group(target: Target, found: Iterable[CaseDifference]) -> list[Group]:
    """Put differences together that look like one change of behaviour, the widest group first."""
    together: dict[tuple[str, str], list[CaseDifference]] = defaultdict(list)
    for one in found:
        together[_without_indices(one.difference.path), _change(one.difference)].append(one)
    groups = [
        Group(target, place, change, members[0], tuple(dict.fromkeys(member.case for member in members)))
        for (place, change), members in together.items()
    ]
    return sorted(groups, key=lambda one: (-len(one.cases), one.place))


def _without_indices(path: str) -> str:
    path = re.sub(r"\[\d+\]", "[*]", _ROW.sub(".loc[*]", path))
    return re.sub(r"^(logged|warned|denied) \d+|(line) \d+", r"\1\2 *", path)


def _change(difference: Difference) -> str:
    expected, got = _sort(difference.expected), _sort(difference.got)
    if expected == got:
        return f"another {expected}"
    if difference.got == MISSING:
        return "gone"
    if difference.expected == MISSING:
        return "new"
    return f"{expected} became {got}"


def _sort(text: Text) -> str:
    """The kind of value that a text is, for telling changes apart: its type, or the exception that was raised."""
    if text == MISSING:
        return "nothing"
    if match := re.match(r"(raised|returned|yielded|ended) ?([\w.:]*)", text):
        return match[0].strip() if match[1] == "raised" else match[1]
    if match := re.match(r"[\w.:<>]+(?=\()", text):
        return match[0]
    if text in ("None", "True", "False"):
        return {"None": "None"}.get(text, "bool")
    if re.fullmatch(r"-?\d+|-?0x[0-9a-f]+", text):
        return "int"
    if re.fullmatch(r"-?(\d[\d.e+-]*|inf)|nan", text):
        return "float"
    return {"'": "str", '"': "str", "b": "bytes", "[": "list", "{": "dict or set", "(": "tuple"}.get(
        text[:1], "value"
    )
