"""What a case shows of its function that must not be lost when others are left out.

That is the path that it takes through the function itself, every step from line to line elsewhere in the program,
every sort of effect, and the mutants that it is known to notice. Of all cases that take the same path to the same
end, those with the least and the greatest of each number among their inputs show how far it goes; and where an
input chooses rather than measures, each of its few values is shown.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from legacy_seam.calls import Call, Outcome
from legacy_seam.golden.fewest import Candidate, Trait
from legacy_seam.golden.inputs import numbers_of, words_of
from legacy_seam.plaindata import dataclass
from legacy_seam.replay.steps import Step
from legacy_seam.source.functions import functions_of
from legacy_seam.targets import Target
from legacy_seam.values.sorts import sort_of

MOST_WORDS = 10
"""An input that takes more values than that does not choose among ways to go, and outcomes of which there are more
tell no ways apart."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A call that was watched.

    ran:  the steps that it takes, by file.
    size: how much there is to read of it.
    """

    call: Call
    outcome: Outcome
    ran: Mapping[str, Collection[Step]]
    size: int


def candidates(
    target: Target,
    seen: Sequence[Seen],
    notices: Mapping[str, Collection[str]] | None = None,
    *,
    ends: bool = True,
) -> dict[str, Candidate]:
    """What calls of a target show, by their identity.

    Args:
        target: whose calls they are.
        seen: all of them: what is least and greatest depends on the others.
        notices: identity of a call -> mutants that it is known to notice.
        ends: the ends of numbers, and the values that choose, are shown as well.
    """
    found = notices or {}
    shows: dict[str, set[Trait]] = {}
    ways: dict[str, Trait] = {}
    outcomes = {one.outcome for one in seen}
    spans = {file: _span_of(target, file) for file in {file for one in seen for file in one.ran}}
    for one in seen:
        identity = one.call.identity
        inside, outside = _divided(one.ran, spans)
        sorts = frozenset(map(sort_of, one.outcome.effects))
        ways[identity] = (inside, one.outcome if len(outcomes) <= MOST_WORDS else sorts)
        shows[identity] = {("path", inside), *(("step", *step) for step in outside)}
        shows[identity] |= {("sort", sort) for sort in sorts}
        shows[identity] |= {("mutant", mutant) for mutant in found.get(identity, ())}
    calls = [one.call for one in seen]
    for traits in (_extremes(calls, ways), _few_words(calls)) if ends else ():
        for identity, some in traits.items():
            shows[identity] |= some
    return {
        one.call.identity: Candidate(
            one.call.identity, frozenset(shows[one.call.identity]), frozenset(one.outcome.effects), one.size
        )
        for one in seen
    }


def _divided(
    ran: Mapping[str, Collection[Step]], spans: Mapping[str, tuple[int, int] | None]
) -> tuple[frozenset[tuple[str, Step]], set[tuple[str, Step]]]:
    """The steps within the target itself, and all others."""
    inside: set[tuple[str, Step]] = set()
    outside: set[tuple[str, Step]] = set()
    for file, steps in ran.items():
        span = spans[file]
        for step in steps:
            is_inside = span is not None and all(span[0] <= abs(line) <= span[1] for line in step)
            (inside if is_inside else outside).add((file, step))
    return frozenset(inside), outside


def _extremes(calls: Sequence[Call], ways: Mapping[str, Trait]) -> dict[str, set[Trait]]:
    """Which calls have the least or the greatest of a number, of all that go the same way."""
    measured = {call.identity: numbers_of(call) for call in calls}
    spans: dict[tuple[Trait, str], list[float]] = defaultdict(list)
    for identity, numbers in measured.items():
        for name, number in numbers.items():
            spans[ways[identity], name].append(number)
    ends = {place: (min(some), max(some)) for place, some in spans.items()}
    found: dict[str, set[Trait]] = {}
    for identity, numbers in measured.items():
        way = ways[identity]
        found[identity] = {
            (end, way, name)
            for name, number in numbers.items()
            for end, extreme in zip(("least", "greatest"), ends[way, name], strict=True)
            if number == extreme
        }
    return found


def _few_words(calls: Sequence[Call]) -> dict[str, set[Trait]]:
    """Which calls have which value of an input that has few."""
    said = {call.identity: words_of(call) for call in calls}
    known: dict[str, set[str]] = defaultdict(set)
    for words in said.values():
        for name, word in words.items():
            known[name].add(word)
    return {
        identity: {("word", name, word) for name, word in words.items() if len(known[name]) <= MOST_WORDS}
        for identity, words in said.items()
    }


def _span_of(target: Target, file: str) -> tuple[int, int] | None:
    """The lines of the target, if it is in that file."""
    name = target.module.rpartition(".")[2]
    path = Path(file)
    if name not in (path.stem, path.parent.name):
        return None
    try:
        return _spans(path.read_bytes(), target.module).get(target.qualname)
    except (OSError, SyntaxError, ValueError):
        return None


@lru_cache(maxsize=64)
def _spans(source: bytes, module: str) -> Mapping[str, tuple[int, int]]:
    """The first and the last line of each function of a module; of those of one name, all that lies between."""
    spans: dict[str, tuple[int, int]] = {}
    for one in functions_of(ast.parse(source), module):
        first, _ = spans.get(one.target.qualname, (one.first_line, 0))
        spans[one.target.qualname] = first, one.last_line
    return spans
