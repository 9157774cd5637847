"""Values that may be worth a try, drawn in bulk beforehand.

Hypothesis proposes: it knows how to make texts that a regular expression matches, and awkward values of any type.
To ask it for each call would take longer than the call, so it is asked once, for many.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from legacy_seam.explore.distinctions import asked_of
from legacy_seam.explore.hints import aliases_of, parameters_of
from legacy_seam.explore.literals import literals_of
from legacy_seam.replay.searching.ideas import Ideas, Literals
from legacy_seam.replay.searching.trees import as_tree
from legacy_seam.values import Tree

_OF_A_PATTERN = 40
_OF_A_PARAMETER = 60
_OF_A_QUESTION = 40
_MOST_PATTERNS = 40


def ideas_for(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    module: ast.Module,
    number: int,
    held: Literals | None = None,
    before: Ideas | None = None,
) -> Ideas:
    """What the source of a function, and what its program holds, give reason to try.

    Args:
        function: the function.
        module: in which it stands.
        number: a seed.
        held: what the program holds that the function may look into.
        before: what came of that when it held something else; what the source says stays the same.
    """
    found = held or Literals()
    if before is None:
        own, around = literals_of(function, module), literals_of(module)
        before = Ideas(own, around, hinted=_spoken_of(function, module, number))
    own, around = before.literals, before.around
    patterns = list(dict.fromkeys((*own.patterns, *found.patterns, *around.patterns)))[:_MOST_PATTERNS]
    matched = [some for one in patterns if (some := matching(one, number))]
    return Ideas(own, around, matched, before.hinted, found)


def _spoken_of(
    function: ast.FunctionDef | ast.AsyncFunctionDef, module: ast.Module, number: int
) -> dict[str, list[Tree]]:
    """Values by role, of the types that hints and defaults speak of, and of those that the function asks for."""
    aliases = aliases_of(module)
    hinted: dict[str, list[Tree]] = {}
    for one in parameters_of(function, aliases).values():
        if one.strategy is not None:
            hinted[one.name] = [as_tree(value) for value in drawn(one.strategy, _OF_A_PARAMETER, number)]
    for role, strategy in asked_of(function, module, aliases).items():
        values = [as_tree(value) for value in drawn(strategy, _OF_A_QUESTION, number)]
        of_its_type = hinted.get(role, [])
        hinted[role] = [*of_its_type, *values * max(1, len(of_its_type) // max(1, len(values)))]  # as likely
    return hinted


@lru_cache(maxsize=500)
def matching(pattern: re.Pattern[str], number: int) -> Sequence[str]:
    """Texts that a regular expression matches, readable ones where there are any: of ASCII and its own letters.

    To draw them takes a tenth of a second and more, and the functions of a module have mostly the same expressions.

    Args:
        pattern: the regular expression.
        number: a seed.
    """
    own = "".join(one for one in dict.fromkeys(pattern.pattern) if one.isprintable())
    readable = st.characters(min_codepoint=32, max_codepoint=126, include_characters=own)
    for alphabet in (readable, None):
        try:
            strategy = st.from_regex(pattern, fullmatch=True, alphabet=alphabet)
            some = tuple(drawn(strategy, _OF_A_PATTERN, number))
        except (HypothesisException, re.error, ValueError, RecursionError):
            continue
        if some:
            return some
    return ()


def drawn(strategy: SearchStrategy[Any], count: int, number: int) -> list[Any]:
    """Different values of a strategy, the same ones for the same seed.

    >>> drawn(st.sampled_from("ab"), 10, 0) == drawn(st.sampled_from("ab"), 10, 0)
    True
    """
    found: dict[str, Any] = {}

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def take(value: Any) -> None:
        found.setdefault(repr(value), value)

    with warnings.catch_warnings(), _away_from_the_project():
        warnings.simplefilter("ignore")
        take()
    return list(found.values())


@contextlib.contextmanager
def _away_from_the_project() -> Iterator[None]:
    """Hypothesis keeps tables of characters in a directory, which by default is one in the current directory."""
    name = "HYPOTHESIS_STORAGE_DIRECTORY"
    before = os.environ.get(name)
    os.environ[name] = before or str(Path(tempfile.gettempdir()) / f"legacy-seam-hypothesis-{os.getuid()}")
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
