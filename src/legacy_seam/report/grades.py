"""How strong a net is, as text: a table of functions, the score, and a card for each line that needs a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from legacy_seam.grade.cards import Card
from legacy_seam.grade.mutants import Mutant
from legacy_seam.grade.score import plain, weighted
from legacy_seam.grade.verdicts import DETECTED, SCORED, Graded, Judged, Killer, count
from legacy_seam.report.differences import shorten, shorten_both

_SHORT = 80
"""Characters of arguments that are shown as they are."""
_WIDTH = 76
_CONTEXT = 12
"""Characters that are shown of what two pieces of code begin and end with alike."""


def table(graded: Graded) -> list[tuple[str, ...]]:
    """Rows: function, mutants that count, noticed, survived, not covered, score, weighted score."""
    rows: list[tuple[str, ...]] = []
    for (module, function), judged in graded.by_function().items():
        states = count(one for one in judged if one.state in SCORED)
        if not states:
            continue
        rows.append(
            (
                f"{module}:{function}" if function else f"{module} (outside of functions)",
                str(sum(states.values())),
                str(sum(states.get(state, 0) for state in DETECTED)),
                str(states.get("survived", 0)),
                str(states.get("not-covered", 0)),
                percent(plain(judged)),
                percent(weighted(judged)),
            )
        )
    return rows


def summary(graded: Graded) -> list[str]:
    """What it comes to, in a sentence or two."""
    states = count(graded.judged)
    counted = sum(states.get(state, 0) for state in SCORED)
    noticed = sum(states.get(state, 0) for state in DETECTED)
    lines = []
    if graded.problems:
        lines.append("There is no score: what is found below cannot be trusted.")
    elif not counted:
        lines.append("Nothing was measured: there is no mutant that counts.")
    else:
        says = f"{percent(weighted(graded.judged))} when each mutant weighs what it says"
        lines.append(
            f"Score {percent(plain(graded.judged))} ({says}): {noticed:,} of {counted:,} mutants are noticed by"
            f" {graded.cases:,} cases."
        )
    lines.append(_others(graded))
    return lines


def _others(graded: Graded) -> str:
    states = count(graded.judged)
    uncovered = states.get("not-covered", 0)
    parts = [
        f"{states.get('survived', 0):,} survived",
        _counted(uncovered, "is run by no case", "are run by no case"),
    ]
    told = {
        "timeout": "noticed by a time limit",
        "crash": "noticed by a crash",
        "unstable": "run by unstable cases only",
        "equivalent": "accepted as equivalent",
        "error": "failed here",
    }
    parts += [f"{states[state]:,} {words}" for state, words in told.items() if state in states]
    more = (
        (states.get("suppressed", 0), "says nothing by rule", "say nothing by rule"),
        (graded.unstable, "case does not hold still and is left out", "cases do not hold still and are left out"),
        (graded.reused, "verdict is of an earlier run", "verdicts are of an earlier run"),
    )
    parts += [_counted(*one) for one in more if one[0]]
    return "; ".join(parts) + "."


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def card_lines(card: Card, project: Path, accept: str) -> Iterator[str]:
    """One card.

    Args:
        card: the card.
        project: to which the file is relative.
        accept: the command that accepts a mutant, without its identity.
    """
    mutant = card.first.mutant
    yield f"{relative(card.file, project)}:{card.line}  {place_of(mutant)}"
    yield f"    {shorten(card.code, _WIDTH)}"
    which = f", the {card.which} on this line" if card.which else ""
    yield f"    {change_of(card.first)}{which}: {_unnoticed(card)}"
    if card.killer is not None:
        yield f"    missing case: {_input(card.killer)}"
        original, mutated = shorten_both(card.killer.original, card.killer.mutant, 60)
        yield f"        gives {original}, with the change {mutated}"
        yield f"    to have such cases proposed: legacy-seam explore {card.killer.target}"
    else:
        yield f"    to look for an input that shows it: legacy-seam explore {mutant.module}"
    yield f'    not to be told apart? {accept} {mutant.identity} --reason "..."'


def _input(killer: Killer) -> str:
    """The input as a call, where that is short; else what is other in it than in a case that there is."""
    given = ", ".join(f"{name}={text}" for name, text in killer.arguments.items())
    if killer.differs and (len(given) > _SHORT or "\n" in given):
        return f"as case {killer.case} of {killer.target}, with {shorten(killer.differs, _WIDTH)}"
    shown = ", ".join(f"{name}={shorten(text, 40)}" for name, text in killer.arguments.items())
    return f"{killer.target}({shown})"


def place_of(mutant: Mutant) -> str:
    """In which function a mutant is, or that it is in none."""
    return f"{mutant.module}:{mutant.function}" if mutant.function else f"{mutant.module}, outside of functions"


def _unnoticed(card: Card) -> str:
    cases = card.first.cases
    run = f"{cases:,} {'case runs' if cases == 1 else 'cases run'} it unnoticed"
    others = len(card.survivors) - 1
    if not others:
        return run
    return f"{run}, and {others} more {'change' if others == 1 else 'changes'} of this line"


def change_of(judged: Judged) -> str:
    """What a mutant changes, on one line."""
    mutant = judged.mutant
    if not mutant.before:
        return f"with {shorten(_one_line(mutant.after), 40)} added"
    before, after = where_they_part(_one_line(mutant.before), _one_line(mutant.after))
    return f"{before} -> {after}"


def where_they_part(before: str, after: str, width: int = 40) -> tuple[str, str]:
    """Two pieces of code without most of what they begin and end with alike, where they are long.

    >>> where_they_part("(net * rate / 100).quantize(CENT, rounding=UP)", "(net * rate / 100).quantize(CENT)")
    ('….quantize(CENT, rounding=UP)', '….quantize(CENT)')
    """
    if max(len(before), len(after)) <= width:
        return before, after
    shorter = min(len(before), len(after))
    first = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    rest = shorter - first
    last = next((place for place in range(rest) if before[-1 - place] != after[-1 - place]), rest)
    start = _beginning(before, first)
    end = max(0, last - _CONTEXT)
    parts = (one[start : len(one) - end] for one in (before, after))
    marks = "…" * (start > 0), "…" * (end > 0)
    told = [f"{marks[0]}{shorten(part, 2 * width)}{marks[1]}" for part in parts]
    return told[0], told[1]


def _beginning(code: str, place: int) -> int:
    """Where to begin to read, so that no word before a place is cut, and what is called there is seen."""
    if place <= _CONTEXT:
        return 0
    opening = code.rfind("(", max(0, place - 2 * _CONTEXT), place)
    start = (opening if opening >= 0 else place) - 1
    while start > 0 and (code[start - 1].isalnum() or code[start - 1] in "_."):
        start -= 1
    return max(0, start)


def relative(file: str, project: Path) -> str:
    """A file as people of the project name it."""
    path = Path(file)
    return str(path.relative_to(project)) if path.is_relative_to(project) else file


def percent(share: float | None) -> str:
    """A share in per cent, never rounded up to all.

    >>> percent(1.0), percent(0.9996), percent(None)
    ('100 %', '99.9 %', '-')
    """
    if share is None:
        return "-"
    return "100 %" if share == 1 else f"{int(share * 1000) / 10:.1f} %"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def more_than(shown: Sequence[Card], graded: Graded) -> int:
    """How many survivors are on no card that is shown."""
    return len(graded.survivors()) - sum(len(card.survivors) for card in shown)
