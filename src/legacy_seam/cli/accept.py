"""`legacy-seam accept`: take what was received as approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from legacy_seam.cli.goldens import golden_targets
from legacy_seam.cli.shared import (
    check_known,
    complain,
    console,
    golden_option,
    json_option,
    open_workspace,
    patterns_of,
    print_json,
    several,
    targets_argument,
)
from legacy_seam.golden.approval import approve, received_path
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.targets import Pattern


@click.command()
@targets_argument
@click.option("--explored", is_flag=True, help="Take cases that `explore` proposed, not received outcomes.")
@click.option(
    "--case", "cases", multiple=True, metavar="ID", help="Only this case (with --explored); several times."
)
@click.option("--all", "everything", is_flag=True, help="Also crashes and inputs outside of anything seen.")
@golden_option
@json_option
def accept(
    targets: tuple[str, ...],
    explored: bool,
    cases: tuple[str, ...],
    everything: bool,
    golden: str | None,
    as_json: bool,
) -> None:
    """Take the received outcomes of the last verification as approved.

    Received files lie beside the approved ones (`*.received.txt`); look at them, or at what `verify` says, first.

    With --explored, the cases that `explore` proposes (`*.explored.txt`) join the golden masters: those with inputs
    like recorded ones, or plausible ones, which do not crash; --all or --case for the others.
    """
    if (cases or everything) and not explored:
        raise click.UsageError("--case and --all choose among what explore proposed: say --explored as well")
    workspace = open_workspace(golden=golden)
    directory = workspace.golden
    patterns = patterns_of(targets)
    check_known(patterns, golden_targets(directory), "with a golden master")
    if explored:
        _accept_explored(directory, patterns, cases, everything=everything, as_json=as_json)
        return
    accepted: list[str] = []
    problems: list[str] = []
    for path in directory.paths():
        received = received_path(path)
        try:
            target = directory.target_of(path)
        except GoldenDamaged as damage:
            problems.append(str(damage))
            continue
        if not received.exists() or (patterns and not any(pattern.matches(target) for pattern in patterns)):
            continue
        try:
            text = received.read_text(encoding="utf-8")
            directory.load(received)
            approve(path, text)
        except GoldenDamaged:
            problems.append(f"{received} cannot be read, so it was not accepted; verify again to make it anew")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            problems.append(f"{path} cannot be replaced ({why}); it is as it was")
        else:
            accepted.append(str(target))
    if as_json:
        print_json({"version": 1, "accepted": accepted})
    else:
        _show(accepted)
    for problem in problems:
        complain(problem)
    if problems:
        raise click.exceptions.Exit(2)


def _accept_explored(
    directory: GoldenDirectory,
    patterns: Sequence[Pattern],
    cases: Sequence[str],
    *,
    everything: bool,
    as_json: bool,
) -> None:
    """Take proposed cases into golden masters."""
    from legacy_seam.explore.proposals import accept_proposal, proposal_path

    taken: dict[str, list[str]] = {}
    left: dict[str, list[str]] = {}
    problems: list[str] = []
    for path in directory.paths():
        if not proposal_path(path).exists():
            continue
        try:
            target = directory.target_of(path)
            if patterns and not any(pattern.matches(target) for pattern in patterns):
                continue
            taken[str(target)], left[str(target)] = accept_proposal(path, directory, cases, everything=everything)
        except GoldenDamaged as damage:
            problems.append(str(damage))
        except OSError as error:
            problems.append(f"{path} cannot be replaced ({error.strerror}); it is as it was")
    missing = set(cases) - {case for some in taken.values() for case in some}
    problems += [f"there is no proposed case {case}; `legacy-seam explore` lists them" for case in sorted(missing)]
    if as_json:
        print_json({"version": 1, "accepted": taken, "left": left})
    else:
        _show_explored(taken, left)
    for problem in problems:
        complain(problem)
    if problems:
        raise click.exceptions.Exit(2)


def _show_explored(taken: Mapping[str, Sequence[str]], left: Mapping[str, Sequence[str]]) -> None:
    terminal = console()
    for name, some in taken.items():
        rest = f"; {len(left[name])} are still proposed" if left[name] else ""
        terminal.print(f"accepted {several(len(some), 'case')} of {name}{rest}", markup=False)
    if not taken:
        terminal.print("nothing is proposed; `legacy-seam explore` leaves what it finds beside the golden masters")
    elif any(left.values()):
        terminal.print("what is still proposed is to be asked about: look at it, then --case ID, or --all")


def _show(accepted: Sequence[str]) -> None:
    terminal = console()
    for name in accepted:
        terminal.print(f"accepted {name}", markup=False)
    if accepted:
        terminal.print(f"{len(accepted)} golden masters changed; commit them with the change that caused it")
    else:
        terminal.print(
            "nothing was received; `legacy-seam verify` or pytest leave received files where cases differ"
        )
