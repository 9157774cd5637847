"""The catalogue of the operators as a page of the documentation: `docs/reference/operators.md`.

python -m legacy_seam.grade.document > docs/reference/operators.md
"""

from __future__ import annotations

from collections.abc import Iterator

from legacy_seam.grade.arid import RULES
from legacy_seam.grade.operators.catalogue import OPERATORS
from legacy_seam.grade.operators.operator import Operator

_HEAD = """# Mutation operators

What `legacy-seam grade` changes in the code, one small change at a time. The default set is about a quarter of all
mutants, and holds nearly all that tell a strong net from a weak one; `--operators all` takes every operator, and
`--operators NAME` (several times) just these.

This page is made from the operators themselves: `python -m legacy_seam.grade.document`.
"""
_RULES = """## Rules by which mutants are not counted

A mutant on such a line would say nothing about the net. A compound statement is left out where all that is in it
is. Where golden masters record what a rule is about, the rule is lifted: then it counts.
"""


def page() -> str:
    """The page, as Markdown."""
    sections = ["## The default set\n", *map(_section, (one for one in OPERATORS if one.is_default))]
    sections += ["## The others\n", *map(_section, (one for one in OPERATORS if not one.is_default))]
    return "\n".join([_HEAD, *sections, _RULES, *_table()]) + "\n"


def _section(operator: Operator) -> str:
    lines = [f"### {operator.name}\n", f"{operator.__doc__}\n", "| before | after |", "|---|---|"]
    for example in operator.EXAMPLES:
        after = "<br>".join(map(_code, example.after)) or "*left alone*"
        lines.append(f"| {_code(example.before)} | {after} |")
    return "\n".join(lines) + "\n"


def _code(written: str) -> str:
    return "<br>".join(f"`{line}`" for line in written.replace("|", "\\|").split("\n"))


def _table() -> Iterator[str]:
    yield "| rule | what is left out | lifted where the net records |"
    yield "|---|---|---|"
    for rule in RULES:
        yield f"| `{rule.identity}` | {rule.why} | {', '.join(sorted(rule.unless)) or '-'} |"
    yield "| `must-be-called` | calls such as `len(x)`, without which every use of the value fails | - |"
    yield "| `same-code` | changes that compile to what was there before | - |"
    yield "| `no-code` | changes that leave no Python: what `nonlocal` names is bound no more | - |"


if __name__ == "__main__":
    print(page(), end="")
