"""The command line: one file per verb, and what they share.

Exit codes: 0 fine, 1 differences or a failed gate, 2 usage or environment; `record` gives the program's own.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import Final

import click

from legacy_seam import __version__
from legacy_seam.errors import SeamError

VERBS: Final = {
    "survey": "survey_command",
    "record": "record",
    "hook": "hook",
    "pin": "pin",
    "verify": "verify",
    "accept": "accept",
    "status": "status",
    "why": "why",
    "insert": "insert",
    "undo": "undo",
    "scratch": "scratch",
    "grade": "grade",
    "coverage": "coverage",
    "explore": "explore",
    "minimize": "minimize",
    "dataset": "dataset",
    "model": "model",
    "shadow": "shadow",
    "explain": "explain",
    "contract": "contract",
    "gate": "gate",
    "canary": "canary",
    "drift": "drift",
    "scan": "scan_command",
    "demo": "demo",
}
"""Each verb, in the order in which people meet them, and what it is called in the module of the verb's name."""


class _Verbs(click.Group):
    """Imports a verb when it is asked for: `verify` does not wait for the database library that `pin` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        verb = getattr(import_module(f"{__name__}.{cmd_name.replace('-', '_')}"), VERBS[cmd_name])
        assert isinstance(verb, click.Command)
        return verb


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
