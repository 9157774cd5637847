"""The command line: one file per verb, and what they share.

Exit codes: 0 fine, 1 differences or a failed gate, 2 usage or environment; `record` gives the program's own.
"""

from __future__ import annotations

import signal
import sys

import click

from legacy_seam import __version__
from legacy_seam.cli.accept import accept
from legacy_seam.cli.demo import demo
from legacy_seam.cli.hook import hook
from legacy_seam.cli.pin import pin
from legacy_seam.cli.record import record
from legacy_seam.cli.scan import scan_command
from legacy_seam.cli.status import status
from legacy_seam.cli.verify import verify
from legacy_seam.cli.why import why
from legacy_seam.errors import SeamError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="legacy-seam")
def commands() -> None:
    """Make legacy Python code safe to change.

    Record what a program does, pin it with golden masters that pytest verifies, and change it with a net below you.
    """


for verb in (record, hook, pin, verify, accept, status, why, scan_command, demo):
    commands.add_command(verb)


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
