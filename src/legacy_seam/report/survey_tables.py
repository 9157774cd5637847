"""A survey for somebody who has never read the program: where it is dangerous, and where to begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from legacy_seam.report.openings import Opening, Openings
from legacy_seam.survey.catalogue import KINDS, Kind
from legacy_seam.survey.facts import IMPORT_TIME, LeftOut
from legacy_seam.survey.pinching import Pinch
from legacy_seam.survey.survey import Survey, Surveyed

_ROOMY: Final = 120
"""Columns from which on a row of the first table fits on a line."""
_COLOURS: Final = {"high": "bold red", "medium": "yellow", "low": "cyan"}
_WIDEST_SITE: Final = 40
_MOST_PLACES: Final = 3
_MOST_SITES: Final = 8
_MOST_PINCHES: Final = 6
_MOST_SEAMS_OF_ONE: Final = 2
_GRAVE: Final[tuple[Kind, ...]] = ("databases", "network", "processes", "files", "threads")


def survey_tables(
    survey: Survey,
    chosen: Sequence[Surveyed],
    openings: Openings,
    *,
    top: int,
    width: int,
) -> Iterator[RenderableType]:
    """What is printed, from top to bottom.

    Args:
        survey: the survey.
        chosen: the functions that were asked for, the most risky first.
        openings: places for seams in those that are shown, by their paths.
        top: how many of them are shown.
        width: columns of the terminal.
    """
    yield from _head(survey)
    shown = chosen[:top]
    if shown:
        yield _title("Where it is dangerous", f"{len(shown)} of {len(chosen):,} functions")
        yield _risks(shown, width)
        yield _title("What it touches", "functions that do it themselves, and those that come to it")
        yield _effects(chosen)
    paths = {one.function.path for one in chosen}
    pinches = [pinch for pinch in survey.pinches if paths & set(pinch.points)]
    if pinches:
        yield _title("Where few tests hold much", "pinch points")
        yield _pinches(survey, pinches[:_MOST_PINCHES])
    yield from _section("Where a seam would let a test in", "", _seams(openings, shown), top)
    yield from _section(
        "What differs from run to run", "besides clock and randomness", _unstable(chosen), _MOST_SITES
    )
    yield from _section("What importing it does", "", _at_import(chosen), _MOST_SITES)
    yield from _section("Not read", "", [_unread(one) for one in survey.left_out], _MOST_SITES)


def _head(survey: Survey) -> Iterator[RenderableType]:
    program = [module for module in survey.modules if not module.is_test]
    functions = [one for one in survey.functions if one.function.is_named]
    held = sum(one.net.gap < 1 for one in functions)
    lines = sum(module.lines for module in program)
    files = f"{len(program):,} file{'s' * (len(program) != 1)}"
    yield Text.assemble(
        (
            f"{files}, {lines:,} lines, {len(functions):,} functions",
            "bold",
        ),
        f"; a test or golden master reaches {held:,} of them" + _not_read(len(survey.left_out)),
    )
    history = survey.history
    if history is None:
        yield Text("no history in git: every function counts as changed equally often", "dim")
    else:
        day = datetime.fromtimestamp(history.since, UTC).date().isoformat()
        rest = "" if history.is_whole else "; what came before was not read"
        yield Text(f"history: {history.commits:,} commit{'s' * (history.commits != 1)} since {day}{rest}", "dim")


def _not_read(number: int) -> str:
    return f"; {number:,} {'file was' if number == 1 else 'files were'} not read" if number else ""


def _title(words: str, remark: str = "") -> Text:
    return Text.assemble("\n", (words, "bold"), (f"  {remark}" if remark else "", "dim"))


def _risks(shown: Iterable[Surveyed], width: int) -> Table:
    table = _table()
    table.add_column("risk", justify="right", no_wrap=True)
    is_roomy = width >= _ROOMY
    table.add_column("function", overflow="fold", ratio=None if not is_roomy else 2)
    if is_roomy:
        table.add_column("why", ratio=5)
    for one in shown:
        risk = f"[{_COLOURS[one.level]}]{one.score}[/]"
        name = f"[bold]{_name(one)}[/]"
        if is_roomy:
            table.add_row(risk, name, escape(one.why))
        else:
            table.add_row(risk, f"{name}\n{escape(one.why)}")
    return table


def _effects(chosen: Sequence[Surveyed]) -> Table:
    table = _table()
    table.add_column("effect", no_wrap=True)
    table.add_column("itself", justify="right", no_wrap=True)
    table.add_column("through", justify="right", no_wrap=True)
    table.add_column("most of it in", overflow="fold")
    for kind in KINDS:
        counts = [(sum(touch.kind == kind for touch in one.touches), one) for one in chosen]
        direct = sorted((-count, one.target) for count, one in counts if count)
        reached = sum(any(effect == kind for effect, _ in one.reaches) for one in chosen)
        if reached:
            where = escape(", ".join(str(target) for _, target in direct[:_MOST_PLACES]))
            table.add_row(kind, f"{len(direct):,}", f"{reached - len(direct):,}", where)
    return table


def _pinches(survey: Survey, pinches: Iterable[Pinch]) -> Table:
    table = _table()
    table.add_column("pin", overflow="fold")
    table.add_column("and of", overflow="fold")
    table.add_column("is held")
    for pinch in pinches:
        points = "\n".join(escape(str(survey.graph.functions[path].target)) for path in pinch.points)
        table.add_row(
            f"[bold]{points}[/]",
            escape(pinch.part),
            f"{pinch.held} of {pinch.effects} functions with effects, {pinch.covered} functions in all",
        )
    return table


def _seams(found: Openings, shown: Iterable[Surveyed]) -> list[tuple[str, ...]]:
    """For each place what would be cut out, and how: the command where a technique agrees."""
    rows: list[tuple[str, ...]] = []
    for one in shown:
        places: dict[tuple[int, str], list[Opening]] = {}
        for opening in found.get(one.function.path, ()):
            place = opening.opportunity
            what = f"{place.call.removeprefix('builtins.')}()" if place.call else place.why
            places.setdefault((place.line, what), []).append(opening)
        for (line, what), openings in list(places.items())[:_MOST_SEAMS_OF_ONE]:
            rows.append((_site(one, line), f"{what}\n{_how(openings)}"))
    return rows


def _how(openings: Sequence[Opening]) -> str:
    command = next((one.command for one in openings if one.command), None)
    if command is not None:
        return command
    refused = next((one for one in openings if one.refusal), None)
    if refused is not None:
        return f"{refused.opportunity.technique} refuses: {refused.refusal}"
    return " or ".join(one.opportunity.technique for one in openings)


def _unstable(chosen: Iterable[Surveyed]) -> list[tuple[str, ...]]:
    return [(_site(one, site.line), site.what, str(one.target)) for one in chosen for site in one.unstable]


def _at_import(chosen: Iterable[Surveyed]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in chosen:
        grave = [touch for touch in one.touches if touch.kind in _GRAVE]
        if one.function.qualname == IMPORT_TIME and grave:
            rows.append((_site(one, grave[0].line), ", ".join(dict.fromkeys(touch.what for touch in grave))))
    return rows


def _unread(one: LeftOut) -> tuple[str, ...]:
    return f"{one.file}:{one.line}" if one.line else one.file, one.reason


def _section(title: str, remark: str, rows: Sequence[Sequence[str]], most: int) -> Iterator[RenderableType]:
    if rows:
        yield _title(title, remark)
        table = _table(show_header=False)
        table.add_column(overflow="fold", min_width=min(max(len(row[0]) for row in rows[:most]), _WIDEST_SITE))
        for _ in rows[0][1:]:
            table.add_column(overflow="fold")
        for row in rows[:most]:
            table.add_row(*map(escape, row))
        yield table
        if len(rows) > most:
            yield Text(f"… and {len(rows) - most:,} more; --json lists them all", "dim")


def _table(*, show_header: bool = True) -> Table:
    return Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), show_header=show_header)


def _name(one: Surveyed) -> str:
    return escape(str(one.target))


def _site(one: Surveyed, line: int) -> str:
    return f"{one.function.file}:{line}"
