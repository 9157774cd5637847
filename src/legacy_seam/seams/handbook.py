"""The catalogue as a page of the reference, made from the techniques themselves.

python -m legacy_seam.seams.handbook > docs/reference/techniques.md
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from legacy_seam.seams.catalogue import catalogue
from legacy_seam.seams.technique import Example, Refuses, Technique

_HEAD = """\
# Techniques

What `legacy-seam insert TECHNIQUE TARGET` can do. This page is made from the techniques and the examples they are
tested with: `python -m legacy_seam.seams.handbook > docs/reference/techniques.md`. To add one:
[how-to](../how-to/add-a-technique.md).

Each of them also refuses a name that may mean something else, a line that several statements share, a file in an
encoding whose lines cannot be told apart, and whatever the [ladder](../explanation/seams.md) of checks finds. What
the book has besides needs no edit in Python: [how-to](../how-to/without-editing.md).
"""


def handbook() -> str:
    """The page."""
    techniques = catalogue().values()
    contents = "".join(
        f"| [`{one.name}`](#{one.name}) | {one.feathers or '-'} | {one.summary} |\n" for one in techniques
    )
    table = f"| technique | Feathers | |\n|---|---|---|\n{contents}"
    return "\n".join([_HEAD, table, *(_section(one) for one in techniques)])


def _section(technique: Technique) -> str:
    return "\n".join(_lines(technique)) + "\n"


def _lines(technique: Technique) -> Iterator[str]:
    yield f"## {technique.name}\n"
    yield f"{_wrapped(technique.summary)}\n"
    yield f"{_wrapped(technique.when)}\n"
    for one in technique.options:
        required = " (required)" if one.required else ""
        flag = f"--{one.name}" if one.name in ("call", "name", "lines") else f"--with {one.name}=…"
        yield f"- `{flag}`: {one.help}{required}"
    yield "\nPreconditions:\n"
    for sentence in technique.preconditions:
        yield _wrapped(f"- {sentence}", "  ")
    yield ""
    for example in technique.EXAMPLES:
        if isinstance(example, Example):
            yield f"### {example.title}\n"
            yield f"```python\n{_plain(example.before)}```\n\nbecomes\n\n```python\n{_plain(example.after)}```\n"
    yield f"### What `{technique.name}` refuses\n"
    for example in technique.EXAMPLES:
        if isinstance(example, Refuses):
            line = _plain(example.before).splitlines()[example.line - 1].strip()
            yield _wrapped(f"- {example.title} (`{example.code.value}`): `{line}`", "  ")


def _plain(text: str) -> str:
    return textwrap.dedent(text.removeprefix("\n")).rstrip(" ")


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 118, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    print(handbook(), end="")
