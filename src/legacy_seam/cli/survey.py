"""`legacy-seam survey`: where the program is dangerous, read from its source alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from legacy_seam.cli.goldens import golden_targets
from legacy_seam.cli.shared import (
    check_known,
    console,
    golden_option,
    json_option,
    open_workspace,
    patterns_of,
    print_json,
    progress,
)
from legacy_seam.errors import SeamError
from legacy_seam.report.mermaid import mermaid
from legacy_seam.report.openings import openings
from legacy_seam.report.sketch_svg import svg as draw
from legacy_seam.report.survey_data import survey_data
from legacy_seam.report.survey_tables import survey_tables
from legacy_seam.source import Program
from legacy_seam.store.atomic import write_atomically
from legacy_seam.survey.sketch import sketch
from legacy_seam.survey.survey import survey


@click.command("survey")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-t", "--target", "targets", multiple=True, metavar="TARGET", help="Tell only of these functions.")
@click.option(
    "--top", default=15, show_default=True, type=click.IntRange(min=1), help="How many functions are shown."
)
@click.option("--mermaid", "as_mermaid", is_flag=True, help="Print the effect sketch as a Mermaid chart.")
@click.option("--svg", metavar="FILE", help="Write the effect sketch to a file as SVG.")
@golden_option
@json_option
def survey_command(
    paths: tuple[str, ...],
    targets: tuple[str, ...],
    top: int,
    as_mermaid: bool,
    svg: str | None,
    golden: str | None,
    as_json: bool,
) -> None:
    """Tell where the program in PATHs is dangerous, and where to begin. Nothing of it is imported or run.

    By default the directories that the settings name as `source`, or the current directory.
    """
    if as_json and as_mermaid:
        raise SeamError("--json and --mermaid both print a document; ask for one of them")
    workspace = open_workspace(golden=golden)
    given = [_existing(path) for path in paths or workspace.settings.source or (str(Path.cwd()),)]
    root = _root_of(given, workspace.project)
    program = _program(given, workspace.settings.exclude, root)
    with progress() as bar:
        task = bar.add_task("reading", total=len(program.files))
        found = survey(
            program,
            root,
            golden=golden_targets(workspace.golden),
            tell=lambda done: bar.update(task, completed=done),
        )
    patterns = patterns_of(targets)
    check_known(patterns, [one.target for one in found.functions], "in the source")
    chosen = [one for one in found.functions if not patterns or any(each.matches(one.target) for each in patterns)]
    if svg is not None:
        picture = draw(
            sketch(found, chosen, top), f"Effect sketch of {', '.join(targets or [path.name for path in given])}"
        )
        write_atomically(Path(svg), picture.encode())
    if as_json:
        print_json(survey_data(found, chosen, openings(found, program, chosen)))
    elif as_mermaid:
        click.echo(mermaid(sketch(found, chosen, top)), nl=False)
    else:
        terminal = console()
        places = openings(found, program, chosen[:top])
        for part in survey_tables(found, chosen, places, top=top, width=terminal.width):
            terminal.print(part, soft_wrap=False)


def _existing(path: str) -> Path:
    place = Path(path).absolute()
    if not place.exists():
        raise SeamError(f"there is no {path}; name files or directories with Python source")
    return place


def _root_of(given: Sequence[Path], project: Path) -> Path:
    """The directory relative to which files are named: the project, or what was asked for outside of it."""
    if all(path.is_relative_to(project) for path in given):
        return project
    common = Path(os.path.commonpath(given))
    return common if common.is_dir() else common.parent


def _program(given: Sequence[Path], exclude: Sequence[str], root: Path) -> Program:
    program = Program.at(given, exclude=exclude, root=root)
    if not program.files:
        raise SeamError(
            f"there are no Python files in {', '.join(map(str, given))}; name other files or directories"
        )
    return program
