"""The command line: one file per verb, and what they share.

Exit codes: 0 fine, 1 differences or a failed gate, 2 usage or environment; `record` gives the program's own.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import Final, NamedTuple

import click

from legacy_seam import __version__
from legacy_seam.errors import SeamError


class Verb(NamedTuple):
    """Where a verb is found, and what it does in one line.

    Args:
        name: what it is called in the module of the verb's name.
        summary: for the list of all verbs, which is printed without importing them.
    """

    name: str
    summary: str


CHAPTERS: Final = {
    "A net under the code": {
        "survey": Verb("survey_command", "Where the program is dangerous, read from its source alone."),
        "record": Verb("record", "Run the program as it is; keep the inputs of its functions."),
        "hook": Verb("hook", "The environment in which every Python program is recorded."),
        "pin": Verb("pin", "Turn recorded calls into golden masters."),
        "verify": Verb("verify", "Replay golden masters; say what differs."),
        "accept": Verb("accept", "Take what differs as right from now on."),
        "status": Verb("status", "What is recorded, pinned, unstable or refused, and why."),
        "why": Verb("why", "All that is known of one function."),
    },
    "How strong it is": {
        "grade": Verb("grade", "Change functions in small ways; does the net notice?"),
        "explore": Verb("explore", "Look for inputs that nobody recorded."),
        "coverage": Verb("coverage", "Which lines and branches the net runs."),
        "minimize": Verb("minimize", "Fewer cases that notice all the same."),
    },
    "Seams": {
        "insert": Verb("insert", "Cut a seam; keep it only while the net stays green."),
        "undo": Verb("undo", "Take a seam back."),
        "scratch": Verb("scratch", "Try seams in a throw-away copy."),
    },
    "A model behind a seam": {
        "dataset": Verb("dataset", "Recorded calls as rows to learn from."),
        "model": Verb("model", "Train, add, compare and promote models."),
        "shadow": Verb("shadow", "A candidate beside legacy on the recorded calls."),
        "explain": Verb("explain", "On which inputs the candidate departs."),
        "contract": Verb("contract", "Learn which inputs and answers are to be expected."),
        "gate": Verb("gate", "PASS, FAIL or INSUFFICIENT, with the evidence."),
        "canary": Verb("canary", "Let the candidate answer for one step more, or for nobody."),
        "drift": Verb("drift", "Whether production still looks like the reference."),
    },
    "Besides": {
        "scan": Verb("scan_command", "What still looks like a secret in what was written."),
        "demo": Verb("demo", "The whole job on a bundled application."),
    },
}
"""All verbs, in the order in which people meet them."""

VERBS: Final = {name: verb for chapter in CHAPTERS.values() for name, verb in chapter.items()}


class _Verbs(click.Group):
    """Imports a verb when it is asked for: `verify` does not wait for the database library that `pin` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        if not hasattr(os, "fork"):
            raise SeamError(
                f"calls are replayed in copies of a process, which {sys.platform} cannot make: use Linux or macOS,"
                " or a container or WSL on this machine"
            )
        verb = getattr(import_module(f"{__name__}.{cmd_name}"), VERBS[cmd_name].name)
        assert isinstance(verb, click.Command)
        return verb

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, VERBS))
        for chapter, verbs in CHAPTERS.items():
            with formatter.section(chapter):
                formatter.write_dl([(name.ljust(width), verb.summary) for name, verb in verbs.items()])


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="legacy-seam")
def commands() -> None:
    """Make legacy Python code safe to change.

    Record what a program does, pin it with golden masters that pytest verifies, and change it with a net below you.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit.

    Args:
        arguments: without the program's name; by default those of this process.
    """
    try:
        sys.exit(commands.main(arguments, prog_name="legacy-seam", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SeamError as error:
        click.echo(f"legacy-seam: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except OSError as error:  # no room for temporary files, a working directory that is gone
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"legacy-seam: {place}{error.strerror or error}; check its permissions and its disk", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("legacy-seam: interrupted; what was finished before is kept", err=True)
        sys.exit(128 + signal.SIGINT)
