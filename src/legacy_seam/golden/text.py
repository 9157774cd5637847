"""A golden master as text, and back.

The text is for people first: it says what went in and what came out, in Python's own spelling of values, one case
per block, and it changes by a few lines where behaviour changes by a little.

    golden master 1 of shop.rules:score
    # Written by legacy-seam and verified by pytest. After a wanted change: legacy-seam accept shop.rules:score
    signature (acct, hist, today=None)
    depends on clock at shop/rules.py:31

    case 5f1c9a02e7b4
        world 3fa9c20d11ab
        clock 2026-11-22T01:15:00.123456Z
        given acct = {'id': 7, 'tier': ' G'}
        default today
        state shop.rules:RATE = Decimal('1.20')
        file data/rates.csv = 2f8ac0...
        drive next 3
        drive send = 'more'
        asks = bureau:fetch_score('A17', timeout=5)
        answer returned = 650
      then
        returned = 412
        changed acct['score'] = 412
        printed stdout = 'chasing 7\\n'

A value that needs several lines goes on, indented deeper. Of a large value, pieces stand in files of their own,
named by their content: a line `@81c0...` (`legacy_seam.store.pieces`). A long input that a case above has, too, is
not repeated: `state shop.rules:TABLE as in case 5f1c9a02e7b4` (`legacy_seam.golden.repeats`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from legacy_seam.calls import Answer, Call, Case, Effect, Kind, Outcome, Step, Text
from legacy_seam.errors import SeamError
from legacy_seam.golden.file_states import read_state, write_state
from legacy_seam.golden.instants import read_instant, write_instant
from legacy_seam.golden.master import GoldenMaster, Isolation
from legacy_seam.golden.repeats import Above, Written, reference
from legacy_seam.replay.tracebacks import without_lines
from legacy_seam.store.errors import BlobDamaged
from legacy_seam.store.pieces import LIMIT, cut, join
from legacy_seam.targets import Target, TargetSyntaxError

FORMAT = 1
FIRST_LINE = re.compile(r"golden master (\d+) of (\S.*)")
LARGE_OUTCOME = 40_000
"""Outcomes whose text is longer than this many characters are cut into pieces; inputs are from 4,000."""

_INDENT = "    "
_QUOTED = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_ENTRY = re.compile(
    rf"(?P<word>[a-z]+)(?: (?P<place>(?:{_QUOTED}|[^'\"=\n]|=(?! ))+?))?(?: = (?P<text>.*))?",
    re.DOTALL,
)
_NOT_PLAIN = re.compile(r"['\"\n]|= ")
_KINDS = frozenset(get_args(Kind))
_PLAIN_PLACE = re.compile(rf"(?:{_QUOTED}|[^'\"=\s\\](?: (?! ))?)+")
_RUNNING = "running"
_BARE_STEP = re.compile(r"(?P<kind>next|close)(?: (?P<times>[1-9][0-9]{0,8}))?")
_STEP_WITH_VALUE = re.compile(r"(?P<kind>send|throw)")
_MINIMAL = "minimal"
_FORMS = ("returned", "raised", "awaited")
_INPUTS = {"given": "arguments", "variable": "closure", "state": "state"}
"""Words of inputs that are values, and what has them in a call."""


class GoldenDamaged(SeamError):
    """A golden master that cannot be read: which file, which line, why."""


# ---------------------------------------------------------------------------------------------------- writing


def write(master: GoldenMaster, put: Callable[[bytes], str], *, limit: int = LIMIT) -> str:
    """Write a golden master.

    Args:
        master: what to write.
        put: stores a piece of a large value and gives its digest.
        limit: inputs longer than this many characters are cut into pieces.
    """

    def head(word: str, place: str) -> str:
        return f"{_INDENT}{word} {_write_place(place)}" if place else f"{_INDENT}{word}"

    def entry(word: str, place: str, text: Text, limit: int = limit) -> str:
        return f"{head(word, place)} = {cut(text, put, limit=limit)}".replace("\n", "\n" + _INDENT)

    def inputs(word: str, texts: Mapping[str, Text], case: str) -> Iterator[str]:
        return (written.once(head(word, name), entry(word, name, text), case) for name, text in texts.items())

    written = Written()
    lines = [
        f"golden master {FORMAT} of {master.target}",
        "# Written by legacy-seam and verified by pytest."
        f" After a wanted change: legacy-seam accept {master.target}",
    ]
    if master.signature:
        lines.append(f"signature {master.signature}")
    if master.isolation != "shared":
        lines.append(f"isolation {master.isolation}")
    if master.is_minimal:
        lines.append(f"cases {_MINIMAL}")
    lines.extend(f"depends on {source}" for source in master.depends_on)
    for case in master.cases:
        call = case.call
        lines += ["", f"case {call.identity}", f"{_INDENT}world {call.run}"]
        lines.append(f"{_INDENT}clock {write_instant(call.instant)}")
        lines += inputs("given", call.arguments, call.identity)
        lines += [f"{_INDENT}default {name}" for name in call.defaulted]
        lines += [f"{_INDENT}loop {_RUNNING}"] if call.in_loop else []
        lines += inputs("variable", call.closure, call.identity)
        lines += inputs("state", call.state, call.identity)
        lines += [entry("file", state.path, write_state(state)) for state in call.files]
        lines += [
            entry("drive", step.kind, step.text) if step.text else f"{_INDENT}drive {_write_bare_step(step)}"
            for step in call.driven
        ]
        for answer in call.answers:
            lines += [entry("asks", "", answer.question), entry("answer", answer.form, answer.text)]
            lines += [entry("handle", name, kind) for name, kind in answer.handles.items()]
        lines.append("  then")
        lines += [entry(one.kind, one.place, one.text, LARGE_OUTCOME) for one in case.approved.effects]
    return "\n".join(lines) + "\n"


def _write_bare_step(step: Step) -> str:
    return step.kind if step.times == 1 else f"{step.kind} {step.times}"


def _write_place(place: str) -> str:
    return place if _PLAIN_PLACE.fullmatch(place) and not _is_quoted(place) else ascii(place)


def _is_quoted(place: str) -> bool:
    """Does it read as a place that was put into quotes?"""
    return place[:1] in ("'", '"') and place[-1:] == place[:1]


# ---------------------------------------------------------------------------------------------------- reading


def read(text: str, where: str, get: Callable[[str], bytes]) -> GoldenMaster:
    """Read a golden master. Large outcomes are put back from their pieces; inputs are left as they are.

    Args:
        text: the whole file.
        where: its name, for messages.
        get: gives a piece by its digest.

    Raises:
        GoldenDamaged: naming the file, the line and what is wrong with it.
    """
    reader = _Reader(where, get)
    head, *blocks = re.split(r"^case ", text, flags=re.MULTILINE)
    target, header = reader.header(head)
    line = 1 + head.count("\n")
    cases: list[Case] = []
    for block in blocks:
        cases.append(reader.case(target, block, line))
        line += block.count("\n")
    return GoldenMaster(
        target=target,
        cases=tuple(cases),
        signature=next(iter(header.get("signature", ())), ""),
        isolation=reader.isolation(header),
        depends_on=tuple(header.get("depends on", ())),
        is_minimal=header.get("cases") == [_MINIMAL],
    )


class _Reader:
    """Reads the parts of one file; knows its name for messages."""

    def __init__(self, where: str, get: Callable[[str], bytes]) -> None:
        self.where = where
        self.get = get
        self.above = Above()

    def damaged(self, line: int, why: str) -> GoldenDamaged:
        return GoldenDamaged(
            f"{self.where}:{line}: {why}; restore the file from version control, or replace it:"
            " legacy-seam pin --afresh"
        )

    def header(self, head: str) -> tuple[Target, dict[str, list[str]]]:
        lines = head.splitlines()
        first = FIRST_LINE.fullmatch(lines[0]) if lines else None
        if first is None:
            raise self.damaged(1, "this is not the first line of a golden master")
        if int(first[1]) > FORMAT:
            raise GoldenDamaged(
                f"{self.where}: written in format {first[1]} by a newer legacy-seam; this one reads {FORMAT}:"
                " upgrade it"
            )
        found: dict[str, list[str]] = {}
        for number, line in enumerate(lines[1:], 2):
            if not line or line.startswith("#"):
                continue
            for word in ("signature", "isolation", "cases", "depends on"):
                if line.startswith(word + " "):
                    found.setdefault(word, []).append(line[len(word) + 1 :])
                    break
            else:
                raise self.damaged(number, f"{line[:40]!r} is not a line that belongs before the first case")
        try:
            return Target.parse(first[2]), found
        except TargetSyntaxError as error:
            raise self.damaged(1, str(error)) from None

    def isolation(self, header: Mapping[str, list[str]]) -> Isolation:
        value = next(iter(header.get("isolation", ())), "shared")
        if value == "shared":
            return "shared"
        if value == "fresh":
            return "fresh"
        raise self.damaged(1, f"isolation is {value!r}, not shared or fresh")

    def case(self, target: Target, block: str, line: int) -> Case:
        identity, _, body = block.partition("\n")
        given, then, outcome = body.partition("\n  then\n")
        if not then:
            given, then, outcome = body.partition("\n  then")
            if not then or outcome.strip():
                raise self.damaged(line, f"case {identity} has no line `  then`")
        fields: dict[str, Any] = {
            "arguments": {},
            "closure": {},
            "state": {},
            "defaulted": [],
            "files": [],
            "driven": [],
            "answers": [],
            "in_loop": False,
        }
        for number, word, place, text in self.entries(given, line + 1):
            self.take(fields, number, word, place, text)
        effects = []
        for number, word, place, text in self.entries(outcome, line + given.count("\n") + 3):
            if word not in _KINDS:
                raise self.damaged(number, f"{word!r} is not a kind of effect")
            effects.append(Effect(word, place, without_lines(self.whole(number, text))))  # type: ignore[arg-type]
        if "run" not in fields or "instant" not in fields:
            raise self.damaged(line, f"case {identity} names no world or no clock")
        identity = identity.strip()
        self.above.add(identity, {word: fields[field] for word, field in _INPUTS.items()})
        call = Call(
            target=target,
            identity=identity,
            arguments=fields["arguments"],
            closure=fields["closure"],
            state=fields["state"],
            instant=fields["instant"],
            files=tuple(fields["files"]),
            observed=None,
            run=fields["run"],
            defaulted=tuple(fields["defaulted"]),
            driven=tuple(fields["driven"]),
            answers=self.answers(line, fields["answers"]),
            in_loop=fields["in_loop"],
        )
        return Case(call, Outcome(tuple(effects)))

    def answers(self, line: int, entries: list[tuple[str, str, str]]) -> tuple[Answer, ...]:
        """Questions with their answers, from lines of three sorts."""
        answers: list[Answer] = []
        question: str | None = None
        for word, place, text in entries:
            if word == "asks" and question is None:
                question = self.whole(line, text)
            elif word == "answer" and question is not None and place in _FORMS:
                answers.append(Answer(question, place, self.whole(line, text), "", {}))  # type: ignore[arg-type]
                question = None
            elif word == "handle" and question is None and answers:
                answers[-1] = replace(answers[-1], handles={**answers[-1].handles, place: text})
            else:
                raise self.damaged(
                    line, f"`{word}` is not in its place: a line `asks` comes first, then its `answer`"
                )
        if question is not None:
            raise self.damaged(line, "a line `asks` has no `answer`")
        return tuple(answers)

    def whole(self, line: int, text: str) -> str:
        """A text with its pieces put back."""
        try:
            return join(text, self.get)
        except BlobDamaged:
            raise self.damaged(line, "a piece of this value is missing from _files, or was altered") from None

    def from_above(self, line: int, word: str, place: str) -> tuple[str, str]:
        """Place and text of an input that stands in a case above."""
        named = reference(place)
        if named is None:
            raise self.damaged(line, f"`{word} {place[:40]}` has no value")
        place, case = named
        place = _read_place(place) if _is_quoted(place) else place
        try:
            return place, self.above.text_of(word, place, case)
        except KeyError:
            raise self.damaged(line, f"no case {case} with `{word} {place[:40]}` stands above") from None

    def entries(self, part: str, line: int) -> Iterator[tuple[int, str, str, str]]:
        """The entries of one half of a case: line number, word, place, text."""
        for chunk in re.split(r"\n(?=    [a-z])", part.rstrip("\n")):
            if chunk.strip():
                entry = _take_apart(chunk[len(_INDENT) :]) if chunk.startswith(_INDENT) else None
                if entry is None:
                    raise self.damaged(line, f"{chunk.strip()[:40]!r} cannot be read")
                word, place, text = entry
                yield line, word, place, text.replace("\n" + _INDENT, "\n")
            line += chunk.count("\n") + 1

    def take(self, fields: dict[str, Any], line: int, word: str, place: str, text: str) -> None:
        match word:
            case "given" | "variable" | "state":
                if not text:
                    place, text = self.from_above(line, word, place)
                fields[_INPUTS[word]][place] = text
            case "default":
                fields["defaulted"].append(place)
            case "loop" if place == _RUNNING:
                fields["in_loop"] = True
            case "file":
                try:
                    fields["files"].append(read_state(place, text))
                except ValueError as error:
                    raise self.damaged(line, str(error)) from None
            case "asks" | "answer" | "handle":
                fields["answers"].append((word, place, text))
            case "drive":
                step = _BARE_STEP.fullmatch(place) if not text else _STEP_WITH_VALUE.fullmatch(place)
                if step is None:
                    raise self.damaged(line, f"{place[:40]!r} is not a way to drive a generator")
                times = int(step["times"] or 1) if not text else 1
                fields["driven"].append(Step(step["kind"], text, times))  # type: ignore[arg-type]
            case "world":
                fields["run"] = place
            case "clock":
                try:
                    fields["instant"] = read_instant(place)
                except ValueError:
                    raise self.damaged(line, f"{place!r} is not an instant") from None
            case _:
                raise self.damaged(line, f"{word!r} is not a word that belongs to a case")


def _take_apart(entry: str) -> tuple[str, str, str] | None:
    """Word, place and text of an entry; None where it is none."""
    head, _, text = entry.partition(" = ")
    word, blank, place = head.partition(" ")
    is_word = word.isascii() and word.isalpha() and word.islower()
    if is_word and bool(place) == bool(blank) and not _NOT_PLAIN.search(place):
        return word, place, text
    match = _ENTRY.fullmatch(entry)
    if match is None:
        return None
    place = match["place"] or ""
    if _is_quoted(place):
        place = _read_place(place)
    return match["word"], place, match["text"] or ""


def _read_place(quoted: str) -> str:
    body = quoted[1:-1]
    return re.sub(
        r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))",
        lambda m: (
            chr(int(code, 16))
            if (code := m[1] or m[2] or m[3])
            else {"n": "\n", "t": "\t", "r": "\r"}.get(m[4], m[4])
        ),
        body,
    )
