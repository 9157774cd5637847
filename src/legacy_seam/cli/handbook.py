"""One page of reference for each command, made of its `--help`: `docs/reference/commands/`.

python -m legacy_seam.cli.handbook docs/reference/commands
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from legacy_seam.cli import VERBS, commands


def pages() -> dict[str, str]:
    """The text of each page, by the name of its file."""
    return {f"{verb}.md": page(verb) for verb in VERBS}


def page(verb: str) -> str:
    """What `legacy-seam VERB --help` says, as Markdown.

    >>> print(page("undo").splitlines()[0])
    # legacy-seam undo
    """
    top = click.Context(commands, info_name="legacy-seam")
    command = commands.get_command(top, verb)
    assert command is not None
    context = click.Context(command, info_name=verb, parent=top)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    return "\n".join(
        [
            f"# {context.command_path}",
            "",
            "```console",
            f"$ {usage}",
            "```",
            *_description(command.help or ""),
            "",
            "| Option | |",
            "|---|---|",
            *(f"| `{_cell(option)}` | {_cell(says)} |" for option, says in _options(command, context)),
            "",
        ]
    )


def _description(text: str) -> Iterator[str]:
    """The paragraphs of a help text; those that click is told not to wrap are commands."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        yield ""
        if paragraph.startswith("\b\n"):
            yield from ["```console", *(f"$ {line}" for line in paragraph.splitlines()[1:]), "```"]
        else:
            yield paragraph


def _options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is not None and isinstance(parameter, click.Option):
            yield record


def _cell(text: str) -> str:
    """A text as a cell of a table: on one line, without what would end it."""
    return " ".join(text.split()).replace("|", r"\|")


if __name__ == "__main__":
    for name, text in pages().items():
        Path(sys.argv[1], name).write_text(text, encoding="utf-8")
