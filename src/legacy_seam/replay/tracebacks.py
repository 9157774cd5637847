"""Tracebacks within texts: what they say of the program is its behaviour, on which lines it stands is not.

A log or a report often holds what `traceback.format_exc` gives. Its line numbers move with every edit above them,
its lines of source with every renaming, the marks below these with the version of Python, and its frames of
libraries with the version of those. What is left is which functions of the program an exception went through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from legacy_seam.values import NotationError, Tree, encode, parse
from legacy_seam.values.tree import with_parts

_SIGN = ", in "
_OURS = ("<project>", "<directory>", "<string>", "<stdin>")
_WAYS = (("\n", '"'), (r"\n", r"\""))
"""How lines end, and what stands around names of files: as it is printed, and as JSON holds it."""


def without_lines(text: str) -> str:
    r"""A text of a value in which tracebacks tell no lines, and no frames of libraries.

    >>> without_lines(r"'Traceback:\n  File \"<project>/a.py\", line 3, in f\n    1 / 0\nZeroDivisionError'")
    '\'Traceback:\\n  File "<project>/a.py", in f\\nZeroDivisionError\''
    """
    if _SIGN not in text or "File " not in text:
        return text
    try:
        tree = parse(text)
    except NotationError:  # a length or depth that is not read
        return text
    return encode(_shortened(tree))


def _shortened(tree: Tree) -> Tree:
    if type(tree) is not str:
        return with_parts(tree, _shortened)
    for newline, quote in _WAYS:
        if f"File {quote}" in tree:
            tree = newline.join(_kept(tree.split(newline), quote))
    return tree


def _kept(lines: list[str], quote: str) -> Iterator[str]:
    """The lines without those of source, which are set further in than the frame that they belong to."""
    mark = re.escape(quote)
    frame = re.compile(rf"([ |]*)File {mark}(.*?){mark}, line [0-9]+, in (.*)", re.DOTALL)
    lead: str | None = None
    for line in lines:
        if lead is not None and line.startswith((f"{lead}  ", f"{lead}[Previous line repeated")):
            continue
        found = frame.fullmatch(line)
        lead = found[1] if found else None
        if found is None:
            yield line
        elif found[2].startswith(_OURS):
            yield f"{lead}File {quote}{found[2]}{quote}, in {found[3]}"
