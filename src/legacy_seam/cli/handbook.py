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
    return "\n".join([*_told(click.Context(command, info_name=verb, parent=top), "#"), ""])


def _told(context: click.Context, heading: str) -> Iterator[str]:
    """What the help of a command says; of a group, what that of each of its commands says, too."""
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield from (f"{heading} {context.command_path}", "", "```console", f"$ {usage}", "```")
    yield from _description(command.help or "")
    options = list(_options(command, context))
    if options:
        yield from ("", "| Option | |", "|---|---|")
        yield from (f"| `{_cell(option)}` | {_cell(says)} |" for option, says in options)
    below = command.commands if isinstance(command, click.Group) else {}
    for name, one in below.items():
        yield ""
        yield from _told(click.Context(one, info_name=name, parent=context), f"{heading}#")


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
