"""What differs, as few lines as tell the whole: grouped by behaviour, one representative each, the rest counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legacy_seam.calls import Call
    from legacy_seam.golden.compare import Group
    from legacy_seam.golden.verify import Verification

WIDTH = 110
MOST_LINES = 40
_LINES_OF_ONE_GROUP = 7
_MOST_OF_ONE = 60
"""Characters that are shown of one argument."""


def shorten(text: str, width: int = WIDTH) -> str:
    """One line of at most about `width` characters; says how much was left out.

    >>> shorten("[1,\\n    2,\\n]")
    '[1, 2]'
    >>> shorten("x" * 30, 10)
    'xxxxxxxxxx… (20 more characters)'
    """
    line = _on_one_line(text)
    return line if len(line) <= width else f"{line[:width]}… ({len(line) - width} more characters)"


def shorten_both(one: str, other: str, width: int = WIDTH) -> tuple[str, str]:
    """Two texts that differ, like `shorten`; where they begin alike, what is shown begins shortly before they part.

    >>> shorten_both("x" * 90 + "a" + "y" * 50, "x" * 90 + "b" + "y" * 50, 40)[0]
    '…xxxxxxxxxxxxxxxxxxxxayyyyyyyyyyyyyyyyyyy… (parts at character 91 of 141)'
    """
    one, other = _on_one_line(one), _on_one_line(other)
    shorter = min(len(one), len(other))
    alike = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    if alike < width * 3 // 4 or max(len(one), len(other)) <= width:
        return shorten(one, width), shorten(other, width)
    return _window(one, alike, width), _window(other, alike, width)


def _window(line: str, place: int, width: int) -> str:
    start = place - width // 2
    end = "…" if start + width < len(line) else ""
    return f"…{line[start : start + width]}{end} (parts at character {place + 1} of {len(line)})"


_AFTER_OPENING = re.compile(r"(?<=[(\[{])\n *")
_BEFORE_CLOSING = re.compile(r",\n *(?=[\]}])|\n *(?=\))")
_BETWEEN = re.compile(r"\n *")


def _on_one_line(text: str) -> str:
    """A value that is laid out in a block, as it reads without its lines."""
    return _BETWEEN.sub(" ", _BEFORE_CLOSING.sub("", _AFTER_OPENING.sub("", text)))


def headline(verification: Verification) -> str:
    """One line that says how a golden master fared."""
    name = str(verification.target)
    if verification.status == "error":
        return f"{name}: could not be verified: {verification.problem}"
    if verification.status == "passed":
        return f"{name}: {verification.cases} cases hold"
    ways = len(verification.groups)
    beside = f"; {verification.problem}" if verification.problem else ""
    return (
        f"{name}: {verification.failed} of {verification.cases} cases differ, in {ways}"
        f" {'way' if ways == 1 else 'ways'}{beside}"
    )


def explain(verification: Verification, *, most_groups: int | None = None) -> list[str]:
    """A failed verification, by groups: where, what kind of change, how many cases, one of them with its input."""
    lines = [headline(verification)]
    calls = {case.call.identity: case.call for case in verification.received.cases} if verification.received else {}
    groups = verification.groups
    for number, group in enumerate(groups[:most_groups], 1):
        lines += _group(number, group, calls.get(group.first.case))
    if most_groups is not None and len(groups) > most_groups:
        left = groups[most_groups:]
        more = "way" if len(left) == 1 else "ways"
        lines.append(f"  … and {len(left)} more {more}, in {_cases(len({c for g in left for c in g.cases}))}")
    return lines


def _group(number: int, group: Group, call: Call | None) -> list[str]:
    one = group.first
    lines = [f"  {number}. {group.place}: {group.change} ({_cases(len(group.cases))})"]
    if call is not None:
        lines.append(f"     given    {describe_inputs(call, WIDTH - 14)}")
    if one.difference.path != group.place:
        lines.append(f"     at       {one.difference.path}")
    expected, got = shorten_both(one.difference.expected, one.difference.got, WIDTH - 14)
    lines += [f"     expected {expected}", f"     got      {got}"]
    return lines


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def describe_inputs(call: Call, width: int = WIDTH) -> str:
    """The arguments of a call on one line: as many as fit, the beginning of each; how many more there are."""
    texts = (*call.arguments.items(), *call.closure.items(), *call.state.items())
    line = f"[{call.identity}]" if texts else f"[{call.identity}] no arguments"
    for number, (name, text) in enumerate(texts):
        part = _on_one_line(f"{name} = {text}")
        part = part if len(part) <= _MOST_OF_ONE else f"{part[: _MOST_OF_ONE - 1]}…"
        if number and len(line) + len(part) > width - len(_and_more(len(texts))):
            return line + _and_more(len(texts) - number)
        line += f"{',' if number else ''} {part}"
    return line


def _and_more(number: int) -> str:
    return f", and {number} more"


def summarize(verifications: Sequence[Verification], *, most_lines: int = MOST_LINES) -> list[str]:
    """All that is not green, within about `most_lines` lines; what does not fit is counted."""
    bad = sorted(
        (one for one in verifications if one.status != "passed"), key=lambda one: (one.status, -one.failed)
    )
    lines: list[str] = []
    for position, one in enumerate(bad):
        left = len(bad) - position
        room = most_lines - len(lines) - (left - 1)
        room = min(room, max(room // left, _LINES_OF_ONE_GROUP))  # each gets its share before one gets all
        block = explain(one) if one.status == "failed" else [headline(one)]
        if len(block) > room:
            block = explain(one, most_groups=max((room - 2) // 5, 0)) if one.status == "failed" else block
        lines += block
        if len(lines) >= most_lines and position + 1 < len(bad):
            unshown = bad[position + 1 :]
            lines.append(f"… and {len(unshown)} more golden masters: {shorten(', '.join(_names(unshown)))}")
            break
    return lines


def _names(verifications: Iterable[Verification]) -> list[str]:
    return [str(one.target) for one in verifications]


def in_full(verifications: Sequence[Verification]) -> str:
    """Every difference of every case, for a file."""
    lines: list[str] = []
    for one in verifications:
        if one.status == "passed":
            continue
        lines += [headline(one)]
        for found in one.differences:
            difference = found.difference
            lines += [
                f"  case {found.case}: {difference.path}",
                f"    expected {difference.expected}",
                f"    got      {difference.got}",
            ]
        lines.append("")
    return "\n".join(lines)
