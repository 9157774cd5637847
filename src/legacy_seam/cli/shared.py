"""What several verbs have in common: their options, the project they work on, and how they speak."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from legacy_seam.errors import SeamError
from legacy_seam.settings import find_project, load_settings
from legacy_seam.store.layout import Layout
from legacy_seam.store.spool import Damage
from legacy_seam.targets import Pattern, Target, TargetSyntaxError
from legacy_seam.workspace import Workspace

if TYPE_CHECKING:  # what draws takes a third of the start of a command, and many draw nothing
    from rich.console import Console
    from rich.progress import Progress

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}

Command = TypeVar("Command", bound=Callable[..., Any])

targets_argument = click.argument("targets", nargs=-1, metavar="[TARGET]...")
golden_option = click.option(
    "--golden", metavar="DIR", help="Where golden masters lie (default: tests/golden, or the project's setting)."
)
store_option = click.option(
    "--store", metavar="PATH", help="Where recordings lie (default: .legacy-seam, or the project's setting)."
)
trust_option = click.option(
    "--trust", "trusted", multiple=True, metavar="TYPE", help="A type that skops may build."
)
pickle_option = click.option(
    "--allow-pickle", is_flag=True, help="Read models that can run code when they are read."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")


def open_workspace(**overrides: object) -> Workspace:
    """The project around the current directory, with what the command line says instead of the settings.

    Args:
        overrides: settings by name; None leaves a setting as it is.
    """
    try:
        project = find_project(Path.cwd())
    except FileNotFoundError:
        raise SeamError("the current directory was removed; go to the directory of the project") from None
    settings = load_settings(project)
    given = {name: value for name, value in overrides.items() if value is not None}
    workspace = Workspace(project, replace(settings, **given))  # type: ignore[arg-type]
    _recover(workspace)
    return workspace


def _recover(workspace: Workspace) -> None:
    """Put back what a process left that died while it edited the source."""
    directory = Layout(workspace.store).seams
    if not (directory / "open").exists():
        return
    from legacy_seam.seams.journal import Journal

    title = Journal(directory).recover()
    if title:
        complain(f"{title} was interrupted; every file is as it was before")


def patterns_of(targets: Sequence[str]) -> list[Pattern]:
    """Patterns as the user wrote them."""
    return [Pattern(text) for text in targets]


def check_known(patterns: Sequence[Pattern], known: Sequence[Target], where: str) -> None:
    """Complain about a pattern that matches nothing.

    Raises:
        SeamError: naming the pattern and the nearest targets.
    """
    import difflib

    for pattern in patterns:
        if any(pattern.matches(target) for target in known):
            continue
        near = difflib.get_close_matches(pattern.text, [str(target) for target in known], n=3, cutoff=0.5)
        hint = f"; the nearest are {', '.join(near)}" if near else ""
        raise SeamError(f"no target {where} matches {pattern.text!r}{hint}; `legacy-seam status` lists them")


def one_target(name: str, known: Sequence[Target]) -> Target:
    """The one target that is meant.

    Args:
        name: as the user wrote it.
        known: those of which there are recordings; empty where any will do.

    Raises:
        SeamError: it is none, or several.
    """
    if not known:
        try:
            return Target.parse(name)
        except TargetSyntaxError as error:
            raise SeamError(f"{error}.") from None
    patterns = patterns_of([name])
    check_known(patterns, known, "in the recordings")
    meant = [one for one in known if str(one) == name] or [one for one in known if patterns[0].matches(one)]
    if len(meant) > 1:
        raise SeamError(f"{name} is {len(meant)} targets, and this takes one: {', '.join(map(str, meant[:5]))}")
    return meant[0]


def seconds_of(text: str) -> float:
    """A length of time: `7d`, `12h`, `30m`; in seconds.

    >>> seconds_of("7d")
    604800.0
    """
    try:
        return float(text[:-1]) * _UNITS[text[-1]]
    except (KeyError, ValueError, IndexError):
        raise click.BadParameter(f"{text!r} is no length of time; write 7d, 12h or 30m") from None


def several(number: int, thing: str) -> str:
    """A number of things.

    >>> several(1, "call"), several(1200, "call")
    ('1 call', '1,200 calls')
    """
    return f"{number:,} {thing if number == 1 else thing + 's'}"


def complain(problem: object) -> None:
    """Tell on stderr what is wrong and what to do."""
    click.echo(f"legacy-seam: {problem}", err=True)


def complain_of_damages(damages: Sequence[Damage]) -> bool:
    """Tell which spools could be read only in part.

    Returns:
        whether there is more to it than a last line that a killed program did not finish.
    """
    for damage in damages:
        complain(f"{damage}; everything else was taken in, and the file is kept")
    return not all(damage.torn for damage in damages)


def print_json(data: dict[str, Any]) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


_WIDTH_OF_PIPES = 160


def console(*, stderr: bool = False) -> Console:
    """A terminal that respects `NO_COLOR`; into a pipe, lines are as wide as tables need."""
    from rich.console import Console

    is_watched = (sys.stderr if stderr else sys.stdout).isatty()
    width = None if is_watched or "COLUMNS" in os.environ else _WIDTH_OF_PIPES
    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=width)


def progress() -> Progress:
    """A bar on stderr, only where somebody looks at it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
