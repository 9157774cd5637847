"""`legacy-seam explain`: where a candidate departs from legacy, and on which inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.shared import console, json_option, open_workspace, print_json, several, store_option
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.rollout.explaining import Explained, Explanation
    from legacy_seam.rollout.results import Results, Row

_MOST_FEATURES = 4


@click.command()
@click.argument("target", metavar="TARGET")
@click.option("--candidate", metavar="MODULE:ATTR", help="Which shadow run is meant (default: the latest).")
@click.option("--aa", is_flag=True, help="The run of legacy beside itself.")
@click.option("--top", type=click.IntRange(min=1), default=10, help="Slices at most (10).")
@click.option("--least", type=click.IntRange(min=2), default=20, help="Calls that a slice has at least (20).")
@click.option("--to-test", "test_of", metavar="ID", help="Write this mismatch out as a test of pytest.")
@click.option("--import", "imports", multiple=True, metavar="MODULE", help="With --to-test: has classes of values.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="With --to-test: the file.")
@store_option
@json_option
def explain(
    target: str,
    candidate: str | None,
    aa: bool,
    top: int,
    least: int,
    test_of: str | None,
    imports: tuple[str, ...],
    output: Path | None,
    store: str | None,
    as_json: bool,
) -> None:
    """Say on which inputs of TARGET the candidate of the last `shadow` departs.

    Slices of the inputs by one feature or two, the most telling first, each with a mismatch and the recorded call
    most like it on which both sides agree. Where mismatches may as well be chance, there is no slice.

    Exits with 0 whatever it finds, with 2 where there is no shadow run to explain.
    """
    from legacy_seam.rollout.explaining import explain as explain_results
    from legacy_seam.rollout.results import latest, path_of, read
    from legacy_seam.store.layout import Layout

    if aa and candidate:
        raise SeamError("either --candidate or --aa: there is no candidate where legacy runs beside itself")
    directory = Layout(open_workspace(store=store).store).shadow
    path = path_of(directory, target, None) if aa else latest(directory, target, candidate)
    results = read(path)
    if test_of is not None:
        _write_test(results, test_of, imports, output)
        return
    found = explain_results(results, most=top, least=least)
    if as_json:
        print_json(_data(results, found))
    else:
        _show(results, found)


def _write_test(results: Results, identity: str, imports: tuple[str, ...], output: Path | None) -> None:
    from legacy_seam.rollout.to_test import test_of
    from legacy_seam.store.atomic import write_atomically

    rows = [row for row in results.rows if row.id.startswith(identity)]
    if len(rows) != 1:
        found = "no call" if not rows else f"{len(rows)} calls"
        raise SeamError(
            f"{found} of {results.header.target} is called {identity}; `legacy-seam explain` names some"
        )
    text = test_of(results.header, rows[0], imports)
    path = output or Path("tests") / f"test_mismatch_{rows[0].id}.py"
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise SeamError(f"{path} is there already and says something else; give another file with --output")
    write_atomically(path, text.encode())
    click.echo(f"wrote {path}; it fails until {results.header.candidate} does what legacy did")


def _data(results: Results, found: Explanation) -> dict[str, object]:
    return {
        "version": 1,
        "target": results.header.target,
        "candidate": results.header.candidate,
        "compared": len(results.compared),
        "mismatched": found.mismatched,
        "unexplained": found.unexplained,
        "slices": [
            {
                "where": str(one.where),
                "conditions": [
                    {"feature": each.feature, "relation": each.relation, "value": each.value}
                    for each in one.where.conditions
                ],
                "rows": len(one.where.members),
                "departed": one.where.departed,
                "elsewhere": one.where.elsewhere,
                "p": one.where.p,
                "example": _end(one.example),
                "nearest": None if one.nearest is None else _end(one.nearest),
                "differs": {name: list(values) for name, values in one.differs.items()},
            }
            for one in found.explained
        ],
    }


def _end(row: Row) -> dict[str, object]:
    return {
        "id": row.id,
        "inputs": row.inputs,
        "control": None if row.control is None else row.control.told(),
        "candidate": None if row.candidate is None else row.candidate.told(),
    }


def _show(results: Results, found: Explanation) -> None:
    terminal = console()

    def say(line: str) -> None:
        terminal.print(line, markup=False)

    header = results.header
    beside = header.candidate or "itself"
    say(
        f"{header.target} beside {beside} ({header.made}): {found.mismatched:,} of"
        f" {several(len(results.compared), 'compared call')} depart"
    )
    if not results.complete:
        say(f"the run was interrupted: {len(results.rows):,} of its {several(header.calls, 'call')} are here")
    for number, one in enumerate(found.explained, 1):
        for line in _lines(number, one):
            say(line)
    if not found.explained:
        say("mismatches gather in no part of the inputs: what there is may as well be chance")
    elif found.unexplained:
        say(f"\n{several(found.unexplained, 'departing call')} in none of these")
    if found.explained:
        say(f"\nNext: legacy-seam explain {header.target} --to-test {found.explained[0].example.id}")


def _lines(number: int, one: Explained) -> list[str]:
    where, row = one.where, one.example
    lines = [
        f"\n{number}. {where}",
        f"   {where.departed:,} of {several(len(where.members), 'call')} depart, elsewhere {where.elsewhere:.1%}"
        f" (p {where.p:.1g})",
        f"   such as {row.id}: legacy {_told(row, 'control')}, candidate {_told(row, 'candidate')}",
    ]
    if one.nearest is not None:
        some = list(one.differs.items())[:_MOST_FEATURES]
        apart = "; ".join(f"{name} {here!r} there {there!r}" for name, (here, there) in some)
        more = f"; and {len(one.differs) - len(some)} more" if len(one.differs) > len(some) else ""
        lines.append(f"   nearest that matches, {one.nearest.id}: {apart or 'the same features'}{more}")
    return lines


def _told(row: Row, side: str) -> str:
    ended = row.control if side == "control" else row.candidate
    return "nothing" if ended is None else ended.told()[:80]
