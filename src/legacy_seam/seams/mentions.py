"""Where a program spells a name, in code and in strings: `mock.patch("shop.rules._now")` is a use of `_now`."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterator
from pathlib import Path

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason, Refusal, Refused
from legacy_seam.source import Module, SourceText


def mentions(job: Job, word: str, apart: Collection[tuple[int, int]] = ()) -> Iterator[tuple[Path, int]]:
    """The places of a program that spell a name, without comments: file and line.

    Args:
        job: whose program.
        word: the name.
        apart: pieces of the target's module that do not count, in characters of its text.
    """
    yield from ((job.module.path, line) for line in lines_with(job.module.source, word, apart))
    for path in job.program.files:
        if path == job.module.path:
            continue
        try:
            raw = job.program.bytes_of(path)
        except OSError:
            continue
        if word.encode() not in raw:
            continue
        other = job.program.read(path, raw)
        if isinstance(other, Module):
            yield from ((path, line) for line in lines_with(other.source, word))
        else:
            yield path, other.line


def lines_with(source: SourceText, word: str, apart: Collection[tuple[int, int]] = ()) -> Iterator[int]:
    """The lines of a text that spell a name, without comments."""
    found = list(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", source.text))
    if not found:
        return
    comments = list(_comments(source))
    for one in found:
        at = one.start()
        if not any(start <= at < end for start, end in (*apart, *comments)):
            yield source.line_at(at)


def refuse_mentions(job: Job, word: str, apart: Collection[tuple[int, int]], what: str, *instead: str) -> None:
    """Refuse to take a name away that something else still spells.

    Raises:
        Refused: naming the first place; its reason is `what`, with the place in it.
    """
    for path, line in mentions(job, word, apart):
        raise Refused(Refusal(Reason.USED_ELSEWHERE, path, line, what, instead))


def _comments(source: SourceText) -> Iterator[tuple[int, int]]:
    lines = [re.sub(r"(?:\r\n|\r|\n)$", "\n", line) for line in source.lines]
    try:
        for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
            if token.type == tokenize.COMMENT:
                start = source.offsets[token.start[0] - 1] + token.start[1]
                yield start, start + len(token.string)
    except (tokenize.TokenError, SyntaxError):
        return
